"""Cards: one message a thing, drawn from its record and edited in place; the words of `bot.slack.deck`.

    class ReviewCard(Card, id="review"):
        post: str

    @router.on(PostChanged)
    async def redraw(event: PostChanged, scene: Scene) -> Sequence[Draw]:
        post = await scene.desk.store.get(Post, event.post)
        brand = await scene.desk.brand(post.brand)
        return [Draw(brand.channel("review"), ReviewCard(post=post.id))]

    @router.draws(ReviewCard)
    async def review_card(card: ReviewCard, scene: Scene) -> Sheet | None: ...

A notice that is said once is a card too, with its own key: it can't be said twice.
"""

from dataclasses import dataclass
from typing import ClassVar

from bot.slack.blocks import Message
from bot.slack.wire import BadPress, Interaction, known, unpack_json


class Card(Interaction):
    """A thing that has one message in a channel. Its fields are the key: ids, never content."""

    KIND: ClassVar[str] = "card"

    @property
    def key(self) -> str:
        """`review:{"post":"p1"}`: also what rides as the message's metadata."""
        return f"{self.ID}:{self.packed()}"


def card_of(key: str) -> Card:
    """The card of a key; raises BadPress for one that no class draws any more."""
    id_, _, fields = key.partition(":")
    found = known(Card, id_)
    if found is None:
        raise BadPress(f"no card {id_!r}")
    return found.unpacked(unpack_json(fields, id_))


@dataclass(frozen=True)
class Draw:
    """Wants a card drawn in a channel. `channel` is a Slack channel id, or `@` and a member id for a direct message;
    `thread_of` is the card under whose message this one belongs, in the same channel."""

    channel: str
    card: Card
    thread_of: Card | None = None


@dataclass(frozen=True)
class Sheet:
    """A card drawn from the current records.

    version only ever grows: the record's version, or the sum of the versions of all that is shown. An older drawing
    never replaces a newer one. pinned keeps the message as it was first posted, for notices that are said once.
    broadcast shows a thread's message in the channel too. only_there: drawn where it stands already, posted nowhere.
    """

    message: Message
    version: int
    pinned: bool = False
    broadcast: bool = False
    only_there: bool = False
