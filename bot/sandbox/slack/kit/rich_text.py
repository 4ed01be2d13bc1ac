"""The rich_text block and what it is made of."""

from bot.sandbox.slack.kit.check import Check, boolean, kind, many, number, one_of, record, tagged, text
from bot.sandbox.slack.kit.objects import block_id

_style = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))


def _piece(name: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": kind(name), **required}, {"style": _style, **(optional or {})})


_string = text(4000, low=0)
_INLINE: dict[str, Check] = {
    "text": _piece("text", {"text": text(12000)}),
    "link": _piece("link", {"url": text(3000)}, {"text": _string, "unsafe": boolean}),
    "emoji": _piece("emoji", {"name": text(255)}, {"unicode": _string, "url": _string}),
    "user": _piece("user", {"user_id": text(255)}),
    "usergroup": _piece("usergroup", {"usergroup_id": text(255)}),
    "channel": _piece("channel", {"channel_id": text(255)}),
    "team": _piece("team", {"team_id": text(255)}),
    "broadcast": _piece("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "color": _piece("color", {"value": text(255)}),
    "date": _piece("date", {"timestamp": number(), "format": text(255)}, {"url": _string, "fallback": _string}),
}
_inline = many(tagged(_INLINE), 0, 1000)
_literal = many(tagged({name: _INLINE[name] for name in ("text", "link")}), 0, 1000)
_border = {"border": one_of(0, 1)}
_section = record({"type": kind("rich_text_section"), "elements": _inline}, {})
_PARTS: dict[str, Check] = {
    "rich_text_section": _section,
    "rich_text_quote": record({"type": kind("rich_text_quote"), "elements": _inline}, _border),
    "rich_text_preformatted": record({"type": kind("rich_text_preformatted"), "elements": _literal}, _border),
    "rich_text_list": record(
        {
            "type": kind("rich_text_list"),
            "style": one_of("bullet", "ordered"),
            "elements": many(tagged({"rich_text_section": _section}), 1, 1000),
        },
        {**_border, "indent": number(0, 8)},
    ),
}

rich_text = tagged(
    {
        "rich_text": record(
            {"type": kind("rich_text"), "elements": many(tagged(_PARTS), 1, 1000)}, {"block_id": block_id}
        )
    }
)
