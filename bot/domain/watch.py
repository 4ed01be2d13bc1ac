"""Who is on duty in a brand at one moment, and whom the rota names in vain."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from bot.domain.brands import WRITING, Account, Brand, Role, Stage
from bot.domain.duty import Cover, OffHours, Span, current, following
from bot.domain.records import MemberId, Value


class How(StrEnum):
    """Why somebody is on duty, or nobody."""

    SHIFT = "shift"
    COVER = "cover"  # it was handed over
    NEXT = "next"  # between shifts, whoever is next is rung already
    ROLES = "roles"  # there is no rota: whoever moderates and approves
    ADMINS = "admins"  # between shifts nobody but admins is rung
    WAIT = "wait"  # between shifts nobody is, until `until`


class Watch(Value):
    """Who is on duty. since and until bound the shift, None where nothing does.

    skipped: members whom the rota or a hand over names and who can't be rung, because they left or lost their role.
    """

    how: How
    members: tuple[MemberId, ...] = ()
    deputies: tuple[MemberId, ...] = ()
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    skipped: tuple[MemberId, ...] = ()


class Team(Value):
    """Who can't be rung or asked whatever roles and rota say (`gone`: they left Slack, or are guests or outsiders
    there), who of them is only a guest, and who administers the workspace."""

    gone: frozenset[MemberId] = frozenset()
    guests: frozenset[MemberId] = frozenset()
    admins: frozenset[MemberId] = frozenset()

    def missing(self, stage: Stage) -> frozenset[MemberId]:
        """Who can't sign a stage of a review: a guest may well be the client."""
        return self.gone - self.guests if stage.client else self.gone

    def serves(self, brand: Brand, member: MemberId) -> bool:
        """Whether somebody can be on duty: still there, and with a role that writes or moderates."""
        held = brand.roles.get(member, frozenset())
        return bool(member) and member not in self.gone and (bool(held & WRITING) or member in self.admins)

    def fit(self, brand: Brand, *members: MemberId) -> tuple[MemberId, ...]:
        """Those of them who can be on duty, once each."""
        return tuple(member for member in dict.fromkeys(members) if self.serves(brand, member))


def on_duty(brand: Brand, now: datetime, team: Team | None = None) -> Watch:
    """Who is on duty in a brand: whoever took the shift over, else the rota's upper line that is on, else the rule for
    the hours between. Where there is no rota, everybody who moderates or approves."""
    team = team or Team()
    on = current(brand.duty, brand.clock, now)
    cover = brand.duty.cover
    lost: tuple[MemberId, ...] = ()
    if cover is not None and covers(cover, now):
        watch = _covered(brand, cover, on, team)
        if watch.members:
            return watch
        lost = (cover.member,)
    watch = _by_rota(brand, on, now, team) if brand.duty.rota else _by_role(brand, team)
    return watch.model_copy(update={"skipped": tuple(dict.fromkeys((*lost, *watch.skipped)))})


def covers(cover: Cover, now: datetime) -> bool:
    """Whether a hand over holds at that moment."""
    return cover.since <= now and (cover.until is None or now < cover.until)


def _covered(brand: Brand, cover: Cover, on: Sequence[Span], team: Team) -> Watch:
    """The shift's own deputy stays."""
    deputies = _without(team.fit(brand, *(span.shift.deputy for span in on[:1])), cover.member)
    return Watch(
        how=How.COVER,
        members=team.fit(brand, cover.member),
        deputies=deputies,
        since=cover.since,
        until=cover.until,
    )


def _by_rota(brand: Brand, on: Sequence[Span], now: datetime, team: Team) -> Watch:
    if on:
        return _shift(brand, How.SHIFT, on, team).model_copy(update={"since": on[0].start, "until": on[0].end})
    upcoming = following(brand.duty, brand.clock, now)
    until = upcoming.start if upcoming else None
    if upcoming is not None and brand.duty.off_hours is OffHours.RING:
        return _shift(brand, How.NEXT, [upcoming], team).model_copy(update={"until": until})
    how = How.WAIT if brand.duty.off_hours is OffHours.WAIT else How.ADMINS
    return Watch(how=how, until=until)


def _shift(brand: Brand, how: How, on: Sequence[Span], team: Team) -> Watch:
    """The upper line is on duty; where it names no deputy, whoever has the line below it is that."""
    first, below = on[0].shift, [span.shift.member for span in on[1:]]
    named = [first.deputy] if first.deputy else below
    asked = [each for each in (first.member, first.deputy) if each]
    return Watch(
        how=how,
        members=team.fit(brand, first.member),
        deputies=_without(team.fit(brand, *named), first.member),
        skipped=tuple(each for each in asked if not team.serves(brand, each)),
    )


def _by_role(brand: Brand, team: Team) -> Watch:
    named = (*brand.holders(Role.MODERATOR), *brand.holders(Role.APPROVER))
    return Watch(how=How.ROLES, members=team.fit(brand, *named))


def _without(members: Sequence[MemberId], one: MemberId) -> tuple[MemberId, ...]:
    return tuple(member for member in members if member != one)


def publishers(account: Account, brand: Brand, now: datetime, team: Team | None = None) -> tuple[MemberId, ...]:
    """Who may be asked to publish by hand on an assisted account, one after the other: whoever an admin chose and their
    deputy, whoever is on duty, and, where that is nobody, the admins."""
    team, chosen = team or Team(), account.by_hand
    named = (chosen.publisher, chosen.deputy) if chosen else ()
    watch = on_duty(brand, now, team)
    asked = team.fit(brand, *named, *watch.members, *watch.deputies)
    return asked or team.fit(brand, *brand.holders(Role.ADMIN), *sorted(team.admins))
