"""Approve the week, as a form: each post with its time, its accounts and its words, ticked unless it has to be read."""

from collections.abc import Sequence

from bot.desk.pages import PostPage
from bot.desk.week import Outcome, Waiting, WeekPage
from bot.domain.variants import groups
from bot.domain.week import Choice, Shown, place
from bot.errors import UserError
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    checkboxes,
    context,
    divider,
    option,
    section,
    thumbnail,
)
from bot.slack.forms import Form, Typed
from bot.text.relaying import relay, relay_plain
from bot.text.words import Words
from handlers.views import threads
from handlers.views.checks import findings_told
from handlers.views.day import SeePost
from handlers.views.decisions import ApproveWeek
from handlers.views.faces import account_mark, face_mark, practice_mark
from handlers.views.review import when_line
from handlers.views.variants import places

TEXT = 600
"""Characters of a post's words in the list; the rest is one press away."""
VERSIONS = 3
FINDINGS = 4
TOLD = 12
"""Posts that weren't signed and are named; the others are counted."""
_BLOCKS = 94
_CARRIED = 1900  # characters of what was shown: their ids ride along once more when it is asked about


class WeekForm(Form, id="week.form"):
    """What waits for me. `shown`: exactly what was read, in order; `last`: the place of the last of them; `more`:
    whether others follow. ticked: their numbers in `shown`."""

    practice: bool = False
    shown: tuple[str, ...] = ()
    last: str = ""
    more: bool = False
    ticked: Typed[tuple[str, ...]] = ()

    @property
    def chosen(self) -> list[Shown]:
        """What is ticked, as it was read; raises UserError for a tick that is none of ours."""
        if not all(each.isdecimal() and len(each) < 4 and int(each) < len(self.shown) for each in self.ticked):
            raise UserError("error.form_old")
        return [Shown.unpacked(self.shown[int(each)]) for each in dict.fromkeys(self.ticked)]


class WeekSure(Form, id="week.sure"):
    """Asks once before some of what was ticked goes public at once; `asked`: the posts that it names."""

    practice: bool = False
    shown: tuple[str, ...] = ()
    last: str = ""
    more: bool = False
    asked: tuple[str, ...] = ()

    @property
    def chosen(self) -> list[Shown]:
        """All of it, as it was read; raises UserError for what never was."""
        return [Shown.unpacked(each) for each in self.shown]


def week_view(form: WeekForm, page: WeekPage, words: Words, first: Sequence[str] = ()) -> View:
    """As many posts as a form takes; what follows is on the next page. `first`: what became of the page before."""
    if not page.posts:
        lines = [*first, words("week.end" if page.total else "week.nothing")]
        return WeekForm().open(
            title=words("button.approve_week"), close=words("button.close"), blocks=[section("\n".join(lines))]
        )
    blocks: list[Block] = [section("\n".join(first))] if first else []
    blocks.append(section(f"*{words.n('week.count', page.total)}*\n{words('week.hint')}"))
    shown: list[str] = []
    last = ""
    for waiting in page.posts:
        post = waiting.page.post
        drawn = _post(waiting, len(shown), words)
        packed = Shown.of(post).packed
        if len(blocks) + len(drawn) > _BLOCKS or sum(map(len, shown)) + len(packed) > _CARRIED:
            break
        blocks += drawn
        shown.append(packed)
        last = place(post)
    left = page.total - page.before - len(shown)
    if left or page.before:
        blocks.append(actions(*_pages(form, page, last, left, words), block_id="pages"))
    carried = {"shown": tuple(shown), "last": last, "more": left > 0}
    return form.model_copy(update=carried).open(
        title=words("button.approve_week"),
        submit=words("button.approve"),
        close=words("button.cancel"),
        blocks=blocks,
    )


def _pages(form: WeekForm, page: WeekPage, last: str, left: int, words: Words) -> list[Element]:
    """The way on, and back to the beginning."""
    on = ApproveWeek(practice=form.practice, after=last).draw(words.n("week.next", left), suffix="next")
    back = ApproveWeek(practice=form.practice).draw(words("week.first"), suffix="first")
    return [*([on] if left else []), *([back] if page.before else [])]


