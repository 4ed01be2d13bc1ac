"""Who is on duty, and a shift that is handed over: the form with the open work, the messages, what came of it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.duty_pages import HandoverPage, OpenWork
from bot.domain.brands import Brand
from bot.domain.handovers import HandoverState
from bot.domain.records import MemberId
from bot.domain.watch import How, Watch
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    checkboxes,
    context,
    divider,
    multi_select,
    option,
    rich,
    section,
    text_input,
    user,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment, spoken
from bot.text.words import Words
from handlers.views.faces import Names, account_mark, brand_face, face_mark, practice_mark

LINES = 8
"""Things of one brand that a hand over lists."""
BRANDS = 20
ROOM = 8000
"""Characters of open work in one message; Slack takes about 13,000 in all, which it documents nowhere."""


class HandOver(Button, id="duty.hand_over"):
    """Opens the form that gives a shift away."""


class TakeShift(Button, id="duty.accept"):
    """*Take the shift*."""

    handover: str


class NotNow(Button, id="duty.decline"):
    """*Not now*."""

    handover: str


class HandOverForm(Form, id="duty.offer"):
    """Who takes it, of which brands, with what to know. `handover` is its id, so that it is offered once."""

    handover: str
    channel: str = ""
    brands: Typed[tuple[str, ...]] = ()
    person: Typed[str] = ""
    note: Typed[str] = ""


class HandoverCard(Card, id="duty.handover"):
    """A shift on offer, to the one who is asked or to the one who gives it."""

    handover: str
    to: str


class HandoverLine(Card, id="duty.line"):
    """One line in a brand's channel: who has the shift since."""

    handover: str
    brand: str


class QuietCard(Card, id="duty.quiet"):
    """Told once to somebody on duty: Slack would not ring them until then (seconds since the epoch)."""

    member: str
    brand: str
    until: int


# --- who is on duty


def watch_line(brand: Brand, watch: Watch, words: Words, names: Names, now: datetime) -> str:
    """`On duty: Ana until 18:00 (Madrid). Deputy: Bea.`, and whom the rota names in vain."""
    until = spoken(watch.until, brand.clock, words, now) if watch.until else ""
    people = _people(watch.members, names)
    if watch.members and watch.how in {How.SHIFT, How.COVER, How.NEXT}:
        key = f"duty.now.{watch.how.value}" + ("" if until else "_open")
        line = words(key, people=people, when=until)
    elif watch.how is How.ROLES and watch.members:
        line = words("duty.now.roles", people=people)
    elif watch.how in {How.ADMINS, How.WAIT} and until:
        line = words(f"duty.now.{watch.how.value}", when=until)
    else:
        line = words("duty.now.nobody")
    parts = [line]
    if watch.deputies:
        parts.append(words("duty.now.deputy", people=_people(watch.deputies, names)))
    if watch.skipped:
        parts.append(words("alarm.skipped", people=_people(watch.skipped, names)))
    return " ".join(parts)


def duty_lines(watches: Sequence[tuple[Brand, Watch]], words: Words, names: Names, now: datetime) -> list[str]:
    """A heading and a line a brand; practice has no duty worth a line unless somebody wrote a rota."""
    shown = [(brand, watch) for brand, watch in watches if brand.duty.rota or brand.duty.cover or not brand.practice]
    lines = [
        f"{face_mark(brand)} {relay(brand.name, 60)} · {watch_line(brand, watch, words, names, now)}"
        for brand, watch in shown[:BRANDS]
    ]
    return [f"*{words('duty.heading')}*", *lines] if lines else []


def people_of(watches: Sequence[tuple[Brand, Watch]]) -> list[MemberId]:
    """Everyone whose name those lines say."""
    return [who for _, watch in watches for who in (*watch.members, *watch.deputies, *watch.skipped)]


def _people(members: Sequence[MemberId], names: Names) -> str:
    return ", ".join(filter(None, (names.get(member, "") for member in members)))


# --- hand over


def hand_over_button(words: Words) -> Element:
    """The way to the form, the same on Home and on a digest."""
    return HandOver().draw(words("button.hand_over"))


def offer_view(form: HandOverForm, works: Sequence[OpenWork], words: Words) -> View:
    """My open work, brand by brand, and who takes it."""
    options = [option(brand_face(each.brand), each.brand.id) for each in works[:100]]
    few = len(options) <= 10
    pick = checkboxes(options, form.brands) if few else multi_select(options, form.brands)
    blocks: list[Block] = [
        HandOverForm.input("person", words("duty.offer.person"), user(form.person or None)),
        HandOverForm.input("brands", words("duty.offer.brands"), pick),
        HandOverForm.input(
            "note", words("duty.offer.note"), text_input(form.note, lines=True, most=1000), optional=True
        ),
        context(words("duty.offer.explain")),
        divider(),
    ]
    return form.open(
        title=words("duty.offer.title"),
        submit=words("duty.offer.submit"),
        close=words("button.cancel"),
        blocks=[*blocks, *work_blocks(works, words)],
    )


