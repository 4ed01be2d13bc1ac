"""When an answer in public may make things worse: a second one to somebody displeased, or one that shouts.

It is a hint to whoever writes; nothing is kept back for it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import regex

from bot.domain.deliveries import Delivery, State
from bot.domain.moods import Tone
from bot.domain.records import Value

WITHIN = timedelta(days=1)
"""Two public answers to one displeased person within so long are many."""
SHOUTED, PART = 8, 0.6
"""Letters in words of capitals with which a text shouts, where they are that part of all; fewer are abbreviations."""
IN_A_ROW = 3
"""Words of capitals one after another that shout in any text."""
_NOT_SAID = regex.compile(r"https?://\S+|(?<!\w)[@#^]\w+|\{[^{}]*\}", regex.IGNORECASE)
_EXCLAIMED = regex.compile(r"[!¡][!¡?¿]*[!¡][!¡?¿]*[!¡]")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]*")
_NO_ANSWER = frozenset({State.WITHDRAWN, State.UNPUBLISHED, State.REFUSED, State.HELD, State.MISSED})


class Heat(Value):
    """again: not our first public answer to this displeased person within a day; shouting: our words look so."""

    again: bool = False
    shouting: bool = False

    @property
    def any(self) -> bool:
        """Whether there is something to propose."""
        return self.again or self.shouting


CALM = Heat()
"""Nothing to propose."""


def shouting(text: str) -> bool:
    """Whether a text looks shouted: three exclamation marks together, three words of capitals in a row, or mostly
    capitals. Links, handles, hashtags and single abbreviations aren't said aloud."""
    said = _NOT_SAID.sub(" ", text)
    if _EXCLAIMED.search(said):
        return True
    words = _WORD.findall(said)
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    row = best = 0
    for word in words:
        row = row + 1 if word.isupper() and (len(word) > 1 or row) else 0
        best = max(best, row)
    if best >= IN_A_ROW and len(capitals) >= IN_A_ROW - 1:
        return True
    letters = sum(map(len, words))
    loud = sum(map(len, capitals))
    return loud >= SHOUTED and loud >= letters * PART


def given(answers: Iterable[Delivery], now: datetime) -> int:
    """How many public answers of ours there are, or will be, of the last day."""
    out = [each for each in answers if each.reply is not None and each.state not in _NO_ANSWER]
    return sum(now - (each.settled_at or each.created_at) < WITHIN for each in out)


def heat(text: str, tone: Tone, answers: int) -> Heat:
    """What an answer with this text, to somebody who sounds like that, would be after so many within a day."""
    return Heat(again=tone is Tone.NEGATIVE and answers > 0, shouting=shouting(text))
