"""Duty: the rota that an admin writes, and a shift that is handed over when the other takes it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.domain.brands import Brand, Member, Role
from bot.domain.duty import OffHours, Shift
from bot.domain.events import DutyChanged
from bot.domain.handovers import Handover
from bot.domain.records import MemberId
from bot.domain.watch import How
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call, Scene, zone_of
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Close, Open, Reply, Several
from bot.slack.router import Router
from bot.text.rota import NotRota, matches, read_rota
from bot.text.words import words_for
from handlers.drawn import after_press, home_of
from handlers.views.duty import (
    HandOver,
    HandoverCard,
    HandOverForm,
    HandoverLine,
    NotNow,
    QuietCard,
    TakeShift,
    handover_message,
    line_message,
    offer_view,
    people_of,
    quiet_message,
)
from handlers.views.faces import names_of
from handlers.views.rota import DutyForm, EditDuty, duty_view, rota_saved, rota_text

router = Router()
QUIET = "quiet:"


# --- the rota


@router.on(EditDuty, needs=Role.ADMIN)
async def edit(press: EditDuty, call: Call) -> Reply:
    """The rota as it is, and who may be named in it."""
    brand = await call.desk.brand(press.brand)
    members = await _nameable(brand, call)
    handles = {member.id: f"@{member.handle}" for member in members if member.handle}
    watch = await call.desk.duty.watch(brand)
    names = await names_of(call.desk.member, people_of([(brand, watch)]))
    form = DutyForm(
        brand=brand.id,
        channel=call.channel or "",
        rota=rota_text(brand.duty, handles, call.words),
        off_hours=brand.duty.off_hours.value,
    )
    return Open(duty_view(form, brand, watch, members, call.words, names, call.desk.now()))


@router.on(DutyForm, needs=Role.ADMIN)
async def save(form: DutyForm, call: Call) -> Reply:
    """Every line fully understood, or a sentence beside the field."""
    brand = await call.desk.brand(form.brand)
    rota = _shifts(form.rota, await _nameable(brand, call))
    rule, end = OffHours(form.off_hours), bool(form.end)
    saved = await call.desk.duty.set_rota(brand.id, rota, rule, call.who, end_cover=end)
    watch = await call.desk.duty.watch(saved)
    names = await names_of(call.desk.member, people_of([(saved, watch)]))
    said = rota_saved(saved, watch, call.words, names, call.desk.now())
    return Several.of(await home_of(call), Close(all=True, say=said))


async def _nameable(brand: Brand, call: Call) -> Sequence[Member]:
    """Who can be on duty there."""
    team = await call.desk.duty.team()
    fit = team.fit(brand, *sorted(brand.roles), *sorted(team.admins))
    return [await call.desk.member(member) for member in fit]


def _shifts(text: str, members: Sequence[Member]) -> list[Shift]:
    """Raises FieldErrors for the first line that isn't understood, or names nobody who can be on duty."""
    people: Mapping[str, Sequence[str]] = {
        member.id.rpartition(":")[2]: (member.handle, member.name, member.name.partition(" ")[0]) for member in members
    }
    ids = {member.id.rpartition(":")[2]: member.id for member in members}

    def found(number: int, typed: str) -> MemberId:
        user = matches(typed, people) if typed else ""
        if user is None:
            raise FieldErrors({"rota": UserError("duty.rota.nobody", line=str(number), person=typed[:60])})
        return ids.get(user, "")

    try:
        lines = read_rota(text)
    except NotRota as error:
        wrong = UserError(error.key, line=str(error.number), text=error.line[:60])
        raise FieldErrors({"rota": wrong}) from error
    return [
        Shift(
            days=line.days,
            start=line.start,
            end=line.end,
            member=found(line.number, line.member),
            deputy=found(line.number, line.deputy),
        )
        for line in lines
    ]


# --- hand over


