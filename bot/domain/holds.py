"""Keeping something for legal reasons: nobody and nothing forgets it until an admin ends that."""

from datetime import datetime

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Value
from bot.errors import AlreadyDone, UserError

REASON = 500
"""Characters of a reason."""


class Hold(Value):
    """Who wants it kept, since when, and why."""

    by: MemberId
    at: AwareDatetime
    reason: str


def hold(known: Hold | None, who: MemberId, at: datetime, reason: str) -> Hold:
    """Kept from now on. Raises AlreadyDone where it is kept already, UserError without a reason."""
    if known is not None:
        raise AlreadyDone("legal.already", who=known.by, at=known.at)
    if not reason.strip():
        raise UserError("error.field_required")
    return Hold(by=who, at=at, reason=reason.strip()[:REASON])
