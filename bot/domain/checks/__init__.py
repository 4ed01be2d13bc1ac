"""What the checks say about a revision or an answer. Each rule is a small pure function of the subject.

A rule is registered here with its name; a brand switches those off that may be (`HouseRules.off`). Lengths, media and
alt texts are the networks' own rules (`Provider.check`), which the desk adds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.checks import addresses, basics, dates, disclosure, repetition, statements, style, wording
from bot.domain.checks.findings import Finding, blocked, ordered
from bot.domain.checks.subject import Answered, Earlier, Subject

__all__ = ["RULES", "SWITCHES", "Answered", "Earlier", "Finding", "Rule", "Subject", "blocked", "found", "ordered"]


@dataclass(frozen=True)
class Rule:
    """A check by its name. fixed: no brand switches it off. replies: it looks at public answers too."""

    name: str
    find: Callable[[Subject], Iterable[Finding]]
    fixed: bool = False
    replies: bool = False


RULES: Sequence[Rule] = (
    Rule("no_account", basics.no_account, fixed=True),
    Rule("foreign_account", basics.foreign_account, fixed=True),
    Rule("mixed_accounts", basics.mixed_accounts, fixed=True),
    Rule("past_time", basics.past_time, fixed=True),
    Rule("pictures", basics.pictures, fixed=True),
    Rule("segments", basics.segments, fixed=True),
    Rule("channel_brand", basics.channel_brand, fixed=True),
    Rule("words", wording.unwanted, replies=True),
    Rule("facts", statements.unconfirmed, replies=True),
    Rule("disclosure", disclosure.told_where_read, replies=True),
    Rule("days", dates.special_days),
    Rule("links", addresses.dead_links, replies=True),
    Rule("weekday", dates.weekday, replies=True),
    Rule("duplicates", repetition.duplicates, replies=True),
    Rule("spacing", repetition.spacing),
    Rule("spelling", style.spelling, replies=True),
    Rule("signs", style.opening_signs, replies=True),
    Rule("blanks", style.blanks, replies=True),
    Rule("quotes", style.quotes, replies=True),
    Rule("shouting", style.shouting, replies=True),
    Rule("hashtags", style.hashtags),
    Rule("monotony", repetition.monotony),
    Rule("cost", addresses.cost),
)
SWITCHES: Sequence[str] = tuple(rule.name for rule in RULES if not rule.fixed)
"""The names of what a brand may switch off, in the order in which settings show them."""


def found(subject: Subject) -> list[Finding]:
    """Everything that the brand's rules find, in their order."""
    off, reply = subject.brand.rules.off, subject.revision is None
    wanted = (rule for rule in RULES if (rule.fixed or rule.name not in off) and (rule.replies or not reply))
    return [finding for rule in wanted for finding in rule.find(subject)]
