"""Everything that goes wrong between us and a network, and what is decided about each: one table, read aloud.

For every fault: whether the request may have taken effect, what a write and a read are then, and why. What the engine
does with each outcome stands in `NEXT`. The tests drive every row through every connector (`tests/network_faults`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The branches of `NetworkError`, and no error at all."""

    FINE = "fine"
    TRANSIENT = "transient"  # surely not written
    UNKNOWN = "unknown"  # perhaps written
    LIMITED = "limited"  # not written; the network's own time
    AUTH = "auth"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"  # a kind stands beside it
    GONE = "gone"


NEXT: Mapping[Outcome, str] = {
    Outcome.FINE: "the fact is kept",
    Outcome.TRANSIENT: "again later, waiting longer each time; a post is missed at its limit, "
    "an answer refused after half an hour",
    Outcome.UNKNOWN: "never sent again: looked for after 5, 20 and 45 s; then a person is asked, "
    "or, where the same key is one post, the same key again",
    Outcome.LIMITED: "the whole account waits until then; a post is missed at its limit",
    Outcome.AUTH: "the account is marked, its deliveries are held, and offered again once it is connected",
    Outcome.DUPLICATE: "looked for once: found is live, an older one in the way is refused",
    Outcome.REJECTED: "refused, with the reason and what mends it",
    Outcome.GONE: "refused: what it points at is no longer there",
}
"""What follows when a write of a delivery ends so.

A read that fails changes nothing, but for AUTH and LIMITED; comments that can't be read for twenty minutes ring.
"""


@dataclass(frozen=True)
class Row:
    """One fault. `write`, `read`: what it is then; `delete`: where it differs from a write. `kind` of REJECTED.

    wait: seconds from now of LIMITED, None where the network doesn't say.
    """

    write: Outcome
    read: Outcome
    why: str
    delete: Outcome | None = None
    kind: str = ""
    wait: float | None = None


T, U, L = Outcome.TRANSIENT, Outcome.UNKNOWN, Outcome.LIMITED
_DAY = 86_400.0

FAULTS: Mapping[str, Row] = {
    # --- nothing has left
    "no such host": Row(T, T, "no connection was made"),
    "connection refused": Row(T, T, "no connection was made"),
    "connect time-out": Row(T, T, "no connection was made"),
    "no TLS there": Row(T, T, "the handshake failed, and nothing is sent before it is over"),
    # --- the request left, no whole answer came
    "reset before the answer": Row(U, T, "the bytes were sent, and nobody said what became of them"),
    "closed before the answer": Row(U, T, "the same, politely"),
    "reset in the answer's body": Row(U, T, "a status is not yet an answer"),
    "body cut short": Row(U, T, "less came than was announced"),
    "answer after our time-out": Row(U, T, "it may have been written a moment after we stopped waiting"),
    "answer drop by drop": Row(U, T, "our time-out is for the whole answer, not for each drop"),
    "10 MB of answer": Row(U, T, "more is never read than any answer of this network holds"),
    # --- a 2xx that says nothing
    "200 with broken JSON": Row(U, T, "it was taken, and what was made of it can't be read"),
    "200 with another shape": Row(U, T, "without an id there is no post that could be shown or found"),
    "200 with nothing": Row(U, T, "the same"),
    "200 with a page of HTML": Row(U, T, "a proxy's page in the network's place: the request may have passed it"),
    # --- statuses that mean nobody knows
    "redirect": Row(U, T, "never followed: it would carry the credentials to another place"),
    "408": Row(U, T, "the network waited for the rest of the request: which part it has is not known"),
    "500": Row(U, T, "an error inside comes before, in or after the write"),
    "502": Row(U, T, "the machine behind may have done it"),
    "503": Row(U, T, "the same; nobody promises that a 503 has no effect"),
    "504": Row(U, T, "the machine behind may still do it"),
    "502 with a page of HTML": Row(U, T, "a proxy speaks, not the network"),
    "503 with Retry-After": Row(U, T, "when to come back is no word about what was done"),
    # --- too many requests
    "429": Row(L, L, "not written, and the network says no time: a quarter of an hour"),
    "429 for a minute": Row(L, L, "not written; the network's own time", wait=60.0),
    "429 until a date": Row(L, L, "not written; the network's own time", wait=90.0),
    "429 until yesterday": Row(L, L, "its clock is behind ours: soon, not at once", wait=5.0),
    "429 for minus a minute": Row(L, L, "nonsense is no time"),
    "429 for 1e9 seconds": Row(L, L, "asked again after a day, and a post is missed at its limit", wait=_DAY),
    "429 for soon": Row(L, L, "nonsense is no time"),
    "429 by the network's own header": Row(L, L, "not written; the network's own time", wait=720.0),
    "429 with a page of HTML": Row(L, L, "a proxy's limit is a limit too"),
    # --- refusals
    "token expired": Row(Outcome.AUTH, Outcome.AUTH, "nothing works until somebody connects the account again"),
    "account suspended": Row(Outcome.AUTH, Outcome.AUTH, "the whole account is out of action until a person mends it"),
    "duplicate": Row(
        Outcome.DUPLICATE, Outcome.REJECTED, "it has this text: ours from a lost attempt, or an older one"
    ),
    "not permitted": Row(
        Outcome.REJECTED, Outcome.REJECTED, "this request, not the account, is refused", kind="policy"
    ),
    "not valid": Row(Outcome.REJECTED, Outcome.REJECTED, "it will never be taken as it is", kind="validation"),
    "not found": Row(Outcome.GONE, Outcome.GONE, "what it answers is gone", delete=Outcome.FINE, kind="gone"),
    "403 with a page of HTML": Row(T, T, "a proxy's refusal: it never reached the network, and the keys may be fine"),
}
"""The faults of one request, by name."""

SEQUENCES: Mapping[str, str] = {
    "3 of 5 segments out": "each segment's id is kept as it goes out; the fourth is one fault of the table above by "
    "itself, and the thread goes on from there or asks, never from the start",
    "picture uploaded, post failed": "pictures are no posts: they are uploaded again with the next attempt, and "
    "nothing of the first is visible",
    "picture refused": "refused before the post was sent",
    "picture never ready": "surely not sent: again later, and the post is missed at its limit",
}
"""Faults of several requests, and what is decided about them."""
