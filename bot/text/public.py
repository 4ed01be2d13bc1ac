"""What a colleague wrote in a thread, as it may stand in public: Slack's own marks gone, and said which."""

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from bot.text.emoji import emojify
from bot.text.markup import from_slack

CHANGES = ("people", "everybody", "channels", "links", "emoji", "unknown_emoji", "formatting", "files", "long")
"""What can have been changed, in the order in which it is said."""
_PERSON = regex.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
_EVERYBODY = regex.compile(r"<!(?:here|channel|everyone|subteam)(?:\^[^<>|]*)?(?:\|[^<>]*)?>")
_CHANNEL = regex.compile(r"<#[CG][A-Z0-9]+(?:\|[^<>]*)?>")
_LINK = regex.compile(r"<(?![@#!])([^<>|]+)(?:\|([^<>]*))?>")
_CODE = regex.compile(
    r"(?<![\p{L}\p{N}:]):[\p{L}\p{M}_+'-][\p{L}\p{M}0-9_+'-]{0,99}:(?::skin-tone-[2-6]:)?(?![\p{L}\p{N}])"
)
_BLOCK = regex.compile(r"```\n?(.*?)\n?```", regex.DOTALL)
_INLINE = regex.compile(r"(?<![\p{L}\p{N}`])`([^`\n]+)`(?![\p{L}\p{N}`])")
_MARKED = regex.compile(
    r"(?<![\p{L}\p{N}*_~/])([*_~])(?=\S)([^\n*_~]*+(?:[*_~][^\n*_~]*+){0,4}?)(?<=\S)\1(?![\p{L}\p{N}*_~/])"
)
_DEPTH = 3  # bold, italic and struck out at once
_QUOTE = regex.compile(r"^(?:&gt;){1,3} ?", regex.MULTILINE)
_GAPS = regex.compile(r"[ \t]{2,}")


@dataclass(frozen=True)
class Public:
    """A text for everyone, and what of `CHANGES` isn't as it was written."""

    text: str
    changed: tuple[str, ...] = ()


def as_public(text: str, names: Mapping[str, str]) -> Public:
    """A message's text in Slack's markup as plain text. `names` are people's names by their user id: a colleague's
    mention becomes the bare name, never an @ that would be somebody else's on a network; nobody knows it, it goes.

    What rings everybody and names of channels go. Links become their addresses, with the label before where it says
    more. Emoji codes become emoji; those that Slack alone knows go. Of bold, italics, code and quotes what they mark
    stays.
    """
    changed: set[str] = set()

    def told(change: str, said: str) -> str:
        changed.add(change)
        return said

    plain = _PERSON.sub(lambda m: told("people", names.get(m[1]) or (m[2] or "").removeprefix("@")), text)
    plain = _EVERYBODY.sub(lambda _: told("everybody", ""), plain)
    plain = _CHANNEL.sub(lambda _: told("channels", ""), plain)
    plain = _unmarked(plain, changed)
    plain = _LINK.sub(lambda m: _address(m, changed), plain)
    without = _CODE.sub(lambda m: _emoji(m[0], changed), plain)
    whole = from_slack(without)
    lines = (_GAPS.sub(" ", line).strip() for line in whole.split("\n"))
    shown = "\n".join(lines).strip()
    return Public(shown, tuple(change for change in CHANGES if change in changed))


def people_in(text: str) -> tuple[str, ...]:
    """The user ids that a message mentions, each once."""
    return tuple(dict.fromkeys(match[1] for match in _PERSON.finditer(text)))


def _address(match: regex.Match[str], changed: set[str]) -> str:
    """Its address, as a reader of a network needs it; what Slack made a link of by itself stays as it was typed."""
    target, label = match[1], match[2]
    bare = regex.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*:(?://)?", "", target)
    if not label or label.rstrip("/") in {bare.rstrip("/"), target.rstrip("/")}:
        return label or target
    changed.add("links")
    return f"{label} {bare if target.startswith(('mailto:', 'tel:')) else target}"


def _emoji(code: str, changed: set[str]) -> str:
    drawn = emojify(code)
    changed.add("unknown_emoji" if drawn == code else "emoji")
    return "" if drawn == code else drawn


def _unmarked(text: str, changed: set[str]) -> str:
    """Without what formats; a mark inside a mark goes too."""
    plain = _QUOTE.sub("", _INLINE.sub(r"\1", _BLOCK.sub(r"\1", text)))
    for _ in range(_DEPTH):
        plain = _MARKED.sub(r"\2", plain)
    if plain != text:
        changed.add("formatting")
    return plain