@router.on(HandOver)
async def hand_over(_: HandOver, call: Call) -> Reply:
    """What I have open, and who takes it: the deputy or the next on the rota, to begin with. Ticked are the real brands
    where something is, or where it is my shift."""
    works = await call.desk.duty_pages.offer(call.who, call.words)
    watches = await call.desk.duty.watches([each.brand for each in works])
    shifts = {How.SHIFT, How.COVER, How.NEXT}
    mine = {brand.id for brand, watch in watches if call.who.id in watch.members and watch.how in shifts}
    ticked = {each.brand.id for each in works if not each.brand.practice and (each.size or each.brand.id in mine)}
    chosen = tuple(each.brand.id for each in works if each.brand.id in ticked) or (works[0].brand.id,)
    likely = await call.desk.duty.next_on([each.brand for each in works if each.brand.id in chosen], call.who.id)
    form = HandOverForm(
        handover=call.desk.new_id(), channel=call.channel or "", brands=chosen, person=likely.rpartition(":")[2]
    )
    return Open(offer_view(form, works, call.words))


@router.on(HandOverForm)
async def offer(form: HandOverForm, call: Call) -> Reply:
    """The other is asked; nothing changes before they take it. The giver's own message says so, and where they are."""
    to = call.colleague(form.person)
    asked = await call.desk.duty.offer(form.handover, to, form.brands, form.note, call.who)
    names = await names_of(call.desk.member, [asked.taker])
    said = call.words("duty.offered", taker=names[asked.taker])
    return Close(all=True, say=said if form.channel else None)


@router.on(TakeShift)
async def accept(press: TakeShift, call: Call) -> Reply:
    """Mine from this press on."""
    await call.desk.duty.accept(press.handover, call.who)
    return await after_press(call)


@router.on(NotNow)
async def decline(press: NotNow, call: Call) -> Reply:
    """Whoever offered it still has it."""
    await call.desk.duty.decline(press.handover, call.who)
    return await after_press(call)


@router.on(DutyChanged)
async def duty_changed(event: DutyChanged, scene: Scene) -> Sequence[Draw]:
    """Both are told; once it is accepted each brand's channel gets a line; and somebody whom Slack keeps silent for."""
    if event.act.startswith(QUIET):
        until = int(event.act.removeprefix(QUIET))
        return [Draw(f"@{event.by}", QuietCard(member=event.by, brand=event.brand, until=until))]
    if not event.handover or event.brand:
        return []
    handover = await scene.desk.duty.get(event.handover)
    both = (handover.taker, handover.giver)
    draws = [Draw(f"@{member}", HandoverCard(handover=handover.id, to=member)) for member in both]
    return draws + (await _lines(handover, scene) if event.act == "accept" else [])


async def _lines(handover: Handover, scene: Scene) -> list[Draw]:
    draws = []
    for id_ in handover.brands:
        brand = await scene.desk.brand(id_)
        draws.append(Draw(brand.channel("alerts"), HandoverLine(handover=handover.id, brand=id_)))
    return draws


@router.draws(HandoverCard)
async def handover_card(card: HandoverCard, scene: Scene) -> Sheet | None:
    """As it stands, in the reader's language."""
    words = await scene.words_of(card.to)
    page = await scene.desk.duty_pages.handover(card.handover, words)
    names = await names_of(scene.member, [page.handover.giver, page.handover.taker])
    return Sheet(handover_message(page, card.to, words, names), page.handover.version)


@router.draws(HandoverLine)
async def handover_line(card: HandoverLine, scene: Scene) -> Sheet | None:
    """Said once."""
    brand = await scene.desk.brand(card.brand)
    words = words_for(brand.language)
    page = await scene.desk.duty_pages.handover(card.handover, words)
    names = await names_of(scene.member, [page.handover.giver, page.handover.taker])
    return Sheet(line_message(page, brand, words, names), page.handover.version, pinned=True)


@router.draws(QuietCard)
async def quiet_card(card: QuietCard, scene: Scene) -> Sheet | None:
    """Said once, on the reader's clock."""
    member = await scene.member(card.member)
    brand = await scene.desk.brand(card.brand)
    until = datetime.fromtimestamp(card.until, UTC)
    message = quiet_message(card, brand, until, zone_of(member), words_for(member.locale))
    return Sheet(message, 1, pinned=True)
