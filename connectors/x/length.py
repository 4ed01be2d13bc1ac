"""How long a text is for X: weighted characters, URLs at 23, an emoji sequence at 2.

The rules are those of X's own `twitter-text` 3.1.0 (https://docs.x.com/fundamentals/counting-characters), which the
contract tests compare with. One difference is meant: emoji sequences newer than that release weigh 2, as the page
promises.
"""

import unicodedata

import regex

from connectors.x.urls import urls

URL_WEIGHT = 23

_MARKED = regex.compile(r"\P{M}*+\p{M}{0,64}+")

_PART = r"(?:\p{Extended_Pictographic}(?!\uFE0E)(?:\uFE0F|\p{Emoji_Modifier})?[\U000E0020-\U000E007F]*+)"
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|(?![©®](?!\uFE0F)){_PART}(?:\u200D{_PART})*+"
)


def weighted_length(text: str) -> int:
    """Weighted characters; 280 of them fit into a post unless the account may write more."""
    # Normalising a pile of combining marks is quadratic in the pile's height, so piles are cut at 64.
    text = "".join(unicodedata.normalize("NFC", piece) for piece in _MARKED.findall(text))
    total = at = 0
    for span in urls(text):
        total += _plain(text[at : span.start]) + URL_WEIGHT
        at = span.end
    return total + _plain(text[at:])


def _plain(text: str) -> int:
    total = at = 0
    for emoji in _EMOJI.finditer(text):
        total += sum(map(_weight, text[at : emoji.start()])) + 2
        at = emoji.end()
    return total + sum(map(_weight, text[at:]))


def _weight(char: str) -> int:
    point = ord(char)
    light = point <= 4351 or 8192 <= point <= 8205 or 8208 <= point <= 8223 or 8242 <= point <= 8247
    return 1 if light else 2
