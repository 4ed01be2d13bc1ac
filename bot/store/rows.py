"""A record as the fields of its hash, and back: `v` (version), `s` (schema), `d` (JSON) and those that scripts need."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from bot.domain.records import Record, upgraded
from bot.errors import StoreError

R = TypeVar("R", bound=Record)
REMEMBERED = 512
"""How many records of the kinds that are read often are kept as they were read."""


def row_of(record: Record) -> list[str]:
    """Names and values in turn, of the version after the record's."""
    kind = type(record)
    row = ["v", str(record.version + 1), "s", str(kind.SCHEMA), "d", record.model_dump_json(exclude=_beside(kind))]
    for name in kind.FIELDS:
        row += name, text_of(getattr(record, name))
    return row


def record_of(kind: type[R], key: str, row: Mapping[str, str]) -> R:
    """The record, also one of an earlier shape. Raises StoreError for one of a later shape."""
    shape = int(row["s"])
    if shape > kind.SCHEMA:
        raise StoreError(f"{kind.KIND} was written by a newer Vocero (schema {shape})")
    values = json.loads(row["d"])
    for name in kind.FIELDS:
        if name in row:
            values[name] = row[name]
    if shape < kind.SCHEMA:
        values = dict(upgraded(kind, values, shape))
    for name in kind.FIELDS:
        if values.get(name, "") == "":
            values[name] = _missing(kind)[name]
    values["version"] = int(row["v"])
    record = kind.model_validate(values)
    return record.from_older() if shape < kind.SCHEMA else record


def text_of(value: Any) -> str:
    """A scalar as a field of a hash; None is the empty one."""
    if value is None:
        return ""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, datetime):
        return str(round(value.timestamp() * 1000))
    return str(getattr(value, "value", value))


class ReadOften:
    """Records as they were read last. They are fetched every time; what is spared is decoding the same again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Mapping[str, str], Record]] = {}

    def record(self, kind: type[R], key: str, row: Mapping[str, str]) -> R:
        """The same one as before where the store has the same to the last letter: records are frozen."""
        before, record = self._known.pop(key, (None, None))
        if before != row or not isinstance(record, kind):
            record = record_of(kind, key, row)
        self._known[key] = (row, record)  # the last one read stands last
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return record


@cache
def _missing(kind: type[Record]) -> Mapping[str, Any]:
    """What stands for a field that isn't there; all of them are scalars."""
    return {name: kind.model_fields[name].get_default() for name in kind.FIELDS}


@cache
def _beside(kind: type[Record]) -> set[str]:
    return {"version", *kind.FIELDS}
