"""What admins set from Home: brands, channels, roles; practice for the first day; and one's own digest's hour."""

from bot.desk.brands import zone_named
from bot.domain.brands import Brand, Policies, Role
from bot.domain.proposals import Proposal
from bot.errors import NotAllowed
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Say, Several, Update
from bot.slack.router import Router
from bot.text.emoji import emojify
from bot.text.times import clock
from handlers.drawn import home_of
from handlers.views.faces import names_of
from handlers.views.proposing import proposed
from handlers.views.roles import EditRoles, RolesForm, roles_saved, roles_view
from handlers.views.settings import (
    FACE,
    BrandForm,
    EditBrand,
    NewBrand,
    PracticeForm,
    SetMyDigest,
    SettingsCommand,
    ShowSettings,
    TryPractice,
    brand_form,
    brand_view,
    practice_ready,
    practice_view,
    saved,
    settings_blocks,
    settings_message,
)

router = Router()


@router.on(SettingsCommand)
async def settings(_: SettingsCommand, call: Call) -> Reply:
    """What I may set, privately."""
    return await _shown(call)


@router.on(ShowSettings)
async def show(_: ShowSettings, call: Call) -> Reply:
    """The same from a menu."""
    return await _shown(call)


async def _shown(call: Call) -> Reply:
    page = await call.desk.days.home(call.who, call.member, zone=call.zone.key)
    now = call.desk.now()
    blocks = settings_blocks(page.brands, page.member, call.words, admin=page.admin, practice=page.practice, now=now)
    return Say(settings_message(blocks, call.words))


async def _settled(call: Call, channel: str, text: str) -> Reply:
    """The forms close and Home is drawn again; where somebody came from a channel, a sentence says it there."""
    return Several.of(await home_of(call), Close(all=True, say=text if channel else None))


@router.on(SetMyDigest)
async def set_my_digest(press: SetMyDigest, call: Call) -> Reply:
    """In my own zone."""
    await call.desk.brands.set_digest(call.who.id, hour=press.hour, on=press.on)
    home = await home_of(call)
    if call.view is not None:
        return home
    day = call.desk.now().astimezone(call.zone).replace(hour=press.hour, minute=0, second=0, fold=0)
    at = call.words("settings.hour_saved", when=clock(day, call.zone, call.words))
    return Several.of(home, Say(at if press.on else call.words("settings.hour_off")))


@router.on(NewBrand)
async def new_brand(_: NewBrand, call: Call) -> Reply:
    """An empty form, in the reader's language and zone."""
    if not call.who.admin:
        raise NotAllowed("error.admins_only")
    form = BrandForm(channel=call.channel or "", language=call.words.lang, zone=call.zone.key)
    return Open(brand_view(form, call.words))


@router.on(EditBrand, needs=Role.ADMIN)
async def edit_brand(press: EditBrand, call: Call) -> Reply:
    """The form as the brand is."""
    form = brand_form(await call.desk.brand(press.brand), call.channel or "")
    return Open(brand_view(form.model_copy(update={"proposal": call.desk.new_id()}), call.words))


@router.on(BrandForm)
async def save_brand(form: BrandForm, call: Call) -> Reply:
    """Make it, or change it."""
    face, zone = emojify(form.face.strip()) or FACE, zone_named(form.zone)
    if form.brand:
        before = await call.desk.brand(form.brand)
        wanted, id_ = form.policies(before.policies), form.proposal or call.desk.new_id()
        made = await call.desk.proposing.policies(id_, form.brand, wanted, form.reason, call.who)
        kept = (await call.desk.brand(form.brand)).policies
        brand = await call.desk.brands.change(
            form.brand,
            call.who,
            name=form.name.strip(),
            channels=form.channels,
            language=form.language,
            zone=zone,
            face=face,
            policies=kept.model_copy(
                update={name: getattr(wanted, name) for name in ("digest_channel", "deleted_days", "review_hours")}
            ),
            digest_hour=form.hour,
            signature=form.signature,
        )
        if made is not None:
            return await _proposed(made, call)
    else:
        fresh = Brand(
            id=call.desk.new_id(),
            name=form.name.strip(),
            face=face,
            language=form.language,
            zone=zone,
            channels=form.channels,
            policies=form.policies(Policies()),
            digest_hour=form.hour,
            signature=form.signature,
        )
        brand = await call.desk.brands.create(fresh, call.who)
    return await _settled(call, form.channel, saved(brand, call.words, new=not form.brand))


@router.on(EditRoles, needs=Role.ADMIN)
async def edit_roles(press: EditRoles, call: Call) -> Reply:
    """Who holds what."""
    brand = await call.desk.brand(press.brand)
    form = RolesForm(brand=brand.id, proposal=call.desk.new_id(), channel=call.channel or "")
    return Open(roles_view(form, brand, call.words))


@router.live(RolesForm)
async def member_chosen(form: RolesForm, field: str, call: Call) -> Reply:
    """Their roles are ticked as they are."""
    brand = await call.desk.brand(form.brand)
    call.who.require(brand, Role.ADMIN)
    held = brand.roles.get(call.colleague(form.person), frozenset())
    update = {"drawn": form.person, "roles": tuple(role.value for role in Role if role in held)}
    return Update(roles_view(form.model_copy(update=update), brand, call.words))


@router.on(RolesForm, needs=Role.ADMIN)
async def save_roles(form: RolesForm, call: Call) -> Reply:
    """Exactly the ticked ones; a member who was not drawn yet is drawn first, so that nothing is taken away unseen."""
    if form.person != form.drawn:
        return await member_chosen(form, "person", call)
    member, roles = call.colleague(form.person), frozenset(role for role in Role if role.value in form.roles)
    id_ = form.proposal or call.desk.new_id()
    made = await call.desk.proposing.roles(id_, form.brand, member, roles, form.reason, call.who)
    if made is not None:
        return await _proposed(made, call)
    brand = await call.desk.brand(form.brand)
    names = await names_of(call.desk.member, [member])
    return await _settled(call, form.channel, roles_saved(member, roles, brand, call.words, names))


async def _proposed(made: Proposal, call: Call) -> Reply:
    """What waits for a second person is said, wherever the form was opened."""
    said = proposed(made, await call.desk.proposals.page(made.id), call.words)
    return Several.of(await home_of(call), Close(all=True, say=said))


@router.on(TryPractice)
async def try_practice(_: TryPractice, call: Call) -> Reply:
    """One question: where."""
    if not call.who.admin:
        raise NotAllowed("error.admins_only")
    return Open(practice_view(PracticeForm(channel=call.channel or "", review=call.channel or ""), call.words))


@router.on(PracticeForm)
async def practise(form: PracticeForm, call: Call) -> Reply:
    """Ensayo is there, with its account, and every role for whoever asked."""
    brand = await call.desk.connecting.practise(form.review, call.who, language=call.words.lang, zone=call.zone.key)
    return await _settled(call, form.channel, practice_ready(brand, call.words))
