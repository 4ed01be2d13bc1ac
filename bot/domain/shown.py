"""Pictures that people outside sent, as our own copies in Slack: what is kept of each, what is still to be fetched."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.conversations import Conversation
from bot.domain.records import Record, score

EACH = 2
"""Pictures of one thing said that are shown; the others are counted and one tap away, on the network."""
LAST = 4
"""Of how many of the last things said."""
TRIES = 3


class ShownPicture(Record):
    """One picture of a conversation. file: its id in Slack, empty where it couldn't be fetched (`problem`).

    ref: in what was said.
    """

    KIND: ClassVar[str] = "shown_picture"

    brand: str
    conversation: str
    ref: str
    url: str
    file: str = ""
    problem: str = ""
    tries: int = 0
    at: AwareDatetime

    def indexes(self) -> Mapping[str, float]:
        """Those of a conversation."""
        return {f"shown:{self.conversation}": score(self.at)}

    def without(self) -> "ShownPicture":
        """Our copy is gone, and so is the way to the picture."""
        return self.model_copy(update={"url": "", "file": "", "problem": "gone", "tries": TRIES})


def picture_id(conversation: str, url: str) -> str:
    """The id of a picture's record: the same address in a conversation is the same picture."""
    return hashlib.sha256(f"{conversation}\0{url}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


def wanted(talk: Conversation, known: Collection[ShownPicture]) -> Iterator[tuple[str, str]]:
    """What is still to be fetched: in what, and the address. Nothing of what its author or we took away."""
    done = {each.id for each in known if each.file or each.tries >= TRIES}
    for words in talk.heard[-LAST:]:
        for url in words.media[:EACH] if words.kept and words.there else ():
            if url.startswith(("https://", "http://")) and picture_id(talk.id, url) not in done:
                yield words.ref, url


def outlived(talk: Conversation, known: Collection[ShownPicture]) -> list[ShownPicture]:
    """The copies of what isn't ours to keep any more: deleted, erased, or of somebody who was forgotten."""
    kept = {url for words in talk.heard if words.kept and talk.forgotten_at is None for url in words.media}
    return [each for each in known if each.url and each.url not in kept]
