"""A sensitive act's card: what, on which account, why, who asks; confirmed or declined there by a second person."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.desk.proposals import ProposalPage
from bot.domain.brands import Role, Stage
from bot.domain.proposals import Act, Proposal, State
from bot.domain.reviewing import ONE_APPROVER
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    confirm,
    context,
    plain,
    rich,
    section,
)
from bot.slack.cards import Card
from bot.slack.wire import Button
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, account_label, account_mark, brand_face, face_mark, mention, practice_mark
from handlers.views.sensitive import SeeEvidence
from handlers.views.stages import stage_line

EXCERPT = 600
UNDONE = frozenset({State.DECLINED, State.EXPIRED, State.WITHDRAWN})
"""Nothing came of it, so what would have come isn't said any more."""
NAMED = 5
"""People who may confirm that a sentence names."""


class Confirm(Button, id="proposals.confirm"):
    """The second person says yes."""

    proposal: str


class Decline(Button, id="proposals.decline"):
    """The second person says no."""

    proposal: str


class TakeBack(Button, id="proposals.withdraw"):
    """Whoever proposed it takes it back."""

    proposal: str


class TryAgain(Button, id="proposals.retry"):
    """Asks the network once more."""

    proposal: str


class ProposalCard(Card, id="proposals.card"):
    """A proposal: in the alerts channel, or to one member."""

    proposal: str
    to: str = ""


def proposal_message(page: ProposalPage, words: Words, names: Names) -> Message:
    """What, on which account, why, who asks; then what became of it."""
    proposal, brand = page.proposal, page.brand
    act, status = words(f"proposal.act.{proposal.act}"), words(f"proposal.status.{proposal.state}")
    notice = words("proposal.notice", brand=relay(brand.name, 80), act=act, status=status)
    buttons = _buttons(page, words)
    blocks: list[Block] = [
        section(f"{_sign(proposal)} *{face_mark(brand)} {relay(brand.name, 80)} · {act}* · {status}"),
        section("\n".join(_what(page, words, names))),
        *_taken_down(proposal, words),
        *([section(f"*{words('proposal.reason')}:* {relay(proposal.reason, 700)}")] if proposal.reason else []),
        section("\n".join(_story(page, words, names))),
        *([actions(*buttons)] if buttons else []),
        *([context(*practice_mark(brand, words))] if brand.practice else []),
    ]
    return Message(notice, blocks)


def _sign(proposal: Proposal) -> str:
    if proposal.emergency:
        return "🚨"
    signs = {State.OPEN: "✋", State.SECONDED: "⏳", State.DONE: "✅", State.FAILED: "⛔"}
    return signs.get(proposal.state, "✖️")


def _what(page: ProposalPage, words: Words, names: Names) -> list[str]:
    proposal = page.proposal
    accounts = ", ".join(f"*{account_mark(each, page.titles)}*" for each in page.accounts.values())
    match proposal.act:
        case Act.UNPUBLISH:
            return [words("proposal.what.unpublish", accounts=accounts)]
        case Act.DELETE_COMMENT:
            author = relay(proposal.copy_.get("author", ""), 160)
            return [words("proposal.what.delete_comment", person=author, accounts=accounts)]
        case Act.DISCONNECT:
            means = [words("proposal.disconnect_means")] if proposal.state not in UNDONE else []
            return [words("proposal.what.disconnect", accounts=accounts), *means]
        case Act.POLICIES:
            return [_policy(name, proposal, words) for name in proposal.change]
        case Act.ROLES:
            return [_roles(proposal, words, names)]


def _policy(name: str, proposal: Proposal, words: Words) -> str:
    old, new = proposal.bound.get(f"policies:{name}", ""), proposal.change[name]
    if name == "stages":
        return words(
            "proposal.policy.stages", old=_stages(json.loads(old or "[]"), words), new=f"*{_stages(new, words)}*"
        )
    if name == "account_stages":
        return "\n".join([words("proposal.policy.account_stages"), *(_stages(each, words) for each in new.values())])
    new = str(new)
    shown = {"True": words("proposal.on"), "False": words("proposal.off")}
    return words(f"proposal.policy.{name}", old=shown.get(old, old), new=f"*{shown.get(new, new)}*")


def _stages(stored: Sequence[Mapping[str, Any]], words: Words) -> str:
    """`1 of 2: Approver; 2 of 2: Client`, of stages as they are stored."""
    stages = [Stage.model_validate(each) for each in stored] or [ONE_APPROVER]
    return "; ".join(
        f"{words('reviewing.place', number=number, total=len(stages))}: {stage_line(stage, words, {})}"
        for number, stage in enumerate(stages, start=1)
    )


