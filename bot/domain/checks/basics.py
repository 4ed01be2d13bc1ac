"""What makes a post a post: it goes somewhere of its own, at a time to come, whole."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain import threads
from bot.domain.checks.findings import Finding
from bot.domain.checks.subject import Subject


def no_account(subject: Subject) -> Iterator[Finding]:
    """A post goes somewhere."""
    if subject.revision is not None and not subject.revision.accounts:
        yield Finding(key="check.no_account", blocks=True, field="accounts")


def foreign_account(subject: Subject) -> Iterator[Finding]:
    """Every account is one of the brand's own: two brands never share a post."""
    known = {account.id for account in subject.accounts if account.brand == subject.brand.id}
    if subject.revision is not None and any(id_ not in known for id_ in subject.revision.accounts):
        yield Finding(key="check.foreign_account", blocks=True, field="accounts", args={"brand": subject.brand.name})


def mixed_accounts(subject: Subject) -> Iterator[Finding]:
    """A company's accounts and a person's own never share a post: the same words in both voices give both away."""
    if subject.revision is not None and len({account.personal for account in subject.accounts}) > 1:
        yield Finding(key="check.mixed_accounts", blocks=True, field="accounts")


def past_time(subject: Subject) -> Iterator[Finding]:
    """A time that is gone: the form refuses it; once in review it only warns, because approving sends at once."""
    if subject.due is not None and subject.due < subject.now - timedelta(minutes=1):
        key = "check.time_passed" if subject.approving else "check.past_time"
        yield Finding(key=key, blocks=not subject.approving, field="at")


def channel_brand(subject: Subject) -> Iterator[Finding]:
    """The channel belongs to another brand: the right words on the wrong account begin here."""
    if subject.channel_brand is not None and subject.channel_brand != subject.brand.name:
        args = {"brand": subject.brand.name, "channel_brand": subject.channel_brand}
        yield Finding(key="check.brand_mismatch", blocks=False, field="brand", args=args)


def pictures(subject: Subject) -> Iterator[Finding]:
    """What fetching and measuring found."""
    for picture in subject.revision.pictures if subject.revision else ():
        if picture.problem:
            yield Finding(key=picture.problem, blocks=True, field="picture", args={"name": picture.name})


def segments(subject: Subject) -> Iterator[Finding]:
    """A thread has an end, on every account."""
    revision = subject.revision
    if revision is None:
        return
    count = max(len(revision.segments), *(len(revision.texts(account)) for account in revision.accounts), 0)
    if count > threads.MOST:
        args = {"count": count, "limit": threads.MOST}
        yield Finding(key="check.thread_many", blocks=True, field="thread", args=args)
