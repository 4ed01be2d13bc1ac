"""Turns what a person types into what Slack sends: entities, links, mentions and emoji by name, and rich text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.slack.emoji import NAMES, SKIN
from bot.sandbox.slack.terms import Json

# assumed: the endings that Slack's clients link without a scheme; theirs is the list of all top-level domains.
_ENDINGS = "com|org|net|edu|gov|info|es|eu|cat|mx|ar|cl|co|pe|io|dev|app|me|tv|news|shop|blog|uk|fr|de|it|pt|us"
_TOKENS = re.compile(
    r"(?P<url>https?://[^\s<>|]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})"
    rf"|(?P<bare>(?<![\w@/.-])(?:[a-z0-9-]+\.)+(?:{_ENDINGS})(?![\w-])(?:/[^\s<>|]*)?)"
    r"|(?P<everyone>(?<!\w)@(?:here|channel|everyone)\b)"
    r"|(?P<user>(?<!\w)@[a-z0-9._-]+)"
    r"|(?P<channel>(?<!\w)\#[a-z0-9_-]+)"
    rf"|(?P<emoji>(?:{'|'.join(re.escape(sign) for sign in sorted(NAMES, key=len, reverse=True))})\ufe0f?"
    rf"[{''.join(SKIN)}]?)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'\"»”)]}"


@dataclass(frozen=True)
class Names:
    """Looks people and channels up by name; each answers an id or None."""

    user: Callable[[str], str | None]
    channel: Callable[[str], str | None]


def escaped(text: str) -> str:
    """The three characters that Slack writes as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encoded(text: str, names: Names, *, command: bool = False) -> tuple[str, list[Json]]:
    """The `text` that the app receives, and the pieces of the rich_text block of a message.

    A command names people as `<@U…|name>`, a message as `<@U…>`. assumed: commands are encoded like messages
    otherwise, emoji included.
    """
    out: list[str] = []
    pieces: list[Json] = []
    at = 0
    for match in _TOKENS.finditer(text):
        found = _piece(match, names, command=command)
        if found is None or match.start() < at:
            continue
        wire, piece, used = found
        _plain(text[at : match.start()], out, pieces)
        out.append(wire)
        pieces.append(piece)
        at = match.start() + used
    _plain(text[at:], out, pieces)
    return "".join(out), pieces


def rich_text(pieces: list[Json], block_id: str) -> list[Json]:
    """The blocks of a typed message."""
    if not pieces:
        return []
    section = {"type": "rich_text_section", "elements": pieces}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def posted(text: str) -> str:
    """What an app posts as `text`, as Slack keeps it: signs that aren't markup become entities (assumed)."""
    safe = re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)
    parts = re.split(r"(<(?:[@#!][^<>\n]*|[a-z][a-z0-9+.-]*:[^<>\n]*)>)", safe, flags=re.IGNORECASE)
    return "".join(
        part if place % 2 else part.replace("<", "&lt;").replace(">", "&gt;") for place, part in enumerate(parts)
    )


def _plain(text: str, out: list[str], pieces: list[Json]) -> None:
    if text:
        out.append(escaped(text))
        pieces.append({"type": "text", "text": text})


def _piece(match: re.Match[str], names: Names, *, command: bool) -> tuple[str, Json, int] | None:
    """(on the wire, in rich text, characters used) for one token, or None when it is only text."""
    kind, token = match.lastgroup, match.group()
    if kind == "user":
        return _user(token, names, command=command)
    if kind == "channel":
        name = token[1:].lower()
        channel = names.channel(name)
        return (f"<#{channel}|{name}>", {"type": "channel", "channel_id": channel}, len(token)) if channel else None
    if kind == "everyone":
        name = token[1:].lower()
        return f"<!{name}>", {"type": "broadcast", "range": name}, len(token)
    return _emoji(token) if kind == "emoji" else _link(kind, token)


def _user(token: str, names: Names, *, command: bool) -> tuple[str, Json, int] | None:
    name = token[1:].rstrip(".-_").lower()
    user = names.user(name)
    wire = f"<@{user}|{name}>" if command else f"<@{user}>"
    return (wire, {"type": "user", "user_id": user}, 1 + len(name)) if user else None


def _link(kind: str | None, token: str) -> tuple[str, Json, int]:
    token = _without_trailing(token)
    if kind == "url":
        return f"<{escaped(token)}>", {"type": "link", "url": token}, len(token)
    url = f"mailto:{token}" if kind == "email" else f"http://{token}"
    return f"<{escaped(url)}|{escaped(token)}>", {"type": "link", "url": url, "text": token}, len(token)


def _emoji(token: str) -> tuple[str, Json, int]:
    bare = token.replace("\ufe0f", "")
    tone = SKIN.index(bare[-1]) + 2 if bare[-1] in SKIN and len(bare) > 1 else 0
    name = NAMES[bare[:-1] if tone else bare]
    codes = "-".join(f"{ord(sign):x}" for sign in bare)
    full = f"{name}::skin-tone-{tone}" if tone else name
    return f":{full}:", {"type": "emoji", "name": full, "unicode": codes}, len(token)


def _without_trailing(url: str) -> str:
    while url and url[-1] in _TRAILING:
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url
