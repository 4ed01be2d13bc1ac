"""Storms and crowds: a line that counts what got no card of its own, and one card for the many who say the same."""

from bot.desk.crowds import SHOWN, CrowdPage
from bot.desk.storms import StormPage
from bot.domain.brands import Account, Brand
from bot.domain.bulk import FEWEST, MOST, Bulk, BulkAct, BulkState
from bot.domain.conversations import BY_HAND, ClosedAs
from bot.domain.deliveries import UNDO
from bot.domain.inbox_views import View as List
from bot.slack.blocks import Block, Element, Message, View, actions, confirm, context, rich, section, text_input
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, menu
from bot.text.relaying import hosts, relay, relay_plain
from bot.text.times import clock, near, spoken
from bot.text.words import Words
from handlers.views.checks import answer_checks
from handlers.views.faces import Names, account_mark, brand_face, practice_mark
from handlers.views.inbox_list import ShowInbox
from handlers.views.work_presses import WorkThrough

QUOTED = 600
"""Characters of what they say."""
NAMED = 5
"""People who are named in a line, at most."""
_LONGEST = 3000  # what Slack's input takes
_DONE = {
    BulkState.RUNNING: "hourglass_flowing_sand",
    BulkState.UNDOING: "leftwards_arrow_with_hook",
    BulkState.UNDONE: "leftwards_arrow_with_hook",
    BulkState.DONE: "white_check_mark",
    BulkState.STOPPED: "warning",
}


class StormCard(Card, id="storms.storm"):
    """Counts, in the inbox channel, what is said in a storm."""

    storm: str


class StormOver(Card, id="storms.over"):
    """Says once, in a channel, that a storm is over."""

    storm: str


class CrowdCard(Card, id="storms.crowd"):
    """The one card of those who say nearly the same."""

    crowd: str


class ClaimAll(Button, id="storms.claim"):
    """Takes all that nobody has, of those who were there when the card was drawn (`until`, in ms)."""

    crowd: str
    seen: int
    until: int


class HideAll(Button, id="storms.hide"):
    """Hides all."""

    crowd: str
    seen: int
    until: int


class CloseAll(Button, id="storms.close"):
    """Closes all, for this reason."""

    crowd: str
    seen: int
    until: int
    reason: ClosedAs


class AnswerAll(Button, id="storms.answer"):
    """Opens the form with the variations."""

    crowd: str


class UndoAll(Button, id="storms.undo"):
    """Does no more of it, and takes back every answer that didn't go out yet."""

    bulk: str


class AnswerAllForm(Form, id="storms.answer_form"):
    """Two to five variations of an answer. bulk: the id of the act, so that a form that arrives twice is one; seen:
    how many it is for; until: up to whom, in ms; channel: where it was opened."""

    crowd: str
    act: str
    seen: int = 0
    until: int = 0
    channel: str = ""
    text: Typed[str] = ""
    text2: Typed[str] = ""
    text3: Typed[str] = ""
    text4: Typed[str] = ""
    text5: Typed[str] = ""

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: getattr(self, name) or "" for name in FIELDS}


FIELDS = ("text", "text2", "text3", "text4", "text5")


def storm_message(page: StormPage, words: Words) -> Message:
    """`340 new comments on X @cafe_agora since 14:02`, and where those without a card are."""
    storm, brand = page.storm, page.brand
    title = _storm_title(page, words)
    lines = [words.n("storms.gathered", storm.gathered)] if storm.gathered else []
    if storm.spike:
        lines.append(words("storms.usual", usual=max(1, round(storm.usual)), peak=storm.peak))
    waits = [words.n("storms.waiting", page.waiting)]
    waits += [f":slightly_frowning_face: {words.n('storms.upset', page.upset)}"] if page.upset else []
    icon = ":ocean:" if storm.over_at is None else ":white_check_mark:"
    return Message(
        f"{relay(brand.name, 80)}: {title}",
        [
            section(f"{relay(brand_face(brand), 120)} · {icon} *{title}*\n{' · '.join(waits)}"),
            *([context(*lines)] if lines else []),
            actions(*storm_buttons(brand, page.account, page.upset, words)),
            *([context(*practice_mark(brand, words))] if brand.practice else []),
        ],
    )


def storm_buttons(brand: Brand, account: Account, upset: int, words: Words) -> list[Element]:
    """To all of it, to the displeased, and one by one."""
    see = ShowInbox(view=List.ALL, brand=brand.id, account=account.id)
    angry = see.model_copy(update={"view": List.UPSET})
    return [
        see.draw(words("storms.see"), style="primary"),
        *([angry.draw(words("storms.see_upset"), suffix="upset")] if upset else []),
        WorkThrough(brand=brand.id).draw(words("work.title")),
    ]


