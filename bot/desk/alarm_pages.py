"""What an alarm's messages show, read together: what it is about, who was rung, who has it, who is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.desk.alarms import call_of
from bot.desk.hooks import HookCall
from bot.desk.inbox import ConversationPage
from bot.desk.pages import PostPage
from bot.domain.alarms import DELIVERIES, RULEBOOK, Alarm, AlarmKind, AlarmState, Step, Thing, asked_in
from bot.domain.brands import WRITING, Account, Brand, Role, Standing
from bot.domain.custody import Custody
from bot.domain.deliveries import Delivery
from bot.domain.foreign import ForeignPost
from bot.domain.posts import Post
from bot.domain.records import MemberId
from bot.domain.watch import Watch

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LINES = 5
"""Things of one alarm that are read in full."""
DOWNTIME_LINES = 15
"""… where each is a line with its buttons, instead of a message of its own."""
_POSTS = DELIVERIES | {AlarmKind.DOWNTIME}


@dataclass(frozen=True)
class Asked:
    """A delivery that rings, with the post that it belongs to; `thing` says whether it is over."""

    thing: Thing
    delivery: Delivery
    page: PostPage


@dataclass(frozen=True)
class Answered:
    """The same of an answer, with its conversation."""

    thing: Thing
    delivery: Delivery
    page: ConversationPage


@dataclass(frozen=True)
class AlarmPage:
    """An alarm with all that its messages show, as they are for one reader.

    asked, answers: the reader's deliveries, the open ones first, LINES at most; count: how many there are for them, and
    open how many of those are. account, waiting: of ACCESS_*. foreign: of FOREIGN_POST, LINES at most. custody: of
    STATE_MISSING. next: whom it rings next, and next_at when. mends: the reader may press what mends it.
    """

    alarm: Alarm
    brand: Brand | None
    watch: Watch | None
    asked: Sequence[Asked]
    count: int
    open: int
    account: Account | None
    waiting: int
    titles: Mapping[str, str]
    next: Step | None
    next_at: datetime | None
    next_members: Sequence[MemberId]
    call: HookCall | None
    mends: bool
    now: datetime
    foreign: Sequence[ForeignPost] = ()
    answers: Sequence[Answered] = ()
    custody: Custody | None = None

    @property
    def people(self) -> list[MemberId]:
        """Everyone whose name it may say."""
        settled = [each.settled_by for asked in self.asked for each in asked.page.deliveries]
        settled += [who for answer in self.answers for who in answer.page.people]
        settled += [self.custody.confirmed_by] if self.custody else []
        skipped = self.watch.skipped if self.watch else ()
        skipped = (*skipped, *(each.explained_by for each in self.foreign))
        named = [
            *self.alarm.rung_members,
            *self.alarm.refused,
            *self.alarm.lost,
            *self.next_members,
            *skipped,
            *settled,
        ]
        return [who for who in dict.fromkeys(named) if who]


class AlarmPages:
    """Reads."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def involved(self, alarm: Alarm) -> Sequence[MemberId]:
        """Whom it concerns whoever is on duty, told at once: a post's author and who approved it, an answer's writer;
        of an account that loses its access the admins, who can mend it, and the authors of what waits; of the store
        the admins, and the ones from before where something is missing; of an emergency whoever did it, who isn't
        rung."""
        if alarm.kind in _POSTS:
            found = [each for _, delivery, post in await self._deliveries(alarm) for each in _people(delivery, post)]
            found += [_writer(delivery) for _, delivery in await self._answers(alarm)]
        elif alarm.kind in {AlarmKind.ACCESS_LOST, AlarmKind.ACCESS_ENDING}:
            found = await self._account_people(alarm)
        elif alarm.kind is AlarmKind.REMOVED:
            found = [alarm.cause]
        elif alarm.kind is AlarmKind.STATE_MISSING:
            found = list((await self._desk.custody.now()).admins)
        elif alarm.kind is AlarmKind.STORE_TROUBLE:
            found = sorted((await self._desk.workspace()).admins)
        else:
            found = []
        return list(dict.fromkeys(who for who in found if who))

    async def _account_people(self, alarm: Alarm) -> list[MemberId]:
        account = await self._desk.store.find(Account, alarm.subject)
        brand = await self._desk.brand(alarm.brand)
        admins = [member for member in brand.roles if Role.ADMIN in brand.roles[member]]
        found = sorted({*admins, *(await self._desk.workspace()).admins})
        if account is None or alarm.kind is AlarmKind.ACCESS_ENDING:
            return found
        waiting = [each.post for each in await self._desk.accounts.waiting(account) if each.post]
        posts = await self._desk.store.find_many(Post, dict.fromkeys(waiting))
        return [*found, *(post.author for post in posts)]

    async def _deliveries(self, alarm: Alarm) -> list[tuple[Thing, Delivery, Post]]:
        """The posts' ones."""
        ids = {asked_in(thing.subject)[0]: thing for thing in alarm.things}
        found = [each for each in await self._desk.store.find_many(Delivery, ids) if each.post]
        posts = {p.id: p for p in await self._desk.store.find_many(Post, dict.fromkeys(d.post for d in found))}
        return [(ids[each.id], each, posts[each.post]) for each in found if each.post in posts]

    async def _answers(self, alarm: Alarm) -> list[tuple[Thing, Delivery]]:
        """The answers' ones."""
        ids = {asked_in(thing.subject)[0]: thing for thing in alarm.things}
        return [(ids[each.id], each) for each in await self._desk.store.find_many(Delivery, ids) if each.reply]

    async def _shown(self, answers: Sequence[tuple[Thing, Delivery]]) -> list[Answered]:
        first = sorted(answers, key=lambda each: each[0].over_at is not None)[:LINES]
        talks = {each.reply.conversation: None for _, each in first if each.reply}
        pages = {id_: await self._desk.inbox.page(id_) for id_ in talks}
        return [Answered(thing, each, pages[each.reply.conversation]) for thing, each in first if each.reply]

    async def page(self, id_: str, reader: MemberId = "") -> AlarmPage:
        """All that an alarm's message shows to somebody, or in a channel; raises UserError when there is none."""
        desk = self._desk
        now = desk.now()
        alarm = await desk.alarms.get(id_)
        brand = await desk.brand(alarm.brand) if alarm.brand else None
        deliveries = await self._deliveries(alarm) if alarm.kind in _POSTS else []
        answers = await self._answers(alarm) if alarm.kind in _POSTS else []
        if reader and reader not in alarm.rung_members:
            deliveries = [each for each in deliveries if reader in _people(each[1], each[2])]
            answers = [each for each in answers if reader == _writer(each[1])]
        things = [thing for thing, _, _ in deliveries] + [thing for thing, _ in answers]
        shown = sorted(deliveries, key=lambda each: each[0].over_at is not None)
        shown = shown[: DOWNTIME_LINES if alarm.kind is AlarmKind.DOWNTIME else LINES]
        posts = {id_: await desk.pages.post(id_) for id_ in dict.fromkeys(post.id for _, _, post in shown)}
        account = await desk.store.find(Account, alarm.subject)
        step = await desk.alarms.next_step(alarm) if alarm.state is AlarmState.RINGING else None
        members: Sequence[MemberId] = step.members if step else ()
        if alarm.waits is not None and brand is not None:
            members = (await desk.duty.watch(brand, alarm.waits)).members
        return AlarmPage(
            alarm=alarm,
            brand=brand,
            watch=await desk.duty.watch(brand) if brand else None,
            asked=[Asked(thing, delivery, posts[post.id]) for thing, delivery, post in shown],
            count=len(things) or len(alarm.things),
            open=sum(thing.over_at is None for thing in things) if things else len(alarm.open),
            account=account,
            waiting=len([d for d in await desk.accounts.waiting(account) if d.post]) if account else 0,
            titles=desk.pages.titles(),
            next=step,
            next_at=alarm.attention if alarm.state is AlarmState.RINGING else None,
            next_members=members,
            call=await desk.hooks.call(call_of(alarm)),
            mends=await self._mends(alarm, reader, brand, deliveries, answers),
            now=now,
            foreign=await self._foreign(alarm),
            answers=await self._shown(answers),
            custody=await desk.custody.now() if alarm.kind is AlarmKind.STATE_MISSING else None,
        )

    async def _foreign(self, alarm: Alarm) -> Sequence[ForeignPost]:
        """Of FOREIGN_POST: the first ones that it is about."""
        if alarm.kind is not AlarmKind.FOREIGN_POST:
            return ()
        return await self._desk.store.find_many(ForeignPost, [thing.subject for thing in alarm.things[:LINES]])

    async def _mends(
        self,
        alarm: Alarm,
        reader: MemberId,
        brand: Brand | None,
        deliveries: Sequence[tuple[Thing, Delivery, Post]],
        answers: Sequence[tuple[Thing, Delivery]],
    ) -> bool:
        """A channel's readers may press anything, the press is checked; a person sees only what they may press."""
        if not reader or brand is None:
            return True
        standing: Standing = await self._desk.standing(reader)
        if alarm.kind in _POSTS:
            roles = brand.roles_of(standing)
            wrote = all(post.author == reader for _, _, post in deliveries) and bool(roles & WRITING)
            decides = not deliveries or wrote or bool(roles & {Role.APPROVER, Role.ADMIN})
            let_out = Role.APPROVER in roles and all(each.approved_by == reader for _, each in answers)
            return decides and (not answers or let_out or Role.MODERATOR in roles)
        if alarm.kind in RULEBOOK:
            return Role.ADMIN in brand.roles_of(standing)
        if alarm.kind is AlarmKind.FOREIGN_POST:
            return bool(brand.roles_of(standing) & WRITING)
        return reader in await self.involved(alarm)


def _people(delivery: Delivery, post: Post) -> tuple[MemberId, MemberId]:
    return post.author, delivery.approved_by


def _writer(delivery: Delivery) -> MemberId:
    """Whoever answers for it: of a trainee's words whoever let them out."""
    return (delivery.approved_by or delivery.reply.by) if delivery.reply else ""
