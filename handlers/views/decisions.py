"""What can be decided about a post, how it is asked, and the sentence that says who decided what, when and why."""

from datetime import UTC, datetime, timedelta

from bot.desk.pages import PostPage
from bot.domain.deliveries import soon
from bot.domain.posts import Act, Concern, Decision, PostStatus
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    confirm,
    context,
    option,
    radio,
    rich,
    section,
    text_input,
)
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, account_name, brand_face, face_mark, practice_mark

FEWEST = 2
"""From so many posts on they can be approved together; a single one has its own button."""
_EPOCH = datetime.fromtimestamp(0, UTC)


class DecisionCard(Card, id="review.decision"):
    """Tells the author, once, that the post came back. `number` counts the post's decisions."""

    post: str
    number: int


class Approve(Button, id="review.approve"):
    """`seen` is when the post that is looked at was changed, in µs, exactly; `sure`: it was asked already;
    `despite`: the stop that was seen."""

    post: str
    revision: int
    seen: int = 0
    sure: bool = False
    despite: str = ""

    @property
    def seen_at(self) -> datetime | None:
        """`seen` as an instant."""
        return _EPOCH + timedelta(microseconds=self.seen) if self.seen else None


class ApproveWeek(Button, id="week.open"):
    """Opens the list of what waits for the reader. practice: of practice alone; after: from that place on."""

    practice: bool = False
    after: str = ""


class FixPost(Button, id="review.fix"):
    """Opens the form in which an approver changes the words and signs them."""

    post: str
    revision: int


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


class ChangesForm(Form, id="review.changes"):
    """What should change, and what that is about; where nothing is chosen, something else."""

    post: str
    revision: int
    channel: str = ""
    reason: Typed[str] = ""
    concern: Typed[Concern] = Concern.OTHER


class RejectForm(Form, id="review.rejection"):
    """Why it is rejected."""

    post: str
    revision: int
    channel: str = ""
    reason: Typed[str] = ""


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
    if decision.alone:
        return words("urgency.sent_by", name=names[decision.by], when=when, reason=relay(decision.reason, 600))
    if decision.fixed:
        return words("fixing.fixed_by", name=names[decision.by], author=names[page.post.author], when=when)
    return words(key, name=names[decision.by], when=when, reason=reason_line(decision, 1200, words))


def reason_line(decision: Decision, most: int, words: Words) -> str:
    """`Picture · too dark`: why, and what it is about where that was chosen."""
    about = f"{words(f'concern.{decision.concern}')} · " if decision.concern else ""
    return about + relay(decision.reason, most)


def approve_button(page: PostPage, words: Words, *, sure: bool = False) -> Element:
    """Approve; where it goes public within ten minutes the button says so, and asks once, naming the accounts."""
    post, stopped = page.post, despite(page)
    public = goes_public(page)
    seen = (post.changed_at - _EPOCH) // timedelta(microseconds=1)
    press = Approve(post=post.id, revision=post.current.number, seen=seen, sure=public or sure, despite=stopped)
    label = words("button.approve_publish") if public else words("button.approve")
    asks = publish_confirm(page, words) if public or stopped else None
    return press.draw(label, style="primary", confirm=asks)


def week_button(words: Words, *, practice: bool = False) -> Element:
    """Where several posts of this week wait for the reader."""
    return ApproveWeek(practice=practice).draw(words("button.approve_week"), style="primary")


def despite(page: PostPage) -> str:
    """The stop in spite of which an approval sends it out, by its note; empty for none, and for one that silences."""
    return page.stop.note if page.stop is not None and page.stop.reach != "silence" else ""


def goes_public(page: PostPage) -> bool:
    """Whether an approval makes it public within ten minutes."""
    return soon(page.post.due, page.now) and (page.stop is None or bool(despite(page)))


def public_line(page: PostPage, words: Words) -> str:
    """Where it goes public, and when; in spite of a stop, that too. For plain text."""
    accounts = [page.accounts[id_] for id_ in page.post.current.accounts if id_ in page.accounts]
    named = cut(f"{brand_face(page.brand)}: " + ", ".join(account_name(one, page.titles) for one in accounts), 150)
    due = page.post.due
    if accounts and all(one.by_hand is not None for one in accounts):  # a person does, and is asked for it
        text = words("confirm.by_hand.text", accounts=named)
    elif due is None or due <= page.now:
        text = words("confirm.publish.text", accounts=named)
    else:
        when = moment(due, page.brand.clock, words, page.now)
        text = words("confirm.publish_soon.text", accounts=named, when=when)
    return f"{words('confirm.publish_stopped.text')} {text}" if despite(page) else text


def publish_confirm(page: PostPage, words: Words) -> Element:
    """Asks once before an approval makes something public, naming the accounts."""
    text = public_line(page, words)
    return confirm(words("confirm.publish.ask"), text, words("confirm.publish.yes"), words("confirm.no"))


def withdraw_confirm(words: Words) -> Element:
    """Asks once before a post, or one account's part of it, is taken back."""
    text = words("confirm.withdraw.text")
    return confirm(words("confirm.withdraw.ask"), text, words("confirm.withdraw.yes"), words("confirm.no"), danger=True)


def ask_again(page: PostPage, words: Words) -> Message:
    """The card was drawn long ago and the time has come near: the press asks, naming the accounts."""
    text = words("review.stopped_now") if despite(page) else words("review.now_public")
    return Message(text, [section(text), actions(approve_button(page, words, sure=True))])


def changes_form(form: ChangesForm, words: Words) -> View:
    """What should change?"""
    return form.open(
        title=words("review.changes.title"),
        submit=words("button.request_changes"),
        close=words("button.cancel"),
        blocks=[
            ChangesForm.input("reason", words("review.changes.reason"), _reason(form.reason)),
            ChangesForm.input(
                "concern",
                words("review.changes.concern"),
                radio([option(words(f"concern.{each}"), each.value) for each in Concern]),
                optional=True,
            ),
        ],
    )


def reject_form(form: RejectForm, words: Words) -> View:
    """Why is it rejected?"""
    return form.open(
        title=words("review.reject.title"),
        submit=words("button.reject"),
        close=words("button.cancel"),
        blocks=[RejectForm.input("reason", words("review.reject.reason"), _reason(form.reason))],
    )


def _reason(initial: str) -> Element:
    return text_input(initial, lines=True, most=1000, focus=True)


def decision_notice(page: PostPage, decision: Decision, words: Words, names: Names) -> Message:
    """Tells the author that the post came back: why, what it said, and the way on."""
    key = "review.told.rejected" if decision.act is Act.REJECT else "review.told.changes"
    brand = f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    text = words(key, name=names[decision.by], brand=brand, reason=reason_line(decision, 1200, words))
    blocks: list[Block] = [section(text), *excerpt(page.post.revision(decision.revision).text)]
    if decision.act is Act.REQUEST_CHANGES:
        blocks.append(actions(EditPost(post=page.post.id).draw(words("button.edit"), style="primary")))
    where = words("publish.card_in", channel=f"<#{page.brand.channel('review')}>")
    return Message(text, [*blocks, context(where, *practice_mark(page.brand, words))])


def excerpt(text: str, most: int = 280) -> list[Block]:
    """The beginning of a post's text, so that one knows which it is."""
    return [rich(cut(text, most), quote=True)] if text else []
