"""Correcting what is public: the form, the card that asks for approval, and the line under the account's own."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.corrections import Correcting, CorrectionPage
from bot.desk.pages import PostPage
from bot.domain.corrections import Correction, CorrectionState, newest
from bot.domain.deliveries import Delivery
from bot.slack.blocks import Block, Message, View, actions, confirm, context, plain, rich, section, text_input
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.checks import answer_checks
from handlers.views.faces import Names, account_mark, account_name, brand_face, face_mark, mention, practice_mark
from handlers.views.sensitive import WriteCorrection

QUOTED = 1200
MOST = 3000
"""Characters that Slack's input takes."""
ENDED = {CorrectionState.REFUSED, CorrectionState.FAILED, CorrectionState.DROPPED}
"""The post stays as it was: whoever wrote the correction hears of it."""


class CorrectForm(Form, id="corrections.form"):
    """Other words for a post where it stands. `correction` is its id, made with the form; `before` is what it said when
    the form opened, by its digest."""

    delivery: str
    correction: str
    before: str = ""
    text: Typed[str] = ""


class ApproveCorrection(Button, id="corrections.approve"):
    """It goes out now."""

    correction: str


class DropCorrection(Button, id="corrections.drop"):
    """The post stays as it is."""

    correction: str


class CorrectionCard(Card, id="correction"):
    """One correction, in the review channel; `to`: told to whoever wrote it."""

    correction: str
    to: str = ""


def correct_view(form: CorrectForm, page: Correcting, count: int, words: Words) -> View:
    """As whom, what it says now, and the field with its count; and that a correction of its own is another way."""
    field = text_input(form.text, lines=True, most=MOST, focus=True)
    hints = [words("correct.signs" if page.signs else "correct.waits")]
    hints += [words("correct.first_only")] if page.delivery.segments > 1 else []
    return form.open(
        title=words("button.correct"),
        submit=words("button.fix_approve" if page.signs else "button.submit"),
        close=words("button.cancel"),
        blocks=[
            *_head(page, words),
            context(words("correct.hint", network=page.title)),
            rich(cut(page.said, QUOTED), quote=True),
            CorrectForm.input("text", words("correct.text"), field, typing=True),
            context(words("reply.count", count=count, limit=min(page.limit, MOST)), *hints),
            _instead(page, words),
        ],
    )


def no_correcting_view(page: Correcting, words: Words) -> View:
    """Said before anybody types: not on this network, and what can be done."""
    return {
        "type": "modal",
        "title": plain(words("button.correct"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": [
            *_head(page, words),
            section(words("error.no_correcting_there", network=page.title)),
            rich(cut(page.said, QUOTED), quote=True),
            _instead(page, words),
        ],
    }


def _head(page: Correcting, words: Words) -> list[Block]:
    titles = {page.account.network: page.title}
    mark = [context(*practice_mark(page.brand, words))] if page.brand.practice else []
    return [section(f"{face_mark(page.brand)} *{account_mark(page.account, titles)}*"), *mark]


def _instead(page: Correcting, words: Words) -> Block:
    return actions(WriteCorrection(delivery=page.delivery.id).draw(words("correct.write")))


def correction_message(page: CorrectionPage, words: Words, names: Names, now: datetime) -> Message:
    """What it says and what it would say, who asks and who is asked; once it is decided, what came of it."""
    correction, brand = page.correction, page.brand
    titles = {page.account.network: page.title}
    account = account_mark(page.account, titles)
    line = correction_line(correction, page.title, account, words, names, (brand.zone, now))
    blocks: list[Block] = [section(f"{face_mark(brand)} *{relay(brand.name, 80)}* · {account}\n{line}")]
    if correction.state is CorrectionState.WAITING and page.approvers:
        asked = ", ".join(mention(member) for member in page.approvers[:5])
        blocks.append(section(words("correct.asks", approver=asked)))
    blocks += [
        context(words("correct.before")),
        rich(cut(correction.before, QUOTED), quote=True),
        context(words("correct.after")),
        rich(cut(correction.text, QUOTED), quote=True),
    ]
    if correction.state is CorrectionState.WAITING:
        blocks += [*answer_checks(page.findings, brand, words), _decide(page, words)]
    if brand.practice:
        blocks.append(context(*practice_mark(brand, words)))
    return Message(f"{relay(brand.name, 80)}: {line}", blocks)


def _decide(page: CorrectionPage, words: Words) -> Block:
    named = f"{brand_face(page.brand)}: {account_name(page.account, {page.account.network: page.title})}"
    sure = confirm(
        words("correct.ask"), words("correct.ask_text", account=named), words("correct.yes"), words("confirm.no")
    )
    id_ = page.correction.id
    return actions(
        ApproveCorrection(correction=id_).draw(words("button.approve_publish"), style="primary", confirm=sure),
        DropCorrection(correction=id_).draw(words("button.leave_it")),
    )


def correction_blocks(delivery: Delivery, page: PostPage, words: Words, names: Names) -> list[Block]:
    """Under the account's line on the post's card: what became of its last correction, and what it says since one."""
    latest = newest(page.corrections).get(delivery.id)
    if latest is None:
        return []
    account = page.accounts.get(delivery.account)
    mark = account_mark(account, page.titles) if account else relay(delivery.account, 80)
    title = page.titles.get(delivery.network, delivery.network)
    line = correction_line(latest, title, mark, words, names, (page.brand.zone, page.now))
    now = [rich(cut(delivery.corrected, QUOTED // 2), quote=True)] if delivery.corrected else []
    return [context(line), *now]


def correction_line(
    correction: Correction, network: str, account: str, words: Words, names: Names, clock: tuple[str, datetime]
) -> str:
    """What became of it, in one sentence; why not, where it isn't done."""
    at = correction.ended_at or correction.settled_at or correction.at
    said = {
        "name": names.get(correction.by, ""),
        "other": names.get(correction.settled_by, ""),
        "when": moment(at, clock[0], words, clock[1]),
        "network": network,
        "account": account,
    }
    alone = correction.settled_by in {"", correction.by}
    key = f"correct.{correction.state}" + ("_alone" if alone and correction.state in _ALONE else "")
    line = f"{_SIGNS[correction.state]} {words(key, **said)}"
    return f"{line} {words(f'errand.problem.{correction.problem}', **said)}" if correction.problem else line


_ALONE = {CorrectionState.DONE, CorrectionState.DROPPED}
_SIGNS = {
    CorrectionState.WAITING: "✏️",
    CorrectionState.ASKED: "⏳",
    CorrectionState.DONE: "✏️",
    CorrectionState.REFUSED: "⛔",
    CorrectionState.FAILED: "⛔",
    CorrectionState.DROPPED: "✖️",
}


def people_of(corrections: Sequence[Correction]) -> list[str]:
    """Everyone whose name the lines say."""
    return [member for each in corrections for member in (each.by, each.settled_by) if member]


def apology(said: str, when: str, words: Words) -> str:
    """What a correction of its own begins with, in the brand's language; whoever writes it says what is right."""
    return f"{words('correct.template', said=' '.join(cut(said, 80).split()), when=when)} "
