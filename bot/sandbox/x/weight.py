"""How long X thinks a text is: weighted characters, written from the published rules of twitter-text v3.

NFC; a URL is 23; code points 0-4351, 8192-8205, 8208-8223 and 8242-8247 weigh one, all others two; an emoji,
however many code points it takes, weighs two.
"""

import re
import unicodedata
from typing import NamedTuple

from bot.sandbox.x.endings import ENDINGS

LIMIT = 280
URL_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_LATIN = "À-ÖØ-öø-ÿĀ-ɏɓɔɖɗəɛɣɨɯɲʉʋʻ\u0300-\u036fḀ-ỿ"
_SIGN = r"""[^\s!'#%&"()*+,\\\-./:;<=>?@\[\]^_`{|}~$\x00-\x1f\u00a0\u2000-\u206f\u3000\ufeff\ufffe\uffff]"""
_NAME = rf"(?:(?:{_SIGN}(?:-|{_SIGN}){{0,250}})?{_SIGN}\.)"
_SUBNAME = rf"(?:(?:{_SIGN}(?:[_-]|{_SIGN}){{0,250}})?{_SIGN}\.)"


def _by_first_letter() -> str:
    """All endings as one pattern that tries few of them; longest first, so that `com` isn't taken for `co`."""
    groups: dict[str, list[str]] = {}
    for ending in sorted(ENDINGS, key=len, reverse=True):
        groups.setdefault(ending[0], []).append(re.escape(ending[1:]))
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())


_ENDING = rf"(?:(?:{_by_first_letter()})(?=[^0-9a-zA-Z@+-]|$)|xn--[0-9a-z-]+)"
# 60 names are more than any address has; the bound keeps hostile texts linear.
START = re.compile(
    rf"(?P<before>[^A-Za-z0-9@＠$#＃\u202a-\u202e\ufeff\ufffe\uffff]|[\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069]|^)"
    rf"(?P<scheme>https?://)?(?P<host>{_SUBNAME}{{0,60}}{_NAME}{_ENDING})(?P<port>:[0-9]+)?",
    re.IGNORECASE,
)
ASCII_HOST = re.compile(rf"(?:[a-z0-9{_LATIN}-]+\.)+{_ENDING}", re.IGNORECASE)
SHORTENED = re.compile(
    r"https?://t\.co/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[a-z0-9_&=#/-])?", re.IGNORECASE
)
_PATH = re.compile(rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\u2013_~@|&{_LATIN}-]", re.IGNORECASE)
_PATH_END = re.compile(rf"[a-z\u0400-\u04ff0-9+=_#/{_LATIN}-]", re.IGNORECASE)
_QUERY = re.compile(r"\?[a-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[a-z0-9_&=#/-]", re.IGNORECASE)
MAX_URL, MAX_SLUG, MAX_LABEL = 4096, 40, 63
MAX_SCANNED = 5_000  # a post this long is refused for its length anyway


class Link(NamedTuple):
    """Where a URL stands in a text."""

    start: int
    end: int
    url: str


def links(text: str) -> list[Link]:
    """Every URL that X would shorten, with and without a scheme, as twitter-text finds them."""
    found: list[Link] = []
    at = 0
    while match := START.search(text, at, min(len(text), MAX_SCANNED)):
        begin, scheme = match.start("host") if not match["scheme"] else match.start("scheme"), match["scheme"]
        path_end = _path_end(text, match.end())
        query = _QUERY.match(text, path_end)
        end = query.end() if query else path_end
        at = max(end, match.start() + 1)
        if scheme:
            link = _with_scheme(text[begin:end], begin, match["host"])
            found += [link] if link else []
        elif match["before"] not in tuple("-_./"):
            found += _without_scheme(text, match, path_end, end)
    return found


def _with_scheme(url: str, begin: int, host: str) -> Link | None:
    if shortened := SHORTENED.match(url):
        url = shortened.group()
        if len(shortened.group(1)) > MAX_SLUG:
            return None
    if len(url) > MAX_URL or any(len(_encoded(label)) > MAX_LABEL for label in host.split(".")):
        return None
    return Link(begin, begin + len(url), url)


def _encoded(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def _without_scheme(text: str, match: re.Match[str], path_end: int, end: int) -> list[Link]:
    """Only the ASCII names in it (and Latin letters); the last one takes the path along, when there is one."""
    begin, host = match.start("host"), match["host"]
    found = [Link(begin + one.start(), begin + one.end(), one.group()) for one in ASCII_HOST.finditer(host)]
    if found and path_end > match.end():
        last = found.pop()
        found.append(Link(last.start, end, text[last.start : end]))
    return [one for one in found if all(len(label) <= MAX_LABEL for label in one.url.partition("/")[0].split("."))]


def _path_end(text: str, at: int) -> int:
    """Where the path ends that begins with a slash at `at`: on a letter, a digit, a slash or closed brackets."""
    if text[at : at + 1] != "/":
        return at
    end = at = at + 1
    while at < len(text):
        if text[at] == "(":
            closed = _closed(text, at)
            if closed is None:
                break
            end = at = closed
        elif _PATH.match(text[at]):
            at += 1
            if _PATH_END.match(text[at - 1]):
                end = at
        else:
            break
    return end


def _closed(text: str, at: int) -> int | None:
    """Just behind balanced brackets with something in them, one more pair inside at most; None when they aren't."""
    depth, begun = 0, at
    while at < len(text) and at - begun < MAX_URL:
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            if text[at - 1] == "(":
                return None
            depth -= 1
            if depth == 0:
                return at + 1
        elif not _PATH.match(text[at]):
            return None
        if depth > 2:
            return None
        at += 1
    return None


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
    if first in (0xA9, 0xAE) and points[1:2] != [_EMOJI_LOOK]:
        return start  # © and ® are emoji only when asked to look so
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
