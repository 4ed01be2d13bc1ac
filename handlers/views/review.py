"""The review card: what will be read, where and when, what the checks say, and the decision about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.desk.pages import PostPage
from bot.domain.house_rules import Level
from bot.domain.posts import LIFE, Act, Picture, Post, PostStatus
from bot.domain.records import MemberId
from bot.domain.remarks import Remark
from bot.domain.variants import groups
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    context,
    header,
    image,
    section,
)
from bot.slack.cards import Card
from bot.slack.forms import Form
from bot.slack.wire import Button
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment, within
from bot.text.words import Words
from handlers.views import changes, publishing, threads
from handlers.views.checks import MARKS, findings_told
from handlers.views.corrections import people_of
from handlers.views.decisions import (
    EditPost,
    FixPost,
    Reject,
    RequestChanges,
    WithdrawPost,
    approve_button,
    decision_line,
    withdraw_confirm,
)
from handlers.views.disclosure import disclosure_lines
from handlers.views.faces import (
    Names,
    account_label,
    brand_face,
    face_mark,
    mention,
    practice_mark,
)
from handlers.views.leaning import leaning_blocks
from handlers.views.remarks import remark_blocks
from handlers.views.reminding import again_buttons
from handlers.views.sensitive import record_menu
from handlers.views.stages import progress_lines, stage_people
from handlers.views.urgency import urgent_buttons, urgent_line
from handlers.views.variants import places

SHOWN = 2400
"""Characters of the text on the card; the rest is one press away."""
WARNINGS = 3
SEEN = 4
"""Pictures that the card shows; of the others it says what they are."""
_LEAST = 400
"""… of each version at least, where it isn't the same everywhere."""
_MOST_BLOCKS = 99


class ReviewCard(Card, id="review"):
    """A post in its brand's review channel, from the first submission to the last account's end state."""

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


class Detail(Form, id="review.detail"):
    """Something to look at in full; nothing is typed."""


def people(page: PostPage) -> list[MemberId]:
    """Everyone whose name the card says."""
    post = page.post
    settled = [delivery.settled_by for delivery in page.deliveries]
    settled += [ask.to for delivery in page.deliveries for ask in delivery.asks]
    decided = [decision.by for decision in post.decisions]
    wrote = [post.author, post.current.by, *([post.urgent.by] if post.urgent else [])]
    return [*wrote, *decided, *settled, *stage_people(page), *people_of(page.corrections)]


def review_message(page: PostPage, words: Words, names: Names) -> Message:
    """The card, in the brand's language."""
    post, brand = page.post, page.brand
    approved = post.status is PostStatus.APPROVED
    status = publishing.headline(page, words) if approved else words(f"post_status.{post.status}")
    asks = [section(_asks(page, words, names))] if post.status is PostStatus.IN_REVIEW else []
    told = [] if asks else [context(words("review.author", name=names[post.author]), *_kind(post, words))]
    notice = "review.notice" if asks else "review.notice_status"
    return Message(
        words(notice, brand=relay(brand.name, 80), author=names[post.author], status=status),
        [
            header(f"{brand_face(brand)} · {status}"),
            *asks,
            *([section(decision_line(post.decision, page, words, names))] if _decided(post) else []),
            *([] if approved else [section("\n".join(_where_and_when(page, words)))]),
            *publishing.delivery_blocks(page, words, names),
            *_text(page, words),
            *_pictures(post.current.pictures, words),
            *leaning_blocks(page, words),
            *([] if approved else _checks(page, words)),
            *changes.changed(page, words),
            *told,
            *([context(*practice_mark(brand, words))] if brand.practice else []),
            *_buttons(page, words),
        ],
    )


def _decided(post: Post) -> bool:
    """Whether there is a decision to tell; a signature that still counts stands with its stage."""
    last = post.decision
    counts = bool(post.signatures) and post.status is PostStatus.IN_REVIEW
    return last is not None and not (counts and last.act is Act.APPROVE)


def _asks(page: PostPage, words: Words, names: Names) -> str:
    post, brand = page.post, page.brand
    who = ", ".join(mention(member) for member in page.approvers[:5])
    author = names[post.author]
    if not who:
        return f"{words('review.author', name=author)}. {words('review.no_approver', brand=relay(brand.name, 80))}"
    lines = [words("review.asks", approver=who, author=author)]
    if post.current.by != post.author:
        lines.append(words("review.written_by", name=names[post.current.by]))
    lines += [*urgent_line(page, words, names), *progress_lines(page, words, names)]
    return "\n".join(lines)


def _kind(post: Post, words: Words) -> list[str]:
    kind = [words(f"compose.kind.{post.current.kind}")] if post.current.kind else []
    return [*kind, *disclosure_lines(post.current, words)]


def _where_and_when(page: PostPage, words: Words) -> list[str]:
    post = page.post
    labels = [account_label(page.accounts[id_], page.titles) for id_ in post.current.accounts if id_ in page.accounts]
    lines = [f"{face_mark(page.brand)} *{relay(label, 150)}*" for label in labels[:12]]
    if len(labels) > len(lines):
        lines.append(words.n("check.more", len(labels) - len(lines)))
    lines.append(f"🕘 {when_line(post.due, page, words)}")
    return [*lines, *_kind(post, words)]