def _storm_title(page: StormPage, words: Words) -> str:
    storm, zone, where = page.storm, page.brand.clock, account_mark(page.account, page.titles)
    since = spoken(storm.began_at, zone, words, page.now)
    if storm.over_at is None:
        return words.n("storms.since", storm.count, account=where, when=since)
    until = spoken(storm.heard_at, zone, words, page.now)
    return words.n("storms.between", storm.count, account=where, since=since, until=until)


def over_message(page: StormPage, words: Words) -> Message:
    """It is over, and how many still wait."""
    text = words("storms.over", title=_storm_title(page, words), waiting=words.n("storms.waiting", page.waiting))
    return Message(f"{relay(page.brand.name, 80)}: {text}", [section(f":partly_sunny: {text}")])


def crowd_message(page: CrowdPage, words: Words, names: Names) -> Message:
    """How many say it, what, who was first, how many wait; and what can be done for all of them."""
    brand = page.brand
    title = words.n("storms.crowd", max(page.people, 1), account=account_mark(page.account, page.titles))
    blocks: list[Block] = [
        section(f"{relay(brand_face(brand), 120)} · :busts_in_silhouette: *{title}*"),
        *_quoted(page, words),
        context(*_facts(page, words)),
        *(block for each in page.bulks[-SHOWN:] for block in _bulk_blocks(each, page, words, names)),
        actions(*_crowd_buttons(page, words)),
        context(f":lock: {words('inbox.private_thread')}", *practice_mark(brand, words)),
    ]
    sample = relay(page.sample.text, 120) if page.sample else ""
    return Message(f"{relay(brand.name, 80)}: {title}. {sample}".strip(), blocks)


def _cost(form: AnswerAllForm, page: CrowdPage, words: Words) -> list[Block]:
    """What the network charges for all of them, where it does: told before anybody presses."""
    if not page.price:
        return []
    each = {"each": f"{page.price:.2f}", "linked": f"{page.linked_price:.2f}"}
    total, most = f"{form.seen * page.price:.2f}", f"{form.seen * page.linked_price:.2f}"
    network = page.titles.get(page.account.network, page.account.network)
    told = words("storms.answer.cost", network=network, **each, total=total, most=most)
    return [context(f":moneybag: {told}")]


def _related(page: CrowdPage, words: Words) -> list[Block]:
    """Who among them gets no answer that thanks them as if they were a customer like any other."""
    if not page.related:
        return []
    names = [relay(each.outsider.name, 60) or "—" for each in page.related[:NAMED]]
    who = ", ".join(names) + (" …" if len(page.related) > NAMED else "")
    told = words.n("storms.answer.related", len(page.related), who=who, brand=relay(page.brand.name, 80))
    return [context(f":handshake: {told}")]


def _quoted(page: CrowdPage, words: Words) -> list[Block]:
    """One of them, as it was written; their names and links are their own."""
    if page.sample is None:
        return [context(f":wastebasket: {words('storms.all_gone')}")]
    quoted = rich(relay_plain(page.sample.text, QUOTED), quote=True)
    if not (found := hosts(page.sample.text)):
        return [quoted]
    leads = words("inbox.links", hosts=", ".join(relay(host, 80) for host in found[:5]))
    return [quoted, context(f":link: {leads}")]


def _facts(page: CrowdPage, words: Words) -> list[str]:
    crowd, brand = page.crowd, page.brand
    last = near(crowd.joined_at, brand.clock, words, page.now)
    lines = []
    if page.first is not None and page.first.forgotten_at is None:
        person = relay(page.first.person.name, 60) or "—"
        when = near(page.first.heard[0].at, brand.clock, words, page.now)
        lines.append(words("storms.first", person=person, when=when, last=last))
    lines.append(words.n("storms.count", crowd.count))
    lines.append(words("storms.standing", waiting=page.waiting, taken=page.taken, closed=page.closed))
    return lines


def _bulk_blocks(bulk: Bulk, page: CrowdPage, words: Words, names: Names) -> list[Block]:
    """How far it is, and what is wrong with its links."""
    line = context(_bulk_line(bulk, page, words, names))
    return [line, *answer_checks(page.links.get(bulk.id, ()), page.brand, words)]


