"""A colleague's look before an answer goes out: asked from the form of the answer, answered in the thread."""

from collections.abc import Sequence

from bot.domain.events import ConversationChanged, LookAsked
from bot.domain.suggestions import WRITERS
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import gone_from, places_of
from handlers.views.faces import names_of
from handlers.views.inbox import ConversationCard
from handlers.views.looks import AskALook, LookCard, LookForm, look_message, look_view
from handlers.views.private import moved_message
from handlers.written import opened_in, typed_so_far

router = Router()


@router.on(AskALook, needs=WRITERS)
async def ask(press: AskALook, call: Call) -> Reply:
    """Who, with the words as they are typed so far."""
    page = await call.desk.inbox.to_answer(press.conversation, call.who)
    form = LookForm(
        conversation=press.conversation,
        look=call.desk.new_id(),
        channel=opened_in(call),
        text=typed_so_far(press.conversation, call),
    )
    return Open(look_view(form, page, call.words))


@router.on(LookForm, needs=WRITERS)
async def asked(form: LookForm, call: Call) -> Reply:
    """They are rung in the thread; the answer's form is still there."""
    to = call.colleague(form.person)
    await call.desk.looks.ask(form.look, form.conversation, to, form.text, call.who)
    return Close()


@router.on(LookAsked)
async def look_asked(event: LookAsked, scene: Scene) -> Sequence[Draw]:
    """In the conversation's thread, once."""
    look = await scene.desk.looks.get(event.look)
    talk = ConversationCard(conversation=look.conversation)
    places = await places_of(look.conversation, scene)
    return [Draw(place, LookCard(look=look.id), thread_of=talk) for place in places]


@router.on(ConversationChanged)
async def forgotten(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    """Nothing about somebody stays in a thread when they are forgotten."""
    if event.act != "forgotten":
        return []
    talk = await scene.desk.conversations.get(event.conversation)
    places, card = await places_of(talk.id, scene), ConversationCard(conversation=talk.id)
    looks = await scene.desk.looks.of(talk.id)
    return [Draw(place, LookCard(look=each.id), thread_of=card) for place in places for each in looks]


@router.draws(LookCard)
async def look_card(card: LookCard, scene: Scene) -> Sheet | None:
    """In the brand's language."""
    look = await scene.desk.looks.get(card.look)
    page = await scene.desk.inbox.page(look.conversation)
    names = await names_of(scene.member, [look.by])
    if gone_from(page.conversation, scene):
        return Sheet(moved_message(page, words_for(page.brand.language)), page.version, only_there=True)
    message = look_message(look, page, words_for(page.brand.language), names)
    return Sheet(message, page.version, pinned=page.conversation.forgotten_at is None)
