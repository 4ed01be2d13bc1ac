"""A fact's card, the form that asks, and the form of the verdict."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.brands import Brand
from bot.domain.facts import ADDRESS, OWNER, STATEMENT, Fact, FactState, Official, TypedSource, lacking
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    context,
    divider,
    option,
    radio,
    rich,
    section,
    select,
    text_input,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, Command, MessageShortcut
from bot.text.markup import link
from bot.text.relaying import relay, relay_plain
from bot.text.times import day, moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face, practice_mark

OURS, OTHERS, NOBODY = "own", "other", "-"
"""The options: about the brand itself, about anything else; no official source."""
SHOWN = 4
"""Verdicts that the card tells, the newest."""
MARKS = {FactState.OPEN: "🔎", FactState.TRUE: "✅", FactState.FALSE: "⛔", FactState.RUMOUR: "💬"}


class CheckCommand(Command, id="check"):
    """`/vocero check`; what follows is the statement, without it the list."""


class CheckThis(MessageShortcut, id="check_fact"):
    """*Check this fact* on a message."""


class ShowFacts(Button, id="facts.show"):
    """The list, from a menu."""


class AskFact(Button, id="facts.ask"):
    """The form that asks about one, from the list."""


class VerifyFact(Button, id="facts.verify"):
    """Opens the form of the verdict."""

    fact: str


class FactCard(Card, id="fact"):
    """A fact in its brand's review channel; its thread is the team's own."""

    fact: str


class SourcesForm(Form):
    """The inputs that both forms have: two sources, whether the first is official, and how long it holds."""

    official: Typed[str] = NOBODY
    url1: Typed[str] = ""
    owner1: Typed[str] = ""
    on1: Typed[str] = ""
    url2: Typed[str] = ""
    owner2: Typed[str] = ""
    on2: Typed[str] = ""
    expires: Typed[str] = ""

    @property
    def sources(self) -> Sequence[TypedSource]:
        """As they were typed, row by row."""
        first = TypedSource(url=self.url1, owner=self.owner1, on=self.on1)
        return (first, TypedSource(url=self.url2, owner=self.owner2, on=self.on2))


class FactForm(SourcesForm, id="facts.form"):
    """A statement to check; `fact` is its id, made with the form."""

    fact: str
    channel: str = ""
    statement: Typed[str] = ""
    brand: Typed[str] = ""
    about: Typed[str] = OTHERS


class VerdictForm(SourcesForm, id="facts.verdict"):
    """The verdict; `seen` is how many there were when it was opened."""

    fact: str
    seen: int
    channel: str = ""
    verdict: Typed[str] = ""


def with_sources(form: VerdictForm, fact: Fact, brand: Brand) -> VerdictForm:
    """The form with what the fact has already."""
    typed: dict[str, str] = {}
    for number, source in enumerate(fact.sources[:2], start=1):
        typed |= {f"url{number}": source.url, f"owner{number}": source.owner, f"on{number}": source.on.isoformat()}
        if number == 1 and source.official is not None:
            typed["official"] = source.official.value
    if fact.expires is not None:
        last = fact.expires.astimezone(brand.clock) - timedelta(seconds=1)
        typed["expires"] = last.date().isoformat()
    return form.model_copy(update=typed)


def fact_view(form: FactForm, brands: Sequence[Brand], words: Words) -> View:
    """What is to be checked, for which brand, and what is known already."""
    kinds = [option(words("fact.about.other"), OTHERS), option(words("fact.about.own"), OURS)]
    faces = [option(brand_face(brand), brand.id) for brand in brands[:100]]
    statement = text_input(form.statement[:STATEMENT], lines=True, most=STATEMENT, focus=not form.statement)
    return form.open(
        title=words("fact.form.title"),
        submit=words("fact.ask"),
        close=words("button.cancel"),
        blocks=[
            FactForm.input("statement", words("fact.statement"), statement, hint=words("fact.statement.hint")),
            FactForm.input("brand", words("fact.brand"), select(faces, form.brand or None)),
            FactForm.input("about", words("fact.about"), radio(kinds, form.about)),
            *_source_blocks(form, words),
        ],
    )


def verdict_view(form: VerdictForm, fact: Fact, brand: Brand, words: Words) -> View:
    """The statement, the rule, the sources, and what they say."""
    verdicts = [option(words(f"fact_status.{each}"), each.value) for each in FactState if each is not FactState.OPEN]
    return form.open(
        title=words("fact.verdict.title"),
        submit=words("fact.decide"),
        close=words("button.cancel"),
        blocks=[
            context(relay(brand_face(brand), 120), *practice_mark(brand, words)),
            rich(relay_plain(fact.statement, STATEMENT), quote=True),
            context(words("fact.rule.own" if fact.own else "fact.rule.other")),
            VerdictForm.input("verdict", words("fact.verdict"), radio(verdicts, form.verdict or None)),
            *_source_blocks(form, words),
        ],
    )


def _source_blocks(form: SourcesForm, words: Words) -> list[Block]:
    def typed(field: str, most: int) -> Element:
        return text_input(getattr(form, field), most=most)

    def dated(field: str) -> Element:
        known = getattr(form, field)
        return {"type": "datepicker"} | ({"initial_date": known} if known else {})

    blocks: list[Block] = []
    for number in (1, 2):
        blocks += [divider(), section(f"*{words('fact.source', number=number)}*")]
        blocks += [
            form.input(f"owner{number}", words("fact.owner"), typed(f"owner{number}", OWNER), optional=True),
            form.input(f"url{number}", words("fact.url"), typed(f"url{number}", ADDRESS), optional=True),
            form.input(f"on{number}", words("fact.on"), dated(f"on{number}"), optional=True),
        ]
        if number == 1:
            kinds = [option(words("fact.official.none"), NOBODY)]
            kinds += [option(words(f"fact.official.{each}"), each.value) for each in Official]
            blocks.append(form.input("official", words("fact.official"), select(kinds, form.official)))
    until = form.input(
        "expires", words("fact.expires"), dated("expires"), optional=True, hint=words("fact.expires.hint")
    )
    return [*blocks, divider(), until]


def fact_message(fact: Fact, brand: Brand, words: Words, names: Names) -> Message:
    """The statement, how it stands, upon what, and who said so."""
    status = words(f"fact_status.{fact.state}")
    notice = words("fact.notice", brand=relay(brand.name, 80), status=status, statement=relay(fact.statement, 150))
    lacks = lacking(fact.sources, fact.own) if fact.state is FactState.OPEN else ""
    press = VerifyFact(fact=fact.id)
    label = words("fact.verify" if fact.state is FactState.OPEN else "fact.verify_again")
    return Message(
        notice,
        [
            section(f"{MARKS[fact.state]} {relay(brand_face(brand), 120)} · *{status}*"),
            rich(relay_plain(fact.statement, STATEMENT), quote=True),
            *([section("\n".join(_source_lines(fact, words)))] if fact.sources else []),
            *([context(words(f"fact.lacks.{lacks}"))] if lacks else []),
            context("\n".join(_story(fact, brand, words, names))),
            actions(press.draw(label, style="primary" if fact.state is FactState.OPEN else None)),
            *([context(*practice_mark(brand, words))] if brand.practice else []),
        ],
    )


def _source_lines(fact: Fact, words: Words) -> list[str]:
    lines: list[str] = []
    for source in fact.sources:
        kind = [words(f"fact.official.{source.official}")] if source.official else []
        where = [link(source.url, source.host)] if source.url else []
        lines.append("• " + " · ".join([relay(source.owner, OWNER), *kind, day(source.on, words), *where]))
    return lines


def _story(fact: Fact, brand: Brand, words: Words, names: Names) -> list[str]:
    lines = [words("fact.story.asked", name=names.get(fact.by, ""), when=moment(fact.at, brand.clock, words))]
    for each in fact.verdicts[-SHOWN:]:
        told = {"status": words(f"fact_status.{each.state}"), "name": names.get(each.by, "")}
        lines.append(words("fact.story.decided", when=moment(each.at, brand.clock, words), **told))
    if fact.state is FactState.OPEN:
        lines.append(words("fact.story.expired" if fact.verdicts else "fact.story.waits"))
    elif fact.expires is not None:
        lines.append(words("fact.story.until", when=moment(fact.expires, brand.clock, words)))
    return lines
