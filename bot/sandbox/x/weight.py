"""How long X thinks a text is: weighted characters, written from the published rules of twitter-text v3.

NFC; a URL is 23; code points 0-4351, 8192-8205, 8208-8223 and 8242-8247 weigh one, all others two; an emoji,
however many code points it takes, weighs two.
"""

import re
import unicodedata
from typing import NamedTuple

LIMIT = 280
URL_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

# Every two-letter name is a country's. Of the others these are the ones that people write without https://;
# the full list has 1,500. Assumed: a rarer one without a scheme isn't a link here.
ENDINGS = (
    "academy|agency|app|art|bar|blog|books|cafe|care|cat|center|city|click|cloud|club|coffee|com|community|company|"
    "design|dev|digital|edu|email|eus|events|fun|gal|gallery|global|gov|group|guide|help|info|int|jobs|life|link|"
    "live|love|media|mil|mobi|museum|name|net|network|news|one|online|org|page|photos|press|pro|pub|radio|review|"
    "rest|restaurant|sale|school|shop|site|social|space|store|studio|style|team|tech|tips|today|tools|top|tours|"
    "travel|video|wiki|work|works|world|xyz|zone|[a-z]{2}"
)
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_TAIL = r"""(?:/(?:[^\s<>"«»“”]*[^\s<>"«»“”.,;:!?'’…)\]}])?)?(?:\?[^\s<>"«»“”]*[\w=/&#-])?(?:\#[\w/!=&-]+)?"""
LINK = re.compile(
    rf"""(?<![A-Za-z0-9@＠$#＃\u202a-\u202e./_-])
    (?:https?://(?:{_LABEL}\.)+[^\W\d_]{{2,}}(?::\d+)?{_TAIL}
    | (?:{_LABEL}\.)+(?:{ENDINGS})(?![A-Za-z0-9@_-])(?!\.[A-Za-z0-9])(?::\d+)?{_TAIL})""",
    re.IGNORECASE | re.VERBOSE,
)
MAX_SCANNED = 25_000


class Link(NamedTuple):
    """Where a URL stands in a text."""

    start: int
    end: int
    url: str


def links(text: str) -> list[Link]:
    """Every URL that X would shorten, with and without a scheme; brackets that close nothing stay outside."""
    found = []
    for match in LINK.finditer(text[:MAX_SCANNED]):
        url = match.group()
        if url.count("(") > url.count(")") and text[match.end() : match.end() + 1] == ")":
            url += ")"
        found.append(Link(match.start(), match.start() + len(url), url))
    return found


def _pictographic(point: int) -> bool:
    return (0x1F000 <= point <= 0x1FAFF and not 0x1F1E6 <= point <= 0x1F1FF and not 0x1F3FB <= point <= 0x1F3FF) or any(
        low <= point <= high for low, high in _OLD_EMOJI
    )


_OLD_EMOJI = (
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139),
    (0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x23CF, 0x23CF), (0x23E9, 0x23FA),
    (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0), (0x25FB, 0x25FE), (0x2600, 0x27BF),
    (0x2934, 0x2935), (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030),
    (0x303D, 0x303D), (0x3297, 0x3297), (0x3299, 0x3299),
)  # fmt: skip
_JOINER, _EMOJI_LOOK, _TEXT_LOOK, _KEYCAP = 0x200D, 0xFE0F, 0xFE0E, 0x20E3


def emoji_end(text: str, start: int) -> int:
    """Where the emoji that begins at `start` ends; `start` itself when none does."""
    points = [ord(sign) for sign in text[start : start + 64]]
    first = points[0]
    if 0x1F1E6 <= first <= 0x1F1FF:  # a flag is two letters
        return start + 2 if len(points) > 1 and 0x1F1E6 <= points[1] <= 0x1F1FF else start + 1
    if text[start] in "0123456789#*":
        rest = points[1:3]
        if rest[:2] == [_EMOJI_LOOK, _KEYCAP]:
            return start + 3
        return start + 2 if rest[:1] == [_KEYCAP] else start
    at = 0
    while at < len(points) and _pictographic(points[at]):
        at += 1
        if at < len(points) and points[at] == _TEXT_LOOK:
            return start  # asked to be drawn as text
        if at < len(points) and (points[at] == _EMOJI_LOOK or 0x1F3FB <= points[at] <= 0x1F3FF):
            at += 1
        while at < len(points) and 0xE0020 <= points[at] <= 0xE007F:  # flags of regions
            at += 1
        joined = at + 1 < len(points) and points[at] == _JOINER and _pictographic(points[at + 1])
        if not joined:
            break
        at += 1
    return start + at


def weigh(text: str) -> int:
    """The weighted length of a text."""
    text = unicodedata.normalize("NFC", text)
    ends = {link.start: link.end for link in links(text)}
    total = at = 0
    while at < len(text):
        if at in ends:
            total, at = total + URL_WEIGHT, ends[at]
        elif (end := emoji_end(text, at)) > at:
            total, at = total + 2, end
        else:
            point = ord(text[at])
            total, at = total + (1 if any(low <= point <= high for low, high in LIGHT) else 2), at + 1
    return total
