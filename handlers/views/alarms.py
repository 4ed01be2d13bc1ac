"""What must not wait for the digest: a post that did not go out as it should, an account that lost its access."""

from bot.desk.alarm_pages import Answered
from bot.desk.pages import PostPage
from bot.domain.brands import Account, Brand
from bot.domain.deliveries import ASKS, Delivery, State
from bot.slack.blocks import Block, Message, actions, context, section
from bot.slack.cards import Card
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.accounts import Reconnect
from handlers.views.answers import answer_buttons, answer_line
from handlers.views.decisions import excerpt
from handlers.views.faces import Names, account_name, face_mark, practice_mark
from handlers.views.held import FEWEST, keep_account
from handlers.views.publishing import account_of, delivery_buttons, delivery_line
from handlers.views.sensitive import record_menu
from handlers.views.threads import asked_about

_NOTICES = {State.UNKNOWN: "publish.unknown.notice", State.MISSED: "publish.missed.notice"}


class AskCard(Card, id="publishing.ask"):
    """One question about one account's delivery, the `asked`-th: to a member, or to nobody in the alerts channel."""

    delivery: str
    asked: int
    to: str = ""


class AccessBack(Card, id="publishing.access_back"):
    """Told once in the alerts channel when an account was connected again (`at`, in ms)."""

    account: str
    at: int


def ask_message(delivery: Delivery, page: PostPage, words: Words, names: Names) -> Message:
    """What happened and what can be done; once somebody did, the same message says so and has no buttons."""
    account, brand = account_of(delivery, page), relay(page.brand.name, 80)
    key = _NOTICES.get(delivery.state, "refused.notice") if delivery.state in ASKS else "publish.settled.notice"
    key = "pausing.notice" if delivery.paused else key
    notice = words(key, brand=brand, account=account)
    buttons = delivery_buttons(delivery, page, words)
    blocks: list[Block] = [
        section(f"{face_mark(page.brand)} *{notice}*\n{delivery_line(delivery, page, words, names)}"),
        *excerpt(asked_about(delivery, page.post.revision(delivery.revision))),
        actions(*buttons, record_menu(delivery.post, words)),
        context(_card_in(page.brand, words), *practice_mark(page.brand, words)),
    ]
    return Message(notice, blocks)


def answer_line_of(each: Answered, words: Words, names: Names, *, mends: bool) -> list[Block]:
    """One of several answers that did not go out as they should: what happened, the text, and what can be done."""
    text = each.delivery.reply.text if each.delivery.reply else ""
    buttons = answer_buttons(each.delivery, each.page, words) if mends else []
    shown = (
        "" if each.page.conversation.private else f"\n_{relay(cut(text, 90), 110)}_"
    )  # the alerts have other readers
    line = f"{answer_line(each.delivery, each.page, words, names)}{shown}"
    return [section(line), *([actions(*buttons)] if buttons else [])]


def _card_in(brand: Brand, words: Words) -> str:
    return words("publish.card_in", channel=f"<#{brand.channel('review')}>")


def access_lost(account: Account, brand: Brand, title: str, waiting: int, words: Words) -> Message:
    """Which account, what waits for it, and how to mend it."""
    named = relay(account_name(account, {account.network: title}), 120)
    lost = words("publish.access.lost", network=title, account=named, brand=relay(brand.name, 80))
    how = f"publish.access.how.{account.network}"
    lines = [lost]
    if waiting:
        lines.append(words.n("publish.access.waiting", waiting))
    lines.append(words(how if how in words else "publish.access.how.other"))
    blocks = [
        section(f"{face_mark(brand)} 🔑 " + "\n".join(lines)),
        actions(Reconnect(account=account.id).draw(words("button.reconnect"), style="primary")),
        context(words("publish.access.where")),
    ]
    return Message(lost, blocks)


def access_back(account: Account, brand: Brand, title: str, words: Words, waiting: int = 0) -> Message:
    """It is connected again; what waited can be kept in one press."""
    named = relay(account_name(account, {account.network: title}), 120)
    text = words("publish.access.back" if waiting else "publish.access.back_idle", account=named)
    buttons = [actions(keep_account(account, title, waiting, brand, words))] if waiting >= FEWEST else []
    return Message(text, [section(f"{face_mark(brand)} 🔑 {text}"), *buttons])
