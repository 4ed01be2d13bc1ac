"""Checking facts: the command, the shortcut and the card's menu ask; somebody else decides, on the card or the list."""

from collections.abc import Sequence

from bot.domain.events import FactChanged
from bot.domain.facts import ASKERS, STATEMENT, VERIFIERS
from bot.domain.passing import without_person
from bot.errors import UserError
from bot.slack.blocks import View
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.placed import card_at
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from bot.text.markup import from_slack
from bot.text.words import words_for
from handlers.views.faces import names_of
from handlers.views.fact_presses import CheckComment
from handlers.views.facts import (
    OURS,
    AskFact,
    CheckCommand,
    CheckThis,
    FactCard,
    FactForm,
    ShowFacts,
    VerdictForm,
    VerifyFact,
    fact_message,
    fact_view,
    verdict_view,
    with_sources,
)
from handlers.views.facts_list import FactsForm, TurnFacts, facts_view
from handlers.views.inbox import ConversationCard

router = Router()


@router.on(CheckCommand)
async def check(command: CheckCommand, call: Call) -> Reply:
    """The form with the statement, or the list."""
    text = command.text.strip()
    return await _form(text, call.channel or "", call) if text else Open(await _list(FactsForm(), call))


@router.on(CheckThis)
async def check_this(press: CheckThis, call: Call) -> Reply:
    """What a message says; of a conversation's card what the person said, without what leads to them."""
    card = await card_at(call.desk.store, press.channel, press.ts)
    if isinstance(card, ConversationCard):
        return await _of_comment(card.conversation, press.channel, call)
    return await _form(from_slack(press.text), press.channel, call)


@router.on(CheckComment, needs=ASKERS)
async def check_comment(press: CheckComment, call: Call) -> Reply:
    """What was said last."""
    return await _of_comment(press.conversation, call.channel or "", call)


async def _of_comment(conversation: str, channel: str, call: Call) -> Reply:
    page = await call.desk.inbox.page(conversation)
    talk = page.conversation
    call.who.require(page.brand, *ASKERS)
    if talk.private:
        raise UserError("error.private_stays")
    return await _form(without_person(talk.latest.text, talk.person), channel, call, talk.brand)


async def _form(statement: str, channel: str, call: Call, brand: str = "") -> Reply:
    brands = await call.desk.facts.brands_of(call.who)
    here = await call.desk.brands.of_channel(channel)
    wanted = brand or (here.id if here else "")
    chosen = wanted if any(each.id == wanted for each in brands) else brands[0].id if len(brands) == 1 else ""
    said = " ".join(statement.split())[:STATEMENT]
    form = FactForm(fact=call.desk.new_id(), channel=channel, statement=said, brand=chosen)
    return Open(fact_view(form, brands, call.words))


@router.on(AskFact)
async def ask(_: AskFact, call: Call) -> Reply:
    """An empty form."""
    return await _form("", "", call)


@router.on(FactForm, needs=ASKERS)
async def asked(form: FactForm, call: Call) -> Reply:
    """The card in the review channel asks whoever may decide."""
    own = form.about == OURS
    await call.desk.facts.ask(
        form.fact, form.brand, form.statement, own, form.sources, form.official, form.expires, call.who
    )
    brand = await call.desk.brand(form.brand)
    return Close(say=call.words("fact.asked", channel=f"<#{brand.channel('review')}>"))


@router.on(VerifyFact, needs=VERIFIERS)
async def verify(press: VerifyFact, call: Call) -> Reply:
    """The form of the verdict, with what is known already."""
    fact, brand = await call.desk.facts.to_verify(press.fact, call.who)
    form = VerdictForm(fact=fact.id, seen=len(fact.verdicts), channel=call.channel or "")
    return Open(verdict_view(with_sources(form, fact, brand), fact, brand, call.words))


@router.on(VerdictForm, needs=VERIFIERS)
async def verified(form: VerdictForm, call: Call) -> Reply:
    """The card says so."""
    facts = call.desk.facts
    await facts.verify(form.fact, form.seen, form.verdict, form.sources, form.official, form.expires, call.who)
    return Close()


# --- the list


@router.on(ShowFacts)
async def show(_: ShowFacts, call: Call) -> Reply:
    """The same from a menu."""
    return Open(await _list(FactsForm(), call))


@router.on(FactsForm)
async def search(form: FactsForm, call: Call) -> Reply:
    """What is typed is looked for, from the first page on."""
    return Update(await _list(form.model_copy(update={"page": 0}), call))


@router.live(FactsForm)
async def filtered(form: FactsForm, field: str, call: Call) -> Reply:
    """A search begins at the first page."""
    return Update(await _list(form.model_copy(update={"page": 0}) if field else form, call))


@router.on(TurnFacts)
async def turn(press: TurnFacts, call: Call) -> Reply:
    """Another page of the same."""
    form = call.filled(FactsForm) or FactsForm()
    view = await _list(form.model_copy(update={"page": press.page}), call)
    return Update(view) if call.view is not None else Open(view)


async def _list(form: FactsForm, call: Call) -> View:
    page = await call.desk.facts.page(form.words, form.page, call.who)
    decides = frozenset(id_ for id_, brand in page.brands.items() if brand.roles_of(call.who) & set(VERIFIERS))
    names = await names_of(call.desk.member, page.people)
    return facts_view(form.model_copy(update={"page": page.number}), page, decides, call.who.id, call.words, names)


# --- the card


@router.on(FactChanged)
async def fact_changed(event: FactChanged, scene: Scene) -> Sequence[Draw]:
    """One card for each, in the review channel."""
    fact = await scene.desk.facts.get(event.fact)
    brand = await scene.desk.brand(fact.brand)
    return [Draw(brand.channel("review"), FactCard(fact=fact.id))]


@router.draws(FactCard)
async def fact_card(card: FactCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    fact = await scene.desk.facts.get(card.fact)
    brand = await scene.desk.brand(fact.brand)
    names = await names_of(scene.member, [fact.by, *(each.by for each in fact.verdicts)])
    return Sheet(fact_message(fact, brand, words_for(brand.language), names), fact.version)
