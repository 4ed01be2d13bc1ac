"""Posts from a file and as a file: the form that takes it, what it would make row by row, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from bot.desk.sheets import Line, Made, TableLook
from bot.domain.brands import Brand
from bot.domain.sheets import MOST
from bot.slack.blocks import Block, View, context, files, option, plain, radio, section, select
from bot.slack.forms import Form, Typed
from bot.slack.uploads import OwnFile
from bot.slack.wire import Button, SharedFile
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.telling import sentence
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import brand_face

SHOWN = 30
"""Rows of each sort that are shown; the rest is counted."""
WAYS = ("review", "draft")


class ImportPosts(Button, id="sheets.import"):
    """Opens the form that takes a file."""


class ExportPosts(Button, id="sheets.export"):
    """Sends the calendar as a file."""


class ImportForm(Form, id="sheets.import_form"):
    """A file for a brand, and whether its posts go to review or stay drafts."""

    channel: str = ""
    brand: Typed[str] = ""
    way: Typed[str] = "review"
    file: Typed[tuple[SharedFile, ...]] = ()


class ConfirmImport(Form, id="sheets.confirm_form"):
    """What was shown is made. asked: when it was shown (seconds), by which its times were read."""

    brand: str
    file: str
    asked: int = Field(ge=0, lt=10**11)
    review: bool = True
    channel: str = ""


def import_view(form: ImportForm, brands: Sequence[Brand], words: Words) -> View:
    """Which brand, which file, and what becomes of it."""
    options = [option(brand_face(brand), brand.id) for brand in brands[:100]]
    ways = [option(words(f"sheet.way.{way}"), way) for way in WAYS]
    blocks: list[Block] = [
        section(words("sheet.explain", most=MOST)),
        ImportForm.input("brand", words("thing.brand"), select(options, options[0]["value"])),
        ImportForm.input("file", words("sheet.file"), files("csv"), hint=words("sheet.file_hint")),
        ImportForm.input("way", words("sheet.way"), radio(ways, WAYS[0])),
    ]
    return form.open(
        title=words("sheet.title"), submit=words("sheet.look"), close=words("button.cancel"), blocks=blocks
    )


def look_view(form: ConfirmImport, look: TableLook, now: datetime, words: Words) -> View:
    """Row by row what would be made; it can be made when no row is wrong."""
    brand, wrong = look.brand, look.wrong
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 120)}*")]
    if look.table.guessed:
        blocks.append(context(f"⚠️ {words('sheet.guessed')}"))
    if look.table.ignored:
        names = ", ".join(look.table.ignored[:10])
        blocks.append(context(words("sheet.ignored", names=relay(names, 300))))
    if wrong:
        blocks.append(section(f"⛔ {words.n('sheet.wrong', len(wrong))}"))
        blocks += _listed([_problem(line, brand, words) for line in wrong], words)
        return form.open(title=words("sheet.title"), close=words("button.close"), blocks=blocks)
    key = "sheet.would_review" if form.review else "sheet.would_draft"
    blocks.append(section(words.n(key, len(look.lines))))
    blocks += _listed([_line(line, brand, now, words) for line in look.lines], words)
    return form.open(
        title=words("sheet.title"), submit=words("sheet.make"), close=words("button.cancel"), blocks=blocks
    )


def _listed(lines: Sequence[str], words: Words) -> list[Block]:
    shown: list[Block] = [section(line) for line in lines[:SHOWN]]
    return [*shown, context(words.n("check.more", len(lines) - SHOWN))] if len(lines) > SHOWN else shown


def _problem(line: Line, brand: Brand, words: Words) -> str:
    assert line.problem is not None
    said = sentence(words, line.problem.key, line.problem.args_, zone=brand.clock)
    text = relay(cut(" ".join(line.row.get("text").split()), 60), 80)
    return f"*{words('sheet.row', number=line.row.number)}* · {said}" + (f"\n{text}" if text else "")


def _line(line: Line, brand: Brand, now: datetime, words: Words) -> str:
    content = line.content
    assert content is not None
    when = moment(content.due, brand.clock, words, now) if content.due else words("review.when.now")
    places = words.n("sheet.accounts", len(content.accounts))
    return f"🕘 *{when}* · {places}\n{relay(cut(' '.join(content.text.split()), 100), 120)}"


def made_message(made: Made, words: Words) -> str:
    """How many there are now; what was there before is said, and so is what was refused meanwhile."""
    lines = [words.n("sheet.made", made.made)] if made.made or not made.before else []
    if made.before:
        lines.append(words.n("sheet.before", made.before))
    lines += [f"⛔ {_problem(line, made.brand, words)}" for line in made.refused[:10]]
    return "\n".join(lines)


def export_file(data: bytes, now: datetime, words: Words) -> OwnFile:
    """The calendar as a file."""
    name = plain(words("sheet.file_name"), 40)["text"]
    return OwnFile(f"{name}-{now:%Y-%m-%d}.csv", data, words("sheet.file_title"), words("sheet.file_said"))