def _post(waiting: Waiting, number: int, words: Words) -> list[Block]:
    """Where and when, the words in every version, what the checks say, and the tick; without one it says why."""
    page = waiting.page
    see = SeePost(post=page.post.id).draw(words("button.see_post"), suffix=page.post.id)
    label = words("button.approve")
    chosen = [str(number)] if waiting.choice is Choice.TICKED else []
    tick = WeekForm.element("ticked", checkboxes([option(label, str(number))], chosen), suffix=page.post.id)
    closed = waiting.choice is Choice.CLOSED
    return [
        divider(),
        _where_and_when(page, words),
        *_words(page, words),
        *_findings(page, words),
        actions(*([] if closed else [tick]), see, block_id=f"post:{number}"),
    ]


def _where_and_when(page: PostPage, words: Words) -> Block:
    post, pictures = page.post, page.post.current.pictures
    accounts = [account_mark(page.accounts[id_], page.titles) for id_ in post.current.accounts if id_ in page.accounts]
    named = ", ".join(accounts[:6]) + (f" · {words.n('check.more', len(accounts) - 6)}" if len(accounts) > 6 else "")
    brand = f"{face_mark(page.brand)} *{relay(page.brand.name, 80)}*"
    lines = [f"{brand} · {named}", f"🕘 *{when_line(post.due, page, words)}*", *practice_mark(page.brand, words)]
    if pictures:
        lines.append(f"🖼️ {words.n('week.pictures', len(pictures))}")
    seen = next((each for each in pictures if each.blob), None)
    picture = thumbnail(relay_plain(seen.alt or seen.name, 2000), file=seen.file) if seen else None
    return section("\n".join(lines), accessory=picture)


def _words(page: PostPage, words: Words) -> list[Block]:
    versions = [(texts, ids) for texts, ids in groups(page.post.current) if any(texts)]
    blocks: list[Block] = []
    for texts, ids in versions[:VERSIONS]:
        block, _ = threads.shown(page, texts, TEXT // min(len(versions), VERSIONS), words)
        blocks += [context(places(ids, page.accounts, page.titles))] if len(versions) > 1 else []
        blocks.append(block)
    left = len(versions) - VERSIONS
    return [*blocks, context(words.n("check.more", left))] if left > 0 else blocks


def _findings(page: PostPage, words: Words) -> list[Block]:
    lines = findings_told(page.findings, page.brand, words)
    shown = lines[:FINDINGS]
    if len(lines) > len(shown):
        shown.append(words.n("check.more", len(lines) - len(shown)))
    if not page.post.current.ready:
        shown.append(f"⏳ {words('check.pending')}")
    if page.stop is not None:
        shown.append(f"🛑 {words('check.brand_stopped', brand=relay(page.brand.name, 80))}")
    return [context("\n".join(shown))] if shown else []


def sure_view(form: WeekForm | WeekSure, chosen: Sequence[Shown], public: Sequence[PostPage], words: Words) -> View:
    """Names what goes public at once, and where; what is ticked besides is signed with it."""
    lines = [f"• {_named(page)}" for page in public[:TOLD]]
    if len(public) > TOLD:
        lines.append(words.n("check.more", len(public) - TOLD))
    asks = WeekSure(
        practice=form.practice,
        shown=tuple(each.packed for each in chosen),
        last=form.last,
        more=form.more,
        asked=tuple(page.post.id for page in public),
    )
    return asks.open(
        title=words("button.approve_week"),
        submit=words("button.approve_publish"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{words('confirm.publish.ask')}*\n{words.n('week.public_now', len(public))}"),
            *(section(line) for line in lines),
            context(words.n("week.all_ticked", len(chosen))),
        ],
    )


def _named(page: PostPage) -> str:
    here = [page.accounts[id_] for id_ in page.post.current.accounts if id_ in page.accounts]
    accounts = [account_mark(each, page.titles) for each in here]
    return f"{face_mark(page.brand)} {', '.join(accounts[:6])}: {relay(page.post.current.text, 80)}"


def outcome_lines(outcome: Outcome, reasons: Sequence[str], words: Words) -> list[str]:
    """How many were signed, and of each other one why it wasn't; `reasons` in the order of those."""
    lines = [f"✅ {words.n('week.signed', len(outcome.signed))}"] if outcome.signed else []
    if outcome.refused:
        lines.append(words.n("week.refused", len(outcome.refused)))
    for (page, _), reason in list(zip(outcome.refused, reasons, strict=True))[:TOLD]:
        lines.append(f"• {_named(page)}: {reason}" if page else f"• {reason}")
    if len(outcome.refused) > TOLD:
        lines.append(words.n("check.more", len(outcome.refused) - TOLD))
    return lines


def outcome_message(lines: Sequence[str]) -> Message:
    """The same after the last page."""
    return Message(lines[0], [section("\n".join(lines))])
