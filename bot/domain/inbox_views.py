"""What of an inbox somebody wants to see: whose, in what state, from which account, with which words."""

from enum import StrEnum

from bot.domain.conversations import ConversationStatus
from bot.domain.finding import word_index, words_in
from bot.domain.records import MemberId, Value


class View(StrEnum):
    """The lists of an inbox."""

    MINE = "mine"
    UNOWNED = "unowned"
    LATE = "late"
    ALL = "all"
    NEW = "new"
    OWNED = "owned"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    UPSET = "upset"  # what was said last sounds displeased


STATES = {
    View.NEW: ConversationStatus.NEW,
    View.OWNED: ConversationStatus.OWNED,
    View.SNOOZED: ConversationStatus.SNOOZED,
    View.ESCALATED: ConversationStatus.ESCALATED,
}
"""The lists of one state."""


class Wanted(Value):
    """A list and what narrows it; an empty brand or account is every one. crowd: of those who say nearly the same."""

    view: View = View.MINE
    brand: str = ""
    account: str = ""
    words: str = ""
    crowd: str = ""


def main_index(view: View, brand: str, who: MemberId) -> str:
    """The index of a list in one brand, as somebody sees it. LATE is bounded by the moment."""
    match view:
        case View.MINE:
            return f"mine:{brand}:{who}"
        case View.UNOWNED:
            return f"unowned:{brand}"
        case View.LATE:
            return f"due:{brand}"
        case View.ALL:
            return f"open:{brand}"
        case View.UPSET:
            return f"upset:{brand}"
        case _:
            return f"state:{brand}:{STATES[view]}"


def indexes(wanted: Wanted, brand: str, who: MemberId) -> list[str]:
    """All the indexes that a conversation of this brand has to stand in; of the words, each."""
    narrowed = [f"open_at:{wanted.account}"] if wanted.account else []
    narrowed += [f"crowd:{wanted.crowd}"] if wanted.crowd else []
    narrowed += [word_index(brand, word) for word in sorted(words_in(wanted.words))]
    return [main_index(wanted.view, brand, who), *narrowed]
