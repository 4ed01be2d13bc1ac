"""Sensitive acts take two people: the forms that propose, the second press, and who hears of it."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.events import ProposalChanged
from bot.domain.proposals import SECONDERS, Proposal, State
from bot.domain.records import MemberId
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.drawn import after_press
from handlers.views.faces import names_of
from handlers.views.proposals import (
    Confirm,
    Decline,
    ProposalCard,
    TakeBack,
    TryAgain,
    evidence_view,
    proposal_message,
)
from handlers.views.proposing import (
    DeleteForm,
    DisconnectForm,
    UnpublishForm,
    delete_view,
    disconnect_view,
    proposed,
    unpublish_view,
)
from handlers.views.sensitive import DeleteComment, Disconnect, SeeEvidence, Unpublish

router = Router()

TOLD = frozenset({State.DONE, State.DECLINED, State.EXPIRED, State.FAILED})
"""How it may end so that the proposer hears of it by direct message."""


@router.on(Unpublish, needs={Role.APPROVER, Role.MODERATOR})
async def unpublish(press: Unpublish, call: Call) -> Reply:
    """Where, and why."""
    page = await call.desk.sensitive.to_unpublish(press.delivery, call.who)
    form = UnpublishForm(
        delivery=press.delivery, proposal=call.desk.new_id(), channel=call.channel or "", accounts=(press.delivery,)
    )
    return Open(unpublish_view(form, page, call.words))


@router.on(UnpublishForm, needs={Role.APPROVER, Role.MODERATOR})
async def propose_unpublish(form: UnpublishForm, call: Call) -> Reply:
    """Asks a second person; in an emergency it is done at once."""
    if not form.accounts:
        raise FieldErrors({"accounts": UserError("error.field_required")})
    desk = call.desk.proposing
    made = await desk.unpublish(form.proposal, form.accounts, form.reason, call.who, alone=bool(form.alone))
    return await _said(made, call)


@router.on(DeleteComment, needs=Role.MODERATOR)
async def delete_comment(press: DeleteComment, call: Call) -> Reply:
    """Which words, and why."""
    page = await call.desk.sensitive.to_delete(press.conversation, call.who)
    form = DeleteForm(
        conversation=press.conversation,
        proposal=call.desk.new_id(),
        channel=call.channel or "",
        only=page.comments[-1].ref,
    )
    return Open(delete_view(form, page, call.words))


@router.on(DeleteForm, needs=Role.MODERATOR)
async def propose_deletion(form: DeleteForm, call: Call) -> Reply:
    """Asks a second person."""
    desk, ref = call.desk.proposing, form.ref or form.only
    return await _said(await desk.delete_comment(form.proposal, form.conversation, ref, form.reason, call.who), call)


@router.on(Disconnect, needs=Role.ADMIN)
async def disconnect(press: Disconnect, call: Call) -> Reply:
    """What follows, and why."""
    page = await call.desk.sensitive.to_disconnect(press.account, call.who)
    form = DisconnectForm(account=press.account, proposal=call.desk.new_id(), channel=call.channel or "")
    return Open(disconnect_view(form, page, call.words))


@router.on(DisconnectForm, needs=Role.ADMIN)
async def propose_disconnect(form: DisconnectForm, call: Call) -> Reply:
    """Asks a second person."""
    made = await call.desk.proposing.disconnect(form.proposal, form.account, form.reason, call.who)
    return await _said(made, call)


async def _said(made: Proposal, call: Call) -> Reply:
    page = await call.desk.proposals.page(made.id)
    return Close(all=True, say=proposed(made, page, call.words))


# --- the second person


@router.on(Confirm, needs=SECONDERS)
async def confirm(press: Confirm, call: Call) -> Reply:
    """Whether this very person may is checked with the proposal."""
    await call.desk.proposals.confirm(press.proposal, call.who)
    return await after_press(call)


@router.on(Decline, needs=SECONDERS)
async def decline(press: Decline, call: Call) -> Reply:
    """No."""
    await call.desk.proposals.decline(press.proposal, call.who)
    return await after_press(call)


@router.on(TakeBack, needs=SECONDERS)
async def take_back(press: TakeBack, call: Call) -> Reply:
    """Only the proposer."""
    await call.desk.proposals.withdraw(press.proposal, call.who)
    return await after_press(call)


@router.on(TryAgain, needs=SECONDERS)
async def try_again(press: TryAgain, call: Call) -> Reply:
    """The network is asked once more."""
    await call.desk.proposals.retry(press.proposal, call.who)
    return await after_press(call)


@router.on(SeeEvidence, needs=SECONDERS)
async def see_evidence(press: SeeEvidence, call: Call) -> Reply:
    """What was kept."""
    page = await call.desk.proposals.evidence(press.proposal, call.who)
    return Open(evidence_view(page, call.words, await names_of(call.desk.member, page.people)))


# --- the cards


@router.on(ProposalChanged)
async def proposal_changed(event: ProposalChanged, scene: Scene) -> Sequence[Draw]:
    """The alerts channel, and those who may second: in an emergency all of them are told. Whoever waits for another
    person hears how it ended, and the writer of what was taken down that it is gone; whoever has the card sees it
    change."""
    proposal = await scene.desk.store.find(Proposal, event.proposal)
    if proposal is None:
        return []
    brand = await scene.desk.brand(proposal.brand)
    draws = [Draw(brand.channel("alerts"), ProposalCard(proposal=proposal.id))]
    asked = await scene.desk.proposals.asked(proposal, brand)
    wanted = proposal.state is State.OPEN or proposal.emergency
    told: dict[MemberId, None] = dict.fromkeys(asked if wanted else ())
    if proposal.state in TOLD and not (proposal.alone and proposal.state is State.DONE):
        told |= dict.fromkeys(filter(None, (proposal.by, proposal.decided_by)))
    if proposal.state is State.DONE:
        told |= dict.fromkeys(await scene.desk.proposals.writers(proposal))
    draws += [_to(proposal, member) for member in told]
    rest = [_to(proposal, member) for member in {*asked, proposal.by} - set(told)]
    return [*draws, *[draw for draw in rest if await scene.where(draw.card) is not None]]


def _to(proposal: Proposal, member: MemberId) -> Draw:
    return Draw(f"@{member}", ProposalCard(proposal=proposal.id, to=member))


@router.draws(ProposalCard)
async def proposal_card(card: ProposalCard, scene: Scene) -> Sheet | None:
    """In the channel's language, or the member's."""
    page = await scene.desk.proposals.page(card.proposal)
    words = await scene.words_of(card.to) if card.to else words_for(page.brand.language)
    names = await names_of(scene.member, [*page.people, *page.asked])
    return Sheet(proposal_message(page, words, names), page.proposal.version)
