"""*Keep all*: what waited for an account, or since a stop, in one press that names how many and where."""

from bot.domain.brands import Account, Brand
from bot.slack.blocks import Element, Message, actions, confirm, section
from bot.slack.wire import Button
from bot.text.words import Words
from handlers.views.faces import account_name, brand_face

FEWEST = 2
"""A single one has its own button."""


class KeepAllOfAccount(Button, id="held.keep_account"):
    """Keeps what waited for an account's access; `number` is how many the person saw."""

    account: str
    number: int


class KeepAllOfStop(Button, id="held.keep_stop"):
    """Keeps what a stop held in a brand; `number` is how many the person saw."""

    brand: str
    number: int


def keep_account(account: Account, title: str, number: int, brand: Brand, words: Words) -> Element:
    """The button after an account is back; `title` is its network's."""
    where = f"{brand_face(brand)}: {account_name(account, {account.network: title})}"
    press = KeepAllOfAccount(account=account.id, number=number)
    return press.draw(words("held.keep_all", count=number), style="primary", confirm=_asks(number, where, words))


def keep_stopped(brand: Brand, number: int, words: Words) -> Element:
    """The button after a stop was lifted."""
    press = KeepAllOfStop(brand=brand.id, number=number)
    asks = _asks(number, brand_face(brand), words)
    return press.draw(words("held.keep_all", count=number), style="primary", confirm=asks)


def _asks(number: int, where: str, words: Words) -> Element:
    text = words("confirm.held.text", where=where)
    yes = words("held.keep_all", count=number)
    return confirm(words("confirm.held.ask", count=number), text, yes, words("confirm.no"))


def counted_anew(number: int, button: Element, words: Words) -> Message:
    """There are not as many as the person saw: the press asks again with the number as it is."""
    text = words.n("held.counted_anew", number)
    return Message(text, [section(text), actions(button)])


def kept_message(kept: int, refused: int, reasons: list[str], words: Words) -> Message:
    """How many are planned again, and why the others are not."""
    lines = [words.n("held.kept", kept), *([words.n("held.refused", refused)] if refused else []), *reasons]
    return Message(lines[0], [section("\n".join(lines))])
