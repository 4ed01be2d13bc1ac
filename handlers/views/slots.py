"""The queue's slots of a brand and of its accounts, as an admin writes them."""

from collections.abc import Mapping, Sequence

from bot.domain.brands import Account, Brand
from bot.slack.blocks import View, option, section, select, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.slots import write_slots
from bot.text.words import Words
from handlers.views.faces import account_name, brand_face

WHOLE = "*"
"""Chosen for the slots of the brand itself."""


class EditSlots(Button, id="slots.edit"):
    """Opens a brand's slots."""

    brand: str


class SlotsForm(Form, id="slots.form"):
    """The slots of a brand, or of one of its accounts; `drawn` is whose are shown."""

    brand: str
    channel: str = ""
    drawn: str = WHOLE
    whose: Typed[str] = WHOLE
    slots: Typed[str] = ""


def shown_slots(form: SlotsForm, brand: Brand, accounts: Sequence[Account], lang: str) -> SlotsForm:
    """The form with the slots of whoever is chosen."""
    mine = next((account.slots for account in accounts if account.id == form.whose), brand.slots)
    return form.model_copy(update={"drawn": form.whose, "slots": write_slots(mine, lang)})


def slots_view(
    form: SlotsForm, brand: Brand, accounts: Sequence[Account], titles: Mapping[str, str], words: Words
) -> View:
    """Whose, and which."""
    whose = [option(words("slots.brand"), WHOLE)]
    whose += [option(account_name(account, titles), account.id) for account in accounts[:99]]
    typed = text_input(form.slots, lines=True, most=2000, placeholder=words("slots.placeholder"))
    return form.open(
        title=words("slots.title"),
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(brand), 120)}*"),
            SlotsForm.input("whose", words("slots.for"), select(whose, form.whose), live=True),
            SlotsForm.input(
                "slots", words("slots.field"), typed, hint=words("slots.hint"), optional=True, fresh=form.drawn
            ),
        ],
    )


def slots_saved(brand: Brand, words: Words) -> str:
    """Said to whoever saved them."""
    return words("slots.saved", brand=relay(brand_face(brand), 120))
