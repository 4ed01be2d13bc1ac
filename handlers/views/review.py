"""The review card: what will be read, where and when, what the checks say, and the decision about it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from bot.desk.pages import PostPage
from bot.domain.checks import Finding
from bot.domain.deliveries import State, soon
from bot.domain.posts import LIFE, Act, Decision, Picture, Post, PostStatus
from bot.domain.records import MemberId
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    confirm,
    context,
    header,
    image,
    rich,
    section,
    text_input,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.telling import sentence
from bot.text.times import moment, within
from bot.text.words import Words
from handlers.views import changes, publishing
from handlers.views.faces import (
    Names,
    account_label,
    account_name,
    brand_face,
    mention,
    practice_mark,
)

SHOWN = 2400
"""Characters of the text on the card; the rest is one press away."""
WARNINGS = 3
_PAGE = 2900


class ReviewCard(Card, id="review"):
    """A post in its brand's review channel, from the first submission to the last account's end state."""

    post: str


class DecisionCard(Card, id="review.decision"):
    """Tells the author, once, that the post came back. `number` counts the post's decisions."""

    post: str
    number: int


class Approve(Button, id="review.approve"):
    """`seen` is when the post that is looked at was changed, in ms; `sure`: it was asked already."""

    post: str
    revision: int
    seen: int = 0
    sure: bool = False

    @property
    def seen_at(self) -> datetime | None:
        """`seen` as an instant."""
        return datetime.fromtimestamp(self.seen / 1000, UTC) if self.seen else None


class RequestChanges(Button, id="review.request_changes"):
    """Opens the form that asks what should change."""

    post: str
    revision: int


class Reject(Button, id="review.reject"):
    """Opens the form that asks why."""

    post: str
    revision: int


class EditPost(Button, id="review.edit"):
    """Opens the post's form with what it holds now."""

    post: str


class WithdrawPost(Button, id="review.withdraw"):
    """Takes the whole post back."""

    post: str


class SeeText(Button, id="review.see_text"):
    """Opens the whole text of a revision."""

    post: str
    revision: int


class SeeChanges(Button, id="review.see_changes"):
    """Opens the text before and now, in full."""

    post: str


class SeeChecks(Button, id="review.see_checks"):
    """Opens everything that the checks say."""

    post: str


class ChangesForm(Form, id="review.changes"):
    """What should change."""

    post: str
    revision: int
    channel: str = ""
    reason: Typed[str] = ""


class RejectForm(Form, id="review.rejection"):
    """Why it is rejected."""

    post: str
    revision: int
    channel: str = ""
    reason: Typed[str] = ""


class Detail(Form, id="review.detail"):
    """Something to look at in full; nothing is typed."""


def people(page: PostPage) -> list[MemberId]:
    """Everyone whose name the card says."""
    post = page.post
    settled = [delivery.settled_by for delivery in page.deliveries]
    return [post.author, post.current.by, *(decision.by for decision in post.decisions), *settled]


def review_message(page: PostPage, words: Words, names: Names) -> Message:
    """The card, in the brand's language."""
    post, brand = page.post, page.brand
    approved = post.status is PostStatus.APPROVED
    status = publishing.headline(page, words) if approved else words(f"post_status.{post.status}")
    asks = [section(_asks(page, words, names))] if post.status is PostStatus.IN_REVIEW else []
    told = [] if asks else [context(words("review.author", name=names[post.author]), *_kind(post, words))]
    return Message(
        words("review.notice", brand=relay(brand.name, 80), author=names[post.author], status=status),
        [
            header(f"{brand_face(brand)} · {status}"),
            *asks,
            *([section(decision_line(post.decision, page, words, names))] if _decided(post) else []),
            *([] if approved else [section("\n".join(_where_and_when(page, words)))]),
            *publishing.delivery_blocks(page, words, names),
            *_text(post, words),
            *_pictures(post.current.pictures, words),
            *([] if approved else _checks(page, words)),
            *changes.changed(page, words),
            *told,
            *([context(*practice_mark(brand, words))] if brand.practice else []),
            *_buttons(page, words),
        ],
    )