def work_blocks(works: Sequence[OpenWork], words: Words) -> list[Block]:
    """What is open, a section a brand, as much as a message takes; the rest is counted."""
    blocks: list[Block] = []
    room, left = ROOM, 0
    for each in works:
        marks = practice_mark(each.brand, words)
        head = " · ".join([f"*{relay(brand_face(each.brand), 120)}*", *marks])
        text = "\n".join([head, *_work(each, words)]) if each.size else ""
        room -= len(text)
        if room < 0 or len(blocks) == BRANDS:
            left += each.size
        elif text:
            blocks.append(section(text))
    if left:
        blocks.append(context(words.n("digest.more", left)))
    return blocks or [section(words("duty.work.none"))]


def _work(each: OpenWork, words: Words) -> list[str]:
    lines: list[str] = []
    for talk in each.conversations[:LINES]:
        text = relay(talk.latest.text, 80)
        lines.append(words("duty.work.conversation", person=relay(talk.person.name, 60), text=text))
    for delivery in each.questions[:LINES]:
        account = each.accounts.get(delivery.account)
        named = account_mark(account, each.titles) if account else relay(delivery.account, 60)
        status = words(f"delivery_status.{delivery.state}")
        lines.append(words("duty.work.question", account=named, status=status))
    lines += [words("duty.work.approval", text=relay(post.current.text, 80)) for post in each.approvals[:LINES]]
    lines += [words("duty.work.alarm", text=relay(text, 120)) for text in each.alarms[:LINES]]
    shown = sum(min(len(kind), LINES) for kind in (each.conversations, each.questions, each.approvals, each.alarms))
    return [f"• {line}" for line in lines] + ([words.n("digest.more", each.size - shown)] if each.size > shown else [])


def handover_message(page: HandoverPage, to: MemberId, words: Words, names: Names) -> Message:
    """To the one who is asked: the list and two buttons. To the one who gives it: what came of it."""
    handover = page.handover
    taker = to == handover.taker
    side = "taker" if taker else "giver"
    text = words(
        f"duty.handover.{handover.state.value}.{side}",
        giver=names[handover.giver],
        taker=names[handover.taker],
        brands=relay(", ".join(each.brand.name for each in page.works), 200),
    )
    blocks: list[Block] = [section(f"🔄 *{text}*")]
    if handover.note and taker:
        blocks.append(rich(cut(handover.note, 1000), quote=True))
    if taker and handover.state in {HandoverState.OFFERED, HandoverState.ACCEPTED}:
        blocks += work_blocks(page.works, words)
    if handover.state is HandoverState.OFFERED and taker:
        blocks.append(context(*[cut(line, 200) for line in _covered(page, words)][:10]))
        take = TakeShift(handover=handover.id).draw(words("duty.button.take"), style="primary")
        blocks.append(actions(take, NotNow(handover=handover.id).draw(words("duty.button.not_now"))))
    if handover.state is HandoverState.ACCEPTED:
        moved = [words.n("duty.handover.moved", handover.moved)] if handover.moved else []
        lines = [*moved, *_covered(page, words)]
        blocks += [context(*[cut(line, 200) for line in lines][:10])] if lines else []
    return Message(text, blocks)


def _covered(page: HandoverPage, words: Words) -> list[str]:
    """Where the taker is on duty, until when; and where somebody else stays so."""
    lines = []
    for each in page.works:
        name, until = relay(each.brand.name, 60), page.ends.get(each.brand.id)
        if each.brand.id not in page.ends:
            lines.append(words("duty.handover.not_on_duty", brand=name))
        elif until is None:
            lines.append(words("duty.handover.until_handed_on", brand=name))
        else:
            when = spoken(until, each.brand.clock, words, page.now)
            lines.append(words("duty.handover.until", brand=name, when=when))
    return lines


def line_message(page: HandoverPage, brand: Brand, words: Words, names: Names) -> Message:
    """One line for the brand's channel."""
    handover = page.handover
    until = handover.until.get(brand.id)
    key = "duty.line.work"
    if brand.id in handover.covered:
        key = "duty.line.until" if until else "duty.line.open"
    when = spoken(until, brand.clock, words, page.now) if until else ""
    text = words(key, taker=names[handover.taker], giver=names[handover.giver], when=when)
    return Message(text, [context(f"🔄 {text}")])


def quiet_message(card: QuietCard, brand: Brand, until: datetime, zone: ZoneInfo, words: Words) -> Message:
    """An alarm would not ring."""
    when = moment(until, zone, words)
    text = words("duty.quiet", brand=relay_plain(brand.name, 80), when=when)
    return Message(text, [section(f"🔕 {text}"), context(words("duty.quiet.how"))])
