"""How answers are signed: the choice in a brand's form, and what each member signs with."""

from bot.domain.brands import Member
from bot.domain.signing import LONGEST, SIGN, Signature, mark
from bot.slack.blocks import Block, Element, View, context, option, section, select, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.words import Words


class EditSignature(Button, id="signing.edit"):
    """Opens the form for what I sign with."""


class SignatureForm(Form, id="signing.form"):
    """What I sign with; empty: my first name. `channel`: where it was opened."""

    channel: str = ""
    name: Typed[str] = ""


def signature_choice(chosen: Signature, words: Words) -> Element:
    """Off, name or initials."""
    return select([option(words(f"signing.{each}"), each.value) for each in Signature], chosen.value)


def my_signature(member: Member, words: Words) -> Block:
    """What I sign with, where a brand signs, and the way to change it."""
    sign = mark(Signature.NAME, member.signature, member.name)
    said = words("signing.mine", sign=relay(sign, 40)) if sign else words("signing.nameless")
    return section(said, accessory=EditSignature().draw(words("button.edit")))


def signature_view(form: SignatureForm, member: Member, words: Words) -> View:
    """One field, and what it looks like now."""
    field = text_input(form.name, most=LONGEST + len(SIGN), focus=True)
    now = mark(Signature.NAME, member.signature, member.name)
    return form.open(
        title=words("signing.title"),
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=[
            SignatureForm.input(
                "name", words("signing.field"), field, hint=words("signing.name.hint"), optional=True
            ),
            *([context(words("signing.now", sign=relay(now, 40)))] if now else []),
        ],
    )  # fmt: skip


def signature_saved(member: Member, words: Words) -> str:
    """Said to whoever chose it."""
    sign = mark(Signature.NAME, member.signature, member.name)
    return words("signing.saved", sign=relay(sign, 40)) if sign else words("signing.nameless")
