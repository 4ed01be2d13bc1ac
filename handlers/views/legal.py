"""Keep for legal: the press on a card or a person's page, its one question, and the line that says so."""

from datetime import datetime

from bot.domain.brands import Brand
from bot.domain.holds import REASON, Hold
from bot.slack.blocks import Block, View, context, section, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face, practice_mark


class KeepForLegal(Button, id="legal.keep"):
    """Asks why a conversation, or a person with all that they said, is to be kept."""

    conversation: str = ""
    outsider: str = ""


class EndHold(Button, id="legal.end"):
    """It is kept no longer than others."""

    conversation: str = ""
    outsider: str = ""


class LegalForm(Form, id="legal.form"):
    """Why it is to be kept; one of both is what. `channel`: where it was opened."""

    conversation: str = ""
    outsider: str = ""
    channel: str = ""
    reason: Typed[str] = ""


def legal_view(form: LegalForm, brand: Brand, words: Words) -> View:
    """One question."""
    what = words("legal.of_person" if form.outsider else "legal.of_talk")
    return form.open(
        title=words("legal.keep"),
        submit=words("legal.keep"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(brand), 120)}*"),
            section(what),
            LegalForm.input("reason", words("legal.reason"), text_input(lines=True, most=REASON, focus=True)),
            context(words("legal.explain"), *practice_mark(brand, words)),
        ],
    )


def hold_line(hold: Hold | None, brand: Brand, words: Words, names: Names, now: datetime) -> list[str]:
    """That it is kept, by whom and since when; the reason is for the record and the person's page."""
    if hold is None:
        return []
    when = moment(hold.at, brand.clock, words, now)
    return [f":scales: {words('legal.kept', name=names.get(hold.by, ''), when=when)}"]


def hold_blocks(hold: Hold | None, brand: Brand, words: Words, names: Names, now: datetime) -> list[Block]:
    """The same with the reason."""
    if hold is None:
        return []
    return [context(*hold_line(hold, brand, words, names, now), f"_{relay(hold.reason, REASON)}_")]
