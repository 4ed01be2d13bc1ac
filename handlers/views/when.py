"""A time as it is typed and as it is understood: the absolute instant is shown before anything is planned for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.brands import Brand
from bot.errors import UserError
from bot.slack.blocks import Block, Element, actions, context, option, radio, section, text_input
from bot.slack.blocks import moment as picker
from bot.slack.forms import Form, Typed
from bot.text.relaying import relay_plain
from bot.text.times import moment, within, zone_name
from bot.text.when import LONGEST, Answer, Moment, Question, Refusal, parse
from bot.text.words import Words

SOON = frozenset({"now", "slot"})
"""What may be chosen in place of a time."""


Answering = Callable[[int, str, int], Element]
"""From an instant in seconds, its label and its number to the button that chooses it."""


class WhenForm(Form):
    """The part of a form that says when. began: the time (seconds) that it opened with. redrawn counts how often we,
    not the person, changed *when*. heard: the phrase that was taken in last; spoken: the time (seconds) that came of
    it; cleared counts how often we emptied it.
    """

    began: int | None = None
    redrawn: int = 0
    heard: str = ""
    spoken: int | None = None
    cleared: int = 0
    when: Typed[str] = "now"
    phrase: Typed[str] = ""
    at: Typed[int | None] = None

    @property
    def queued(self) -> bool:
        """Whether the next free slot is wanted."""
        return self.when == "slot" and self.due is None

    @property
    def said(self) -> bool:
        """Whether nothing was typed as a time, or what was is the time that the form shows."""
        return not self.phrase or (self.phrase == self.heard and self.at is not None and self.at == self.spoken)

    @property
    def due(self) -> datetime | None:
        """A time that was chosen counts, whatever stands above it; the one that was there before *now* was chosen
        doesn't."""
        if self.at is None or (self.when in SOON and self.at == self.began):
            return None
        return datetime.fromtimestamp(self.at, UTC)


F = TypeVar("F", bound=WhenForm)


@dataclass(frozen=True)
class Clock:
    """By whose clock: the brand's, the reader's; what time it is; and the next free slot."""

    brand: Brand | None
    zone: ZoneInfo
    now: datetime
    slot: datetime | None = None

    @property
    def home(self) -> ZoneInfo:
        """The brand's zone, the reader's while there is no brand."""
        return self.brand.clock if self.brand else self.zone


def when_blocks(
    form: WhenForm, names: Sequence[str], press: Answering, clock: Clock, hint: str, words: Words
) -> list[Block]:
    """What may be chosen, the field for a phrase, the picker, and the time in full."""
    fresh, drawn = str(form.redrawn) if form.redrawn else "", type(form)
    choices = [option(words(f"compose.when.{name}"), name) for name in names]
    chosen = picker(datetime.fromtimestamp(form.at, clock.zone) if form.at is not None else None)
    phrase = text_input(form.phrase, most=LONGEST, placeholder=words("when.placeholder"))
    told = words("when.hint", zone=zone_name(clock.home, words))
    again = str(form.cleared) if form.cleared else ""
    return [
        drawn.input("when", words("compose.when"), radio(choices, form.when), live=True, fresh=fresh),
        drawn.input("phrase", words("when.phrase"), phrase, hint=told, optional=True, typing=True, fresh=again),
        drawn.input("at", words("compose.at"), chosen, hint=hint, optional=True, live=True, fresh=fresh),
        *_told_time(form, press, clock, words),
    ]


def _told_time(form: WhenForm, press: Answering, clock: Clock, words: Words) -> list[Block]:
    """The time in full before anything is planned for it; or what the phrase left open."""
    if form.due is not None and form.at is not None:
        return [echo(form.at, clock, words)]
    answer = heard(form.phrase, clock) if form.phrase else None
    if isinstance(answer, Question):
        labels = options(answer, clock.now, words)
        buttons = [press(at, label, number) for number, (label, at) in enumerate(labels)]
        return [section(words(f"when.{answer.doubt}")), actions(*buttons)]
    if form.when == "slot":
        none = [section(f"⚠️ {words('slots.none_free')}")]
        return none if clock.slot is None else [echo(round(clock.slot.timestamp()), clock, words)]
    return []


def written(form: F, field: str) -> F:
    """The form after a change: choosing a time also says *at a time*, choosing *now* takes the time away; either makes
    an older phrase void."""
    again = {"redrawn": form.redrawn + 1}
    if field == "at" and form.at is not None and form.at != form.spoken:
        said_at = {"when": "at", **again} if form.when in SOON else {}
        return _unsaid(form, said_at)
    if field == "when" and form.when in SOON and (form.at is not None or form.phrase):
        return _unsaid(form, {"at": None, **again} if form.at is not None else {})
    return form


def _unsaid(form: F, more: dict[str, object]) -> F:
    phrase = {"phrase": "", "heard": "", "spoken": None, "cleared": form.cleared + 1} if form.phrase else {}
    return form.model_copy(update=more | phrase) if more or phrase else form


def understood(form: F, answer: Answer) -> F:
    """The form after its phrase was taken in: the pickers show what it means. A time that came of an older phrase does
    not outlive it."""
    at = second(answer)
    if at is None and form.at != form.spoken:
        return form.model_copy(update={"heard": form.phrase})
    return settled_at(form, at) if at != form.at else form.model_copy(update={"heard": form.phrase})


def settled_at(form: F, at: int | None) -> F:
    """The form with the time that its phrase stands for; None while it stands for none."""
    said_at = {"when": "at"} if at is not None and form.when in SOON else {}
    taken = {"at": at, "spoken": at, "heard": form.phrase, "redrawn": form.redrawn + 1}
    return form.model_copy(update=said_at | taken)


def heard(phrase: str, clock: Clock) -> Answer:
    """What a phrase means on the brand's clock, on the reader's while there is no brand."""
    return parse(phrase, clock.now, clock.home, clock.brand.language if clock.brand else "")


def second(answer: Answer) -> int | None:
    """The understood instant in seconds, as Slack's pickers have it."""
    return round(answer.at.timestamp()) if isinstance(answer, Moment) else None


def refused(answer: Answer, words: Words) -> UserError:
    """What stands under the field while there is no instant yet: what is to be said, or chosen."""
    if isinstance(answer, Refusal):
        examples = words("when.examples")
        return UserError(f"when.{answer.why}", part=relay_plain(answer.part, 80), examples=examples)
    return UserError("when.choose")


def options(question: Question, now: datetime, words: Words) -> Sequence[tuple[str, int]]:
    """What the phrase may mean, as labels with their instants in seconds."""
    return [(moment(each.at, each.zone, words, now), round(each.at.timestamp())) for each in question.options[:5]]


def echo(at: int, clock: Clock, words: Words) -> Block:
    """The instant in full, on the brand's clock, and on the reader's where that shows something else."""
    instant = datetime.fromtimestamp(at, UTC)
    lines = [f"🗓️ *{moment(instant, clock.home, words, clock.now)}*"]
    if instant > clock.now:
        lines.append(within(instant - clock.now, words))
    if instant.astimezone(clock.home).utcoffset() != instant.astimezone(clock.zone).utcoffset():
        lines.append(words("when.for_you", when=moment(instant, clock.zone, words, clock.now)))
    return context(" · ".join(lines))