def _decided(post: Post) -> bool:
    return post.decision is not None


def _asks(page: PostPage, words: Words, names: Names) -> str:
    post, brand = page.post, page.brand
    who = ", ".join(mention(member) for member in page.approvers[:5])
    author = names[post.author]
    if not who:
        return f"{words('review.author', name=author)}. {words('review.no_approver', brand=relay(brand.name, 80))}"
    lines = [words("review.asks", approver=who, author=author)]
    if post.current.by != post.author:
        lines.append(words("review.written_by", name=names[post.current.by]))
    return "\n".join(lines)


def _kind(post: Post, words: Words) -> list[str]:
    return [words(f"compose.kind.{post.current.kind}")] if post.current.kind else []


def decision_line(decision: Decision | None, page: PostPage, words: Words, names: Names) -> str:
    """Who decided, when and why; of an approval that no longer counts, who changed the post since."""
    post = page.post
    if decision is None:
        return ""
    if post.status is PostStatus.IN_REVIEW:
        when = moment(post.changed_at, page.brand.clock, words, page.now)
        was = _said(decision, page, words, names)
        return f"_{was}_\n{words('review.edited_by', name=names[post.current.by], when=when)}"
    return _said(decision, page, words, names)


def _said(decision: Decision, page: PostPage, words: Words, names: Names) -> str:
    key = {
        Act.APPROVE: "review.approved_by",
        Act.REJECT: "review.rejected_by",
        Act.REQUEST_CHANGES: "review.changes_by",
        Act.WITHDRAW: "review.withdrawn_by",
    }[decision.act]
    when = moment(decision.at, page.brand.clock, words, page.now)
    return words(key, name=names[decision.by], when=when, reason=relay(decision.reason, 1200))


def _where_and_when(page: PostPage, words: Words) -> list[str]:
    post = page.post
    labels = [account_label(page.accounts[id_], page.titles) for id_ in post.current.accounts if id_ in page.accounts]
    lines = [f"{page.brand.face} *{relay(label, 150)}*" for label in labels[:12]]
    if len(labels) > len(lines):
        lines.append(words.n("check.more", len(labels) - len(lines)))
    lines.append(f":clock9: {when_line(post.due, page, words)}")
    return [*lines, *_kind(post, words)]


def when_line(due: datetime | None, page: PostPage, words: Words) -> str:
    """`Tue, March 3, 9:00 AM (Madrid), in 17 h`."""
    if due is None:
        return words("review.when.now")
    when = moment(due, page.brand.clock, words, page.now)
    if due <= page.now:
        return when
    return words("review.when.at", when=when, within=within(due - page.now, words))


def _text(post: Post, words: Words) -> list[Block]:
    text = post.current.text
    if not text:
        return []
    shown: list[Block] = [rich(cut(text, SHOWN), quote=True)]
    if len(text) > SHOWN:
        see = SeeText(post=post.id, revision=post.current.number).draw(words("button.see_more"))
        shown.append(actions(see))
    return shown


def _pictures(pictures: Sequence[Picture], words: Words) -> list[Block]:
    blocks: list[Block] = []
    for picture in pictures[:4]:
        alt = words("review.alt", alt=relay(picture.alt, 600)) if picture.alt else words("review.no_alt")
        if picture.blob:
            blocks.append(image(picture.alt or picture.name, file=picture.file))
        blocks.append(context(f":frame_with_picture: {relay(picture.name, 80)} · {alt}"))
    return blocks


def finding_line(finding: Finding, page: PostPage, words: Words) -> str:
    """`⛔ X @cafe_agora: too long, 300/280`."""
    sign = ":no_entry:" if finding.blocks else ":warning:"
    return f"{sign} {sentence(words, finding.key, finding.args, zone=page.brand.clock)}"


