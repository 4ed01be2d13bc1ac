"""Working on conversations: assign, 👀, snooze, wake, escalate, topics; and who is told once of what."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.events import ConversationChanged
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.placed import card_at
from bot.slack.reply import Close, Open, Quiet, Reply
from bot.slack.router import Router
from bot.slack.wire import Item, Reacted, ReactionGone
from bot.text.words import words_for
from handlers.drawn import done_with
from handlers.views.card_presses import Assign, Escalate, SnoozeFor, SnoozeUntil, SwitchTopic, Wake
from handlers.views.faces import names_of
from handlers.views.handling import (
    AskedCard,
    AssignedCard,
    AssignForm,
    EscalateForm,
    SnoozeForm,
    WokenCard,
    asked_message,
    assign_view,
    assigned_message,
    escalate_view,
    snooze_view,
    woken_message,
)
from handlers.views.inbox import ConversationCard

router = Router()
EYES = "eyes"


@router.on(Reacted)
async def reacted(event: Reacted, call: Call) -> Reply:
    """👀 on a conversation's card claims it, for whoever may."""
    talk = await _under(event.reaction, event.item, call)
    if talk is not None:
        await call.desk.handling.take(talk, call.who)
    return Quiet()


@router.on(ReactionGone)
async def reaction_gone(event: ReactionGone, call: Call) -> Reply:
    """Taking 👀 away gives it back, where it is still theirs."""
    talk = await _under(event.reaction, event.item, call)
    if talk is not None:
        await call.desk.handling.let_go(talk, call.who)
    return Quiet()


async def _under(reaction: str, item: Item, call: Call) -> str | None:
    """The conversation whose card got 👀."""
    if reaction.partition("::")[0] != EYES:
        return None
    card = await card_at(call.desk.store, item.channel, item.ts)
    return card.conversation if isinstance(card, ConversationCard) else None


@router.on(Assign, needs=Role.MODERATOR)
async def assign(press: Assign, call: Call) -> Reply:
    """One question: to whom."""
    page = await call.desk.inbox.page(press.conversation)
    form = AssignForm(conversation=press.conversation, channel=call.channel or "")
    return Open(assign_view(form, page, call.words, await names_of(call.desk.member, page.people)))


@router.on(AssignForm, needs=Role.MODERATOR)
async def assigned(form: AssignForm, call: Call) -> Reply:
    """They have it, and are told."""
    if not form.person:
        raise FieldErrors({"person": UserError("error.field_required")})
    await call.desk.handling.assign(form.conversation, call.colleague(form.person), call.who)
    return Close()


@router.on(SnoozeFor, needs=Role.MODERATOR)
async def snooze(press: SnoozeFor, call: Call) -> Reply:
    """Put off, in one press."""
    await call.desk.handling.snooze(press.conversation, press.choice, call.who)
    return await done_with(press.conversation, call)


@router.on(SnoozeUntil, needs=Role.MODERATOR)
async def snooze_until(press: SnoozeUntil, call: Call) -> Reply:
    """One question: until when."""
    page = await call.desk.inbox.page(press.conversation)
    form = SnoozeForm(conversation=press.conversation, channel=call.channel or "")
    return Open(snooze_view(form, page, call.words, await names_of(call.desk.member, page.people)))


@router.on(SnoozeForm, needs=Role.MODERATOR)
async def snoozed(form: SnoozeForm, call: Call) -> Reply:
    """Put off until then."""
    if form.when is None:
        raise FieldErrors({"when": UserError("error.field_required")})
    try:
        await call.desk.handling.snooze(form.conversation, form.when, call.who)
    except NotAllowed:
        raise
    except UserError as error:
        raise FieldErrors({"when": error}) from error
    return Close()


@router.on(Wake, needs=Role.MODERATOR)
async def wake(press: Wake, call: Call) -> Reply:
    """Back before its time."""
    await call.desk.handling.wake(press.conversation, call.who)
    return await done_with(press.conversation, call)


@router.on(Escalate, needs=Role.MODERATOR)
async def escalate(press: Escalate, call: Call) -> Reply:
    """To whom, and why."""
    page = await call.desk.inbox.page(press.conversation)
    form = EscalateForm(conversation=press.conversation, channel=call.channel or "")
    return Open(escalate_view(form, page, call.words, await names_of(call.desk.member, page.people)))


@router.on(EscalateForm, needs=Role.MODERATOR)
async def escalated(form: EscalateForm, call: Call) -> Reply:
    """They are asked, once."""
    kind, to = form.asked
    to = call.colleague(to) if kind == "person" else to
    await call.desk.handling.escalate(form.conversation, kind, to, form.note, call.who)
    return Close()


@router.on(SwitchTopic, needs=Role.MODERATOR)
async def switch_topic(press: SwitchTopic, call: Call) -> Reply:
    """On, or off again."""
    await call.desk.handling.switch_topic(press.conversation, press.topic, call.who)
    return await done_with(press.conversation, call)


@router.on(ConversationChanged)
async def told(event: ConversationChanged, scene: Scene) -> Sequence[Draw]:
    """Whoever got it, whoever has it back, whoever is asked: each once, where they are."""
    if event.act not in {"assign", "woke", "escalate"}:
        return []
    talk = await scene.desk.conversations.get(event.conversation)
    if event.act == "woke":
        return [Draw(f"@{talk.owner}", WokenCard(conversation=talk.id, at=event.at))] if talk.owner else []
    if event.act == "assign":
        others = talk.owner and talk.owner != event.by
        got = AssignedCard(conversation=talk.id, at=event.at, by=event.by)
        return [Draw(f"@{talk.owner}", got)] if others else []
    card, asked = AskedCard(conversation=talk.id, at=event.at), talk.escalation
    if asked is None:
        return []
    if asked.kind == "channel":
        return [Draw(asked.to, card)]
    brand = await scene.desk.brand(talk.brand)
    members = [asked.to] if asked.kind == "person" else await scene.desk.handling.holders(brand, Role(asked.to))
    return [Draw(f"@{member}", card) for member in members if member != asked.by]


@router.draws(AssignedCard)
async def assigned_card(card: AssignedCard, scene: Scene) -> Sheet | None:
    """In its reader's language."""
    page = await scene.desk.inbox.page(card.conversation)
    words = await scene.words_of(scene.channel.removeprefix("@"))
    names = await names_of(scene.member, [*page.people, card.by])
    return Sheet(assigned_message(page, card.by, words, names), page.version, pinned=True)


@router.draws(WokenCard)
async def woken_card(card: WokenCard, scene: Scene) -> Sheet | None:
    """In its reader's language."""
    page = await scene.desk.inbox.page(card.conversation)
    words = await scene.words_of(scene.channel.removeprefix("@"))
    return Sheet(woken_message(page, words, await names_of(scene.member, page.people)), page.version, pinned=True)


@router.draws(AskedCard)
async def asked_card(card: AskedCard, scene: Scene) -> Sheet | None:
    """In its reader's language, or the brand's for a channel; with the buttons that its reader may press."""
    page = await scene.desk.inbox.page(card.conversation)
    names = await names_of(scene.member, page.people)
    member = scene.channel.removeprefix("@")
    if member == scene.channel:
        words, moderates = words_for(page.brand.language), True
    else:
        words, who = await scene.words_of(member), await scene.desk.standing(member)
        moderates = Role.MODERATOR in page.brand.roles_of(who)
    return Sheet(asked_message(page, words, names, moderates=moderates), page.version, pinned=True)
