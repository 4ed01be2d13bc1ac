"""What became of a post on each account, and the buttons for what only a person can decide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.pages import PostPage
from bot.domain.brands import AccountState
from bot.domain.deliveries import ASKS, PAUSED, SENDING, WAITING, Delivery, State, soon
from bot.domain.facts import FELL
from bot.slack.blocks import Block, Element, Message, actions, confirm, section
from bot.slack.wire import Button
from bot.text.markup import cut, link
from bot.text.relaying import relay
from bot.text.times import moment, within
from bot.text.words import Words
from handlers.views import threads
from handlers.views.by_hand_presses import published_button
from handlers.views.corrections import correction_blocks
from handlers.views.decisions import publish_confirm, withdraw_confirm
from handlers.views.faces import Names, account_mark, account_name, brand_face
from handlers.views.sensitive import Correct, unpublish_button

BY_PEOPLE = frozenset({"by_hand", "nobody"})
"""Why something is refused that no network was asked for."""
LOOKING = timedelta(seconds=30)
"""An answer that takes longer than this is being looked for on the account."""
FACT = 160
"""Characters of a fact that a line names."""
SHOWN = 12
"""Accounts of one post that the card shows with their buttons."""
_LOUDEST = (
    State.UNKNOWN,
    State.REFUSED,
    State.MISSED,
    State.HELD,
    State.BY_HAND,
    State.WIRE,
    State.CLAIMED,
    State.PLANNED,
    State.LEFT,
    State.LIVE,
    State.UNPUBLISHED,
    State.WITHDRAWN,
)
"""The card's heading says the first of these that any account is in."""
_SIGNS = {
    State.PLANNED: "🕘",
    State.CLAIMED: "⏳",
    State.WIRE: "⏳",
    State.BY_HAND: "✋",
    State.LIVE: "✅",
    State.REFUSED: "⛔",
    State.UNKNOWN: "❓",
    State.LEFT: "❔",
    State.MISSED: "⏰",
    State.HELD: "⏸️",
    State.WITHDRAWN: "✖️",
    State.UNPUBLISHED: "🗑️",
}
_HELD = {
    PAUSED: "publish.held_by_person",
    "stopped": "publish.held_by_stop",
    "auth": "publish.held_by_access",
    "state_missing": "publish.held_by_state",
    "key_missing": "publish.held_by_key",
    "disconnected": "publish.held_by_disconnect",
    **{kind: f"publish.held_by_{kind}" for kind in FELL},
}


_NO_ACCESS = frozenset({"auth", "disconnected"})
"""What held it is over once the account is connected again."""


class SendAgain(Button, id="publishing.send_again"):
    """*Keep*, *Send now*, *Retry here*, *Send again*: `asked` is the question that was seen; `sure`: confirmed."""

    delivery: str
    asked: int
    sure: bool = False


class ItsLive(Button, id="publishing.its_live"):
    """A person saw it on the account. `asked` is the question that was seen, 0 on a button from before it was kept."""

    delivery: str
    asked: int = 0


class LeaveIt(Button, id="publishing.leave_it"):
    """Nobody looks any more. `asked` as in `ItsLive`."""

    delivery: str
    asked: int = 0


class HoldPost(Button, id="pausing.hold"):
    """A person keeps back a planned post, on all its accounts."""

    post: str


class ReleasePost(Button, id="pausing.release"):
    """It may go out again, on all its accounts. `sure`: confirmed."""

    post: str
    sure: bool = False


class WithdrawHere(Button, id="publishing.withdraw"):
    """This account's part won't go out."""

    delivery: str


def headline(page: PostPage, words: Words) -> str:
    """The status of an approved post in a word or two: of its accounts, the one that needs a person most."""
    states = {delivery.state: delivery for delivery in page.shown}
    loudest = next((state for state in _LOUDEST if state in states), None)
    return state_label(states[loudest], page, words) if loudest else words("post_status.approved")


def state_label(delivery: Delivery, page: PostPage, words: Words) -> str:
    """`Live`, `Refused by X`, `Held by stop`."""
    if delivery.state is State.REFUSED and delivery.trouble and delivery.trouble.kind in BY_PEOPLE:
        return words("by_hand.not_published")
    if delivery.state is State.REFUSED:
        return words("post_status.refused", network=page.titles.get(delivery.network, delivery.network))
    if delivery.state is State.HELD and delivery.trouble and delivery.trouble.kind == "stopped":
        return words("post_status.held_by_stop")
    if delivery.paused:
        return words("post_status.on_hold")
    return words(f"delivery_status.{delivery.state}")


