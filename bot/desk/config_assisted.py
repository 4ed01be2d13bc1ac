"""Assisted accounts in the configuration file: people by their Slack names, or as ids without their team."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field

from bot.desk.assisted import Details
from bot.desk.config_inbox import Strict
from bot.domain.assisted import LONGEST_NAME
from bot.domain.brands import Account, Standing
from bot.domain.records import MemberId
from bot.network.assisted import ASSISTED, OTHER

if TYPE_CHECKING:
    from bot.desk.desk import Desk

Named = Callable[[str], Awaitable[MemberId | None]]


class ByHandFile(Strict):
    """How an account is published by hand; title: of a network that isn't in the list."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    handle: str = Field(default="", max_length=LONGEST_NAME)
    link: str = Field(default="", max_length=2000)
    title: str = Field(default="", max_length=LONGEST_NAME)
    personal: bool = False
    publisher: str = ""
    deputy: str = ""


async def read(network: str, file: ByHandFile, member: Named) -> Details:
    """The same with members for names; `member` notes those whom nobody knows."""
    return Details(
        network=network,
        title=file.title if network == OTHER else "",
        name=file.name,
        handle=file.handle,
        link=file.link,
        personal=file.personal,
        publisher=(await member(file.publisher) or "") if file.publisher else "",
        deputy=(await member(file.deputy) or "") if file.deputy else "",
    )


async def save(desk: "Desk", brand: str, details: Details, who: Standing) -> Account:
    """The brand's account of that network and name, changed, or a new one. Raises what saving it raises."""
    name, handle = details.name.strip(), details.handle.strip().removeprefix("@")
    named = (handle or name).casefold()
    known = [
        each
        for each in await desk.accounts.of(brand, disconnected=True)
        if each.by_hand is not None
        and each.network == details.network
        and each.by_hand.network.casefold() == details.title.strip().casefold()
        and (each.handle or each.name).casefold() == named
    ]
    id_ = known[0].id if known else desk.assisted.fresh()
    return await desk.assisted.save(id_, brand, details, who)


def written(account: Account) -> Mapping[str, Any] | None:
    """As it stands in the file; None for an account with a connector. What is as it would be anyway isn't said."""
    by_hand = account.by_hand
    if by_hand is None or account.network not in ASSISTED:
        return None
    file = ByHandFile(
        name=account.name,
        handle=account.handle,
        link=by_hand.link,
        title=by_hand.network,
        personal=account.personal,
        publisher=by_hand.publisher.rpartition(":")[2],
        deputy=by_hand.deputy.rpartition(":")[2],
    )
    return {"network": account.network, "by_hand": file.model_dump(mode="json", exclude_defaults=True)}
