"""Who our members are to us: name, language and zone from Slack, refreshed once a day."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.brands import Member
from bot.domain.records import MemberId
from bot.errors import Conflict
from bot.slack.client import SlackApi, SlackError, SlackLimited
from bot.slack.payload import part, text_at
from bot.store.records import Store
from bot.text.words import Words, words_for

FRESH = timedelta(days=1)
TRUSTED = timedelta(minutes=5)
"""How long it is believed that somebody who acts is still there."""
BEHIND = timedelta(minutes=1)
NEWS = 1.5
"""Seconds that a press waits for news of its person; a trigger lives three."""
_MOST = 5000

log = logging.getLogger(__name__)


class People:
    """Members by their id `T…:U…`; the record keeps what they set themselves, such as the digest's hour."""

    def __init__(self, store: Store, api: SlackApi, now: Callable[[], datetime]) -> None:
        self._store = store
        self._api = api
        self._now = now
        self._met: dict[MemberId, tuple[Member, datetime]] = {}
        self._ask_after: datetime | None = None

    async def member(self, id_: MemberId) -> Member:
        """The member as last heard from Slack, at most a minute behind the record. One whom Slack doesn't tell us
        about has the defaults. Raises StoreUnavailable."""
        now = self._now()
        member, at = self._met.get(id_, (None, now))
        if member is not None and now - at < BEHIND:
            return member
        known = await self._store.find(Member, id_)
        if known is None or known.seen_at is None or now - known.seen_at > FRESH:
            known = await self._refreshed(id_, known)
        if len(self._met) >= _MOST:
            self._met.clear()
        self._met[id_] = (known, now)
        return known

    async def acting(self, id_: MemberId) -> Member:
        """The member who does something now: what they may do hangs on what Slack says of them, so that is never older
        than a few minutes, where Slack answers."""
        member = await self.member(id_)
        if member.seen_at is not None and self._now() - member.seen_at > TRUSTED:
            return await self.refresh(id_)
        return member

    async def refresh(self, id_: MemberId) -> Member:
        """The member as Slack has them at this moment: before somebody is rung."""
        known = await self._store.find(Member, id_)
        fresh = await self._refreshed(id_, known)
        self._met[id_] = (fresh, self._now())
        return fresh

    async def quiet(self, id_: MemberId) -> tuple[datetime, datetime] | None:
        """From when until when Slack keeps a member's notifications back, next or now; None: not, or Slack doesn't
        say, as an app that was installed before it asked for `dnd:read`."""
        try:
            found = await self._api.quiet(id_.rpartition(":")[2])
        except SlackError as error:
            log.warning("nothing is known of a member's do-not-disturb: %s", error, extra={"member": id_})
            return None
        return (datetime.fromtimestamp(found[0], UTC), datetime.fromtimestamp(found[1], UTC)) if found else None

    def last_words(self, id_: MemberId) -> Words:
        """The words that this process used for a member last, without asking anybody."""
        met = self._met.get(id_)
        return words_for(met[0].locale if met else None)

    async def _refreshed(self, id_: MemberId, known: Member | None) -> Member:
        if self._ask_after is not None and self._now() < self._ask_after:
            return known or Member(id=id_)
        try:
            async with asyncio.timeout(NEWS):
                found = await self._api.member(id_.rpartition(":")[2])
        except (SlackError, TimeoutError) as error:
            if isinstance(error, SlackLimited):
                self._ask_after = self._now() + timedelta(seconds=error.seconds)
            log.warning("no news of a member: %s", error, extra={"member": id_})
            return known or Member(id=id_)
        names = (("profile", "real_name"), ("real_name",), ("profile", "display_name"), ("name",))
        name = next((said for path in names if (said := text_at(found, *path))), "")
        outside = _outside(found, id_.partition(":")[0], self._store.team)
        update = {
            "name": name,
            "handle": text_at(found, "name"),
            "gone": bool(found.get("deleted")),
            "guest": bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
            "outside": outside,
            "locale": str(found.get("locale") or "en-US"),
            "zone": str(found.get("tz") or "UTC"),
            "owner": not outside and bool(found.get("is_owner") or found.get("is_primary_owner")),
            "seen_at": self._now(),
        }
        fresh = (known or Member(id=id_)).model_copy(update=update)
        change = self._store.begin()
        change.put(fresh, known)
        try:
            await change.commit()
        except Conflict:
            log.debug("somebody else refreshed a member first", extra={"member": id_})
        return fresh


def _outside(found: Mapping[str, Any], theirs: str, ours: str) -> bool:
    """Whether a user is none of this workspace's people: `is_stranger` and another `team_id` are those of a shared
    channel, in an Enterprise organisation `enterprise_user.teams` has all of somebody's workspaces.
    https://docs.slack.dev/reference/objects/user-object"""
    teams = part(found, "enterprise_user", "teams")
    known = {text_at(found, "team_id"), *(teams if isinstance(teams, list) else ())} - {""}
    return theirs != ours or bool(found.get("is_bot") or found.get("is_stranger")) or bool(known and ours not in known)
