"""Rules of a brand's admins that act on what people say by themselves: they flag, propose to hide, or hide.

Never more than hiding, which one press undoes; what somebody sounds like is no condition, because it is a guess.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from bot.domain.checks.folding import links
from bot.domain.checks.wording import Spoken, occurs, spoken
from bot.domain.finding import folded
from bot.domain.records import Value
from bot.domain.ruled import ORDER, Strength
from bot.errors import UserError

NAME, WORD = 40, 80
"""Characters of a rule's name, and of one of its words."""
RULES, WORDS, TAGS = 10, 200, 10
"""Rules that a brand has, words of one, tags of one."""
LEAST = 5
"""So many comments a rule may hide in ten minutes whatever the brand's usual: a quiet brand isn't storm-proof."""
TIMES = 3
"""… and so many times as many as the brand hears in ten usual minutes."""
WINDOWS = 7 * 24 * 6
"""Ten minutes in a week."""
_SAYS = re.compile(r"\w")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class ModerationRule(Value):
    """What fits all of its conditions; one that is empty doesn't count, but a rule has words, links or tags.

    words: whole words or phrases of which one is enough, accents, capitals and disguises aside; a star at the end is
    any ending. links: it holds a link and its author is a stranger. tags: its author has one of them. revision
    grows with every change, and is in the record with every act. paused_at: it stopped itself, because of `paused_for`
    comments in ten minutes.
    """

    id: str
    name: str = Field(max_length=NAME)
    strength: Strength = Strength.FLAG
    words: tuple[str, ...] = ()
    links: bool = False
    tags: tuple[str, ...] = ()
    on: bool = False
    revision: int = 1
    paused_at: AwareDatetime | None = None
    paused_for: int = 0

    @property
    def acts(self) -> bool:
        """Whether it is switched on and didn't stop itself."""
        return self.on and self.paused_at is None

    @property
    def conditions(self) -> tuple[object, ...]:
        """All that decides what fits, and what happens then."""
        return self.strength, self.words, self.links, self.tags


@dataclass(frozen=True)
class Said:
    """Something said, as rules look at it. stranger: never met before this conversation. tags: its author's, folded.
    spared: the rules that leave its author alone."""

    spoken: Spoken
    linked: bool
    stranger: bool = False
    tags: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()


def said(text: str, *, stranger: bool = False, tags: Iterable[str] = (), spared: Iterable[str] = ()) -> Said:
    """A text by somebody."""
    return Said(
        spoken=spoken(text),
        linked=bool(links(text)) or "www." in text.casefold(),
        stranger=stranger,
        tags=frozenset(map(folded, tags)),
        spared=frozenset(spared),
    )


def fits(rule: ModerationRule, what: Said) -> str | None:
    """The word by which a rule fits ("" where it has none), None where it doesn't. Whether it is on doesn't matter."""
    if rule.id in what.spared or not (rule.words or rule.links or rule.tags):
        return None
    if rule.links and not (what.linked and what.stranger):
        return None
    if rule.tags and not what.tags & {folded(tag) for tag in rule.tags}:
        return None
    if not rule.words:
        return ""
    return next((word for word in rule.words if occurs(word, what.spoken)), None)


def strongest(rules: Iterable[ModerationRule], what: Said) -> tuple[ModerationRule, str] | None:
    """The rule that acts, and its word; of equally strong ones the first."""
    found = [(rule, word) for rule in rules if rule.acts and (word := fits(rule, what)) is not None]
    return max(found, key=lambda each: ORDER.index(each[0].strength), default=None)


def most(heard_in_a_week: int) -> int:
    """How many comments a rule may hide in ten minutes, in a brand that heard so many in a week."""
    return max(LEAST, TIMES * -(-heard_in_a_week // WINDOWS))


def rule_of(rule: ModerationRule) -> ModerationRule:
    """A rule as it may be kept: each word and tag once. Raises UserError for one that says nothing, or too much."""
    known_by(rule.id)
    words, tags = clean_words(rule.words), clean_tags(rule.tags)
    if len(words) > WORDS or len(tags) > TAGS:
        raise UserError("ruling.too_many", words=WORDS, tags=TAGS)
    if not (words or tags or rule.links):
        raise UserError("ruling.no_condition")
    return rule.model_copy(update={"name": name_of(rule.name), "words": words, "tags": tags})


def known_by(id_: str) -> None:
    """Raises UserError for an id that is none of ours: it names keys, and rides in presses."""
    if not _ID.fullmatch(id_):
        raise UserError("error.field")


def name_of(typed: str) -> str:
    """A rule's name as it is kept; raises UserError where there is none."""
    name = " ".join(typed.split())[:NAME]
    if not name:
        raise UserError("error.field_required")
    return name


def clean_words(typed: Iterable[str]) -> tuple[str, ...]:
    """Each word once, accents and capitals aside; raises UserError for one too long, and for one without a letter."""
    words = _each(typed)
    wrong = next((word for word in words if len(word) > WORD or not _SAYS.search(word.rstrip("*"))), None)
    if wrong is not None:
        raise UserError("ruling.no_word", word=wrong[:WORD], most=WORD)
    return words


def clean_tags(typed: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, without its sign."""
    return _each(tag.strip().lstrip("#") for tag in typed)


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for text in texts:
        if clean := " ".join(text.split()):
            found.setdefault(folded(clean), clean)
    return tuple(found.values())
