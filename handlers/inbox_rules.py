"""The rules of a brand's inbox: topics, hours and promises, written by its admins."""

from collections.abc import Sequence

from bot.desk.inbox_rules import hours_typed, topics_typed
from bot.domain.brands import Role
from bot.domain.events import LateWarned
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply, Several
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import home_of, places_of
from handlers.views.faces import names_of
from handlers.views.inbox import ConversationCard
from handlers.views.inbox_rules import EditInboxRules, InboxRulesForm, as_typed, rules_saved, rules_view
from handlers.views.late import LateCard, late_message

router = Router()


@router.on(EditInboxRules, needs=Role.ADMIN)
async def edit(press: EditInboxRules, call: Call) -> Reply:
    """The rules as they are."""
    brand = await call.desk.brand(press.brand)
    form = InboxRulesForm(brand=brand.id, channel=call.channel or "", **as_typed(brand, call.words))
    return Open(rules_view(form, brand, call.words))


@router.on(InboxRulesForm, needs=Role.ADMIN)
async def save(form: InboxRulesForm, call: Call) -> Reply:
    """What isn't understood is said beside its field."""
    topics = topics_typed(form.topics)
    hours = hours_typed(form.week, form.holidays, form.answer, form.resolve)
    brand = await call.desk.brands.change(form.brand, call.who, topics=topics, hours=hours)
    said = rules_saved(brand, call.words) if form.channel else None
    return Several.of(await home_of(call), Close(all=True, say=said))


@router.on(LateWarned)
async def late(event: LateWarned, scene: Scene) -> Sequence[Draw]:
    """Whoever is next hears of it, and the card says how late it is."""
    notice = await scene.desk.promises.get(event.notice)
    talk = await scene.desk.conversations.get(event.conversation)
    to = f"@{notice.to}" if ":" in notice.to else notice.to
    places = await places_of(talk.id, scene)
    return [Draw(to, LateCard(notice=notice.id)), *(Draw(at, ConversationCard(conversation=talk.id)) for at in places)]


@router.draws(LateCard)
async def late_card(card: LateCard, scene: Scene) -> Sheet | None:
    """In its reader's language, in a channel in the brand's."""
    notice = await scene.desk.promises.get(card.notice)
    pages = [await scene.desk.inbox.page(id_) for id_ in notice.talks]
    brand = await scene.desk.brand(notice.brand)
    words = await scene.words_of(notice.to) if ":" in notice.to else words_for(brand.language)
    names = await names_of(scene.member, [who for page in pages for who in page.people])
    return Sheet(late_message(notice, brand, pages, words, names), notice.version)