def delivery_blocks(page: PostPage, words: Words, names: Names) -> list[Block]:
    """One line an account, each with its own buttons."""
    blocks: list[Block] = []
    shown = page.shown
    for delivery in shown[:SHOWN]:
        text = delivery_line(delivery, page, words, names)
        standing = delivery.id in page.removable
        off = unpublish_button(delivery.id, words, suffix=delivery.account) if standing else None
        blocks.append(section(f"{_SIGNS[delivery.state]} {text}", accessory=off))
        blocks += correction_blocks(delivery, page, words, names)
        elements = delivery_buttons(delivery, page, words)
        blocks += [actions(*elements)] if elements else []
    if len(shown) > SHOWN:
        blocks.append(section(words.n("check.more", len(shown) - SHOWN)))
    return blocks


@dataclass(frozen=True)
class _Told:
    """One account's line being written."""

    delivery: Delivery
    page: PostPage
    words: Words
    names: Names

    @property
    def who(self) -> dict[str, object]:
        """The account, its network and the thread's next segment, for a message's placeholders."""
        network = self.page.titles.get(self.delivery.network, self.delivery.network)
        account = self.page.accounts.get(self.delivery.account)
        network = relay(account.title(network), 80) if account else network
        return {"account": account_of(self.delivery, self.page), "network": network} | threads.place(self.delivery)

    @property
    def settled(self) -> str:
        """When it came to its end."""
        return self.at(self.delivery.settled_at or self.delivery.due)

    @property
    def by(self) -> str:
        """Who settled it."""
        return self.names.get(self.delivery.settled_by, "")

    @property
    def asked(self) -> dict[str, object]:
        """Who was asked last to publish it by hand, and until when."""
        ask = self.delivery.asked_of
        until = ask.until if ask else self.delivery.due
        return {"name": self.names.get(ask.to, "") if ask else "", "until": self.at(until)}

    def at(self, instant: datetime) -> str:
        """An instant in the brand's zone."""
        return moment(instant, self.page.brand.clock, self.words, self.page.now)


def delivery_line(delivery: Delivery, page: PostPage, words: Words, names: Names) -> str:
    """What happened on one account, in plain words, with its times and, once it is live, the way to it; of a thread
    how much of it is out."""
    line = _LINES[delivery.state](_Told(delivery, page, words, names))
    if delivery.despite and delivery.state in {State.PLANNED, State.LIVE, *SENDING}:
        line += f" · _{words('stop.mark')}_"
    out = threads.out_line(delivery, words)
    seen = f" · {link(delivery.url, words('button.see_post'))}" if out and delivery.url else ""
    return f"{line} · {out}{seen}" if out else line


def _planned(told: _Told) -> str:
    delivery, words, now = told.delivery, told.words, told.page.now
    again = told.at(delivery.attention or delivery.due)
    kind = delivery.trouble.kind if delivery.trouble else ""
    if kind == "rate_limited":
        return words("refused.rate_limited", **told.who, until=again)
    if kind == "outage":
        return _said(told, kind)
    if kind:
        return words("publish.retrying", **told.who, when=again)
    planned = words("publish.planned", **told.who, when=told.at(delivery.due))
    return f"{planned}, {within(delivery.due - now, words)}" if delivery.due > now else planned


def _wire(told: _Told) -> str:
    marked = told.delivery.wire_at
    looking = told.delivery.finds or (marked is not None and told.page.now - marked > LOOKING)
    return told.words("publish.checking" if looking else "publish.sending", **told.who)


def _live(told: _Told) -> str:
    line = told.words("publish.live", **told.who, when=told.settled)
    if told.delivery.asks:
        line = told.words("by_hand.live", **told.who, name=told.by, when=told.settled)
    elif told.by:
        said = told.words("publish.unknown.live_by", name=told.by, when=told.settled)
        line = f"{told.who['account']}: {said}"
    url = told.delivery.url
    return f"{line} · {link(url, told.words('button.see_post'))}" if url else line


