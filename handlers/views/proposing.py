"""The forms that propose a sensitive act: what it is about, why, and who will be asked to confirm it."""

from collections.abc import Sequence

from bot.desk.proposals import ProposalPage
from bot.desk.sensitive import SensitivePage
from bot.domain.proposals import Proposal
from bot.domain.records import MemberId
from bot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    checkboxes,
    context,
    option,
    rich,
    section,
    select,
    text_input,
)
from bot.slack.forms import Form, Typed
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import account_label, account_mark, brand_face, mention, practice_mark
from handlers.views.sensitive import WriteCorrection

EXCERPT = 600
REASON = 500
NAMED = 5
"""People who may confirm that a sentence names."""


class UnpublishForm(Form, id="proposals.unpublish_form"):
    """Where to take it down, and why. `alone`: an emergency. `proposal` is the id that it will have."""

    delivery: str
    proposal: str
    channel: str = ""
    accounts: Typed[tuple[str, ...]] = ()
    alone: Typed[tuple[str, ...]] = ()
    reason: Typed[str] = ""


class DeleteForm(Form, id="proposals.delete_form"):
    """What to delete, and why."""

    conversation: str
    proposal: str
    channel: str = ""
    only: str = ""
    ref: Typed[str] = ""
    reason: Typed[str] = ""


class DisconnectForm(Form, id="proposals.disconnect_form"):
    """Why to disconnect it."""

    account: str
    proposal: str
    channel: str = ""
    reason: Typed[str] = ""


def unpublish_view(form: UnpublishForm, page: SensitivePage, words: Words) -> View:
    """What stands there, where; why; and as an emergency, if it is one."""
    places = [
        option(account_label(page.accounts[each.account], page.titles), each.id)
        for each in page.deliveries
        if each.account in page.accounts
    ][:10]
    where = [UnpublishForm.input("accounts", words("proposal.where"), checkboxes(places, form.accounts))]
    hurry = [option(words("proposal.emergency"), "yes", words("proposal.emergency_hint"))]
    return form.open(
        title=words("button.unpublish"),
        submit=words("button.unpublish"),
        close=words("button.cancel"),
        blocks=[
            *_head(page, words),
            rich(relay_plain(page.text, EXCERPT), quote=True),
            *where,
            UnpublishForm.input("reason", words("proposal.reason"), _reason(form.reason)),
            *(
                [UnpublishForm.input("alone", words("proposal.hurry"), checkboxes(hurry, form.alone), optional=True)]
                if page.hurry
                else []
            ),
            context(_who_confirms(page.asked, page.alone, words)),
            *_put_right(page, words),
        ],
    )


def _put_right(page: SensitivePage, words: Words) -> list[Block]:
    """Of a post: the draft of a correction or an apology, which is often better than taking it down."""
    first = page.deliveries[0] if page.deliveries else None
    if first is None or not first.post:
        return []
    return [actions(WriteCorrection(delivery=first.id).draw(words("correct.write")))]


def delete_view(form: DeleteForm, page: SensitivePage, words: Words) -> View:
    """Which words, and why."""
    several = len(page.comments) > 1
    options = [option(relay_plain(each.text, 70) or "—", each.ref) for each in page.comments[-20:]]
    pick = [DeleteForm.input("ref", words("proposal.which"), select(options, page.comments[-1].ref))] if several else []
    account = next(iter(page.accounts.values()))
    person = page.talk.person.name if page.talk else ""
    said = words("proposal.comment_by", person=relay(person, 80), account=f"*{account_mark(account, page.titles)}*")
    return form.open(
        title=words("proposal.delete_title"),
        submit=words("button.delete"),
        close=words("button.cancel"),
        blocks=[
            *_head(page, words),
            section(said),
            *([] if several else [rich(relay_plain(page.comments[-1].text, EXCERPT), quote=True)]),
            *pick,
            DeleteForm.input("reason", words("proposal.reason"), _reason(form.reason)),
            context(words("proposal.evidence_kept")),
            context(_who_confirms(page.asked, page.alone, words)),
        ],
    )


def disconnect_view(form: DisconnectForm, page: SensitivePage, words: Words) -> View:
    """Which account, what follows, and why."""
    account = page.accounts[form.account]
    lines = [f"*{relay(account_label(account, page.titles), 150)}*", words("proposal.disconnect_means")]
    lines += [words.n("proposal.disconnect_waiting", page.waiting)] if page.waiting else []
    return form.open(
        title=words("proposal.disconnect_title"),
        submit=words("proposal.disconnect"),
        close=words("button.cancel"),
        blocks=[
            *_head(page, words),
            section("\n".join(lines)),
            DisconnectForm.input("reason", words("proposal.reason"), _reason(form.reason)),
            context(_who_confirms(page.asked, page.alone, words)),
        ],
    )


def _head(page: SensitivePage, words: Words) -> list[Block]:
    mark = [context(*practice_mark(page.brand, words))] if page.brand.practice else []
    known = [context(f"✋ {_known(each, page, words)}") for each in page.waits[-3:]]
    return [section(f"*{relay(brand_face(page.brand), 120)}*"), *mark, *known]


def _known(proposal: Proposal, page: SensitivePage, words: Words) -> str:
    """Somebody proposed it before: whoever opens the form reads that before they type."""
    at = moment(proposal.at, page.brand.clock, words, page.now)
    return words("error.already_proposed", who=mention(proposal.by), at=at)


def _reason(initial: str) -> Element:
    return text_input(initial, lines=True, most=REASON)


def _who_confirms(asked: Sequence[MemberId], alone: bool, words: Words) -> str:
    if alone:
        return words("proposal.practice_alone")
    if not asked:
        return words("proposal.nobody")
    return words("proposal.second_confirms", names=words.any_of([mention(member) for member in asked[:NAMED]]))


def two_people(form: type[Form], reason: str, hint: str, words: Words) -> list[Block]:
    """For a form whose change may need a second person (it has a `reason`): said before, and why it is wanted."""
    field = text_input(reason, most=REASON)
    return [context(hint), form.input("reason", words("proposal.why"), field, optional=True)]


def proposed(proposal: Proposal, page: ProposalPage, words: Words) -> str:
    """Said to whoever proposed it."""
    if proposal.alone or proposal.emergency:
        return words("proposal.said_alone")
    names = words.any_of([mention(member) for member in page.asked[:NAMED]])
    return words("proposal.said", names=names, channel=f"<#{page.brand.channel('alerts')}>")
