"""*Pass to the company*: the form, the card that asks, and the answer's way back into the conversation's thread."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.events import PassChanged
from bot.domain.passing import without_person
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.placed import card_at
from bot.slack.reply import Close, Open, Quiet, Reply, Update
from bot.slack.router import Router
from bot.slack.wire import Said
from bot.text.markup import from_slack
from bot.text.words import words_for
from handlers.views.card_presses import PassOn
from handlers.views.faces import names_of
from handlers.views.inbox import ConversationCard
from handlers.views.passing import (
    AnswerPassed,
    BackCard,
    PassedAnswerForm,
    PassedCard,
    PassForm,
    answer_view,
    back_message,
    pass_view,
    passed_message,
)
from handlers.views.review import ReviewCard

router = Router()


@router.on(PassOn, needs=Role.MODERATOR)
async def pass_on(press: PassOn, call: Call) -> Reply:
    """What would be read there, without the person."""
    page = await call.desk.inbox.page(press.conversation)
    talk = page.conversation
    topic = talk.topics[0] if talk.topics else ""
    form = PassForm(
        conversation=talk.id,
        passed=call.desk.new_id(),
        channel=call.channel or "",
        topic=topic,
        text=without_person(talk.latest.text, talk.person)[:2000],
    )
    return Open(pass_view(form, page, await call.desk.passing.similar(page.brand, topic), call.words))


@router.live(PassForm)
async def topic_chosen(form: PassForm, _: str, call: Call) -> Reply:
    """How many said the like."""
    page = await call.desk.inbox.page(form.conversation)
    call.who.require(page.brand, Role.MODERATOR)
    return Update(pass_view(form, page, await call.desk.passing.similar(page.brand, form.topic), call.words))


@router.on(PassForm, needs=Role.MODERATOR)
async def passed(form: PassForm, call: Call) -> Reply:
    """They are asked, once."""
    kind, to = form.asked
    to = call.colleague(to) if kind == "person" else to
    about = {"text": form.text, "topic": form.topic, "note": form.note}
    await call.desk.passing.pass_on(form.passed, form.conversation, kind, to, **about, who=call.who)
    return Close()


@router.on(AnswerPassed)
async def answer(press: AnswerPassed, call: Call) -> Reply:
    """One field, for whoever was asked."""
    found = await call.desk.passing.to_answer(press.passed, call.who)
    form = PassedAnswerForm(passed=found.id, channel=call.channel or "")
    return Open(answer_view(form, found, await call.desk.brand(found.brand), call.words))


@router.on(PassedAnswerForm)
async def answered(form: PassedAnswerForm, call: Call) -> Reply:
    """It goes to the team, in the conversation's thread."""
    await call.desk.passing.answer(form.passed, form.text, call.who)
    return Close()


@router.on(Said)
async def said(event: Said, call: Call) -> Reply:
    """What somebody writes under the card that asks is an answer too; under a post's card it is kept with the revision
    that stands there, for whoever is of its team. Anywhere else it is nobody's business."""
    card, text = await card_at(call.desk.store, event.channel, event.thread_ts), from_slack(event.text)
    if isinstance(card, PassedCard) and text.strip():
        await call.desk.passing.answer(card.passed, text, call.who)
    if isinstance(card, ReviewCard):
        brand = await call.desk.brand_of(card)
        if brand is not None and brand.roles_of(call.who):  # others may talk there; nothing is theirs to be kept
            id_ = f"{event.channel}-{event.ts}"
            await call.desk.remarks.keep(id_, card.post, text, call.at, call.who)
    return Quiet()


@router.on(PassChanged)
async def pass_changed(event: PassChanged, scene: Scene) -> Sequence[Draw]:
    """The card where it was asked; and each answer in the conversation's thread, once."""
    found = await scene.desk.passing.get(event.passed)
    to = f"@{found.to}" if found.kind == "person" else found.to
    talk = await scene.desk.conversations.get(found.conversation)
    channel = talk.place(await scene.desk.brand(found.brand))
    thread = ConversationCard(conversation=found.conversation)
    back = [BackCard(passed=found.id, number=number) for number in range(len(found.answers))]
    return [Draw(to, PassedCard(passed=found.id)), *(Draw(channel, each, thread_of=thread) for each in back)]


@router.draws(PassedCard)
async def passed_card(card: PassedCard, scene: Scene) -> Sheet | None:
    """In its reader's language, or in the brand's for a channel."""
    found = await scene.desk.passing.get(card.passed)
    brand = await scene.desk.brand(found.brand)
    words = await scene.words_of(found.to) if found.kind == "person" else words_for(brand.language)
    names = await names_of(scene.member, [found.by, *(each.by for each in found.answers)])
    return Sheet(passed_message(found, brand, words, names), found.version)


@router.draws(BackCard)
async def back_card(card: BackCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    found = await scene.desk.passing.get(card.passed)
    if card.number >= len(found.answers):
        return None
    brand, said = await scene.desk.brand(found.brand), found.answers[card.number]
    names = await names_of(scene.member, [said.by])
    return Sheet(back_message(found, said, brand, words_for(brand.language), names), found.version, pinned=True)
