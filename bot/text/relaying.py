"""What strangers write, made fit to be shown inside Slack: it can't ping, format, hide, reorder or imitate us.

Best is a `rich_text` or `plain_text` element (with `emoji: false`) around `relay_plain`. `relay` is for where only
mrkdwn fits: a notification's text, a line of a list (with `verbatim: true`, so that Slack links nothing by itself).
"""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import regex

from bot.text.markup import cut, to_mrkdwn

_MOST = 50_000  # no network lets people write more; the rest is cut unread

# Invisible and disruptive: control characters, zero-width ones, bidi controls, fillers, tags. What builds an emoji
# stays: variation selectors, a joiner between two pictures, the tags of a regional flag.
_INVISIBLE = regex.compile(
    r"""
      (\U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{2,6}\U000E007F)
    | (?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]) \u200D
    | \u200D (?!\p{Extended_Pictographic})
    | [[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFF9-\uFFFB]--[\n\uFE0E\uFE0F\u200D]]
    """,
    regex.VERBOSE | regex.VERSION1,
)
_LINE_END = regex.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_PILED_MARKS = regex.compile(r"(\p{M}{4})\p{M}++")
_LONE_SURROGATE = regex.compile(r"[\uD800-\uDFFF]")
_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")
_MANY_BREAKS = regex.compile(r"\n{3,}+")
_ISOLATE, _POP = "\u2068", "\u2069"

# Slack has no way to escape its formatting: a sign that could format becomes its look-alike.
_LOOKALIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", ":": "∶"}
_FORMATTING = regex.compile(r"`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|:(?=[\p{L}\p{M}\p{N}_+'`-]{1,100}:)")
_QUOTE_MARK = regex.compile(r"^(\s*+)(>++)")
_BROADCAST = regex.compile(r"@(?=here|channel|everyone|group)", regex.IGNORECASE)
_WORD_JOINER = "\u2060"

_LINK = regex.compile(r"(?:https?://|\bwww\.)[^\s<>\"|]++", regex.IGNORECASE)
_BARE_DOMAIN = regex.compile(
    r"(?<![\p{L}\p{N}@./-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}"
    r"(?:com|net|org|es|eu|io|co|me|ly|gg|to|tv|app|dev|info|biz|shop|store|xyz|site|online|link|click|top|live|"
    r"mx|ar|cl|pe|ec|uy|ve|br|pt|uk|us|ca|de|fr|it|nl|ru|cn|in|tk)(?![\p{L}\p{N}@-]|\.[\p{L}\p{N}])",
    regex.IGNORECASE,
)
_HOST = regex.compile(r"[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}。._-]*[\p{L}\p{N}\p{M}])?+|[0-9a-f:]++")


def relay(text: str, limit: int, *, quote: bool = False) -> str:
    """A stranger's words for mrkdwn, at most `limit` (>= 20) characters after escaping; "…" where they were cut.

    One line; with `quote` their own lines, each opening with Slack's quote mark, so that none can pass for ours.
    """
    if not quote:
        return _fitted(" ".join(_clean(text).split()), limit, _harmless)
    return _fitted(_clean(text), limit, lambda kept: "\n".join(f"&gt; {_harmless(line)}" for line in kept.split("\n")))


def relay_plain(text: str, limit: int) -> str:
    """A stranger's words for plain_text and rich_text elements, line breaks kept; "…" where they were cut."""
    return _fitted(_clean(text), limit, lambda kept: "\n".join(_isolated(line) for line in kept.split("\n")))


def hosts(text: str) -> list[str]:
    """Where the links in a text really lead: host names, each once, in order, foreign letters in their xn-- form."""
    text = _clean(text)
    found: dict[str, None] = {}
    spans: list[tuple[int, str]] = [(match.start(), match[0]) for match in _LINK.finditer(text)]
    rest = _LINK.sub(lambda match: " " * len(match[0]), text)
    spans += [(match.start(), match[0]) for match in _BARE_DOMAIN.finditer(rest)]
    for _, address in sorted(spans):
        host = _host(address)
        if host:
            found[host] = None
    return list(found)


def _clean(text: str) -> str:
    """Without what can't be seen, without piles of marks and of empty lines."""
    if len(text) > _MOST:
        text = text[: _MOST - 1] + "…"
    text = _LINE_END.sub("\n", _LONE_SURROGATE.sub("\ufffd", text)).replace("\t", " ")
    text = _INVISIBLE.sub(lambda match: match[1] or "", text)
    return _MANY_BREAKS.sub("\n\n", _PILED_MARKS.sub(r"\1", text)).strip()


def _harmless(line: str) -> str:
    line = _QUOTE_MARK.sub(lambda match: match[1] + "›" * len(match[2]), line)
    line = _FORMATTING.sub(lambda match: _LOOKALIKE[match[0]], line)
    return _isolated(to_mrkdwn(_BROADCAST.sub("@" + _WORD_JOINER, line)))


def _isolated(line: str) -> str:
    """A line with right-to-left letters keeps its order to itself; any other can't disturb what stands around it."""
    return f"{_ISOLATE}{line}{_POP}" if _RIGHT_TO_LEFT.search(line) else line


def _fitted(text: str, limit: int, shown: Callable[[str], str]) -> str:
    """`shown(text)`, of as much text as fits. One character becomes five at most, so each round closes in."""
    keep = min(len(text), limit)
    result = shown(cut(text, keep))
    while len(result) > limit and keep > 1:
        keep -= max(1, (len(result) - limit) // 5)
        result = shown(cut(text, keep))
    return result


def _host(address: str) -> str:
    """Where a browser would go: not what stands before an @, not what a look-alike letter pretends."""
    address = address.replace("\\", "/")
    if "://" not in address:
        address = f"http://{address}"
    authority = address.partition("://")[2].partition("/")[0]
    try:
        host = unquote(urlsplit(address).hostname or "")
    except ValueError:
        host = authority
    named = _HOST.search(host[:253])
    if named is None:
        return cut(authority, 60)
    try:
        return named[0].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return cut(named[0], 60)
