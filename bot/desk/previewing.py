"""What somebody who writes sees before anybody else does: the post as it will look on each account. Nothing changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.pages import Length
from bot.desk.posts import Content
from bot.domain import preview
from bot.domain.brands import Account, Brand, Standing
from bot.domain.checks import Finding
from bot.domain.posts import Picture, Post, Revision
from bot.network import Capability, Provider

if TYPE_CHECKING:
    from bot.desk.desk import Desk


@dataclass(frozen=True)
class Part:
    """One text that goes out: what is read at once, what only after *see more* (""), and how long it is."""

    head: str
    rest: str
    length: Length


@dataclass(frozen=True)
class Appearance:
    """A post on one account. parts: in order; commented: the last one is our first comment. card: the first link and
    what becomes of it. cut: what the feed cuts from a single picture; grid: several share a frame."""

    account: Account
    parts: Sequence[Part]
    commented: bool
    card: tuple[str, preview.Card] | None
    cut: preview.Cut | None
    grid: bool


@dataclass(frozen=True)
class Preview:
    """What is shown of a post before it is sent to review."""

    brand: Brand
    accounts: Sequence[Appearance]
    pictures: Sequence[Picture]
    findings: Sequence[Finding]


class Previewing:
    """The verb of looking first."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def see(self, id_: str, content: Content, who: Standing) -> Preview:
        """A post as submitting it now would make it. Raises what submitting raises, but for what the checks find."""
        desk = self._desk
        post, brand = await desk.posts.unsent(id_, content, who)
        accounts = await desk.store.find_many(Account, content.accounts)
        return Preview(
            brand=brand,
            accounts=[self._on(account, post) for account in accounts if account.brand == brand.id],
            pictures=post.current.pictures,
            findings=await desk.posts.findings(post, brand, channel=content.channel, approving=False),
        )

    def _on(self, account: Account, post: Post) -> Appearance:
        revision, network = post.current, self._desk.providers[account.network]
        texts, feed, pictures = revision.texts(account.id), network.limits.feed, revision.pictures
        single = pictures[0] if len(pictures) == 1 else None
        return Appearance(
            account=account,
            parts=[_part(text, network) for text in texts],
            commented=_commented(texts, revision, network),
            card=preview.card(texts, len(pictures), feed),
            cut=preview.cut(single.width, single.height, feed) if single else None,
            grid=len(pictures) > 1,
        )


def _part(text: str, network: Provider) -> Part:
    head, rest = preview.folded(text, network.limits.feed)
    return Part(head, rest, Length(network.title, network.length(text), network.limits.max_length))


def _commented(texts: Sequence[str], revision: Revision, network: Provider) -> bool:
    taken = Capability.FIRST_COMMENT in network.capabilities and bool(revision.comment.strip())
    return taken and len(texts) > 1 and texts[-1] == revision.comment
