"""A brand's accounts: whether their access works, and the two steps that connect one: the keys, then whose they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import SecretStr

from bot.desk.private import Offer
from bot.desk.spending import Spent
from bot.domain.access import AccessNote
from bot.domain.brands import Account, AccountState, Brand
from bot.domain.pace import SCARCE
from bot.network import CredentialField, Identity
from bot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    confirm,
    context,
    option,
    plain,
    section,
    select,
    text_input,
    thumbnail,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, menu
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.assisted import AddAssisted, EditAssisted, assisted_lines
from handlers.views.faces import Names, account_label, brand_face, practice_mark
from handlers.views.sensitive import Disconnect

SLOTS = ("first", "second", "third", "fourth")
"""The form's inputs for a network's credentials, in the network's own order."""
ACCOUNTS = 30
BUDGETS = (5.0, 10.0, 25.0, 50.0, 100.0, 250.0)


class ManageAccounts(Button, id="accounts.manage"):
    """Opens the list of a brand's accounts."""

    brand: str


class ConnectAccount(Button, id="accounts.connect"):
    """Opens the form for a new account."""

    brand: str


class Reconnect(Button, id="accounts.reconnect"):
    """Opens the form for an account whose access was lost."""

    account: str


class ConnectForm(Form, id="accounts.form"):
    """The keys. They are typed here and go to the network and the vault; they never ride along, and never print."""

    brand: str
    account: str = ""
    channel: str = ""
    drawn: str = ""
    network: Typed[str] = ""
    first: Typed[SecretStr | None] = None
    second: Typed[SecretStr | None] = None
    third: Typed[SecretStr | None] = None
    fourth: Typed[SecretStr | None] = None

    def typed(self, fields: Sequence[CredentialField]) -> dict[str, str]:
        """What was typed, by the network's names."""
        given: list[SecretStr | None] = [getattr(self, slot) for slot in SLOTS]
        return {field.name: key.get_secret_value() for field, key in zip(fields, given, strict=False) if key}


class SetBudget(Button, id="accounts.budget"):
    """What reading an account may cost a month, in dollars; None: no limit."""

    account: str
    dollars: float | None = None


class ReadMessages(Button, id="accounts.messages"):
    """Reads an account's private messages from now on, or no longer, where that costs."""

    account: str
    on: bool


class ConfirmForm(Form, id="accounts.confirm"):
    """Whose the keys are; `held` is where they wait, sealed."""

    brand: str
    held: str
    channel: str = ""


