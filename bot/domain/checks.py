"""What the checks say about a revision: blockers prevent approval, warnings do not. Each rule is small and pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import Field

from bot.domain import threads
from bot.domain.brands import Account, Brand
from bot.domain.posts import Revision
from bot.domain.records import Value


class Finding(Value):
    """One finding. `key` is a message of the catalogues, `args` fills it, `field` is the form's field it belongs to."""

    key: str
    blocks: bool
    field: str = ""
    args: Mapping[str, object] = Field(default_factory=dict)


def no_account(revision: Revision) -> Iterable[Finding]:
    """A post goes somewhere."""
    if not revision.accounts:
        yield Finding(key="check.no_account", blocks=True, field="accounts")


def foreign_account(revision: Revision, accounts: Sequence[Account], brand: Brand) -> Iterable[Finding]:
    """Every account is one of the brand's own: two brands never share a post."""
    known = {account.id for account in accounts if account.brand == brand.id}
    if any(id_ not in known for id_ in revision.accounts):
        yield Finding(key="check.foreign_account", blocks=True, field="accounts", args={"brand": brand.name})


def past_time(due: datetime | None, now: datetime, *, approving: bool) -> Iterable[Finding]:
    """A time that is gone: the form refuses it; once in review it only warns, because approving sends at once."""
    if due is not None and due < now - timedelta(minutes=1):
        yield Finding(key="check.time_passed" if approving else "check.past_time", blocks=not approving, field="at")


def channel_brand(brand: Brand, channel_brand_name: str | None) -> Iterable[Finding]:
    """The channel belongs to another brand: the right words on the wrong account begin here."""
    if channel_brand_name is not None and channel_brand_name != brand.name:
        args = {"brand": brand.name, "channel_brand": channel_brand_name}
        yield Finding(key="check.brand_mismatch", blocks=False, field="brand", args=args)


def pictures(revision: Revision) -> Iterable[Finding]:
    """What fetching and measuring found."""
    for picture in revision.pictures:
        if picture.problem:
            yield Finding(key=picture.problem, blocks=True, field="picture", args={"name": picture.name})


def segments(revision: Revision) -> Iterable[Finding]:
    """A thread has an end."""
    count = len(revision.segments)
    if count > threads.MOST:
        args = {"count": count, "limit": threads.MOST}
        yield Finding(key="check.thread_many", blocks=True, field="thread", args=args)


def blocked(findings: Iterable[Finding]) -> bool:
    """Whether anything prevents approval."""
    return any(finding.blocks for finding in findings)
