"""Slack's markup: what a person typed comes out as typed, our own text goes in escaped.

Text from strangers is for `bot.text.relaying`.
"""

import html
from collections.abc import Callable
from urllib.parse import urlsplit

import regex

from bot.text.emoji import emojify

Resolve = Callable[[str], str | None]
"""From a Slack id (U…, C…, S…) to a name without its sign, or None."""

_ENTITY = regex.compile(r"&(?:amp|lt|gt);")
_CONTROL = regex.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_CLUSTERS = regex.compile(r"\X")
_LONGEST_CLUSTER = 64
_ISOLATE, _POP = "\u2068", "\u2069"


def from_slack(text: str, resolve: Resolve = lambda _: None) -> str:
    """What was typed, from the text of a command or a message; a form's values come raw and don't need this.

    Links lose the markup that Slack put around them, people and channels become @name and #name, short names become
    emoji, and `&amp; &lt; &gt;` are read once.
    """
    parts: list[str] = []
    end = 0
    for match in _CONTROL.finditer(text):
        parts += emojify(_unescape(text[end : match.start()])), _typed(match[1], match[2], resolve)
        end = match.end()
    parts.append(emojify(_unescape(text[end:])))
    return "".join(parts)


def to_mrkdwn(text: str) -> str:
    """Our team's text inside mrkdwn: `& < >` escaped, so that it holds no control sequence; formatting still works."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str) -> str:
    """A mrkdwn link; the label alone when the address isn't one that a browser should open."""
    shown = to_mrkdwn(" ".join(label.split())).replace("|", "¦")
    try:
        opens = urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        opens = False
    if not opens or regex.search(r"[\s|<>]", url):
        return shown
    return f"<{to_mrkdwn(url)}|{shown}>"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, never through the middle of what a reader sees as one; "…" says it was cut.

    What keeps its order to itself (see `bot.text.relaying`) still does.
    """
    if len(text) <= limit:
        return text
    kept = _whole_clusters(text, limit - 1)
    if not (left := _left_open(text[:kept], limit)):
        return text[:kept] + "…"
    return text[: _whole_clusters(text, limit - 1 - left)] + "…" + _POP * left


def _whole_clusters(text: str, limit: int) -> int:
    """Where to cut; in the middle of a cluster only where nothing else is left."""
    kept = 0
    for cluster in _CLUSTERS.finditer(text, 0, limit + 1 + _LONGEST_CLUSTER):
        if cluster.end() > limit:
            break
        kept = cluster.end()
    return kept or limit


def _left_open(kept: str, limit: int) -> int:
    """How many isolates the last line leaves open, as far as they are ours: a few."""
    line = kept.rpartition("\n")[2]
    left = line.count(_ISOLATE) - line.count(_POP)
    return left if 0 < left < min(8, limit // 4) else 0


def pieces(text: str, limit: int) -> list[str]:
    """The whole text in pieces of at most `limit` characters, none of which ends inside what a reader sees as one."""
    found: list[str] = []
    start = 0
    while start < len(text):
        end = start
        for cluster in _CLUSTERS.finditer(text, start, start + limit + _LONGEST_CLUSTER):
            if cluster.end() - start > limit:
                break
            end = cluster.end()
        end = end if end > start else start + limit
        found.append(text[start:end])
        start = end
    return found


def _typed(target: str, label: str | None, resolve: Resolve) -> str:
    """One control sequence as its reader saw it."""
    target, label = _unescape(target), _unescape(label or "")
    kind, rest = target[:1], target[1:]
    if kind in {"@", "#"}:
        return kind + (label.removeprefix(kind) or resolve(rest) or rest)
    if kind == "!":
        return _special(rest, label, resolve)
    bare = regex.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*:(?://)?", "", target)
    return label if label and label.rstrip("/") == bare.rstrip("/") else target


def _special(rest: str, label: str, resolve: Resolve) -> str:
    """`<!here>`, `<!subteam^S1|@team>`, `<!date^…|3 March>`."""
    name, _, argument = rest.partition("^")
    if name == "subteam":
        return "@" + (label.removeprefix("@") or resolve(argument) or argument)
    return label or f"@{name}"


def _unescape(text: str) -> str:
    """Slack escapes three characters only, so `&copy;` was typed."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text
