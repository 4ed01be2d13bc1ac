"""Clients: links made and revoked by who approves for a brand, and what whoever has one sees and decides."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.brands import Account, Brand, Member, Role, Standing
from bot.domain.client_links import DAYS, MOST, NAME, ClientLink, digest, seen_as, waits_for_client
from bot.domain.posts import Post, PostStatus
from bot.domain.reviewing import Via
from bot.errors import AlreadyDone, FieldErrors, NotAllowed, UserError
from bot.journal import register_secret

if TYPE_CHECKING:
    from bot.desk.desk import Desk

MAKERS = (Role.APPROVER, Role.ADMIN)
POSTS = 60
"""Posts that one page shows."""
WORDS = 1000
"""Characters of what a client asks to change."""
_OPENED = timedelta(minutes=1)


@dataclass(frozen=True)
class ForClient:
    """What a link shows: the posts of its brand that wait for the client, the first to go out first."""

    link: ClientLink
    brand: Brand
    accounts: Mapping[str, Account]
    titles: Mapping[str, str]
    posts: Sequence[Post]


class Clients:
    """address: where the web process is reached from outside, empty where it isn't."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store
        self.address = ""

    async def mine(self, who: Standing) -> Sequence[tuple[Brand, Sequence[ClientLink]]]:
        """The brands for which somebody may make a link, each with those in force. Raises NotAllowed for none."""
        brands = await self._desk.brands.mine(who, *MAKERS)
        if not brands:
            raise NotAllowed("error.no_brand")
        return [(brand, await self._of(brand.id)) for brand in brands]

    async def _of(self, brand: str) -> Sequence[ClientLink]:
        now = self._desk.now()
        return [link for link in await self._store.listed(ClientLink, f"client_links:{brand}") if link.valid(now)]

    async def make(self, id_: str, brand_id: str, name: str, days: int, who: Standing) -> str:
        """A new link for a named person; what it answers nobody sees again. `id_` is the form's: sent twice, it is one.

        Raises UserError without an address, AlreadyDone for the same form again, FieldErrors.
        """
        brand = await self._desk.brand(brand_id)
        who.require(brand, *MAKERS)
        name = " ".join(name.split())
        if not self.address:
            raise UserError("error.no_public_url")
        if not name or len(name) > NAME:
            raise FieldErrors({"name": UserError("client.name_missing", most=NAME)})
        token = secrets.token_urlsafe(32)
        register_secret(token)
        now, holder = self._desk.now(), f"link:{id_}"

        async def attempt() -> None:
            known = await self._store.listed(ClientLink, f"client_links:{brand.id}")
            made = next((each for each in known if each.holder == holder), None)
            if made is not None:
                raise AlreadyDone("error.client_link_made", who=made.by, at=made.at)
            if len([each for each in known if each.valid(now)]) >= MOST:
                raise FieldErrors({"name": UserError("client.too_many", most=MOST)})
            change = self._store.begin()
            for each in known:
                if not each.valid(now):
                    change.remove(each)
            until = now + timedelta(days=days if days in DAYS else DAYS[1])
            link = ClientLink(
                id=digest(token), brand=brand.id, holder=holder, name=name, by=who.id, at=now, until=until
            )
            change.put(link)
            change.put(Member(id=holder, name=name, locale=brand.language, zone=brand.zone, outside=True))
            change.audit(self._desk.entry(who.id, "client_link.make", brand=brand.id, subject=brand.id, detail=name))
            await change.commit()

        await self._desk.again(attempt)
        return f"{self.address.rstrip('/')}/client/{token}"

    async def revoke(self, brand_id: str, holder: str, who: Standing) -> None:
        """The link ends at once. Raises UserError when it had ended already."""

        async def attempt() -> None:
            brand = await self._desk.brand(brand_id)
            who.require(brand, *MAKERS)
            old = next((each for each in await self._of(brand.id) if each.holder == holder), None)
            if old is None:
                raise UserError("error.client_link_gone")
            change = self._store.begin()
            change.remove(old)
            change.audit(
                self._desk.entry(who.id, "client_link.revoke", brand=brand.id, subject=brand.id, detail=old.name)
            )
            await change.commit()

        await self._desk.again(attempt)

    async def open(self, token: str) -> ForClient | None:
        """What a link shows, and that it was looked at; None for one that is none, or none any more."""
        found = await self._find(token)
        if found is None:
            return None
        link, brand = found
        await self._looked_at(link)
        team = await self._desk.duty.team()
        waiting = [
            post
            for post in await self._store.listed(Post, f"posts:{brand.id}:{PostStatus.IN_REVIEW}")
            if waits_for_client(post, brand, team)
        ]
        waiting.sort(key=lambda post: (post.due is None, post.due or post.created_at, post.id))
        accounts = {account.id: account for account in await self._desk.accounts.of(brand.id)}
        return ForClient(link, brand, accounts, self._desk.pages.titles(), waiting[:POSTS])

    async def _find(self, token: str) -> tuple[ClientLink, Brand] | None:
        link = await self._store.find(ClientLink, digest(token))
        if link is None or not link.valid(self._desk.now()):
            return None
        brand = await self._store.find(Brand, link.brand)
        return (link, brand) if brand is not None else None

    async def _looked_at(self, link: ClientLink) -> None:
        async def attempt() -> None:
            old, now = await self._store.find(ClientLink, link.id), self._desk.now()
            if old is None or (old.opened is not None and now - old.opened < _OPENED):
                return
            change = self._store.begin()
            change.put(old.model_copy(update={"opened": now}), old)
            await change.commit()

        await self._desk.again(attempt)

    async def approve(self, token: str, id_: str, seen: str) -> None:
        """Sign the client's stage of exactly what was seen. Raises UserError for anything that came between."""
        post, who = await self._decided(token, id_, seen)
        await self._desk.posts.approve(id_, who, revision=post.current.number, seen=post.changed_at, via=Via.LINK)

    async def request_changes(self, token: str, id_: str, seen: str, reason: str) -> None:
        """Send it back with the client's words. Raises UserError for anything that came between, FieldErrors."""
        if len(reason) > WORDS:
            raise FieldErrors({"reason": UserError("client.page.too_long", most=WORDS)})
        post, who = await self._decided(token, id_, seen)
        await self._desk.posts.request_changes(
            id_, who, revision=post.current.number, reason=reason.strip(), via=Via.LINK
        )

    async def _decided(self, token: str, id_: str, seen: str) -> tuple[Post, Standing]:
        """The post as it was seen, and as whom a link's holder signs: somebody without any role of their own."""
        found = await self._find(token)
        if found is None:
            raise NotAllowed("error.client_link_gone")
        link, brand = found
        post = await self._store.find(Post, id_)
        if post is None or post.brand != brand.id:
            raise UserError("client.page.not_now")
        if not waits_for_client(post, brand, await self._desk.duty.team()):
            last = post.decision
            if last is not None and last.by == link.holder and last.hash == post.current.hash:
                raise AlreadyDone("client.page.already", who=last.by, at=last.at)
            raise UserError("client.page.not_now")
        if seen_as(post) != seen:
            raise UserError("client.page.newer")
        return post, Standing(id=link.holder, within=frozenset())
