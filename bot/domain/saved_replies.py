"""What a brand often says, kept to be said again: with variables that are filled in, and nothing that leaves raw."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Record
from bot.errors import FieldErrors, UserError

MOST, TITLE, TEXT = 60, 60, 2000
"""Saved replies of a brand; characters of a title and of a text."""
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nombre"),
    "handle": ("handle", "usuario"),
    "brand": ("brand", "marca"),
    "agent": ("agent", "agente"),
    "link": ("link", "enlace"),
}
"""How each can be written. A link is nobody's to know: whoever answers puts it there."""

_KNOWN = {spelling: variable for variable, spellings in VARIABLES.items() for spelling in spellings}
_PLACE = re.compile(r"\{\s*([^{}\s][^{}]{0,39}?)\s*\}")
_ALIVE = re.compile(r"[@#<>{}|\\/:]|\bwww\b|\w\.\w{2}", re.IGNORECASE)


class SavedReply(Record):
    """One text of a brand. language is an ISO 639-1 code, "" where it fits every language."""

    KIND: ClassVar[str] = "saved_reply"

    brand: str
    title: str
    text: str
    language: str = ""
    by: MemberId
    at: AwareDatetime

    def indexes(self) -> Mapping[str, float]:
        """Those of each brand."""
        return {f"saved_replies:{self.brand}": 0.0}


def refuse_unclear(title: str, text: str) -> None:
    """Raises FieldErrors for what can't be kept: nothing, too much, or braces that are no variable we can fill in."""
    wrong: dict[str, UserError] = {}
    if not title:
        wrong["title"] = UserError("error.field_required")
    if not text:
        wrong["text"] = UserError("error.field_required")
    unknown = [name for name in _PLACE.findall(text) if name.casefold() not in _KNOWN]
    if unknown:
        wrong["text"] = UserError("error.saved_variable", name=f"{{{unknown[0]}}}")
    elif {"{", "}"} & set(_PLACE.sub("", text)):
        wrong["text"] = UserError("error.saved_brace", example="{name}")
    if wrong:
        raise FieldErrors(wrong)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable that has a value; what has none stays, for its writer to fill in."""

    def value(match: re.Match[str]) -> str:
        return values.get(_KNOWN.get(match[1].casefold(), ""), "") or match[0]

    return _PLACE.sub(value, text)


def left_in(text: str) -> tuple[str, ...]:
    """The variables that nobody filled in, as they stand there, each once."""
    found = (match[0] for match in _PLACE.finditer(text) if match[1].casefold() in _KNOWN)
    return tuple(dict.fromkeys(found))


def speakable(name: str) -> str:
    """A stranger's name as it may stand in our answer: "" for one that would mention, link or fill in something."""
    name = " ".join(name.split())
    return "" if _ALIVE.search(name) or not any(letter.isalpha() for letter in name) else name[:60]


def ordered(replies: Iterable[SavedReply], language: str) -> Sequence[SavedReply]:
    """Those in the comment's language first, then those for every language, then the others; each by title."""

    def place(reply: SavedReply) -> tuple[int, str, str]:
        fits = 0 if reply.language and reply.language == language else 1 if not reply.language else 2
        return (fits, reply.title.casefold(), reply.id)

    return sorted(replies, key=place)