def _bulk_line(bulk: Bulk, page: CrowdPage, words: Words, names: Names) -> str:
    """`Carla hides all: 40 done, 2 passed over`."""
    reason = words(f"closed.{bulk.reason}") if bulk.reason else ""
    what = words(f"storms.act.{bulk.act}", name=names.get(bulk.by, ""), reason=reason, seen=bulk.seen)
    told = [words.n("storms.done", bulk.done)]
    told += [words.n("storms.passed", bulk.passed)] if bulk.passed else []
    waits = bulk.state is BulkState.RUNNING and bulk.last_due is not None and bulk.last_due <= page.now
    told += [words("storms.paced")] if waits else []
    by = names.get(bulk.undone_by, "")
    if bulk.state is BulkState.STOPPED:
        halted = words("storms.halted", name=by) if bulk.undone_by else words("storms.stopped")
        told.append(words(bulk.problem) if bulk.problem in PLAIN else halted)
    elif bulk.undone_by:
        told.append(words.n("storms.undone", bulk.undone, name=by))
    when = clock(bulk.at, page.brand.clock, words)
    return f":{_DONE[bulk.state]}: {when} · {what} · {', '.join(told)}"


PLAIN = frozenset({"error.brand_silenced"})
"""Problems that can be said as they are."""


def _crowd_buttons(page: CrowdPage, words: Words) -> list[Element]:
    """Nothing more is asked while one act is under way; what is left of an answer can be taken back until it left."""
    crowd = page.crowd.id
    see = ShowInbox(view=List.ALL, brand=page.brand.id, crowd=crowd).draw(words("storms.see"))
    if (running := page.running) is not None:
        label = "storms.undo" if running.act is BulkAct.ANSWER else "storms.halt"
        undo = UndoAll(bulk=running.id).draw(words(label), style="danger")
        return [*([undo] if running.state is BulkState.RUNNING else []), see]
    open_ = page.waiting + page.taken
    if not open_:
        return [see]
    answer = AnswerAll(crowd=crowd).draw(words("storms.answer"), style="primary")
    claim = ClaimAll(crowd=crowd, seen=page.waiting, until=page.until)
    hide = HideAll(crowd=crowd, seen=open_, until=page.until)
    none = CloseAll(crowd=crowd, seen=open_, until=page.until, reason=ClosedAs.NO_REPLY)
    reasons = [reason for reason in BY_HAND if reason is not ClosedAs.NO_REPLY]
    choices = [(words(f"closed.{each}"), none.model_copy(update={"reason": each})) for each in reasons]
    return [
        answer,
        *([claim.draw(words("storms.claim"), confirm=_sure("claim", page.waiting, words))] if page.waiting else []),
        none.draw(words("storms.no_reply"), confirm=_sure("close", open_, words)),
        *([hide.draw(words("storms.hide"), confirm=_sure("hide", open_, words))] if page.hides else []),
        menu(choices, placeholder=words("storms.close"), suffix="all", confirm=_sure("close", open_, words)),
        see,
    ]


def _sure(act: str, number: int, words: Words) -> Element:
    """Asks once, with the number."""
    return confirm(
        words.n(f"confirm.storms.{act}.ask", number),
        words("confirm.storms.text"),
        words("confirm.storms.yes"),
        words("confirm.no"),
        danger=act == "hide",
    )


def answer_all_view(form: AnswerAllForm, page: CrowdPage, words: Words) -> View:
    """What they say, for how many it is, and two to five variations."""
    account = account_mark(page.account, page.titles)
    limit = min(page.limit, _LONGEST)
    fields: list[Block] = []
    for number, name in enumerate(FIELDS[:MOST], start=1):
        element = text_input(getattr(form, name) or "", lines=True, most=_LONGEST, focus=number == 1)
        label = words("storms.variation", number=number)
        fields.append(AnswerAllForm.input(name, label, element, optional=number > FEWEST))
    return form.open(
        title=words("storms.answer.title"),
        submit=words("storms.answer.submit"),
        close=words("button.cancel"),
        blocks=[
            context(relay(brand_face(page.brand), 120), *practice_mark(page.brand, words)),
            *_quoted(page, words),
            section(f"*{words('reply.public_as', account=account)}*\n{words.n('storms.answer.for', form.seen)}"),
            context(
                words("storms.answer.hint"),
                words("reply.limit", limit=limit),
                words("reply.undo_hint", seconds=int(UNDO.total_seconds())),
            ),
            *_cost(form, page, words),
            *_related(page, words),
            *fields,
        ],
    )
