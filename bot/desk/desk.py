"""The desk: what every verb needs, and one place to find the verbs."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from bot.desk.access import Accesses
from bot.desk.accounts import Accounts
from bot.desk.agenda import Agenda
from bot.desk.alarm_pages import AlarmPages
from bot.desk.alarms import Alarms
from bot.desk.answers import Answers
from bot.desk.assisted import Assisted
from bot.desk.audit import Audit
from bot.desk.brands import Brands
from bot.desk.by_hand import ByHand
from bot.desk.calendar_links import CalendarLinks
from bot.desk.clients import Clients
from bot.desk.connecting import Connecting
from bot.desk.conversations import Conversations
from bot.desk.corrections import Corrections
from bot.desk.courtesies import Courtesies
from bot.desk.crowds import Crowds
from bot.desk.custody import Custodian
from bot.desk.days import Days
from bot.desk.deliveries import Deliveries
from bot.desk.digests import Digests
from bot.desk.disclosing import Disclosing
from bot.desk.duplicating import Duplicating
from bot.desk.duty import Shifts
from bot.desk.duty_pages import DutyPages
from bot.desk.errands import Errands
from bot.desk.exporting import Exporting
from bot.desk.facts import Facts
from bot.desk.fixing import Fixing
from bot.desk.foreign import Foreign
from bot.desk.handling import Handling
from bot.desk.hearing import Hearing
from bot.desk.held import Held
from bot.desk.holds import Holds
from bot.desk.hooks import Hooks
from bot.desk.inbox import Inbox
from bot.desk.inbox_list import InboxList
from bot.desk.links import Links
from bot.desk.looks import Looks
from bot.desk.moderation import Moderation
from bot.desk.moods import Moods
from bot.desk.moving import Moving
from bot.desk.pages import Pages
from bot.desk.passing import Passing
from bot.desk.pausing import Pausing
from bot.desk.people import People
from bot.desk.posts import Posts
from bot.desk.previewing import Previewing
from bot.desk.private import Private
from bot.desk.promises import Promises
from bot.desk.proposals import Proposals
from bot.desk.proposing import Proposing
from bot.desk.receiving import Receiving
from bot.desk.remarks import Remarks
from bot.desk.reminding import Reminding
from bot.desk.removals import Removals
from bot.desk.repeating import Repeating
from bot.desk.retention import Retention
from bot.desk.routing import Routing
from bot.desk.rulebooks import Rulebooks
from bot.desk.ruling import Ruling
from bot.desk.saved_replies import SavedReplies
from bot.desk.sensitive import Sensitive
from bot.desk.sheets import Sheets
from bot.desk.showing import Showing
from bot.desk.slots import Slots
from bot.desk.spending import Spending
from bot.desk.stops import Stops
from bot.desk.storms import Storms
from bot.desk.suggestions import Suggestions
from bot.desk.urgency import Urgency
from bot.desk.vigil import Vigil
from bot.desk.week import ApprovingWeek
from bot.desk.working import WorkingThrough
from bot.domain.brands import Account, Brand, Member, Role, Standing, Stop, Workspace, stronger
from bot.domain.bulk import Bulk
from bot.domain.conversations import Conversation
from bot.domain.corrections import Correction
from bot.domain.deliveries import Delivery
from bot.domain.events import ChannelLost, EventsHeld
from bot.domain.facts import Fact
from bot.domain.foreign import ForeignPost
from bot.domain.people import Person
from bot.domain.posts import Post
from bot.domain.proposals import Proposal
from bot.domain.records import AuditEntry, MemberId
from bot.domain.storms import Crowd
from bot.domain.suggestions import Suggestion
from bot.errors import Conflict, UserError
from bot.journal import correlation, redact
from bot.network import Endpoint, Provider
from bot.store.records import Store
from bot.store.vault import Vault

T = TypeVar("T")
Owned = (
    Post
    | Delivery
    | Conversation
    | Account
    | Proposal
    | ForeignPost
    | Person
    | Crowd
    | Bulk
    | Suggestion
    | Fact
    | Correction
)
TRIES = 8
"""How often a verb decides again when somebody else wrote first."""


class Desk:
    """The team's verbs over one workspace's store.

    providers: the networks by name. endpoints: where they live. now: the clock, aware UTC. new_id: fresh short ids.
    """

    def __init__(  # noqa: PLR0915  one line for each room of verbs
        self,
        store: Store,
        *,
        providers: Mapping[str, Provider],
        endpoints: Mapping[str, Endpoint],
        vault: Vault,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self.store = store
        self.providers = providers
        self.endpoints = endpoints
        self.vault = vault
        self.now = now
        self.new_id = new_id
        self.posts, self.fixing = Posts(self), Fixing(self)
        self.deliveries = Deliveries(self)
        self.conversations = Conversations(self)
        self.handling = Handling(self)
        self.promises = Promises(self)
        self.receiving = Receiving(self)
        self.private = Private(self)
        self.showing = Showing(self)
        self.spending = Spending(self)
        self.moderation = Moderation(self)
        self.passing = Passing(self)
        self.accounts, self.assisted, self.by_hand = Accounts(self), Assisted(self), ByHand(self)
        self.brands = Brands(self)
        self.stops = Stops(self)
        self.digests = Digests(self)
        self.inbox = Inbox(self)
        self.answers, self.looks = Answers(self), Looks(self)
        self.saved_replies, self.suggestions = SavedReplies(self), Suggestions(self)
        self.moods = Moods(self)
        self.inbox_list = InboxList(self)
        self.working = WorkingThrough(self)
        self.days = Days(self)
        self.connecting = Connecting(self)
        self.pages = Pages(self)
        self.previewing, self.disclosing = Previewing(self), Disclosing(self)
        self.alarms = Alarms(self)
        self.alarm_pages = AlarmPages(self)
        self.duty = Shifts(self)
        self.duty_pages = DutyPages(self)
        self.hooks = Hooks(self)
        self.proposals = Proposals(self)
        self.proposing = Proposing(self)
        self.removals = Removals(self)
        self.sensitive = Sensitive(self)
        self.corrections = Corrections(self)
        self.audit = Audit(self)
        self.custody = Custodian(self)
        self.vigil = Vigil(self)
        self.access = Accesses(self)
        self.foreign, self.facts = Foreign(self), Facts(self)
        self.held = Held(self)
        self.hearing = Hearing(self)
        self.links = Links(self)
        self.slots = Slots(self)
        self.moving, self.pausing = Moving(self), Pausing(self)
        self.remarks = Remarks(self)
        self.reminding, self.urgency = Reminding(self), Urgency(self)
        self.agenda, self.week = Agenda(self), ApprovingWeek(self)
        self.calendar_links = CalendarLinks(self)
        self.clients = Clients(self)
        self.duplicating, self.repeating = Duplicating(self), Repeating(self)
        self.sheets = Sheets(self)
        self._know_people()

    def _know_people(self) -> None:
        """The verbs about people outside: what we know and keep of them, and what rules do by themselves."""
        self.errands = Errands(self)
        self.retention = Retention(self)
        self.rulebooks = Rulebooks(self)
        self.ruling = Ruling(self)
        self.routing = Routing(self)
        self.people = People(self)
        self.courtesies = Courtesies(self)
        self.exporting = Exporting(self)
        self.holds = Holds(self)
        self.storms = Storms(self)
        self.crowds = Crowds(self)

    async def again(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Run load-decide-commit until nobody came between; raises Conflict when that never happens."""
        for _ in range(TRIES - 1):
            try:
                return await attempt()
            except Conflict:
                continue
        return await attempt()

    async def standing(self, member: MemberId) -> Standing:
        """Who is acting, looked up now. A member of another team has no rights and is never an admin, nor is somebody
        who left, a guest or a bot."""
        found, known = await self.store.find_pair((Workspace, "workspace"), (Member, member))
        workspace, known = found or Workspace(id="workspace"), known or Member(id=member)
        ours = member.partition(":")[0] == self.store.team
        within = known.within if ours else frozenset()
        return Standing(id=member, admin=member in workspace.admins and within == frozenset(Role), within=within)

    async def workspace(self) -> Workspace:
        """The workspace's own record."""
        return await self.store.find(Workspace, "workspace") or Workspace(id="workspace")

    async def member(self, member: MemberId) -> Member:
        """What we know of a member; a stranger gets the defaults."""
        return await self.store.find(Member, member) or Member(id=member)

    async def stopped(self, brand: str) -> Stop | None:
        """The stop in force for a brand, its own or the one over all."""
        return stronger(await self.store.find_many(Stop, [brand, "all"]))

    async def brand_of(self, thing: object) -> Brand | None:
        """The brand that something belongs to, by its `brand`, `post`, `delivery`, `conversation`, `account`,
        `proposal`, `foreign`, `outsider`, `crowd`, `bulk`, `suggestion`, `fact` or `correction` id."""
        id_ = getattr(thing, "brand", None)
        owners: dict[str, type[Owned]] = {
            "post": Post,
            "delivery": Delivery,
            "conversation": Conversation,
            "account": Account,
            "proposal": Proposal,
            "foreign": ForeignPost,
            "outsider": Person,
            "crowd": Crowd,
            "bulk": Bulk,
            "suggestion": Suggestion,
            "fact": Fact,
            "correction": Correction,
        }
        for name, kind in owners.items():
            subject = getattr(thing, name, None)
            if not id_ and isinstance(subject, str) and subject:
                record: Owned | None = await self.store.find(kind, subject)
                id_ = record.brand if record else None
        return await self.store.find(Brand, id_) if isinstance(id_, str) and id_ else None

    async def brand(self, id_: str) -> Brand:
        """A brand by id; raises UserError when it is gone."""
        brand = await self.store.find(Brand, id_)
        if brand is None:
            raise UserError("error.no_such_brand")
        return brand

    async def denied(self, who: Standing, act: str, subject: str) -> None:
        """Somebody tried what they may not do: nothing changed, and it is on record."""
        change = self.store.begin()
        change.audit(self.entry(who.id, f"denied:{act}", subject=subject))
        await change.commit()

    async def channel_lost(self, channel: str, reason: str) -> None:
        """Nothing can be written to a Slack channel: its people are told by other ways."""
        change = self.store.begin()
        since = round(self.now().timestamp() * 1000)
        change.emit(ChannelLost(channel=channel, reason=reason, since=since, correlation=correlation.get()))
        await change.commit()

    async def events_held(self, minute: str) -> None:
        """Slack held events back since `minute` (seconds since the epoch), because there were too many: told once."""
        change = self.store.begin()
        change.unique("events-held", minute, value="1")
        change.do("EXPIRE", self.store.key("events-held", minute), "86400")
        change.emit(EventsHeld(minute=minute, correlation=correlation.get()))
        change.audit(self.entry("engine", "slack.events_held", subject=minute))
        try:
            await change.commit()
        except Conflict:
            return  # told already

    def entry(self, who: MemberId, act: str, **about: str) -> AuditEntry:
        """A line for the record, with the time and the correlation of this press; no secret gets into it."""
        clean = {name: redact(value) for name, value in about.items()}
        return AuditEntry(at=self.now(), who=who, act=act, correlation=correlation.get(), **clean)
