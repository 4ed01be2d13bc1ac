"""Fifteen kinds of people, and in three brands one thing of each kind that somebody, or one of them, made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from bot.desk.desk import Desk
from bot.domain.alarms import Alarm, AlarmKind, Thing
from bot.domain.assisted import Ask
from bot.domain.brands import Brand, Member, Role, Stop, Workspace
from bot.domain.bulk import Bulk, BulkAct
from bot.domain.client_links import ClientLink
from bot.domain.conversations import Conversation, ConversationStatus, Outsider, Words
from bot.domain.corrections import Correction
from bot.domain.custody import ID, Custody
from bot.domain.deliveries import Delivery, Reply, State, Trouble
from bot.domain.facts import Fact
from bot.domain.foreign import ForeignPost, ForeignState
from bot.domain.handovers import Handover
from bot.domain.passing import Passed
from bot.domain.people import Person as Outside
from bot.domain.posts import Post, PostStatus, Revision
from bot.domain.proposals import OPEN_FOR, Act, Proposal
from bot.domain.records import MemberId, Record
from bot.domain.ruled import Ruled, Strength
from bot.domain.saved_replies import SavedReply
from bot.domain.storms import Crowd
from bot.domain.suggestions import Suggestion, Version, Way
from bot.sandbox import world
from bot.slack.placed import Placed

OWN, OTHER, PRACTICE = "agora", "northwind", "ensayo"
OTHER_TEAM = "T99OTHER001"
EVERY = frozenset(Role)
SOMEBODY = f"{world.TEAM_ID}:U90SOMEBODY"


def stop_of(brand: str) -> Stop:
    """The stop that is in force in each brand: an approver who saw it may approve in spite of it."""
    return Stop(id=brand, by=SOMEBODY, at=datetime(2026, 1, 1, tzinfo=UTC))


def card_ts(at: str) -> str:
    """Where the card of somebody's conversation stands, in the channel `C90CARDS`."""
    return f"{1_700_000_000 + crc32(at.encode()) % 10_000_000}.000100"


@dataclass(frozen=True)
class Person:
    """One of the cast: the roles they were given in OWN, and what Slack says of them."""

    id: MemberId
    roles: frozenset[Role] = frozenset()
    admin: bool = False
    slack: Mapping[str, bool] = field(default_factory=dict)


def _of(user: str, *roles: Role, team: str = world.TEAM_ID, admin: bool = False, **slack: bool) -> Person:
    return Person(f"{team}:{user}", frozenset(roles), admin, slack)


CAST: Mapping[str, Person] = {
    "none": _of("U90NONE"),
    "viewer": _of("U90VIEWER", Role.VIEWER),
    "author": _of("U90AUTHOR", Role.AUTHOR),
    "approver": _of("U90APPROVER", Role.APPROVER),
    "moderator": _of("U90MODERATOR", Role.MODERATOR),
    "trainee": _of("U90TRAINEE", Role.TRAINEE),
    "client": _of("U90CLIENT", Role.CLIENT),
    "brand_admin": _of("U90BRANDADMIN", Role.ADMIN),
    "workspace_admin": _of("U90ADMIN", admin=True),
    "gone": _of("U90GONE", *EVERY, admin=True, gone=True),
    "guest": _of("U90GUEST", Role.AUTHOR, Role.APPROVER, Role.MODERATOR, Role.ADMIN, admin=True, guest=True),
    "guest_trainee": _of("U90ONECHANNEL", Role.TRAINEE, guest=True),
    "stranger": _of("U90STRANGER", *EVERY, team=OTHER_TEAM, admin=True, outside=True),
    "bot": _of("U90BOT", *EVERY, admin=True, outside=True),
    "twin": _of("U90ADMIN", team=OTHER_TEAM),
}
"""The stranger, the bot and who left hold every role on paper; the twin has the workspace admin's user id elsewhere."""


async def put(desk: Desk, *records: Record) -> None:
    """Stores records as they are."""
    for record in records:
        old = await desk.store.find(type(record), record.id)
        change = desk.store.begin()
        change.put(record.model_copy(update={"version": old.version if old else 0}), old)
        await change.commit()


async def settle_in(desk: Desk) -> None:
    """The cast moves in, and every brand has one thing of each kind."""
    brand = await desk.brand(OWN)
    held = {person.id: person.roles for person in CAST.values() if person.roles}
    held[SOMEBODY] = EVERY - {Role.CLIENT}
    await put(desk, brand.model_copy(update={"roles": dict(brand.roles) | held}))
    workspace = await desk.workspace()
    admins = {person.id for person in CAST.values() if person.admin}
    await put(desk, Workspace(id="workspace", admins=workspace.admins | admins))
    for name, person in CAST.items():
        about: dict[str, Any] = {"locale": "es-ES", "name": f"Sr. {name}", "seen_at": desk.now(), **person.slack}
        await put(desk, Member(id=person.id, **about))
    for each in (OWN, OTHER, PRACTICE):
        await put(desk, *await things(desk, await desk.brand(each), SOMEBODY, "somebody"))
    for name, person in CAST.items():
        await put(desk, *await things(desk, await desk.brand(OWN), person.id, name))
    mark = CAST["workspace_admin"].id
    await put(desk, Custody(id=ID, state="missing", epoch=1, admins=(mark, CAST["gone"].id)))


