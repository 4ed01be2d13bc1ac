"""Slack's `:short_names:` back into the characters that were typed."""

from functools import cache
from pathlib import Path

import regex

_TABLE = Path(__file__).with_name("emoji.txt")
_CODE = regex.compile(r":([\p{L}\p{M}0-9_+'-]{1,100}):(?::skin-tone-([2-6]):)?")
_TAKES_TONE = regex.compile(r"\p{Emoji_Modifier_Base}")
_FIRST_TONE = 0x1F3FB  # skin-tone-2, the lightest of Fitzpatrick's five


def emojify(text: str) -> str:
    """Every short name that Slack knows becomes its emoji; a workspace's own emoji and `10:30:45` stay as they are."""
    return _CODE.sub(_emoji, text)


def _emoji(match: regex.Match[str]) -> str:
    name, tone = match.group(1), match.group(2)
    emoji = _names().get(name)
    if emoji is None or (name.isdigit() and _between_digits(match)):
        return match.group()
    if tone is None:
        return emoji
    if not _TAKES_TONE.match(emoji):
        return emoji + chr(_FIRST_TONE + int(tone) - 2)
    return emoji[0] + chr(_FIRST_TONE + int(tone) - 2) + emoji[1:].removeprefix("\ufe0f")


def _between_digits(match: regex.Match[str]) -> bool:
    around = match.string[max(match.start() - 1, 0) : match.start()] + match.string[match.end() : match.end() + 1]
    return any(character.isdigit() for character in around)


@cache
def _names() -> dict[str, str]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if line and not line.startswith("#"))