def _refused(told: _Told) -> str:
    kind = told.delivery.trouble.kind if told.delivery.trouble else "other"
    if kind == "by_hand" and told.delivery.trouble:
        return told.words("by_hand.cant", **told.who, **told.asked, reason=relay(told.delivery.trouble.detail, 300))
    return _said(told, "outage_final" if kind == "outage" else kind)


def _missed(told: _Told) -> str:
    if told.delivery.asks:
        return told.words("by_hand.missed", **told.who, **told.asked)
    return told.words("publish.missed", **told.who, when=told.at(told.delivery.due))


def _said(told: _Told, kind: str) -> str:
    """Why it isn't out; where a first part of a thread is, no sentence says that nothing is."""
    keys = [f"thread.refused.{kind}"] if told.delivery.refs else []
    keys += [f"refused.{kind}", "thread.refused.other" if told.delivery.refs else "refused.other"]
    return told.words(next(key for key in keys if key in told.words), **told.who, until=told.settled)


def _unknown(told: _Told) -> str:
    return told.words("thread.unknown" if told.delivery.segments > 1 else "publish.unknown", **told.who)


def _left(told: _Told) -> str:
    return f"{told.who['account']}: {told.words('publish.unknown.left_by', name=told.by, when=told.settled)}"


def _held(told: _Told) -> str:
    kind = told.delivery.trouble.kind if told.delivery.trouble else ""
    account = told.page.accounts.get(told.delivery.account)
    key = _HELD.get(kind, "publish.held_by_change")
    if kind in _NO_ACCESS and account is not None and account.state is AccountState.ACTIVE:
        key = "publish.held_before"
    said = told.delivery.trouble.detail if told.delivery.trouble and kind in FELL else ""
    about: dict[str, object] = {"statement": relay(cut(said, FACT), FACT), "name": told.by, "since": told.settled}
    line = told.words(key, **told.who, **about)
    coming = told.delivery.due > told.page.now
    due = told.words("publish.due" if coming else "publish.was_due", when=told.at(told.delivery.due))
    return f"{line} · {due}"


_LINES: Mapping[State, Callable[[_Told], str]] = {
    State.PLANNED: _planned,
    State.CLAIMED: lambda told: told.words("publish.sending", **told.who),
    State.WIRE: _wire,
    State.BY_HAND: lambda told: told.words("by_hand.asked", **told.who, **told.asked),
    State.LIVE: _live,
    State.REFUSED: _refused,
    State.UNKNOWN: _unknown,
    State.LEFT: _left,
    State.MISSED: _missed,
    State.HELD: _held,
    State.WITHDRAWN: lambda told: told.words("publish.withdrawn", **told.who),
    State.UNPUBLISHED: lambda told: told.words("publish.unpublished", name=told.by, when=told.settled, **told.who),
}


def account_of(delivery: Delivery, page: PostPage) -> str:
    """The account's name for mrkdwn; its id where it was disconnected since."""
    account = page.accounts.get(delivery.account)
    return account_mark(account, page.titles) if account else relay(delivery.account, 80)


def delivery_buttons(delivery: Delivery, page: PostPage, words: Words) -> list[Element]:
    """What a person can decide about one account, with a confirm where it may go public at once."""
    mark = delivery.account
    if delivery.state is State.LIVE and delivery.post and delivery.ref and not delivery.correcting:
        return [Correct(delivery=delivery.id).draw(words("button.correct"), suffix=mark)]
    if delivery.state is State.BY_HAND:
        return [published_button(delivery, words, suffix=mark), _drop(delivery, words)]
    if delivery.state not in ASKS:
        return []
    if delivery.state is State.UNKNOWN:
        return [
            ItsLive(delivery=delivery.id, asked=delivery.asked).draw(
                words("button.its_live"), style="primary", suffix=mark
            ),
            send_button(delivery, page, words),
            LeaveIt(delivery=delivery.id, asked=delivery.asked).draw(words("button.leave_it"), suffix=mark),
        ]
    out = [published_button(delivery, words, suffix=mark)] if by_hand(delivery, page) else []
    drop = [*out, _drop(delivery, words)]
    return [send_button(delivery, page, words), *drop] if _sendable(delivery, page) else drop


