"""Our public answers: the form that writes one, and what became of each, on the conversation's card."""

from bot.desk.answers import Written
from bot.desk.inbox import ConversationPage
from bot.domain.deliveries import UNDO, Delivery, State
from bot.domain.handling import Collision
from bot.slack.blocks import Block, Element, Message, View, actions, confirm, context, rich, section
from bot.slack.cards import Card
from bot.slack.wire import Button, MessageShortcut
from bot.text.markup import cut, link
from bot.text.public import CHANGES
from bot.text.relaying import hosts, relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.checks import answer_checks
from handlers.views.courtesies import with_it
from handlers.views.faces import Names, account_mark, account_name, face_mark, practice_mark
from handlers.views.moderation import EditAnswer, edit_line
from handlers.views.private import answer_label, as_whom, home_of_card, window_blocks
from handlers.views.publishing import ItsLive, LeaveIt, SendAgain, WithdrawHere
from handlers.views.sensitive import unpublish_button
from handlers.views.standing import collision_blocks
from handlers.views.suggestions import suggested_line
from handlers.views.writing import Writing, submit_label, writing_blocks

SHOWN = 3
"""How many of our last answers the card shows."""
QUOTED = 1200
"""Characters of the person's words in the form, and of our answer on the card."""

_STUCK = frozenset({State.REFUSED, State.HELD, State.MISSED})
_SAID = {
    State.PLANNED: ("hourglass_flowing_sand", "reply.waiting"),
    State.CLAIMED: ("hourglass_flowing_sand", "reply.sending"),
    State.WIRE: ("hourglass_flowing_sand", "reply.sending"),
    State.BY_HAND: ("hourglass_flowing_sand", "reply.sending"),  # none is, but nothing here may break on a record
    State.LIVE: ("white_check_mark", "reply.sent"),
    State.UNKNOWN: ("grey_question", "reply.unknown"),
    State.LEFT: ("grey_question", "reply.left"),
    State.WITHDRAWN: ("leftwards_arrow_with_hook", "reply.undone"),
    State.UNPUBLISHED: ("wastebasket", "reply.unpublished"),
    State.REFUSED: ("no_entry", "reply.refused"),
    State.HELD: ("no_entry", "reply.refused"),
    State.MISSED: ("no_entry", "reply.refused"),
}


_IN_PRIVATE = {"reply.waiting": "private.waiting", "reply.undone": "private.undone"}


class Undo(Button, id="inbox.undo"):
    """Takes an answer back before it goes out; everybody in the team who writes may do it."""

    delivery: str


class ReplyInPublic(MessageShortcut, id="reply_in_public"):
    """On a colleague's message in a conversation's thread: opens the form with exactly what everyone would read."""


class ReplyForm(Writing, id="inbox.reply"):
    """The exact text. `channel`: where it was opened; `changed`: what of a colleague's message isn't as it was.

    likes: what is liked with it. asks: it is the question whether we may use what they showed.
    """

    channel: str = ""
    changed: tuple[str, ...] = ()
    likes: str = ""
    asks: bool = False


class ReplyTrouble(Card, id="inbox.trouble"):
    """Asks an answer's writer, the `asked`-th time, what only a person can decide."""

    delivery: str
    asked: int


def reply_view(
    form: ReplyForm,
    page: ConversationPage,
    written: Written,
    words: Words,
    names: Names,
    collision: Collision | None = None,
) -> View:
    """The form: as whom and that it is public, first of all; who else is at it; what is answered; then the text as it
    is `written` so far."""
    talk, brand = page.conversation, page.brand
    account = account_mark(page.account, page.titles)
    blocks: list[Block] = [
        section(f"{face_mark(brand)} {as_whom(page, words)}"),
        *window_blocks(page, words),
        *([context(*practice_mark(brand, words))] if brand.practice else []),
        *collision_blocks(collision, bool(form.seen), page, words, names),
        *_warnings(page, words, names),
        context(words("reply.to", person=relay(talk.person.name, 80), account=account)),
        rich(relay_plain(talk.latest.text, QUOTED), quote=True),
    ]
    if found := hosts(talk.latest.text):
        blocks.append(context(words("inbox.links", hosts=", ".join(relay(host, 80) for host in found[:5]))))
    return form.open(
        title=answer_label(talk, words),
        submit=submit_label(form, page, written, words),
        close=words("button.cancel"),
        blocks=[
            *blocks,
            *_changed(form, words),
            *writing_blocks(form, page, written, words),
            *with_it(form.likes, form.asks, words),
        ],
        notify_on_close=True,
    )


def _changed(form: ReplyForm, words: Words) -> list[Block]:
    """What was taken out of a colleague's message, or put otherwise: whoever sends it has to know."""
    told = [words(f"public.{change}") for change in CHANGES if change in form.changed]
    return [context(f":pencil2: {words('public.changed', what=' '.join(told))}")] if told else []


