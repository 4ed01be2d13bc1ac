"""How a conversation stands, in lines for its card: put off until when, who was asked, who is answering, its topics."""

from bot.desk.inbox import ConversationPage
from bot.domain.conversations import Answering, ConversationStatus, Escalation
from bot.domain.handling import Collision
from bot.domain.hours import business, is_open
from bot.domain.ruled import RULE
from bot.slack.blocks import Block, context, rich, section
from bot.text.relaying import relay
from bot.text.times import moment, near, span
from bot.text.words import Words
from handlers.views.faces import Names
from handlers.views.legal import hold_line
from handlers.views.suggestions import suggested_line


def standing_blocks(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    """Everything that is to be known before pressing anything."""
    talk = page.conversation
    lines = [
        *promise_line(page, words),
        *snoozed_line(page, words, names),
        *([f":rotating_light: {asked_line(talk.escalation, words, names)}"] if talk.escalation else []),
        *(answering_line(each, page, words, names) for each in talk.answering),
        *(suggested_line(each, words, names) for each in page.suggested),
        *([f":twisted_rightwards_arrows: {words('routing.sent', name=relay(talk.route, 60))}"] if talk.route else []),
        *hold_line(talk.hold, page.brand, words, names, page.now),
        *([f":label: {relay(', '.join(talk.topics), 300)}"] if talk.topics else []),
    ]
    note = [rich(talk.escalation.note, quote=True)] if talk.escalation and talk.escalation.note else []
    return [*([context(*lines)] if lines else []), *note]


def snoozed_line(page: ConversationPage, words: Words, names: Names) -> list[str]:
    """Until when, and with whom it comes back."""
    talk = page.conversation
    if talk.status is not ConversationStatus.SNOOZED or talk.snoozed_until is None:
        return []
    when = moment(talk.snoozed_until, page.brand.clock, words, page.now)
    return [f":zzz: {words('handling.snoozed', when=when, name=names.get(talk.owner, ''))}"]


def asked_line(asked: Escalation, words: Words, names: Names) -> str:
    """`Ana asks Bruno to take it`; the note stands below."""
    whom = names.get(asked.to, "")
    if asked.kind == "role":
        whom = f"*{words(f'role.{asked.to}')}*"
    elif asked.kind == "channel":
        whom = f"<#{asked.to}>"
    by = words("routing.a_route") if asked.by == RULE else names.get(asked.by, "")
    return words("handling.asked", name=by, to=whom)


def answering_line(each: Answering, page: ConversationPage, words: Words, names: Names) -> str:
    """`Ana is answering (2 min)`."""
    age = span(page.now - each.since, words)
    return f":writing_hand: {words('handling.answering', name=names.get(each.who, ''), age=age)}"


def promise_line(page: ConversationPage, words: Words) -> list[str]:
    """`Answer within 40 min, by 16:40 (Madrid)`, or for how long it is late; outside hours that the clock stands."""
    brand, targets = page.brand, page.conversation.targets
    due = targets.next
    if due is None:
        return []
    kind = "answer" if due == targets.answer else "resolve"
    when = near(due, brand.clock, words, page.now)
    if page.now >= due:
        late = span(business(brand.hours, brand.clock, due, page.now), words)
        return [f":alarm_clock: *{words(f'promise.{kind}.late', when=when, span=late)}*"]
    left = span(business(brand.hours, brand.clock, page.now, due), words)
    line = f":hourglass: {words(f'promise.{kind}.within', when=when, span=left)}"
    return [line if is_open(brand.hours, brand.clock, page.now) else f"{line} · {words('promise.paused')}"]


def collision_blocks(
    collision: Collision | None, pressed: bool, page: ConversationPage, words: Words, names: Names
) -> list[Block]:
    """Who else is answering, and that an answer was given: before anything is typed, and once more when it was sent."""
    if collision is None or not collision.marks:
        return []
    lines = [answering_line(each, page, words, names) for each in collision.others]
    lines += [f":warning: {words('collision.answered')}"] if collision.answers else []
    asks = [section(f":warning: *{words('collision.sure')}*")] if pressed else []
    return [*asks, section("\n".join(lines))]
