"""What else is on the account: the same words again, too soon after another, always the same."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import words
from bot.domain.checks.subject import Subject

ALIKE = 0.8
"""From this share of common words on two texts count as nearly the same: a word changed in ten."""
FEW = 4
"""With fewer words, only the same words count."""
ROW = 3
"""Posts of one kind in a row that are too many."""
REFUSES_SAME = frozenset({"x"})
"""Networks that refuse a text which the account said lately: X, 403 "duplicate content"; for how long it doesn't say,
https://github.com/akrherz/iembot/issues/163 (2026-02)."""


def duplicates(subject: Subject) -> Iterator[Finding]:
    """The same words, or nearly, on the same account; the network may refuse it, and readers notice. An answer may say
    what another said, but not exactly that where the network refuses it."""
    if subject.revision is None:
        yield from _answered_so(subject)
        return
    for account, others in subject.others.items():
        mine = words(subject.on(account))
        if not mine:
            continue
        found = [(likeness(mine, words(each.text)), each) for each in others]
        close = [pair for pair in found if pair[0] >= ALIKE]
        if close:
            likest, other = max(close, key=lambda pair: (pair[0], pair[1].at))
            key = "check.duplicate" if likest == 1 else "check.near_duplicate"
            args = {"account": subject.names.get(account, account), "when": other.at}
            yield Finding(key=key, blocks=False, field="text", args=args)


def _answered_so(subject: Subject) -> Iterator[Finding]:
    for account in subject.accounts:
        others = subject.others.get(account.id, ()) if account.network in REFUSES_SAME else ()
        same = [each for each in others if each.text.strip() == subject.whole.strip()]
        if same:
            args = {"account": subject.names.get(account.id, account.network), "when": same[-1].at}
            yield Finding(key="check.same_answer", blocks=False, field="text", args=args)


def likeness(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """1 for the same words in the same order, else twice the common words by all words, below 1."""
    if list(mine) == list(theirs):
        return 1.0
    if min(len(mine), len(theirs)) < FEW:
        return 0.0
    first, second = set(mine), set(theirs)
    return min(2 * len(first & second) / (len(first) + len(second)), 0.99)


def spacing(subject: Subject) -> Iterator[Finding]:
    """Another post on the same account within the brand's minutes."""
    apart = timedelta(minutes=subject.brand.rules.spacing_minutes)
    for account, others in subject.others.items():
        near = [each for each in others if abs(each.at - subject.at) < apart]
        if near:
            other = min(near, key=lambda each: abs(each.at - subject.at))
            args = {"account": subject.names.get(account, account), "when": other.at}
            yield Finding(key="check.too_close", blocks=False, field="at", args=args)


def monotony(subject: Subject) -> Iterator[Finding]:
    """The third of its kind in a row, or the third that begins with the same words."""
    revision = subject.revision
    if revision is None:
        return
    for account, others in subject.others.items():
        before = [each for each in others if each.at < subject.at][-(ROW - 1) :]
        if len(before) < ROW - 1:
            continue
        args: dict[str, object] = {"account": subject.names.get(account, account)}
        if revision.kind is not None and all(each.kind is revision.kind for each in before):
            args["kind"] = f"compose.kind.{revision.kind}"
            yield Finding(key="check.same_kind", blocks=False, field="kind", args=args)
        elif (opening := _opening(subject.on(account))) and all(_opening(each.text) == opening for each in before):
            args["words"] = " ".join(opening)
            yield Finding(key="check.same_opening", blocks=False, field="text", args=args)


def _opening(text: str) -> Sequence[str]:
    found = words(text)[:3]
    return found if len(found) == 3 else ()
