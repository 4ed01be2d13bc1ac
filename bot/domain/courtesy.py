"""Thanking somebody, and asking whether we may use what they showed: the brand's own words, what became of a question.

Only a person says that somebody agreed: what their answer sounds like is a suggestion. The yes is kept with the person,
with its words and where they stand; it can be taken back, and goes when they are forgotten.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import regex
from pydantic import AwareDatetime, Field

from bot.domain.finding import folded
from bot.domain.records import MemberId, Value
from bot.errors import AlreadyDone, UserError

LINES, LINE, QUESTION = 20, 280, 500
"""Thank-you lines of a language, characters of one, and of the question."""


class Courtesies(Value):
    """What a brand says, by language; where it says nothing the catalogues' lines serve. `{name}` is the person's."""

    thanks: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    ask: Mapping[str, str] = Field(default_factory=dict)


class UseState(StrEnum):
    """Where our question stands whether we may use something."""

    NEVER = "never"
    ASKED = "asked"
    YES = "yes"
    NO = "no"
    WITHDRAWN = "withdrawn"  # they said yes, and took it back


class UseStep(StrEnum):
    """What can happen to it."""

    ASK = "ask"
    UNDO = "undo"  # our question never went out
    YES = "yes"
    NO = "no"
    WITHDRAW = "withdraw"


U = UseState
USE_LIFE: Mapping[tuple[UseState, UseStep], UseState] = {
    (U.NEVER, UseStep.ASK): U.ASKED,
    (U.ASKED, UseStep.UNDO): U.NEVER,
    (U.ASKED, UseStep.YES): U.YES,
    (U.ASKED, UseStep.NO): U.NO,
    (U.NO, UseStep.YES): U.YES,  # they thought better of it, or somebody pressed the wrong button
    (U.YES, UseStep.WITHDRAW): U.WITHDRAWN,
}
"""Every permitted step: nobody is asked twice."""


class Usage(Value):
    """Our question about what stands at `ref`, asked in `delivery`; settled by whom, when, and by which words."""

    state: UseState = UseState.NEVER
    ref: str = ""
    delivery: str = ""
    by: MemberId = ""
    at: AwareDatetime | None = None
    settled_by: MemberId = ""
    settled_at: AwareDatetime | None = None
    answer: str = ""

    def step(self, step: UseStep) -> UseState:
        """The state that a step leads to; raises AlreadyDone or UserError where the table has none."""
        try:
            return USE_LIFE[self.state, step]
        except KeyError:
            if step is UseStep.ASK and self.by:
                raise AlreadyDone("error.already_asked_use", who=self.by, at=self.at) from None
            if self.settled_by:
                raise AlreadyDone("error.already_settled", who=self.settled_by, at=self.settled_at) from None
            raise UserError("error.use_not_asked") from None


class Consent(Value):
    """Somebody's yes: to what (`url`), in which words, where and when they said it; who wrote it down."""

    conversation: str
    ref: str
    url: str = ""
    words: str
    link: str = ""
    said_at: AwareDatetime
    by: MemberId
    at: AwareDatetime
    withdrawn_at: AwareDatetime | None = None
    withdrawn_by: MemberId = ""


def ask(usage: Usage, ref: str, delivery: str, who: MemberId, at: datetime) -> Usage:
    """Our question is on its way."""
    return Usage(state=usage.step(UseStep.ASK), ref=ref, delivery=delivery, by=who, at=at)


def undo(usage: Usage, delivery: str) -> Usage:
    """An answer of ours never went out: if it was the question, nobody was asked."""
    asked = usage.state is UseState.ASKED and usage.delivery == delivery
    return Usage(state=usage.step(UseStep.UNDO)) if asked else usage


def settle(usage: Usage, yes: bool, answer: str, who: MemberId, at: datetime) -> Usage:
    """Somebody of us read their answer."""
    state = usage.step(UseStep.YES if yes else UseStep.NO)
    return usage.model_copy(update={"state": state, "settled_by": who, "settled_at": at, "answer": answer})


def withdraw(usage: Usage, who: MemberId, at: datetime) -> Usage:
    """They took their yes back."""
    state = usage.step(UseStep.WITHDRAW)
    return usage.model_copy(update={"state": state, "settled_by": who, "settled_at": at})


# --- what an answer sounds like

_NO = (
    "no", "nop", "nope", "mejor no", "prefiero que no", "rather not", "don t", "do not", "please no", "ni hablar",
)  # fmt: skip
_YES = (
    "si", "sii", "siii", "claro", "por supuesto", "adelante", "sin problema", "encantada", "encantado", "vale", "ok",
    "okay", "yes", "yep", "yeah", "sure", "of course", "go ahead", "please do", "absolutely", "happy to", "fine by me",
    "dale", "desde luego",
)  # fmt: skip
_HARMLESS = ("no problem", "no hay problema", "sin problema", "no me importa", "why not", "por que no", "no worries")
"""A no that means yes."""
_WORD = regex.compile(r"[^\p{L}\p{N}]+")


def sounds_like(text: str) -> bool | None:
    """Whether an answer sounds like a yes or a no, in Spanish or English; None for neither, or both. A guess."""
    plain = f" {_WORD.sub(' ', folded(text))} "
    for harmless in _HARMLESS:
        if f" {harmless} " in plain:
            plain = plain.replace(f" {harmless} ", " yes ")
    yes = any(f" {sign} " in plain for sign in _YES)
    no = any(f" {sign} " in plain for sign in _NO)
    return yes if yes != no else None


# --- whose words


def first_name(name: str) -> str:
    """What somebody is called in a sentence: the first word of their name, where it is one."""
    words = [word for word in name.split() if regex.search(r"\p{L}{2}", word)]
    return words[0][:40] if words else ""


def addressed(line: str, name: str) -> str:
    """The line with the person's first name in it; without the comma before it where they have none."""
    first = first_name(name)
    if first:
        return line.replace("{name}", first)
    return regex.sub(r",?\s*\{name\}", "", line)


def one_of(lines: Sequence[str], seed: int) -> str:
    """One of the lines, the same for the same seed; empty where there is none."""
    return lines[seed % len(lines)] if lines else ""