def _drop(delivery: Delivery, words: Words) -> Element:
    asks = threads.rest_confirm(words) if delivery.begun else withdraw_confirm(words)
    return WithdrawHere(delivery=delivery.id).draw(words("button.withdraw"), suffix=delivery.account, confirm=asks)


def by_hand(delivery: Delivery, page: PostPage) -> bool:
    """Whether a person publishes it: the account is assisted."""
    account = page.accounts.get(delivery.account)
    return account is not None and account.by_hand is not None


def _sendable(delivery: Delivery, page: PostPage) -> bool:
    account = page.accounts.get(delivery.account)
    alive = account is not None and account.state is AccountState.ACTIVE
    return alive and page.stop is None


def send_button(delivery: Delivery, page: PostPage, words: Words, *, sure: bool = False) -> Element:
    """Sends it, or keeps it planned; asks once where that makes it public within ten minutes. Where a person publishes
    by hand they are asked again, which makes nothing public."""
    if by_hand(delivery, page):
        label = "pausing.release" if delivery.paused else "by_hand.ask_again"
        again = SendAgain(delivery=delivery.id, asked=delivery.asked, sure=True)
        return again.draw(words(label), style="primary", suffix=delivery.account)
    label, style = (
        ("pausing.release", "primary")
        if delivery.paused
        else {
            State.UNKNOWN: ("button.send_again", "danger"),
            State.MISSED: ("button.send_now", "primary"),
            State.REFUSED: ("button.retry_here", "primary"),
        }.get(delivery.state, ("button.keep", "primary"))
    )
    asks = soon(delivery.due, page.now) or delivery.state is State.UNKNOWN
    press = SendAgain(delivery=delivery.id, asked=delivery.asked, sure=asks or sure)
    dialog = send_confirm(delivery, page, words) if asks else None
    return press.draw(
        words(label), style="danger" if style == "danger" else "primary", confirm=dialog, suffix=delivery.account
    )


def hold_buttons(page: PostPage, words: Words) -> list[Element]:
    """*Hold* while some of it is planned; where several accounts are held, one press that releases them all."""
    waits = any(each.state in WAITING for each in page.shown)
    held = [each for each in page.shown if each.paused]
    hold = [HoldPost(post=page.post.id).draw(words("button.hold"))] if waits else []
    return [*hold, *([release_button(page, words)] if len(held) > 1 and page.stop is None else [])]


def release_button(page: PostPage, words: Words, *, sure: bool = False) -> Element:
    """Releases all that is held of a post; asks once where that makes it public within ten minutes."""
    asks = soon(page.post.due, page.now)
    press = ReleasePost(post=page.post.id, sure=asks or sure)
    dialog = publish_confirm(page, words) if asks else None
    return press.draw(words("pausing.release_all"), style="primary", confirm=dialog)


def release_asked(page: PostPage, words: Words) -> Message:
    """The card was drawn long ago and the time has come near: the press asks, naming the accounts."""
    text = words("review.now_public")
    return Message(text, [section(text), actions(release_button(page, words, sure=True))])


def send_confirm(delivery: Delivery, page: PostPage, words: Words) -> Element:
    """Asks once, naming the account; after an unknown outcome it says what may happen."""
    account = page.accounts.get(delivery.account)
    named = f"{brand_face(page.brand)}: {account_name(account, page.titles) if account else delivery.account}"
    thread, place = delivery.segments > 1, threads.place(delivery)
    if delivery.state is State.UNKNOWN:
        text = "confirm.send_rest_again.text" if thread else "confirm.send_again.text"
        return confirm(
            words("confirm.send_again.ask"),
            words(text, account=named, **place),
            words("confirm.send_again.yes"),
            words("confirm.no"),
            danger=True,
        )
    key = "confirm.publish_rest.text" if delivery.begun else "confirm.publish.text"
    text = words(key, accounts=named, **place)
    return confirm(words("confirm.publish.ask"), text, words("confirm.publish.yes"), words("confirm.no"))


def ask_first(delivery: Delivery, page: PostPage, words: Words) -> Message:
    """The card was drawn long ago and the time has come near: the press asks, naming the account."""
    text = words("review.now_public")
    return Message(text, [section(text), actions(send_button(delivery, page, words, sure=True))])
