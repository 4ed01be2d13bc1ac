"""The stages of a review in the configuration file: people by their Slack names, or as ids without their team."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.domain.brands import Brand, Policies, Stage
from bot.domain.records import MemberId
from bot.domain.reviewing import refuse_wrong
from bot.domain.watch import Team
from bot.errors import UserError

Named = Callable[[str], Awaitable[MemberId | None]]


async def read_policies(file: Policies, old: Policies, member: Named) -> Policies:
    """The policies of a file with its people as members; a file that says nothing of stages leaves those that are."""
    stages = await _read(file.stages, member) if "stages" in file.model_fields_set else old.stages
    own = {id_: await _read(each, member) for id_, each in file.account_stages.items()}
    own = own if "account_stages" in file.model_fields_set else dict(old.account_stages)
    return Policies.model_validate(file.model_dump() | {"stages": stages, "account_stages": own})


async def _read(stages: Sequence[Stage], member: Named) -> tuple[Stage, ...]:
    found = []
    for stage in stages:
        people = tuple(sorted(filter(None, [await member(name) for name in stage.people])))
        deputy = await member(stage.deputy) if stage.deputy else ""
        found.append(stage.model_copy(update={"people": people, "deputy": deputy or ""}))
    return tuple(found)


def wrong_stages(brand: Brand, old: Brand | None, team: Team) -> UserError | None:
    """What is wrong with the stages of a brand; roles that it had before count, for no import takes any away."""
    known = brand.model_copy(update={"roles": {**(old.roles if old else {}), **brand.roles}})
    try:
        for stages in (brand.policies.stages, *brand.policies.account_stages.values()):
            refuse_wrong(stages, known, team)
    except UserError as error:
        return error
    return None


def written_policies(policies: Policies) -> Mapping[str, Any]:
    """Policies as they stand in the file: what is as it would be anyway isn't said of stages."""
    dumped = policies.model_dump(mode="json", exclude={"stages", "account_stages"})
    if policies.stages:
        dumped["stages"] = [_written(stage) for stage in policies.stages]
    if policies.account_stages:
        own = policies.account_stages
        dumped["account_stages"] = {id_: [_written(stage) for stage in own[id_]] for id_ in sorted(own)}
    return dumped


def _written(stage: Stage) -> Mapping[str, Any]:
    dumped = stage.model_dump(mode="json", exclude_defaults=True)
    if stage.people:
        dumped["people"] = [member.rpartition(":")[2] for member in stage.people]
    if stage.deputy:
        dumped["deputy"] = stage.deputy.rpartition(":")[2]
    return dumped