def _roles(proposal: Proposal, words: Words, names: Names) -> str:
    member = str(proposal.change["member"])
    old = _role_names([role for role in proposal.bound.get("roles", "").split(",") if role], words)
    new = _role_names(list(proposal.change["roles"]), words)
    return words("proposal.what.roles", name=names.get(member, mention(member)), old=old, new=f"*{new}*")


def _role_names(roles: Sequence[str], words: Words) -> str:
    return ", ".join(words(f"role.{Role(role)}") for role in roles) or words("proposal.no_role")


def _taken_down(proposal: Proposal, words: Words) -> list[Block]:
    """The words that it is about; those of an outside person are no longer shown once they are deleted."""
    text = proposal.copy_.get("text", "")
    if not text or (proposal.act is Act.DELETE_COMMENT and proposal.state is State.DONE):
        return []
    return [rich(relay_plain(text, EXCERPT), quote=True)]


def _story(page: ProposalPage, words: Words, names: Names) -> list[str]:
    proposal = page.proposal

    def at(instant: datetime | None) -> str:
        return moment(instant or page.now, page.brand.clock, words, page.now)

    who = {"name": names[proposal.by], "when": at(proposal.at)}
    if proposal.emergency:
        lines = [words("proposal.story.emergency", **who)]
    else:
        lines = [words("proposal.story.alone" if proposal.alone else "proposal.story.proposed", **who)]
    if proposal.state is State.OPEN:
        asked = words.any_of([names.get(member, mention(member)) for member in page.asked[:NAMED]])
        lines.append(words("proposal.story.waits", names=asked or "—", until=at(proposal.expires_at)))
    elif proposal.state is State.EXPIRED:
        key = f"error.proposal_lapsed_{proposal.lapsed}" if proposal.lapsed else "proposal.story.expired"
        lines.append(words(key))
    elif proposal.decided_by:
        key = {State.DECLINED: "declined", State.WITHDRAWN: "withdrawn"}.get(proposal.state, "seconded")
        decided = {"name": names[proposal.decided_by], "when": at(proposal.decided_at)}
        lines.append(words(f"proposal.story.{key}", **decided))
    if proposal.problem and proposal.state in {State.SECONDED, State.FAILED}:
        key = "proposal.problem.again" if proposal.state is State.SECONDED else f"proposal.problem.{proposal.problem}"
        lines.append(words(key, detail=relay(proposal.detail, 300) or "—"))
    return lines


def _buttons(page: ProposalPage, words: Words) -> list[Element]:
    proposal, id_ = page.proposal, page.proposal.id
    if proposal.state is State.OPEN:
        return [
            Confirm(proposal=id_).draw(words("proposal.confirm"), style="danger", confirm=_sure(page, words)),
            Decline(proposal=id_).draw(words("proposal.decline")),
            TakeBack(proposal=id_).draw(words("button.withdraw")),
        ]
    if proposal.state is State.FAILED:
        return [TryAgain(proposal=id_).draw(words("proposal.try_again"), style="primary")]
    if proposal.state is State.DONE and proposal.act is Act.DELETE_COMMENT:
        return [SeeEvidence(proposal=id_).draw(words("proposal.evidence"))]
    return []


def _sure(page: ProposalPage, words: Words) -> Element:
    """Asks once, naming brand and account."""
    named = ", ".join(account_label(each, page.titles) for each in page.accounts.values())
    act = words(f"proposal.act.{page.proposal.act}")
    text = " · ".join(filter(None, [relay_plain(brand_face(page.brand), 80), relay_plain(named, 150)]))
    ask = words("confirm.proposal.ask", act=act)
    return confirm(ask, text, words("proposal.confirm"), words("confirm.no"), danger=True)


def evidence_view(page: ProposalPage, words: Words, names: Names) -> View:
    """What was taken down: whose, where, when, word for word."""
    kept = page.proposal.copy_
    lines = [words("proposal.what." + page.proposal.act, person=relay(kept.get("author", ""), 160), accounts=", ".join(
        f"*{account_mark(each, page.titles)}*" for each in page.accounts.values()))]  # fmt: skip
    where = [relay(kept[name], 300) for name in ("url", "pictures") if kept.get(name)]
    if kept.get("at"):
        where.append(moment(datetime.fromisoformat(kept["at"]), page.brand.clock, words, page.now))
    return {
        "type": "modal",
        "title": plain(words("proposal.evidence"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": [
            section("\n".join(lines)),
            rich(relay_plain(kept.get("text", ""), 2900), quote=True),
            *([context(*where)] if where else []),
            section("\n".join(_story(page, words, names))),
        ],
    }
