"""Correcting what is public already, where the network lets us; and the correction of its own where it doesn't."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.corrections import CorrectionState
from bot.domain.errands import digest
from bot.domain.events import PostChanged
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from bot.text.times import moment
from bot.text.words import words_for
from handlers.compose import continue_draft
from handlers.drawn import after_press
from handlers.views.corrections import (
    ENDED,
    ApproveCorrection,
    CorrectForm,
    CorrectionCard,
    DropCorrection,
    apology,
    correct_view,
    correction_message,
    no_correcting_view,
    people_of,
)
from handlers.views.drafts import ContinueDraft
from handlers.views.faces import names_of
from handlers.views.sensitive import Correct, WriteCorrection

router = Router()


@router.on(Correct)
async def begin(press: Correct, call: Call) -> Reply:
    """The form with the words as they stand there; where nobody can edit, that is said before."""
    page = await call.desk.corrections.to_correct(press.delivery, call.who)
    if not page.able:
        return Open(no_correcting_view(page, call.words))
    form = CorrectForm(delivery=press.delivery, correction=call.desk.new_id(), before=digest(page.said), text=page.said)
    return Open(correct_view(form, page, call.desk.corrections.length(page, form.text), call.words))


@router.live(CorrectForm)
async def typed(form: CorrectForm, field: str, call: Call) -> Reply:
    """The count follows what is typed."""
    page = await call.desk.corrections.to_correct(form.delivery, call.who)
    return Update(correct_view(form, page, call.desk.corrections.length(page, form.text), call.words))


@router.on(CorrectForm)
async def correct(form: CorrectForm, call: Call) -> Reply:
    """To review, or at once where writing it approves it; the cards say what comes of it."""
    made = await call.desk.corrections.propose(form.correction, form.delivery, form.before, form.text, call.who)
    channel = (await call.desk.brand(made.brand)).channel("review")
    key = "correct.said" if made.state is CorrectionState.WAITING else "correct.said_done"
    return Close(all=True, say=call.words(key, channel=f"<#{channel}>"))


@router.on(ApproveCorrection)
async def approve(press: ApproveCorrection, call: Call) -> Reply:
    """It goes out, with the last signature of its review."""
    await call.desk.corrections.approve(press.correction, call.who)
    return await after_press(call)


@router.on(DropCorrection)
async def drop(press: DropCorrection, call: Call) -> Reply:
    """The post stays as it is."""
    await call.desk.corrections.drop(press.correction, call.who)
    return await after_press(call)


@router.on(WriteCorrection, needs=(Role.AUTHOR, Role.TRAINEE))
async def write(press: WriteCorrection, call: Call) -> Reply:
    """A post of its own, begun in the brand's language."""
    delivery = await call.desk.deliveries.get(press.delivery)
    brand = await call.desk.brand(delivery.brand)
    call.who.require(brand, Role.AUTHOR, Role.TRAINEE)
    said = await call.desk.corrections.said(delivery)
    words = words_for(brand.language)
    when = moment(delivery.settled_at or delivery.due, brand.clock, words, call.desk.now())
    draft = await call.desk.corrections.write(press.delivery, apology(said, when, words), call.who)
    opened = await continue_draft(ContinueDraft(post=draft.id), call)
    inside = call.view is not None and call.view.type == "modal"
    return Update(opened.view) if inside and isinstance(opened, Open) else opened


@router.on(PostChanged)
async def post_changed(event: PostChanged, scene: Scene) -> Sequence[Draw]:
    """Each correction has its card in the review channel; whoever wrote one that wasn't made hears of it."""
    if event.act != "corrected":
        return []
    draws = []
    for each in await scene.desk.corrections.of(event.post):
        brand = await scene.desk.brand(each.brand)
        draws.append(Draw(brand.channel("review"), CorrectionCard(correction=each.id)))
        if each.state in ENDED and each.settled_by != each.by:
            draws.append(Draw(f"@{each.by}", CorrectionCard(correction=each.id, to=each.by)))
    return draws


@router.draws(CorrectionCard)
async def correction_card(card: CorrectionCard, scene: Scene) -> Sheet | None:
    """As it stands, in its channel's language, or its writer's."""
    page = await scene.desk.corrections.page(card.correction)
    words = await scene.words_of(card.to) if card.to else words_for(page.brand.language)
    names = await names_of(scene.member, people_of([page.correction]))
    return Sheet(correction_message(page, words, names, scene.desk.now()), page.correction.version)
