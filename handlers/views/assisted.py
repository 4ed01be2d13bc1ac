"""An assisted account in Home: what it is called, whose it is, and who publishes there by hand."""

from collections.abc import Mapping

from bot.domain.brands import Account, Brand
from bot.domain.records import MemberId
from bot.network.assisted import OTHER
from bot.slack.blocks import Block, View, context, option, radio, section, select, text_input, user
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import Names, account_label, brand_face

COMPANY, PERSONAL = "company", "personal"


class AddAssisted(Button, id="assisted.add"):
    """Opens the form for a new one."""

    brand: str


class EditAssisted(Button, id="assisted.edit"):
    """Opens the form of one that is there, or that was disconnected."""

    account: str


class AssistedForm(Form, id="assisted.form"):
    """`account`: its id, made when the form was opened; `known`: it was there before; `drawn`: the network drawn."""

    brand: str
    account: str
    known: bool = False
    channel: str = ""
    drawn: str = ""
    network: Typed[str] = ""
    title: Typed[str | None] = None
    name: Typed[str | None] = None
    handle: Typed[str | None] = None
    link: Typed[str | None] = None
    whose: Typed[str] = COMPANY
    publisher: Typed[str | None] = None
    deputy: Typed[str | None] = None


def filled(form: AssistedForm, account: Account) -> AssistedForm:
    """The form with what the account is now."""
    by_hand = account.by_hand
    update: dict[str, object] = {"network": account.network, "drawn": account.network, "name": account.name}
    update |= {"handle": account.handle, "whose": PERSONAL if account.personal else COMPANY}
    if by_hand is not None:
        update |= {"title": by_hand.network, "link": by_hand.link}
        update |= {"publisher": _user(by_hand.publisher), "deputy": _user(by_hand.deputy)}
    return form.model_copy(update=update)


def _user(member: MemberId) -> str:
    return member.rpartition(":")[2]


def assisted_view(
    form: AssistedForm, brand: Brand, networks: Mapping[str, str], account: Account | None, words: Words
) -> View:
    """The form; `networks`: the titles of those that can be chosen, in order."""
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 120)}*"), context(words("assisted.explain"))]
    if account is not None:
        blocks.append(section(relay(account_label(account, networks), 150)))
    else:
        options = [option(words("assisted.other") if name == OTHER else networks[name], name) for name in networks]
        pick = select(options, form.drawn or None, placeholder=words("form.choose"))
        blocks.append(AssistedForm.input("network", words("settings.account.network"), pick, live=True))
    if form.drawn == OTHER:
        blocks.append(
            AssistedForm.input("title", words("assisted.network_name"), text_input(form.title or "", most=80))
        )
    whose = [option(words(f"assisted.{each}"), each) for each in (COMPANY, PERSONAL)]
    handle = text_input(form.handle or "", most=300)
    profile = text_input(form.link or "", most=2000)
    publisher, deputy = user(form.publisher or None), user(form.deputy or None)
    hint = words("assisted.publisher_hint")
    blocks += [
        AssistedForm.input("name", words("assisted.name"), text_input(form.name or "", most=80)),
        AssistedForm.input("handle", words("assisted.handle"), handle, optional=True),
        AssistedForm.input("link", words("assisted.link"), profile, optional=True),
        AssistedForm.input("whose", words("assisted.whose"), radio(whose, form.whose)),
        AssistedForm.input("publisher", words("assisted.publisher"), publisher, hint=hint, optional=True),
        AssistedForm.input("deputy", words("assisted.deputy"), deputy, optional=True),
    ]
    return form.open(
        title=words("assisted.form_title"),
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=blocks,
    )


def assisted_lines(account: Account, words: Words, names: Names) -> list[str]:
    """For the list of a brand's accounts: that a person publishes there, and who."""
    by_hand = account.by_hand
    if by_hand is None:
        return []
    who = names.get(by_hand.publisher, "")
    lines = [f"✋ {words('assisted.by', name=who) if who else words('assisted.by_duty')}"]
    if by_hand.deputy:
        lines[0] += f" · {words('thing.deputy')}: {names.get(by_hand.deputy, '')}"
    return [*lines, *([words("assisted.is_personal")] if account.personal else [])]


def saved(account: Account, brand: Brand, titles: Mapping[str, str], words: Words) -> str:
    """Said to whoever saved it."""
    named = f"*{relay(account_label(account, titles), 150)}*"
    return words("assisted.saved", account=named, brand=relay(brand_face(brand), 120))
