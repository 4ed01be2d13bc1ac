"""One text on many networks: what goes out on each account where that isn't the post's own text.

An author writes another text for an account only where they want one. The rest is adapted here, the same way each time,
when the post is submitted: what was approved is what goes out, whatever a network can do by then.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.domain import threads
from bot.domain.posts import Revision

MOST = 5
"""Accounts of one post that may have a text of their own, ours: what one form can show."""


def adapted(
    revision: Revision, threaded: Mapping[str, bool], commented: Mapping[str, bool]
) -> dict[str, threads.Texts]:
    """The texts of the accounts on which it doesn't go out as it was written, by account id.

    threaded: whether the account's network continues a post; where it doesn't, a thread is one text. commented: whether
    it takes our own first comment with the post, which then follows as a second text. Both by account id.
    """
    found: dict[str, threads.Texts] = {}
    for account in revision.accounts:
        texts = revision.own.get(account, revision.segments)
        if account not in revision.own and len(texts) > 1 and not threaded.get(account):
            texts = (as_one(texts),)
        if revision.comment.strip() and commented.get(account):
            texts = (*texts, revision.comment)
        if texts != revision.segments:
            found[account] = texts
    return found


def as_one(texts: Sequence[str]) -> str:
    """A thread as one text, a paragraph each."""
    return "\n\n".join(text.strip("\n") for text in texts)


def groups(revision: Revision) -> Sequence[tuple[threads.Texts, Sequence[str]]]:
    """What goes out, each version once with the accounts where it does, in the order of the accounts; for a post
    without accounts its own text with none."""
    found: dict[threads.Texts, list[str]] = {}
    for account in revision.accounts:
        found.setdefault(revision.texts(account), []).append(account)
    return list(found.items()) or [(revision.segments, ())]


def every_text(revision: Revision) -> Iterator[str]:
    """Every text that somebody will read, once."""
    yield from dict.fromkeys(text for texts, _ in groups(revision) for text in texts)
