"""The data_visualization block: a bar, line, area or pie chart in a message."""

from typing import Any

from bot.sandbox.slack.kit.check import Check, Findings, kind, many, number, record, tagged, text
from bot.sandbox.slack.kit.objects import block_id

# docs.slack.dev/reference/block-kit/blocks/data-visualization-block. Where sources differ, the smaller bound counts.
_label = text(20)
_any_number = number(whole=False)


def _positive(value: Any, at: str, found: Findings) -> None:
    _any_number(value, at, found)
    if isinstance(value, int | float) and value <= 0:
        found.add("must be greater than 0", at)


def _agree(value: Any, at: str, found: Findings) -> None:
    """Series have names of their own and a value for each category."""
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        found.add("series names must be unique", f"{at}/series")
    categories = value["axis_config"]["categories"]
    for place, series in enumerate(value["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            found.add("labels must match the categories", f"{at}/series/{place}/data")


_point = record({"label": _label, "value": _any_number}, {})
_series = record({"name": _label, "data": many(_point, 1, 20)}, {})
_axis = record({"categories": many(_label, 1, 20)}, {"x_label": text(50), "y_label": text(50)})


def _plotted(name: str) -> Check:
    return record({"type": kind(name), "series": many(_series, 1, 6), "axis_config": _axis}, {}, _agree)


_pie = record(
    {"type": kind("pie"), "segments": many(record({"label": _label, "value": _positive}, {}), 1, 6)},
    {},
)

data_visualization = record(
    {
        "type": kind("data_visualization"),
        "title": text(50),
        "chart": tagged({"pie": _pie, **{name: _plotted(name) for name in ("bar", "area", "line")}}),
    },
    {"block_id": block_id},
)
