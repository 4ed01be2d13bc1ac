"""The digest: on request, each morning to everyone, and in a brand's channel where it is on."""

from collections.abc import Sequence

from bot.domain.brands import Role
from bot.domain.events import DigestDue
from bot.slack.call import Call, Scene, zone_of
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Open, Reply, Say, Update
from bot.slack.router import Router
from bot.text.words import words_for
from handlers.views.day import SeePost
from handlers.views.digest import DigestCard, PostSheet, ShowToday, TodayCommand, digest_message, post_view
from handlers.views.faces import names_of
from handlers.views.review import people

router = Router()
ANY_ROLE = tuple(Role)


@router.on(TodayCommand)
async def today(_: TodayCommand, call: Call) -> Reply:
    """My day, privately."""
    return await _mine(call)


@router.on(ShowToday)
async def show(_: ShowToday, call: Call) -> Reply:
    """The same from a menu."""
    return await _mine(call)


async def _mine(call: Call) -> Reply:
    page = await call.desk.days.today(call.who, zone=call.zone.key)
    return Say(digest_message(page, call.words, await names_of(call.desk.member, page.people)))


@router.on(SeePost, needs=ANY_ROLE)
async def see_post(press: SeePost, call: Call) -> Reply:
    """A post's card, whole, with its buttons."""
    page = await call.desk.pages.seen(press.post, call.who)
    names = await names_of(call.desk.member, people(page))
    return Open(post_view(PostSheet(post=press.post), page, call.words, names))


@router.live(PostSheet)
async def post_pressed(form: PostSheet, _: str, call: Call) -> Reply:
    """Something on it was pressed: it shows what became of it."""
    page = await call.desk.pages.seen(form.post, call.who)
    names = await names_of(call.desk.member, people(page))
    return Update(post_view(form, page, call.words, names))


@router.on(DigestDue)
async def due(event: DigestDue, scene: Scene) -> Sequence[Draw]:
    """To the member, or to the brand's channel; the day is in the card's key, so it is said once."""
    card = DigestCard(day=event.day, member=event.member, brand=event.brand)
    if event.member:
        return [Draw(f"@{event.member}", card)]
    return [Draw((await scene.desk.brand(event.brand)).channel("digest"), card)]


@router.draws(DigestCard)
async def digest_card(card: DigestCard, scene: Scene) -> Sheet | None:
    """As the day stands when it is said; later presses don't change it."""
    desk = scene.desk
    if card.member:
        member = await scene.member(card.member)
        page = await desk.days.today(await desk.standing(card.member), zone=zone_of(member).key)
        words = words_for(member.locale)
    else:
        brand = await desk.brand(card.brand)
        page, words = await desk.days.of_brand(brand), words_for(brand.language)
    names = await names_of(scene.member, page.people)
    return Sheet(digest_message(page, words, names), 1, pinned=True)
