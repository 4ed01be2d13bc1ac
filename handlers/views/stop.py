"""Stop and resume: the form, the list of what is stopped, and the card that says who, when and what waits since."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.pages import PostPage
from bot.domain.brands import Brand, Stop, StopNote
from bot.domain.deliveries import Delivery
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    checkboxes,
    confirm,
    context,
    option,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, Command, Shortcut
from bot.text.markup import cut
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face
from handlers.views.held import FEWEST, keep_stopped
from handlers.views.publishing import account_of, delivery_buttons

ALL = "all"
LINES = 15
"""Held posts that the card lists with their buttons."""


class StopCommand(Command, id="stop"):
    """`/vocero stop [reason]`."""


class ResumeCommand(Command, id="resume"):
    """`/vocero resume`."""


class StopShortcut(Shortcut, id="stop_publishing"):
    """The global shortcut."""


class OpenStop(Button, id="stop.open"):
    """Opens the form, for Home and menus; `scope` is chosen already, a brand's id, `all`, or none."""

    scope: str = ""


class ResumeStop(Button, id="stop.resume"):
    """Lifts one stop; `note` says which, so that an old button never lifts a newer one."""

    scope: str
    note: str


class StopForm(Form, id="stop.form"):
    """What to stop, how far, and why."""

    channel: str = ""
    scope: Typed[str] = ""
    silence: Typed[tuple[str, ...]] = ()
    reason: Typed[str] = ""


class StopCard(Card, id="stop"):
    """One stop in a brand's channels."""

    note: str
    brand: str


@dataclass(frozen=True)
class Held:
    """A held delivery, and the post that it belongs to."""

    delivery: Delivery
    page: PostPage


def stop_view(form: StopForm, brands: Sequence[Brand], everything: bool, words: Words) -> View:
    """The form; what is prefilled takes one press. `everything`: the reader may stop all brands at once."""
    options = [option(brand_face(brand), brand.id) for brand in brands[:98]]
    if everything and len(brands) > 1:
        options.append(option(words("stop.all"), ALL))
    pick = radio(options, form.scope or None) if len(options) <= 10 else select(options, form.scope or None)
    silence = checkboxes([option(words("stop.silence"), "yes", words("stop.silence.hint"))], form.silence)
    reason = text_input(form.reason, most=500)
    return form.open(
        title=words("stop.title"),
        submit=words("button.stop"),
        close=words("button.cancel"),
        blocks=[
            section(words("stop.explain")),
            StopForm.input("scope", words("stop.what"), pick),
            StopForm.input("reason", words("stop.reason"), reason, optional=True),
            StopForm.input("silence", words("stop.reach"), silence, optional=True),
        ],
    )


def stopped_message(text: str) -> Message:
    """Said to the one who stopped or resumed."""
    return Message(text, [section(text)])


def stop_card(note: StopNote, brand: Brand, held: Sequence[Held], total: int, words: Words, names: Names) -> Message:
    """Who stopped it and when; once it goes on, a line for each post that still waits."""
    notice = stop_line(note, brand, words, names)
    blocks: list[Block] = [section(f"🛑 *{notice}*" if note.lifted_at is None else notice)]
    if note.lifted_at is None:
        blocks.append(context(words("stop.explain_silence") if note.reach == "silence" else words("stop.explain")))
        blocks.append(section(words.n("stop.held", total) if total else words("stop.none_held")))
    else:
        when = moment(note.lifted_at, brand.clock, words)
        resumed = words("resume.notice", name=names[note.lifted_by], brand=_named(brand), when=when)
        explained = [context(words("resume.explain"))] if total else []
        blocks += [section(f"▶️ *{resumed}*"), *explained]
    for each in held[:LINES]:
        blocks += _held(each, words)
    if total > min(len(held), LINES):
        blocks.append(context(words.n("check.more", total - min(len(held), LINES))))
    if note.lifted_at is not None and total >= FEWEST and all(each.page.stop is None for each in held):
        blocks.append(actions(keep_stopped(brand, total, words)))
    if note.lifted_at is None:
        blocks.append(actions(resume_button(note.scope, note.id, scope_name(note.scope, brand, words), words)))
    return Message(notice, blocks)


def stop_line(note: StopNote | Stop, brand: Brand | None, words: Words, names: Names) -> str:
    """`Ana stopped ☕ Café Ágora on …: reason`."""
    scope = note.scope if isinstance(note, StopNote) else note.id
    clock = brand.clock if brand else "UTC"
    args = {"name": names[note.by], "when": moment(note.at, clock, words)}
    named = words("stop.everything") if scope == ALL or brand is None else _named(brand)
    if note.reason.strip():
        return words("stop.notice_reason", brand=named, reason=relay(note.reason, 400), **args)
    return words("stop.notice", brand=named, **args)


def _named(brand: Brand) -> str:
    return relay(brand_face(brand), 120)


def scope_name(scope: str, brand: Brand | None, words: Words) -> str:
    """What a stop reaches, for plain text: a brand, or everything."""
    return words("stop.everything") if scope == ALL or brand is None else relay_plain(brand.name, 80)


def _held(each: Held, words: Words) -> list[Block]:
    delivery, page = each.delivery, each.page
    when = moment(delivery.due, page.brand.clock, words, page.now)
    text = relay(cut(page.post.revision(delivery.revision).text, 120), 140) or words("compose.empty_draft")
    line = section(f"⏸️ *{account_of(delivery, page)}* · {words('publish.was_due', when=when)}\n{text}")
    buttons = delivery_buttons(delivery, page, words)
    return [line, actions(*buttons)] if buttons and page.stop is None else [line]


def resume_button(scope: str, note: str, named: str, words: Words) -> Element:
    """Asks once: publishing goes on for everyone."""
    ask = confirm(
        words("confirm.resume.ask"),
        words("confirm.resume.text", brand=named),
        words("button.resume"),
        words("confirm.no"),
    )
    return ResumeStop(scope=scope, note=note).draw(words("button.resume"), style="primary", confirm=ask, suffix=scope)


def stops_list(stops: Sequence[tuple[Stop, Brand | None]], words: Words, names: Names) -> Message:
    """What is stopped now, each with its button; said to one person."""
    if not stops:
        return stopped_message(words("resume.nothing"))
    blocks: list[Block] = []
    for stop, brand in stops[:20]:
        button = resume_button(stop.id, stop.note, scope_name(stop.id, brand, words), words)
        blocks += [section(f"🛑 {stop_line(stop, brand, words, names)}"), actions(button)]
    return Message(words("resume.title"), [*blocks, context(words("resume.explain"))])