def accounts_view(
    brand: Brand,
    accounts: Sequence[Account],
    titles: Mapping[str, str],
    words: Words,
    names: Names,
    now: datetime,
    access: Mapping[str, AccessNote] | None = None,
    spent: Mapping[str, Spent] | None = None,
    lacks: Mapping[str, str] | None = None,
    offers: Mapping[str, Offer] | None = None,
) -> View:
    """Every account of a brand, with its state, and the button that connects one more. `access`: what the networks
    told, by account; `spent`: what reading costs, where it costs anything; `lacks`: the permission that is missing for
    private messages; `offers`: what reading those costs, where it has to be switched on."""
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 120)}*"), *_mark(brand, words)]
    for account in accounts[:ACCOUNTS]:
        again = Reconnect(account=account.id).draw(words("button.reconnect"), style=_style(account), suffix=account.id)
        if account.by_hand is not None:
            again = EditAssisted(account=account.id).draw(words("button.edit"), suffix=account.id)
        off = Disconnect(account=account.id).draw(words("proposal.disconnect"), suffix=account.id)
        there = account.state is not AccountState.DISCONNECTED
        told = assisted_lines(account, words, names) if there else []
        told += _access((access or {}).get(account.id), brand, words, now) if there else []
        offer = (offers or {}).get(account.id) if there else None
        if offer is not None:
            told.append(offer_line(offer, words))
        if there and (missing := (lacks or {}).get(account.id)):
            told.append(_lacks(account, missing, words))
        blocks.append(section("\n".join([_account(account, brand, titles, words, names, now), *told])))
        money = (spent or {}).get(account.id) if there else None
        if money is not None:
            blocks.append(section(money_line(money, words), accessory=_budget(account, money, words)))
        letters = _switch(account, offer, titles, words) if offer is not None else None
        blocks.append(actions(again, letters, off if there else None))
    if not accounts:
        blocks.append(section(words("settings.account.none")))
    by_hand = None if brand.practice else AddAssisted(brand=brand.id).draw(words("assisted.add"))
    connect = ConnectAccount(brand=brand.id).draw(words("button.connect_account"), style="primary")
    blocks.append(actions(connect, by_hand))
    return {
        "type": "modal",
        "title": plain(words("settings.accounts"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": blocks,
    }


def _lacks(account: Account, missing: str, words: Words) -> str:
    said = words("settings.account.lacks_messages", what=f"`{relay(missing, 60)}`")
    where = f"network.{account.network}.messages_where"
    return f":warning: {said}" + (f" {words(where)}" if where in words else "")


def offer_line(offer: Offer, words: Words) -> str:
    """Whether private messages are read, and how late they may come."""
    if not offer.on:
        return f":lock: {words('settings.messages.are_off')}"
    return f":lock: {words('settings.messages.are_on', minutes=offer.minutes)}"


def _switch(account: Account, offer: Offer, titles: Mapping[str, str], words: Words) -> Element:
    """What it costs is said before the press counts."""
    press, name = ReadMessages(account=account.id, on=not offer.on), "off" if offer.on else "on"
    network = titles.get(account.network, account.network)
    costs = {"price": f"{offer.price:.3f}", "sent": f"{offer.sent:.3f}", "minutes": offer.minutes}
    sure = confirm(
        words(f"settings.messages.{name}.ask"),
        words(f"settings.messages.{name}.text", network=network, **costs),
        words(f"settings.messages.{name}.yes"),
        words("button.cancel"),
    )
    return press.draw(words(f"settings.messages.{name}"), confirm=sure, suffix=account.id)


def money_line(spent: Spent, words: Words) -> str:
    """What reading cost this month at the most, and of how much; what happens when it is used up."""
    dollars = words("settings.budget.spent", dollars=f"{spent.dollars:.2f}")
    if spent.budget is None:
        return f":moneybag: {dollars}"
    of = words("settings.budget.of", budget=f"{spent.budget:g}")
    state = "over" if spent.dollars >= spent.budget else "scarce" if spent.dollars >= spent.budget * SCARCE else ""
    return " ".join(filter(None, [f":moneybag: {dollars} {of}", words(f"settings.budget.{state}") if state else ""]))


def _budget(account: Account, spent: Spent, words: Words) -> Element:
    amounts = sorted({*BUDGETS, *([spent.budget] if spent.budget is not None else [])})
    none = SetBudget(account=account.id)
    choices: list[tuple[str, Button]] = [(words("settings.budget.none"), none)]
    choices += [
        (words("settings.budget.month", budget=f"{one:g}"), SetBudget(account=account.id, dollars=one))
        for one in amounts
    ]
    chosen = SetBudget(account=account.id, dollars=spent.budget)
    return menu(choices, placeholder=words("settings.budget"), suffix=account.id, chosen=chosen)


_STATES = {
    AccountState.ACTIVE: "settings.account.access_ok",
    AccountState.DEAD: "settings.account.access_dead",
    AccountState.DISCONNECTED: "proposal.disconnected",
}


def _style(account: Account) -> Literal["primary"] | None:
    return "primary" if account.state is AccountState.DEAD else None


def _mark(brand: Brand, words: Words) -> list[Block]:
    return [context(*practice_mark(brand, words))] if brand.practice else []


def _access(note: AccessNote | None, brand: Brand, words: Words, now: datetime) -> list[str]:
    """What it may do, by the network's own names, and when it ends; nothing where the network says nothing."""
    if note is None:
        return []
    may = [words("settings.account.may", what=relay(", ".join(note.may), 300))] if note.may else []
    ends = moment(note.ends_at, brand.clock, words, now) if note.ends_at else ""
    return [*may, *([words("settings.account.ends", when=ends)] if ends else [])]


def _account(
    account: Account, brand: Brand, titles: Mapping[str, str], words: Words, names: Names, now: datetime
) -> str:
    works = account.state is AccountState.ACTIVE
    state = words("assisted.state") if account.by_hand is not None and works else words(_STATES[account.state])
    since = moment(account.dead_since, brand.clock, words, now) if account.dead_since and not works else ""
    sign = ":large_green_circle:" if works else ":red_circle:"
    when = moment(account.connected_at, brand.clock, words, now)
    if account.connected_by in names:
        by = words("settings.account.connected_by", name=names[account.connected_by], when=when)
    else:
        by = words("settings.account.connected_from_file", when=when)
    first = " · ".join(filter(None, [f"{sign} *{relay(account_label(account, titles), 150)}*", state, since]))
    return f"{first}\n{by}"


def connect_view(
    form: ConnectForm,
    brand: Brand,
    networks: Mapping[str, str],
    fields: Sequence[CredentialField],
    account: Account | None,
    words: Words,
) -> View:
    """The keys of one network; `networks` are the titles of those that can be connected here."""
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 120)}*"), *_mark(brand, words)]
    if account is not None:
        blocks.append(section(relay(account_label(account, networks), 150)))
    else:
        options = [option(title, name) for name, title in networks.items()]
        pick = select(options, form.drawn or None, placeholder=words("form.choose"))
        blocks.append(ConnectForm.input("network", words("settings.account.network"), pick, live=True))
    where = f"network.{form.drawn}.where"
    if where in words:
        blocks.append(context(words(where)))
    for slot, field in zip(SLOTS, fields, strict=False):
        name = f"network.{form.drawn}.{field.name}"
        label = words(name) if name in words else field.name
        hint = words("settings.account.secret_hint") if field.secret else None
        element = text_input(most=2000)
        blocks.append(ConnectForm.input(slot, label, element, hint=hint, fresh=form.drawn))
    return form.open(
        title=words("settings.account.title"),
        submit=words("settings.account.look"),
        close=words("button.cancel"),
        blocks=blocks,
    )


def confirm_view(form: ConfirmForm, brand: Brand, title: str, identity: Identity, words: Words) -> View:
    """Face and name, as the network shows them, before anything is saved."""
    handle = f" ({relay(f'@{identity.handle}', 80)})" if identity.handle else ""
    found = words("settings.account.found", network=title, name=f"*{relay(identity.name, 80)}*{handle}")
    public = identity.picture is not None and identity.picture.startswith("https://")
    face = thumbnail(relay_plain(identity.name, 80), url=identity.picture) if public else None
    return form.open(
        title=words("settings.account.confirm_title"),
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=[
            section(found, accessory=face),
            section(words("settings.account.for_brand", brand=f"*{relay(brand_face(brand), 120)}*")),
            *_mark(brand, words),
        ],
    )


def connected(account: Account, brand: Brand, titles: Mapping[str, str], words: Words) -> str:
    """Said to whoever connected it."""
    named = f"*{relay(account_label(account, titles), 150)}*"
    return words("settings.account.connected", account=named, brand=relay(brand_face(brand), 120))
