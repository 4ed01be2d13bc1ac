"""What every stored thing has in common: a kind, an id, a version, a schema and the indexes that it stands in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PrivateAttr

MemberId = str
"""A Slack user as `T…:U…`: team and user id, never a name, because people can change names."""


class Value(BaseModel):
    """A part of a record: frozen, and deaf to fields that it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Record(Value):
    """One stored thing.

    KIND names its keys. SCHEMA is the shape's version, stored in each record; OLDER leads from each earlier shape to
    the next, by pure functions of the stored values. FIELDS are kept as fields of the hash beside the JSON, because
    scripts read or change them; all of them are scalars. READ_OFTEN: few, and looked at with every press.
    version is the compare-and-set counter: 0 for a record that was never stored.
    """

    KIND: ClassVar[str]
    SCHEMA: ClassVar[int] = 1
    OLDER: ClassVar[Mapping[int, Callable[[Mapping[str, Any]], Mapping[str, Any]]]] = {}
    FIELDS: ClassVar[tuple[str, ...]] = ()
    READ_OFTEN: ClassVar[bool] = False

    id: str
    version: int = 0
    _older: bool = PrivateAttr(default=False)

    @property
    def older(self) -> bool:
        """Whether it was loaded from an earlier shape: then it may not stand in all of its indexes yet."""
        return self._older

    def from_older(self) -> Self:
        """Marks what was just loaded from an earlier shape."""
        self._older = True
        return self

    def indexes(self) -> Mapping[str, float]:
        """Names of the sorted sets that this record belongs to now, each with its score."""
        return {}


def upgraded(kind: type[Record], values: Mapping[str, Any], shape: int) -> Mapping[str, Any]:
    """Values that were stored in an earlier shape, in the present one."""
    for number in range(shape, kind.SCHEMA):
        values = kind.OLDER[number](values)
    return values


def score(instant: datetime) -> float:
    """An instant as an index score: milliseconds since the epoch."""
    return float(round(instant.timestamp() * 1000))


class AuditEntry(Value):
    """One line of the record: who did what, to what, on which revision, when, and from which delivery or press.

    who is a member id, or `engine`. correlation joins the line with the log, from the press to the network call.
    evidence is what was kept of something before it was taken down: its words, whose they were, where it stood.
    """

    at: AwareDatetime
    who: str
    act: str
    brand: str = ""
    subject: str = ""
    revision: str = ""
    delivery: str = ""
    correlation: str = ""
    detail: str = ""
    evidence: Mapping[str, str] = Field(default_factory=dict)

    @property
    def topics(self) -> tuple[str, ...]:
        """What finds this line: the thing it is about. What was denied names no thing, only what was sent."""
        return (self.subject,) if self.subject and not self.act.startswith("denied:") else ()
