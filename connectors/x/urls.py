"""Where X sees URLs in a text, with and without `https://`, in time linear in its length.

The rules are those of `extractUrlsWithIndices` in X's `twitter-text` 3.1.0, written as one walk instead of its regular
expression, which takes quadratic time on `a.a.a.a…`.
"""

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import regex

URL_MAX = 4096  # a longer one stays plain text
LABEL_MAX = 63
SLUG_MAX = 40

_TLDS = frozenset(
    line
    for line in (Path(__file__).parent / "tlds.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
_TLD_SIZES = sorted({len(tld) for tld in _TLDS if not tld.isascii()}, reverse=True)

_NONCHARACTERS = r"\uFFFE\uFEFF\uFFFF"
_DIRECTIONS = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
_LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289"
    r"\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_CYRILLIC = r"\u0400-\u04FF"
_NOT_DOMAIN = _PUNCTUATION + _SPACES + _NONCHARACTERS + _DIRECTIONS

_DOMAIN_CHAR = regex.compile(f"[^{_NOT_DOMAIN}]")
_RUN = regex.compile(rf"(?:[^{_NOT_DOMAIN}]|[_-])+")
_ASCII_RUN = regex.compile(rf"[\-A-Za-z0-9{_LATIN}]+")
_FIRST = regex.compile(rf"(?<=[^A-Za-z0-9@＠$#＃{_NONCHARACTERS}])[^{_NOT_DOMAIN}]")
_MAY_PRECEDE = regex.compile(f"[^A-Za-z0-9@＠$#＃{_NONCHARACTERS}]")
_AFTER_TLD = regex.compile(r"[^0-9a-zA-Z@+\-]|\Z")
_WORD = regex.compile(r"[0-9A-Za-z]++")
_PUNYCODE = regex.compile(r"[Xx][Nn]--[\-0-9A-Za-z]+")
_PROTOCOL = regex.compile(r"(?ai)https?://")
_PORT = regex.compile(r":[0-9]+")
_PATH_CHAR = rf"[A-Za-z{_CYRILLIC}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_BRACKETS = rf"\((?:{_PATH_CHAR}++|{_PATH_CHAR}*+\({_PATH_CHAR}++\){_PATH_CHAR}*+)\)"
_PATH_PART = regex.compile(rf"({_BRACKETS})|{_PATH_CHAR}++")
_PATH_END = regex.compile(rf"[+\-A-Za-z{_CYRILLIC}0-9=_#/{_LATIN}]")
_QUERY = regex.compile(r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+")
_QUERY_END = regex.compile(r"[A-Za-z0-9\-_&=#/]")
_TCO = regex.compile(r"(?ai)https?://t\.co/([a-z0-9]+)")


class Span(NamedTuple):
    """Where a URL stands, in code points; `end` is exclusive."""

    start: int
    end: int


def urls(text: str) -> list[Span]:
    """The URLs that X will shorten, in order, with and without `https://`."""
    if "." not in text:
        return []
    labels = _Labels(text, _RUN, named=True)
    found: list[Span] = []
    floor = 0
    for number, run in enumerate(labels.runs):
        if run.end <= floor:
            continue
        candidate = labels.first_domain(number, floor)
        if candidate is None:
            continue
        domain, protocol = candidate
        end, has_path = _tail_end(text, domain.end)
        found += _shortened(text, Span(domain.start - protocol, end), domain, protocol, has_path)
        floor = end
    return found


class _Labels:
    """The labels of every possible domain in `text` and, for each, where the longest domain through it ends.

    A run is a maximal stretch of label characters; a run with a dot behind it can be a label. `reach[i]` is the end of
    the longest domain whose labels include the whole of run i, or None: computed from the right, so that no start has
    to walk its chain of labels again. `named`: an underscore is allowed except in the label before the ending.
    """

    def __init__(self, text: str, run: "regex.Pattern[str]", *, named: bool) -> None:
        self.text = text
        self.named = named
        self.runs = [Span(*match.span()) for match in run.finditer(text)]
        self.reach: list[int | None] = [None] * len(self.runs)
        for number in range(len(self.runs) - 1, -1, -1):
            start, end = self.runs[number]
            if self._is_label(start, end):
                self.reach[number] = self.end_from(number, start)

    def _is_label(self, start: int, end: int) -> bool:
        if end >= len(self.text) or self.text[end] != ".":
            return False
        return not self.named or (self.text[start] not in "-_" and self.text[end - 1] not in "-_")

    def end_from(self, number: int, start: int) -> int | None:
        """Where the longest domain that begins at `start`, inside run `number`, ends."""
        end = self.runs[number].end
        if end >= len(self.text) or self.text[end] != ".":
            return None
        following = number + 1
        if following < len(self.runs) and self.runs[following].start == end + 1:
            further = self.reach[following]
            if further is not None:
                return further
        if self.named and self._underscore(number) >= start:
            return None
        return _tld_end(self.text, end + 1)

    def _underscore(self, number: int) -> int:
        start, end = self.runs[number]
        return self.text.rfind("_", start, end)

    def first_domain(self, number: int, floor: int) -> tuple[Span, int] | None:
        """The leftmost domain that begins in run `number`, and the length of the protocol before it.

        What precedes a URL must stand at `floor` or after it: a URL consumes the character before it.
        """
        start, end = self.runs[number]
        if end >= len(self.text) or self.text[end] != "." or self.text[end - 1] in "-_":
            return None
        protocol = self._protocol(start, floor)
        if protocol and self.text[start] not in "-_":
            reached = self.end_from(number, start)
            if reached is not None:
                return Span(start, reached), protocol
        first = self._first(number, floor)
        if first is None:
            return None
        reached = self.end_from(number, first)
        if reached is None and self.named and (last := self._underscore(number)) >= first:
            # Only what follows the last underscore can be the label before the ending.
            first = last + 1
            reached = self.end_from(number, first) if first > floor else None
        return None if reached is None else (Span(first, reached), 0)

    def _protocol(self, start: int, floor: int) -> int:
        for size in (8, 7):
            begin = start - size
            if begin >= floor and _PROTOCOL.fullmatch(self.text, begin, start):
                preceded = begin > floor and _MAY_PRECEDE.match(self.text, begin - 1)
                return size if preceded or begin == 0 else 0
        return 0

    def _first(self, number: int, floor: int) -> int | None:
        start, end = self.runs[number]
        if start == 0 == floor and self.text[0] not in "-_" and not self._eaten():
            return 0
        match = _FIRST.search(self.text, max(start, floor + 1), end)
        return match.start() if match else None

    def _eaten(self) -> bool:
        """Whether a URL at the very start gives its first character away as "what precedes"."""
        return len(self.text) > 1 and bool(_MAY_PRECEDE.match(self.text)) and bool(_DOMAIN_CHAR.match(self.text, 1))


def _tld_end(text: str, at: int) -> int | None:
    """Where the top-level domain that begins at `at` ends. An ASCII one is a whole word, others may be a prefix."""
    if word := _WORD.match(text, at):
        if word[0].lower() in _TLDS and _AFTER_TLD.match(text, word.end()):
            return word.end()
        match = _PUNYCODE.match(text, at)
        return match.end() if match else None
    for size in _TLD_SIZES:
        piece = text[at : at + size]
        if piece.lower() in _TLDS and len(piece) == size and _AFTER_TLD.match(text, at + size):
            return at + size
    return None


def _tail_end(text: str, at: int) -> tuple[int, bool]:
    """The end of port, path and query behind a domain, and whether there is a path."""
    if match := _PORT.match(text, at):
        at = match.end()
    has_path = text[at : at + 1] == "/"
    if has_path:
        at = _path_end(text, at + 1)
    if match := _QUERY.match(text, at):
        end = _back(text, at + 1, match.end(), _QUERY_END)
        at = end if end > at + 1 else at
    return at, has_path


def _path_end(text: str, start: int) -> int:
    """Paths may hold brackets two deep, and end neither in punctuation nor in brackets that follow punctuation."""
    at = end = start
    while match := _PATH_PART.match(text, at):
        if match[1] is None:
            last = _back(text, at, match.end(), _PATH_END)
            end = last if last > at else end
        elif end == at:
            end = match.end()
        at = match.end()
    return end


def _back(text: str, start: int, end: int, last: "regex.Pattern[str]") -> int:
    """`end` moved before what may not stand last; `start` when nothing is left."""
    while end > start and not last.match(text, end - 1):
        end -= 1
    return end


def _shortened(text: str, whole: Span, domain: Span, protocol: int, has_path: bool) -> Iterator[Span]:
    """What of a matched URL is shortened: all of it behind a protocol, else only its ASCII and Latin domains."""
    name = text[domain.start : domain.end]
    ascii_domains = list(_ascii_domains(name))
    if not _resolvable(name, bool(ascii_domains)) or whole.end - whole.start + (0 if protocol else 8) > URL_MAX:
        return
    if protocol:
        slug = _TCO.match(text, whole.start, whole.end)
        if slug is None:
            yield whole
        elif len(slug[1]) <= SLUG_MAX:
            end = slug.end()
            query = _QUERY.match(text, end, whole.end)
            asked = _back(text, end + 1, query.end(), _QUERY_END) if query else end
            yield Span(whole.start, asked if asked > end + 1 else end)
        return
    if domain.start and text[domain.start - 1] in "-_./":
        return
    for number, found in enumerate(ascii_domains, 1):
        last = number == len(ascii_domains)
        tail = whole.end - domain.end if last and has_path else 0
        yield Span(domain.start + found.start, domain.start + found.end + tail)


def _resolvable(name: str, has_ascii: bool) -> bool:
    if name.startswith("xn--") and not has_ascii:
        return False
    return all(_label_size(label) <= LABEL_MAX for label in name.split("."))


def _label_size(label: str) -> int:
    if len(label) > LABEL_MAX or label.isascii():
        return len(label)
    return len(label.encode("punycode", "replace")) + len("xn--")


def _ascii_domains(name: str) -> Iterator[Span]:
    labels = _Labels(name, _ASCII_RUN, named=False)
    starts = [run.start for run in labels.runs]
    at = 0
    while at < len(name):
        number = bisect_right(starts, at) - 1
        if number < 0 or at >= labels.runs[number].end:
            number += 1
            if number >= len(starts):
                return
            at = starts[number]
        end = labels.end_from(number, at)
        if end is not None:
            yield Span(at, end)
            at = end
        else:
            at = labels.runs[number].end