async def things(desk: Desk, brand: Brand, owner: MemberId, name: str) -> list[Record]:
    """One of each, made by one person: ids are a letter, the brand and the person's name."""
    now, at = desk.now(), f"{brand.id}-{name}"
    accounts = await desk.accounts.of(brand.id)
    account = next((each for each in accounts if each.network != "x" and each.by_hand is None), accounts[0])
    text = f"secret of {brand.id}"
    revision = Revision(number=1, text=text, accounts=(account.id,), by=owner, at=now)
    about: dict[str, Any] = {"brand": brand.id, "author": owner, "created_at": now, "changed_at": now}
    sent: dict[str, Any] = {
        "brand": brand.id, "account": account.id, "network": account.network, "generation": account.generation,
        "due": now + timedelta(hours=2), "created_at": now,
    }  # fmt: skip
    second = revision.model_copy(update={"number": 2, "text": f"{text}, again"})
    act = Ruled(rule="insultos", name="insultos", revision=1, strength=Strength.FLAG, at=now)
    words = Words(ref=f"ref-{at}", kind="comment", text=text, at=now, ruled=act)
    posted = {"post": f"a-{at}", "revision": 1, "hash": revision.hash, "approved_by": SOMEBODY}
    return [
        Post(id=f"p-{at}", status=PostStatus.IN_REVIEW, revisions=(revision, second), **about),
        Post(id=f"d-{at}", status=PostStatus.DRAFT, revisions=(revision,), **about),
        Post(id=f"a-{at}", status=PostStatus.APPROVED, approved=revision.hash, revisions=(revision,), **about),
        Delivery(
            id=f"h-{at}", state=State.HELD, asked=1, trouble=Trouble(kind="stopped"), attention=None, **sent, **posted
        ),
        Delivery(
            id=f"l-{at}", state=State.LIVE, ref=f"net-{at}", refs=(f"net-{at}",), settled_at=now, **sent, **posted
        ),
        Delivery(
            id=f"j-{at}", state=State.BY_HAND, attention=now + timedelta(hours=2),
            asks=(Ask(to=owner, at=now, due=sent["due"], until=now + timedelta(hours=2)),),
            **{**sent, **posted, "network": "instagram-assisted"},
        ),
        Conversation(
            id=f"c-{at}", brand=brand.id, account=account.id, network=account.network, heard=(words,), root="1_2",
            status=ConversationStatus.NEW, person=Outsider(id=f"x{at}", handle="lucia", name="Lucía"),
            changed_at=now, created_at=now,
        ),
        *(
            Outside(id=f"{letter}-{at}", brand=brand.id, network=account.network, seen_at=now,
                   outsider=Outsider(id=f"{letter}{at}", handle="lucia", name="Lucía"))
            for letter in "nb"
        ),
        Delivery(
            id=f"r-{at}", attention=now + timedelta(hours=2), **sent,
            reply=Reply(conversation=f"c-{at}", text=text, answers=words.ref, by=owner),
        ),
        Proposal(
            id=f"o-{at}", act=Act.DISCONNECT, brand=brand.id, subject=account.id, reason="x", by=owner, at=now,
            bound={f"account:{account.id}": f"{account.state}:{account.generation}"}, expires_at=now + OPEN_FOR,
        ),
        Alarm(
            id=f"m-{at}", kind=AlarmKind.FOREIGN_POST, brand=brand.id, things=(Thing(subject=f"f-{at}"),),
            raised_at=now,
        ),
        Handover(id=f"w-{at}", giver=SOMEBODY if owner != SOMEBODY else f"{world.TEAM_ID}:U90GIVER", taker=owner,
                 brands=(brand.id,), offered_at=now),
        ForeignPost(id=f"f-{at}", brand=brand.id, account=account.id, ref="1", state=ForeignState.OPEN, at=now,
                    seen_at=now),
        Passed(id=f"q-{at}", brand=brand.id, conversation=f"c-{at}", kind="person", to=owner, by=SOMEBODY, at=now,
               text=text),
        Crowd(id=f"k-{at}", brand=brand.id, account=account.id, network=account.network, keys=(f"={at}",), count=4,
              first=f"c-{at}", began_at=now, joined_at=now, keyed_at=now, formed_at=now),
        Bulk(id=f"u-{at}", brand=brand.id, account=account.id, crowd=f"k-{at}", act=BulkAct.ANSWER, texts=("Sí", "Ya"),
             seen=1, until=0.0, by=owner, at=now, attention=now + timedelta(hours=2)),
        Fact(id=f"e-{at}", brand=brand.id, statement=f"un dato secret de {brand.id}", by=owner, at=now, changed_at=now),
        Correction(id=f"v-{at}", brand=brand.id, account=account.id, network=account.network, post=f"a-{at}",
                   delivery=f"l-{at}", before=text, text="Otra cosa", by=owner, at=now),
        ClientLink(id=f"t-{at}", brand=brand.id, holder=f"link:{at}", name="Lucía", by=owner, at=now,
                   until=now + timedelta(days=7)),
        SavedReply(id=f"s-{at}", brand=brand.id, title=f"t-{at}", text=text, by=SOMEBODY, at=now),
        Suggestion(
            id=f"g-{at}", brand=brand.id, conversation=f"c-{at}", way=Way.PUBLIC, ref=words.ref, last=words.ref,
            heard=words.digest, versions=(Version(text=text, by=owner, at=now),), by=owner, at=now,
        ),
        Placed(
            id=Placed.name("C90CARDS", f"inbox:c-{at}"), channel="C90CARDS", home="C90CARDS", ts=card_ts(at),
            card=f'inbox:{{"conversation":"c-{at}"}}',
        ),
        stop_of(brand.id),
    ]  # fmt: skip
