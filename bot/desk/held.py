"""Everything that waited, kept in one press: each is checked as if it were the only one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.brands import Standing
from bot.domain.deliveries import Delivery
from bot.errors import Conflict, UserError

if TYPE_CHECKING:
    from bot.desk.desk import Desk

ACCESS = frozenset({"auth", "disconnected", "key_missing"})
"""Held for these, a delivery waits for its account."""


@dataclass(frozen=True)
class Kept:
    """What became of one press: how many are planned again, and why the others are not, once each."""

    kept: int
    refused: int
    reasons: Sequence[UserError] = ()


class Held:
    """The verbs of keeping."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def of_account(self, account: str) -> list[Delivery]:
        """The posts that waited for an account's access."""
        held = await self._desk.accounts.held(account)
        return [each for each in held if each.post and each.trouble is not None and each.trouble.kind in ACCESS]

    async def of_stop(self, brand: str) -> list[Delivery]:
        """The posts of a brand that a stop held."""
        return [each for each in await self._desk.stops.held(brand) if each.post]

    async def keep(self, listed: Sequence[Delivery], who: Standing) -> Kept:
        """*Keep all*. Raises the error itself where not one of them could be kept, and UserError where none waits."""
        kept, errors = 0, []
        for each in listed:
            try:
                await self._desk.deliveries.send_again(each.id, who, asked=each.asked)
            except UserError as error:
                errors.append(error)
            except Conflict:
                errors.append(UserError("error.delivery_moved_on", status=f"delivery_status.{each.state}"))
            else:
                kept += 1
        if not kept:
            raise errors[0] if errors else UserError("error.nothing_held")
        reasons = {error.key: error for error in errors}
        return Kept(kept, len(errors), list(reasons.values()))
