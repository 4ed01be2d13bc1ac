"""For how long a brand keeps what people said: a part of its rulebook, with what a change would forget."""

from bot.domain.brands import Brand
from bot.domain.rulebook import Rulebook
from bot.slack.blocks import Block, View, context, divider, option, section, select
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import brand_face, practice_mark

DAYS = (0, 30, 60, 90, 180, 365, 730, 1095)
"""That can be chosen; 0: until somebody asks."""


class EditKeeping(Button, id="keeping.edit"):
    """Opens the one question: for how long."""

    brand: str


class KeepingForm(Form, id="keeping.form"):
    """For how long. `seen`: the days of which it was shown what they would forget, -1 for none."""

    brand: str
    seen: int = -1
    days: Typed[int] = 0


def keeping_blocks(brand: Brand, book: Rulebook, words: Words) -> list[Block]:
    """How it is, with the way to change it."""
    edit = EditKeeping(brand=brand.id).draw(words("button.edit"), suffix="keeping")
    lines = [f"*{words('keeping.heading')}*", _days(book.keep_days, words)]
    if book.keep_days and book.keep_from is not None:
        lines.append(words("keeping.from", when=moment(book.keep_from, brand.clock, words)))
    return [divider(), section("\n".join(lines), accessory=edit)]


def _days(days: int, words: Words) -> str:
    return words.n("keeping.days", days) if days else words("keeping.asked")


def keeping_view(form: KeepingForm, brand: Brand, words: Words, old: tuple[int, int] | None = None) -> View:
    """The question; then what it would forget, and the press that saves it."""
    choices = [option(_days(days, words), str(days)) for days in sorted({*DAYS, form.days})]
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 120)}*")]
    if old is not None:
        talks, people = words.n("keeping.talks", old[0]), words.n("keeping.people", old[1])
        blocks.append(section(f":warning: *{words('keeping.would', talks=talks, people=people)}*"))
        blocks.append(context(words("ruling.press_save")))
    return form.open(
        title=words("keeping.title"),
        submit=words("button.save" if old is not None else "ruling.look"),
        close=words("button.cancel"),
        blocks=[
            *blocks,
            KeepingForm.input("days", words("keeping.how_long"), select(choices, str(form.days))),
            context(words("keeping.explain"), *practice_mark(brand, words)),
        ],
    )


def keeping_saved(book: Rulebook, brand: Brand, words: Words) -> str:
    """Said to whoever saved it."""
    return words("keeping.saved", brand=relay(brand_face(brand), 120), days=_days(book.keep_days, words))