def _warnings(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    talk = page.conversation
    lines = []
    if page.stop is not None:
        lines.append(f":octagonal_sign: {words('reply.brand_stopped', brand=relay(page.brand.name, 80))}")
    if talk.owner and talk.closed_as is None:
        lines.append(words("conversation_status.owned", name=names.get(talk.owner, "")))
    lines += [suggested_line(each, words, names) for each in page.suggested]
    if page.replies and page.replies[-1].state not in {State.WITHDRAWN, State.UNPUBLISHED}:
        lines.append(answer_line(page.replies[-1], page, words, names))
    return [context(*lines)] if lines else []


def answer_blocks(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    """Our last answers, each with its state, its exact text and its buttons."""
    blocks: list[Block] = []
    for delivery in page.replies[-SHOWN:]:
        text = delivery.reply.text if delivery.reply else ""
        mark = f" · _{words('stop.mark')}_" if delivery.during_stop else ""
        off = unpublish_button(id_, words, suffix=id_) if (id_ := delivery.id) in page.removable else None
        line = section(answer_line(delivery, page, words, names) + mark, accessory=off)
        blocks += [line, rich(cut(text, QUOTED), quote=True)]
        blocks += answer_checks(page.links.get(delivery.id, ()), page.brand, words)
        if edited := edit_line(delivery, page, words, names):
            blocks.append(context(edited))
        buttons = answer_buttons(delivery, page, words)
        blocks += [actions(*buttons)] if buttons else []
    return blocks


def answer_line(delivery: Delivery, page: ConversationPage, words: Words, names: Names) -> str:
    """What became of an answer, in plain words."""
    clock = page.brand.clock
    sign, key = _SAID[delivery.state]
    if delivery.state is State.PLANNED and delivery.trouble is not None:
        sign, key = "hourglass_flowing_sand", "reply.retrying"
    if page.conversation.private:
        key = _IN_PRIVATE.get(key, key)
    said = words(
        key,
        name=names.get(delivery.approved_by, ""),
        settled=names.get(delivery.settled_by, ""),
        account=account_mark(page.account, page.titles),
        network=page.titles.get(delivery.network, delivery.network),
        when=moment(delivery.settled_at or delivery.due, clock, words, page.now),
        again=moment(delivery.attention or delivery.due, clock, words, page.now),
        seconds=int(UNDO.total_seconds()),
    )
    writer = delivery.reply.by if delivery.reply else ""
    if writer not in {"", delivery.approved_by}:
        said += f" · {words('suggestion.written', name=names.get(writer, ''))}"
    seen = link(delivery.url, words("reply.see")) if delivery.url else ""
    why = _why(delivery, page, words) if delivery.state in _STUCK else ""
    return " ".join(filter(None, [f":{sign}: {said}", f"· {seen}" if seen else "", why]))


def _why(delivery: Delivery, page: ConversationPage, words: Words) -> str:
    kind = delivery.trouble.kind if delivery.trouble else "unknown"
    until = delivery.trouble.until if delivery.trouble and delivery.trouble.until else page.now
    key = "reply.silenced" if kind == "stopped" else f"refused.{kind}"
    return words(
        key if key in words else "refused.unknown",
        account=account_mark(page.account, page.titles),
        network=page.titles.get(delivery.network, delivery.network),
        until=moment(until, page.brand.clock, words, page.now),
    )


def answer_buttons(delivery: Delivery, page: ConversationPage, words: Words) -> list[Element]:
    """What a person can still decide about an answer; what makes it public asks once, naming the account."""
    id_ = delivery.id
    match delivery.state:
        case State.PLANNED:
            return [Undo(delivery=id_).draw(words("button.undo"), style="danger", suffix=id_)]
        case State.UNKNOWN:
            return [
                ItsLive(delivery=id_).draw(words("button.its_live"), style="primary", suffix=id_),
                _send(delivery, page, words, "button.send_again"),
                LeaveIt(delivery=id_).draw(words("button.leave_it"), suffix=id_),
            ]
        case State.REFUSED | State.HELD | State.MISSED:
            drop = WithdrawHere(delivery=id_).draw(words("button.withdraw"), suffix=id_)
            return [_send(delivery, page, words, "button.retry_here"), drop]
        case State.LIVE if id_ in page.moderating.editable:
            return [EditAnswer(delivery=id_).draw(words("button.edit"), suffix=id_)]
        case _:
            return []


def _send(delivery: Delivery, page: ConversationPage, words: Words, label: str) -> Element:
    account = account_name(page.account, page.titles)
    person = relay_plain(page.conversation.person.name, 60)
    again = "send_again" if delivery.state is State.UNKNOWN else "private" if page.conversation.private else "publish"
    names = {"account": account, "accounts": account, "person": person}
    asks = confirm(
        words(f"confirm.{again}.ask"),
        words(f"confirm.{again}.text", **names),
        words(f"confirm.{again}.yes"),
        words("confirm.no"),
        danger=delivery.state is State.UNKNOWN,
    )
    press = SendAgain(delivery=delivery.id, asked=delivery.asked, sure=True)
    return press.draw(words(label), confirm=asks, suffix=delivery.id)


def trouble_message(delivery: Delivery, page: ConversationPage, words: Words, names: Names) -> Message:
    """For whoever wrote an answer that did not go out as it should; once it is settled, it says so."""
    line = answer_line(delivery, page, words, names)
    person = relay(page.conversation.person.name, 60)
    to = words("reply.to", person=person, account=account_mark(page.account, page.titles))
    text = delivery.reply.text if delivery.reply else ""
    buttons = answer_buttons(delivery, page, words)
    blocks: list[Block] = [
        section(f"{face_mark(page.brand)} {line}"),
        context(to),
        rich(cut(text, QUOTED), quote=True),
        *([actions(*buttons)] if buttons else []),
        context(words("publish.card_in", channel=home_of_card(page.conversation, page.brand, words))),
    ]
    return Message(f"{relay(page.brand.name, 80)}: {line}", blocks)