def _checks(page: PostPage, words: Words) -> list[Block]:
    if (page.post.status, Act.APPROVE) not in LIFE:
        return []
    blockers = [each for each in page.findings if each.blocks]
    warnings = [each for each in page.findings if not each.blocks]
    shown = [*blockers[:10], *warnings[:WARNINGS]]
    lines = [finding_line(each, page, words) for each in shown]
    if not page.post.current.ready:
        lines.append(f":hourglass_flowing_sand: {words('check.pending')}")
    if page.stop is not None:
        lines.append(f":octagonal_sign: {words('check.brand_stopped', brand=relay(page.brand.name, 80))}")
    left = len(page.findings) - len(shown)
    if not lines:
        return [context(f":white_check_mark: {words('check.all_good')}")]
    if not left:
        return [section("\n".join(lines))]
    return [
        section("\n".join([*lines, words.n("check.more", left)])),
        actions(SeeChecks(post=page.post.id).draw(words("button.more"))),
    ]


def _buttons(page: PostPage, words: Words) -> list[Block]:
    post = page.post
    number = post.current.number
    may = {act for status, act in LIFE if status is post.status}
    blocked = any(each.blocks for each in page.findings)
    drawn: list[Element] = []
    if Act.APPROVE in may and not blocked:
        drawn.append(approve_button(page, words))
    if Act.REQUEST_CHANGES in may:
        drawn.append(RequestChanges(post=post.id, revision=number).draw(words("button.request_changes")))
    if Act.SUBMIT in may and not page.out:
        first: Literal["primary"] | None = "primary" if post.status is PostStatus.CHANGES_REQUESTED else None
        drawn.append(EditPost(post=post.id).draw(words("button.edit"), style=first))
    if changes.differs(page) and Act.APPROVE in may:
        drawn.append(SeeChanges(post=post.id).draw(words("button.see_changes")))
    if Act.REJECT in may:
        drawn.append(Reject(post=post.id, revision=number).draw(words("button.reject"), style="danger"))
    if Act.WITHDRAW in may and not page.out:
        drawn.append(WithdrawPost(post=post.id).draw(words("button.withdraw"), confirm=withdraw_confirm(words)))
    return [actions(*drawn)] if drawn else []


def approve_button(page: PostPage, words: Words, *, sure: bool = False) -> Element:
    """Approve; where it goes public within ten minutes the button says so, and asks once, naming the accounts."""
    post = page.post
    public = soon(post.due, page.now) and page.stop is None
    seen = round(post.changed_at.timestamp() * 1000)
    press = Approve(post=post.id, revision=post.current.number, seen=seen, sure=public or sure)
    label = words("button.approve_publish") if public else words("button.approve")
    return press.draw(label, style="primary", confirm=publish_confirm(page, words) if public else None)


def publish_confirm(page: PostPage, words: Words) -> Element:
    """Asks once before an approval makes something public, naming the accounts."""
    accounts = [page.accounts[id_] for id_ in page.post.current.accounts if id_ in page.accounts]
    named = cut(", ".join(account_name(account, page.titles) for account in accounts), 150)
    due = page.post.due
    if due is None or due <= page.now:
        text = words("confirm.publish.text", accounts=named)
    else:
        when = moment(due, page.brand.clock, words, page.now)
        text = words("confirm.publish_soon.text", accounts=named, when=when)
    return confirm(words("confirm.publish.ask"), text, words("confirm.publish.yes"), words("confirm.no"))


def withdraw_confirm(words: Words) -> Element:
    """Asks once before a post, or one account's part of it, is taken back."""
    text = words("confirm.withdraw.text")
    return confirm(
        words("confirm.withdraw.ask"), text, words("confirm.withdraw.yes"), words("confirm.no"), danger=True
    )


def ask_again(page: PostPage, words: Words) -> Message:
    """The card was drawn long ago and the time has come near: the press asks, naming the accounts."""
    text = words("review.now_public")
    return Message(text, [section(text), actions(approve_button(page, words, sure=True))])
