"""The queue: what is still to go out, and another time for it."""

from bot.domain.brands import Brand
from bot.domain.posts import Post, PostStatus
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Quiet, Reply, Say, Update
from bot.slack.router import Router
from bot.text.when import Question, Refusal
from handlers.views.queue import (
    MoveForm,
    MoveIs,
    MovePost,
    QueueCommand,
    ShowQueue,
    move_view,
    moved_message,
    queue_message,
)
from handlers.views.when import Clock, heard, refused, settled_at, understood, written

router = Router()


@router.on(QueueCommand)
async def queue(_: QueueCommand, call: Call) -> Reply:
    """What is to go out in my brands, privately."""
    return await _list(call)


@router.on(ShowQueue)
async def show(_: ShowQueue, call: Call) -> Reply:
    """The same from a menu."""
    return await _list(call)


async def _list(call: Call) -> Reply:
    queues = await call.desk.agenda.queue(call.who)
    mine = await call.desk.week.count(call.who)
    return Say(queue_message(queues, call.desk.pages.titles(), call.desk.now(), call.words, mine))


@router.on(MovePost)
async def move(press: MovePost, call: Call) -> Reply:
    """When instead: the next free slot first, where there is one."""
    post, clock = await _about(press.post, call)
    began = round(post.due.timestamp()) if post.due else None
    chosen = "slot" if clock.slot is not None else "at"
    form = MoveForm(post=post.id, channel=call.channel or "", when=chosen, at=began, began=began)
    return Open(move_view(form, post.current.text, clock, call.words))


@router.live(MoveForm)
async def typed(form: MoveForm, field: str, call: Call) -> Reply:
    """A typed time shows what it means; a chosen one its place in *when*."""
    post, clock = await _about(form.post, call)
    changed = written(form, field)
    if field == "phrase":
        changed = understood(changed, heard(form.phrase, clock))
    return Update(move_view(changed, post.current.text, clock, call.words))


@router.on(MoveIs)
async def when_is(press: MoveIs, call: Call) -> Reply:
    """Which of the times that the phrase may mean."""
    form = call.filled(MoveForm)
    if form is None:
        return Quiet()
    post, clock = await _about(form.post, call)
    return Update(move_view(settled_at(form, press.at), post.current.text, clock, call.words))


@router.on(MoveForm)
async def moved(form: MoveForm, call: Call) -> Reply:
    """It moves, and what was approved stays so while the approval covers it. A time that wasn't shown yet is shown."""
    post, clock = await _about(form.post, call)
    if not form.said:
        answer = heard(form.phrase, clock)
        if isinstance(answer, Refusal) or (isinstance(answer, Question) and form.phrase == form.heard):
            raise FieldErrors({"phrase": refused(answer, call.words)})
        return Update(move_view(understood(form, answer), post.current.text, clock, call.words))
    if not form.queued and form.due is None:
        raise FieldErrors({"phrase": UserError("check.no_time")})
    new = await call.desk.moving.move(post.id, None if form.queued else form.due, call.who)
    brand = await call.desk.brand(new.brand)
    before = {PostStatus.APPROVED, PostStatus.EXPIRED}
    asks = post.status in before and new.status is PostStatus.IN_REVIEW
    due = new.due or call.desk.now()
    return Close(all=True, say=moved_message(brand, due, call.desk.now(), call.words, asks=asks))


async def _about(id_: str, call: Call) -> tuple[Post, Clock]:
    """The post, and by whose clock it moves; raises NotAllowed for whoever may not move it."""
    post = await call.desk.posts.get(id_)
    brand: Brand = await call.desk.brand(post.brand)
    call.desk.moving.may(post, call.who, brand)
    accounts = [each for each in await call.desk.accounts.of(brand.id) if each.id in post.current.accounts]
    slot = await call.desk.slots.next_free(brand, accounts, post.id)
    return post, Clock(brand, call.zone, call.desk.now(), slot)
