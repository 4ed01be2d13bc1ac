"""Posts on our accounts that we did not send: noted at once, told once nothing of ours can be it, explained."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.domain.alarms import AlarmKind
from bot.domain.brands import WRITING, Account, Standing
from bot.domain.deliveries import Delivery, State
from bot.domain.foreign import PATIENCE, WORDS, ForeignPost, ForeignState, SentCursor, foreign_id
from bot.domain.records import score
from bot.errors import UserError
from bot.network import Sent, SentPage

if TYPE_CHECKING:
    from bot.desk.desk import Desk


class Foreign:
    """The verbs of what others post in our name."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def get(self, id_: str) -> ForeignPost:
        """One of them; raises UserError when there is none."""
        found = await self._store.find(ForeignPost, id_)
        if found is None:
            raise UserError("error.no_such_foreign")
        return found

    async def cursor(self, account: Account) -> SentCursor | None:
        """How far the account's own posts were read; None before the first time, and after it was connected anew."""
        found = await self._store.find(SentCursor, account.id)
        return found if found is not None and found.generation == account.generation else None

    async def note(self, account: Account, posts: Iterable[Sent]) -> None:
        """Keep what isn't known to be ours until it is judged; seeing it twice changes nothing."""
        for post in posts:
            if not await self._ours(account, post.ref.id):
                await self._noted(account, post)

    async def _noted(self, account: Account, post: Sent) -> None:
        id_ = foreign_id(account.id, post.ref.id)

        async def attempt() -> None:
            if await self._store.find(ForeignPost, id_) is not None:
                return
            change = self._store.begin()
            change.put(
                ForeignPost(
                    id=id_,
                    brand=account.brand,
                    account=account.id,
                    ref=post.ref.id,
                    url=post.ref.url or "",
                    words=" ".join(post.text.split())[:WORDS],
                    at=post.at,
                    seen_at=self._desk.now(),
                )
            )
            await change.commit()

        await self._desk.again(attempt)

    async def read(self, account: Account, page: SentPage) -> None:
        """Note what a page holds, then keep its cursor: after a crash in between the page is read once more. An empty
        one is no news."""
        await self.note(account, page.posts)
        if not page.cursor:
            return

        async def attempt() -> None:
            old = await self._store.find(SentCursor, account.id)
            if old is not None and (old.text, old.generation) == (page.cursor, account.generation):
                return
            new = SentCursor(
                id=account.id, version=old.version if old else 0, text=page.cursor, generation=account.generation
            )
            change = self._store.begin()
            change.put(new, old)
            await change.commit()

        await self._desk.again(attempt)

    async def _ours(self, account: Account, ref: str) -> bool:
        # by delivery; by post, and by conversation for an answer, as they were kept before deliveries were
        names = [self._store.key(kind, account.id, ref) for kind in ("sent", "out", "item")]
        return bool(await self._store.client.exists(*names))

    async def unsure(self, account: Account) -> Sequence[Delivery]:
        """Deliveries of which something may be out that we don't know by its id, of the last days."""
        low = score(self._desk.now()) - 3 * 86_400_000.0
        return await self._store.listed(Delivery, f"unsure:{account.id}", low=low)

    async def to_judge(self, account: Account) -> Sequence[ForeignPost]:
        """What was seen, isn't ours by its id, and waits no longer for what is on the wire."""
        seen = await self._store.listed(ForeignPost, f"foreign_seen:{account.id}")
        if not seen:
            return []
        sending = any(each.state is State.WIRE for each in await self.unsure(account))
        found: list[ForeignPost] = []
        for each in seen:
            # in this order: what left the wire before we asked is known by its id now
            if await self._ours(account, each.ref):
                await self.drop(each)
            elif not sending or abs(self._desk.now() - each.seen_at) > PATIENCE:
                found.append(each)
        return found

    async def drop(self, post: ForeignPost) -> None:
        """It turned out to be ours."""
        change = self._store.begin()
        change.remove(post)
        await change.commit()

    async def tell(self, post: ForeignPost, account: Account) -> None:
        """Nobody of us sent it: ring, unless such posts are normal in this brand."""
        brand = await self._desk.brand(account.brand)
        quiet = brand.policies.outside_posts
        if not quiet:
            title = self._desk.providers[account.network].title
            named = f"{title} @{account.handle}" if account.handle else f"{title} {account.name}"
            detail = {"account": named, "url": post.url}
            await self._desk.alarms.ring(AlarmKind.FOREIGN_POST, subject=post.id, brand=brand.id, detail=detail)
        change = self._store.begin()
        change.put(post.told(quiet=quiet), post)
        about = {"brand": brand.id, "subject": account.id, "detail": post.ref}
        change.audit(self._desk.entry("engine", "account.foreign_post", **about))
        await change.commit()

    async def explain(self, id_: str, who: Standing) -> ForeignPost:
        """*It was one of us*: this one is silent from now on. Raises NotAllowed and AlreadyDone."""

        async def attempt() -> ForeignPost:
            old = await self.get(id_)
            who.require(await self._desk.brand(old.brand), *sorted(WRITING))
            new = old.explained(who.id, self._desk.now())
            change = self._store.begin()
            change.put(new, old)
            about = {"brand": old.brand, "subject": old.account, "detail": old.ref}
            change.audit(self._desk.entry(who.id, "account.foreign_explained", **about))
            await change.commit()
            return new

        explained = await self._desk.again(attempt)
        await self._desk.alarms.over(AlarmKind.FOREIGN_POST, id_)
        return explained

    async def quiet_since(self, brand: str, hours: float) -> list[ForeignPost]:
        """The posts of the last hours that nobody was alarmed about, for the digest."""
        low = score(self._desk.now()) - hours * 3_600_000
        found = await self._store.listed(ForeignPost, f"foreign:{brand}", low=low)
        return [each for each in found if each.state is ForeignState.QUIET]
