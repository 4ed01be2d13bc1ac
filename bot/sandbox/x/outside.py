"""How outsiders write on X: replies that name everybody they answer, mentions, edits with new ids."""

from bot.sandbox.pictures import Picture
from bot.sandbox.public import Item, Medium, Person
from bot.sandbox.x.media import PREFIX
from bot.sandbox.x.messages import PERMISSIONS, Messages, talk_of
from bot.sandbox.x.service import X
from bot.sandbox.x.text import MENTION, NETWORK
from bot.sandbox.x.text import answered as names_in_front


class XOutside:
    """Outsiders aren't bound by what a self-serve app may do."""

    def __init__(self, x: X) -> None:
        self.x, self.messages = x, Messages(x)

    def comment(
        self, account: str, answered: Item | None, author: Person, text: str, at: float, media: tuple[str, ...] = ()
    ) -> Item:
        """A mention must carry the handle; it is put in front when the text lacks it."""
        handle = self.x.accounts[account].handle
        if answered is None and handle.lower() not in (name.lower() for name in MENTION.findall(text)):
            text = f"@{handle} {text}"
        ident = self.x.new_id(at)
        item = Item(
            network=NETWORK,
            id=ident,
            account=account,
            kind="comment" if answered else "mention",
            author=author.id,
            text=text,
            at=at,
            parent=answered.id if answered else None,
            root=answered.root if answered else ident,
            media=media,
            extra={"parent_author": answered.author} if answered else {},
        )
        return self.x.add(item)

    def picture(self, account: str, data: bytes, size: Picture, name: str, alt: str) -> str:
        """One picture of a post of theirs; an animated one is of a kind of its own."""
        now = self.x.sandbox.now()
        ident = self.x.new_id(now)
        kind = "animated_gif" if size.type == "image/gif" else "photo"
        extra = {"media_key": f"{PREFIX[kind]}_{ident}", "kind": kind, "width": size.width, "height": size.height}
        extra |= {"type": size.type, "expires": now, "ready": now}
        self.x.public.keep_medium(Medium(ident, NETWORK, account, name, size.type, data, alt, now, extra))
        return ident

    def write(self, account: str, author: Person, text: str, media: tuple[str, ...] = ()) -> str:
        """A direct message to the account; its id."""
        return str(self.messages.keep(talk_of(account, author.id), author.id, text, media)["id"])

    def withhold(self, account: str, scopes: list[str]) -> None:
        """The app has everything but these for the account. Raises ValueError for what can't be kept back."""
        if unknown := set(scopes) - PERMISSIONS:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(PERMISSIONS))}")
        self.x.withheld[account] = frozenset(scopes)

    def quote(self, account: str, quoted: Item, author: Person, text: str, at: float) -> Item:
        """The outsider's own post, with ours shown in it; only a search finds it, unless it names us too."""
        ident = self.x.new_id(at)
        item = Item(
            network=NETWORK,
            id=ident,
            account=account,
            kind="quote",
            author=author.id,
            text=text,
            at=at,
            root=ident,
            extra={"quoted": quoted.latest},
        )
        return self.x.add(item)

    def publish(self, account: str, answered: Item | None, text: str, at: float) -> Item:
        """By hand; the replies that it answers are named in front, as X does."""
        ident = self.x.new_id(at)
        item = Item(
            network=NETWORK,
            id=ident,
            account=answered.account if answered else account,
            kind="comment" if answered else "post",
            author=account,
            text=text,
            at=at,
            parent=answered.id if answered else None,
            root=answered.root if answered else ident,
            extra={"parent_author": answered.author} if answered else {},
        )
        item.extra["answered"] = names_in_front(self.x.public, item)
        return self.x.add(item)

    def edit(self, item: Item, text: str) -> Item:
        """Assumed: the new version shows up in timelines as a new id with the old ones in its history."""
        now = self.x.sandbox.now()
        ident = self.x.new_id(now)
        versions = [*self.x.view.versions(item), ident]
        self.x.sandbox.db.execute("INSERT INTO x_versions VALUES (?,?)", (ident, item.id))
        extra = {**item.extra, "versions": versions, "written": now}
        kept = self.x.public.write(item, text=text, latest=ident, extra=extra)
        self.x.index(kept)
        return kept

    def remove(self, item: Item) -> None:
        """What answers it stays, without it."""
        self.x.public.delete(item, below=False)

    def expire(self, account: str, restore: bool, at: float | None = None) -> None:
        """The app's access is revoked: 401 everywhere."""
        self.x.auth.expire(account, restore=restore)
