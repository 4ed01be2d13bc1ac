"""What the checks say about a post: the rules of the house, and what each account's network would refuse."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.domain import checks
from bot.domain.brands import Account, Brand
from bot.domain.checks import Finding
from bot.domain.posts import Post, Revision
from bot.network import Capability, MediaFacts, Provider

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_FIELDS = {"too_long": "text", "empty": "text", "no_alt": "alt", "alt_too_long": "alt"}


async def findings(
    desk: "Desk", post: Post, brand: Brand, *, channel: str = "", approving: bool = True
) -> Sequence[Finding]:
    """All that is found in the current revision, blockers first."""
    revision = post.current
    accounts = await desk.store.find_many(Account, revision.accounts)
    found = [
        *checks.no_account(revision),
        *checks.foreign_account(revision, accounts, brand),
        *checks.past_time(post.due, desk.now(), approving=approving),
        *checks.pictures(revision),
        *checks.segments(revision),
        *checks.channel_brand(brand, await desk.brands.name_of_channel(channel or post.channel)),
    ]
    for account in accounts:
        found += _on(account, desk.providers[account.network], revision)
    return sorted(found, key=lambda finding: not finding.blocks)


def _on(account: Account, provider: Provider, revision: Revision) -> Iterator[Finding]:
    """What one account's network would refuse, of a thread segment by segment; pictures go with the first."""
    named = {"account": f"{provider.title} {account.name}"}
    media = [MediaFacts(p.name, p.type, p.size, p.alt) for p in revision.pictures]
    for problem in provider.check(revision.text, media):
        kind, args = problem.kind.value, {**named, **problem.args}
        yield Finding(key=f"check.{kind}", blocks=problem.blocks, field=_FIELDS.get(kind, "picture"), args=args)
    if revision.thread and Capability.THREAD not in provider.capabilities:
        yield Finding(key="check.no_thread", blocks=True, field="accounts", args=named)
        return
    for number, segment in enumerate(revision.thread, start=2):
        for problem in provider.check(segment, ()):
            args = {**named, "segment": number, "total": len(revision.segments), **problem.args}
            yield Finding(key=f"check.thread_{problem.kind.value}", blocks=problem.blocks, field="thread", args=args)
