"""The crash matrix as data: what is cut short where, on which network, with which workers, and what must come of it.

What must come of it is decided here and nowhere else: nothing in this file asks the code under test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

SEGMENTS = 3
HELD = "held"
"""Not a failpoint of ours: the network has published the post and keeps its answer back."""


class Content(StrEnum):
    """What is published."""

    POST = "post"
    PICTURE = "picture"
    REPLY = "reply"
    THREAD = "thread"


class Workers(StrEnum):
    """Who works: one after the other's death; a second one while the first dies; a second one while the first sleeps
    past its lease and wakes up afterwards."""

    ONE = "one"
    TWO = "two"
    PAUSED = "paused"


@dataclass(frozen=True)
class Point:
    """A row: where each life in turn is cut short, the last of them as the column says.

    marked: the wire mark was on disk by then. public: so was the post on the network. once: reached once in a life,
    whatever the number of segments. again: a person who is asked says *Send again* before the sleeper wakes up.
    uploads: it stands beside the upload of pictures. fails: whoever wakes up finds the network failing, and the other,
    who has sent meanwhile, dead.
    """

    label: str
    cuts: tuple[str, ...]
    marked: bool = False
    public: bool = False
    once: bool = False
    again: bool = False
    uploads: bool = False
    fails: bool = False


ANSWERED, MARKED = "publish.after_answer", "publish.after_wire"
UPLOADED = Point("the upload is there, its id is not kept", ("publish.after_media",), uploads=True)
BETWEEN = Point("between two segments", ("publish.between_segments",))
AGAIN = Point("after the wire mark; a person sends again", ("publish.after_wire",), marked=True, again=True)
FAILING = Point("before the upload; then the network fails", ("publish.before_prepare",), fails=True)
POINTS = (
    Point("before the claim", ("publish.before_claim",)),
    Point("after the claim", ("publish.after_claim",), once=True),
    Point("before the upload", ("publish.before_prepare",), uploads=True),
    FAILING,
    UPLOADED,
    Point("between upload and post", ("publish.after_prepare",), uploads=True),
    Point("before the wire mark", ("publish.before_wire",)),
    Point("after the wire mark", (MARKED,), marked=True),
    AGAIN,
    Point("right before the request", ("publish.before_request",), marked=True),
    Point("the bytes have left", (HELD,), marked=True, public=True),
    Point("after the answer", (ANSWERED,), marked=True, public=True),
    Point("before the commit", ("publish.before_commit",), marked=True, public=True),
    Point("after the commit", ("publish.after_commit",), marked=True, public=True),
    BETWEEN,
    Point("before looking, it is there", (ANSWERED, "publish.before_find"), marked=True, public=True),
    Point("after looking, it is there", (ANSWERED, "publish.after_find"), marked=True, public=True),
    Point("found, before the commit", (ANSWERED, "reconcile.before_commit"), marked=True, public=True),
    Point("before looking, it is not there", (MARKED, "publish.before_find"), marked=True),
    Point("after looking, it is not there", (MARKED, "publish.after_find"), marked=True),
    Point("not found, before the commit", (MARKED, "reconcile.before_commit"), marked=True),
)
NETWORKS = ("x", "facebook", "practice")
IDEMPOTENT = frozenset({"practice"})
"""Where the same request twice is one post, so that nobody needs to be asked."""
THREADS = frozenset({"x", "practice"})


@dataclass(frozen=True)
class Cell:
    """One run."""

    name: str
    point: Point
    network: str
    content: Content
    workers: Workers

    @property
    def row(self) -> str:
        """Where it stands in the table."""
        return f"{self.point.label} · {self.content}"

    @property
    def column(self) -> str:
        """Where it stands in the table."""
        return f"{self.network} {self.workers}"

    @property
    def wanted(self) -> str:
        """`live 1`: it is public once and we know it. `asks 0`: it isn't, and a card asks a person.

        After the mark and before the network has it nobody can know whether it left: only an idempotent network may
        be asked again.
        """
        parts, before = (SEGMENTS, 1) if self.content is Content.THREAD else (1, 0)
        unclear = self.point.marked and not self.point.public and not self.point.again
        if unclear and self.network not in IDEMPOTENT:
            return f"asks {before}"
        return f"live {parts}"


def cells() -> Iterator[Cell]:
    """Every run, in the order of the table."""
    rows = product(POINTS, Content, NETWORKS, Workers)
    sensible = (row for row in rows if _makes_sense(*row))
    for number, (point, content, network, workers) in enumerate(sensible):
        yield Cell(f"C{number:03d}", point, network, content, workers)


def _makes_sense(point: Point, content: Content, network: str, workers: Workers) -> bool:
    if content is Content.THREAD and network not in THREADS:
        return False
    if point is AGAIN:  # a person is asked only where nobody knows, and only a sleeper disturbs what they decide
        return workers is Workers.PAUSED and network not in IDEMPOTENT and content is Content.POST
    if point is FAILING:  # practice has nothing to upload, nor to look up before
        return workers is Workers.PAUSED and network not in IDEMPOTENT and content is Content.POST
    if point is BETWEEN:
        return content is Content.THREAD
    if content is Content.PICTURE and workers is not Workers.ONE and not point.uploads:
        return False  # what follows the upload is the same as for a post
    if point is UPLOADED:
        return content is Content.PICTURE
    # an idempotent network is asked again at once, and nothing is stored of not having found it
    return point.label != "not found, before the commit" or network not in IDEMPOTENT
