"""Who our members are to us: name, language and zone from Slack, refreshed once a day."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.brands import Member
from bot.domain.records import MemberId
from bot.errors import Conflict
from bot.slack.client import SlackApi, SlackError
from bot.store.records import Store
from bot.text.words import Words, words_for

FRESH = timedelta(days=1)
BEHIND = timedelta(minutes=1)
_MOST = 5000

log = logging.getLogger(__name__)


class People:
    """Members by their id `T…:U…`; the record keeps what they set themselves, such as the digest's hour."""

    def __init__(self, store: Store, api: SlackApi, now: Callable[[], datetime]) -> None:
        self._store = store
        self._api = api
        self._now = now
        self._met: dict[MemberId, tuple[Member, datetime]] = {}

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

    def last_words(self, id_: MemberId) -> Words:
        """The words that this process used for a member last, without asking anybody."""
        met = self._met.get(id_)
        return words_for(met[0].locale if met else None)

    async def _refreshed(self, id_: MemberId, known: Member | None) -> Member:
        try:
            found = await self._api.member(id_.rpartition(":")[2])
        except SlackError as error:
            log.warning("no news of a member: %s", error, extra={"member": id_})
            return known or Member(id=id_)
        profile = found.get("profile") or {}
        name = profile.get("real_name") or found.get("real_name") or profile.get("display_name") or found.get("name")
        update = {
            "name": str(name or ""),
            "locale": str(found.get("locale") or "en-US"),
            "zone": str(found.get("tz") or "UTC"),
            "owner": bool(found.get("is_owner") or found.get("is_primary_owner")),
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
