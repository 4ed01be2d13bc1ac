"""Passing what people say to the company: without who said it, with how many said the like, and what comes back."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from pydantic import AwareDatetime

from bot.domain.conversations import Outsider
from bot.domain.finding import SHORTEST, folded
from bot.domain.records import MemberId, Record, Value, score

SIMILAR = timedelta(days=30)
"""Within that time conversations about the same topic are counted."""
TEXT, ANSWER, ANSWERS = 2000, 2000, 20
"""Characters of what is passed on and of an answer; answers to one."""
GONE = "[…]"

_TRACES = (
    re.compile(r"(?i)\b(?:https?://|www\.)\S+"),
    re.compile(r"(?i)(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++"),
    re.compile(r"(?<![\w@])@[\w.]+"),
    re.compile(r"(?<!\w)(?!\d{4}-\d\d?-\d\d?|\d\d?[-./]\d\d?[-./]\d)\(?\+?\d(?:[\s().-]{0,2}\d){8,14}(?!\w)"),
    re.compile(
        r"(?i)(?<![a-z0-9.-])(?:[a-z0-9-]{1,63}+\.){1,8}(?:com|es|net|org|info|io|me|ly|gl|mx|ar|co|cl|pe|uy)\b(?:/\S*+)?"
    ),
)
_WORD = re.compile(r"[^\W_]+")


def without_person(text: str, person: Outsider) -> str:
    """A text without what leads to the person: links, addresses, handles, telephone numbers, parts of their name."""
    for trace in _TRACES:
        text = trace.sub(GONE, text)
    named = {folded(part) for name in (person.name, person.handle) for part in _WORD.findall(name)}
    named |= {folded(person.handle)}
    known = {part for part in named if len(part) >= SHORTEST}
    text = _WORD.sub(lambda match: GONE if folded(match[0]) in known else match[0], text)
    return re.sub(rf"(?:{re.escape(GONE)}[\s_.-]*)+{re.escape(GONE)}", GONE, text).strip()


class Answer(Value):
    """What somebody of the company says to it."""

    by: MemberId
    at: AwareDatetime
    text: str


class Passed(Record):
    """What was passed on. kind: `person` or `channel`; count: conversations about its topic of late, this one too."""

    KIND: ClassVar[str] = "passed"

    brand: str
    conversation: str
    kind: str
    to: str
    by: MemberId
    at: AwareDatetime
    text: str
    topic: str = ""
    count: int = 1
    note: str = ""
    answers: tuple[Answer, ...] = ()

    def indexes(self) -> Mapping[str, float]:
        """Those of a conversation, oldest first."""
        return {f"passed:{self.conversation}": score(self.at)}

    def answered(self, answer: Answer) -> "Passed":
        """With one more answer."""
        return self.model_copy(update={"answers": (*self.answers, answer)})