def when_line(due: datetime | None, page: PostPage, words: Words) -> str:
    """`Tue, March 3, 9:00 AM (Madrid), in 17 h`."""
    if due is None:
        return words("review.when.now")
    when = moment(due, page.brand.clock, words, page.now)
    if due <= page.now:
        return when
    return words("review.when.at", when=when, within=within(due - page.now, words))


def _text(page: PostPage, words: Words) -> list[Block]:
    """What will be read; where it isn't the same everywhere, each version under the names of its accounts."""
    post = page.post
    versions = [(texts, ids) for texts, ids in groups(post.current) if any(texts)]
    blocks: list[Block] = []
    everything = True
    for texts, ids in versions:
        block, all_of_it = threads.shown(page, texts, max(SHOWN // len(versions), _LEAST), words)
        named = [context(places(ids, page.accounts, page.titles))] if len(versions) > 1 else []
        blocks += [*named, block]
        everything = everything and all_of_it
    if everything:
        return blocks
    see = SeeText(post=post.id, revision=post.current.number).draw(words("button.see_more"))
    return [*blocks, actions(see)]


def _pictures(pictures: Sequence[Picture], words: Words) -> list[Block]:
    blocks: list[Block] = []
    for picture in pictures[:SEEN]:
        alt = words("review.alt", alt=relay(picture.alt, 600)) if picture.alt else words("review.no_alt")
        if picture.blob:
            blocks.append(image(relay_plain(picture.alt or picture.name, 2000), file=picture.file))
        blocks.append(context(f"🖼️ {relay(picture.name, 80)} · {alt}"))
    more = [
        f"🖼️ {relay(picture.name, 80)} · {relay(picture.alt, 120) or words('review.no_alt')}"
        for picture in pictures[SEEN:]
    ]
    return [*blocks, context(*more)] if more else blocks


def finding_lines(page: PostPage, words: Words) -> list[str]:
    """`⛔ X @cafe_agora: too long, 300/280`; blockers first, and what is the same on every account once."""
    return findings_told(page.findings, page.brand, words)


def _checks(page: PostPage, words: Words) -> list[Block]:
    if (page.post.status, Act.APPROVE) not in LIFE:
        return []
    found = finding_lines(page, words)
    blockers = [line for line in found if line.startswith(MARKS[Level.BLOCKER])]
    shown = [*blockers[:10], *(line for line in found if line not in blockers)][: len(blockers[:10]) + WARNINGS]
    lines = list(shown)
    if not page.post.current.ready:
        lines.append(f"⏳ {words('check.pending')}")
    if page.stop is not None:
        key = "check.brand_stopped" if page.stop.reach == "silence" else "check.brand_stopped_all_the_same"
        lines.append(f"🛑 {words(key, brand=relay(page.brand.name, 80))}")
    left = len(found) - len(shown)
    if not lines:
        return [context(f"✅ {words('check.all_good')}")]
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
    if Act.APPROVE in may:
        drawn.append(FixPost(post=post.id, revision=number).draw(words("button.fix_approve")))
    if Act.SUBMIT in may and not page.out:
        first: Literal["primary"] | None = "primary" if post.status is PostStatus.CHANGES_REQUESTED else None
        drawn.append(EditPost(post=post.id).draw(words("button.edit"), style=first))
    if changes.differs(page) and Act.APPROVE in may:
        drawn.append(SeeChanges(post=post.id).draw(words("button.see_changes")))
    if Act.REJECT in may:
        drawn.append(Reject(post=post.id, revision=number).draw(words("button.reject"), style="danger"))
    if Act.WITHDRAW in may and not page.out:
        drawn.append(WithdrawPost(post=post.id).draw(words("button.withdraw"), confirm=withdraw_confirm(words)))
    drawn = [*again_buttons(page, words), *drawn, *urgent_buttons(page, words)]
    return [actions(*drawn, *publishing.hold_buttons(page, words), record_menu(post.id, words))]


def text_view(page: PostPage, number: int, words: Words) -> View:
    """The whole text of a revision, exactly as it will be read."""
    revision = page.post.revision(number)
    versions = groups(revision)
    blocks = [section(f"*{relay(brand_face(page.brand), 150)}*")]
    for texts, ids in versions:
        blocks += [context(places(ids, page.accounts, page.titles))] if len(versions) > 1 else []
        blocks += threads.segment_blocks(page, revision, texts, words)
    blocks = blocks[:_MOST_BLOCKS]
    return _detail(words("compose.text"), blocks, words)


def changes_view(page: PostPage, words: Words, remarks: Sequence[Remark] = (), names: Names | None = None) -> View:
    """The text before and now, in full, with what changed marked; below it what the team said about each."""
    before = page.post.previous or page.post.current
    old, new = changes.marked(threads.whole(before), threads.whole(page.post.current))
    blocks = [context(words("review.text_before")), old, context(words("review.text_after")), new]
    blocks += remark_blocks(remarks, page.brand, page.now, words, names or {})
    return _detail(words("review.diff.title"), blocks[:_MOST_BLOCKS], words)


def checks_view(page: PostPage, words: Words) -> View:
    """All that the checks say."""
    blocks = [section(line) for line in finding_lines(page, words)[:80]]
    return _detail(words("check.heading"), blocks, words)


def _detail(title: str, blocks: list[Block], words: Words) -> View:
    return Detail().open(title=title, close=words("button.close"), blocks=blocks)
