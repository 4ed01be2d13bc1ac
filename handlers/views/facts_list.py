"""The list of facts: found by their words, a page at a time."""

from bot.desk.facts import PAGE, FactsPage
from bot.domain.facts import Fact
from bot.domain.records import MemberId
from bot.slack.blocks import Block, Element, View, actions, context, divider, section, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, face_mark, practice_mark
from handlers.views.facts import MARKS, AskFact, VerifyFact


class TurnFacts(Button, id="facts.turn"):
    """Shows another page of the list that is open."""

    page: int


class FactsForm(Form, id="facts.list"):
    """The list that is open, and its page, from 0."""

    page: int = 0
    words: Typed[str] = ""


def facts_view(
    form: FactsForm, page: FactsPage, verifies: frozenset[str], me: MemberId, words: Words, names: Names
) -> View:
    """A search, then the page, then the way to the next one. verifies: brands in which `me` may decide."""
    found = text_input(form.words, most=100)
    blocks: list[Block] = [
        section(words("fact.list.explain"), accessory=AskFact().draw(words("fact.ask_new"), style="primary")),
        FactsForm.input("words", words("fact.search"), found, optional=True, live=True),
        divider(),
    ]
    blocks += [_line(fact, page, words, names, decides=fact.brand in verifies and fact.by != me) for fact in page.facts]
    if not page.facts:
        blocks.append(section(words("fact.none_found" if page.words.strip() else "fact.none")))
    return form.open(
        title=words("fact.list.title"),
        submit=words("audit.find"),
        close=words("button.close"),
        blocks=[*blocks, *_pages(page, words)],
    )


def _line(fact: Fact, page: FactsPage, words: Words, names: Names, *, decides: bool) -> Block:
    brand, standing = page.brands[fact.brand], fact.standing(page.now)
    last = fact.verdict
    who, at = (last.by, last.at) if last else (fact.by, fact.at)
    told = [words(f"fact_status.{standing}"), names.get(who, ""), moment(at, brand.clock, words)]
    text = f"{MARKS[standing]} {face_mark(brand)} *{relay(fact.statement, 200)}*"
    marks = " · ".join([*told, *practice_mark(brand, words)])
    press = VerifyFact(fact=fact.id).draw(words("fact.verify"), suffix=fact.id) if decides else None
    return section(f"{text}\n{marks}", accessory=press)


def _pages(page: FactsPage, words: Words) -> list[Block]:
    if page.total <= PAGE:
        return []
    ways: list[Element] = []
    if page.number > 0:
        ways.append(TurnFacts(page=page.number - 1).draw(words("inbox.page.back"), suffix="back"))
    if page.number < page.last:
        ways.append(TurnFacts(page=page.number + 1).draw(words("button.next"), suffix="next"))
    here = words("inbox.page", page=page.number + 1, pages=page.last + 1, total=page.total)
    return [context(here), actions(*ways)]
