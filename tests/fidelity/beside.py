"""Two requests beside each other: what each means, and where the meanings differ."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.fidelity.operations import Operation, of
from tests.fidelity.vocabulary import answer_today, query_today
from tests.fidelity.wire import Exchange, leaves

IDENT = re.compile(r"\b\d{12,19}\b")
CURSORS = {"pagination_token", "after"}
SECRETS = {"access_token", "appsecret_proof"}


def by_operation(exchanges: Iterable[Exchange]) -> dict[str, Exchange]:
    """The first exchange of each operation."""
    found: dict[str, Exchange] = {}
    for exchange in exchanges:
        for operation in of(exchange):
            found.setdefault(operation.name, exchange)
    return found


def meaning(exchange: Exchange) -> dict[str, Any]:
    """What a request says by place; ids, cursors, proofs and the order of lists say nothing."""
    query = query_today(exchange.query)
    found: dict[str, Any] = {"auth": exchange.auth, "type": exchange.type}
    found |= {f"query.{name}": _plain(name, value) for name, value in query.items()}
    found |= _body(exchange)
    if exchange.status < 300:
        answer = answer_today(exchange.answer) if exchange.target == "x" else exchange.answer
        found["answer"] = sorted({place for place, _ in leaves(answer)})
    else:
        found["answer"] = exchange.answer
    return found


def _body(exchange: Exchange) -> dict[str, Any]:
    if exchange.type == "application/json":
        return {f"body{place}": _ident(value) for place, value in leaves(exchange.body)}
    form: Mapping[str, Any] = exchange.body or {}
    return {f"body.{name}": _plain(name, value) for name, value in form.items()}


def _plain(name: str, value: Any) -> Any:
    """Values of a query or a form: lists without order, JSON as what it holds, a file by its size."""
    if name in SECRETS or name in CURSORS:
        return f"<{name}>"
    if isinstance(value, dict):
        return f"a file of {value['bytes']} bytes"
    text = str(_ident(value))
    if name == "fields":
        return sorted(_split(text))
    if text.startswith(("{", "[")):
        return json.loads(text)
    return sorted(text.split(",")) if name.endswith("fields") or name == "expansions" else text


def _ident(value: Any) -> Any:
    return IDENT.sub("<id>", value) if isinstance(value, str) else value


def _split(fields: str) -> list[str]:
    """At the commas outside of brackets."""
    depth, parts = 0, [""]
    for sign in fields:
        depth += (sign in "({") - (sign in ")}")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def differences(ours: Exchange, theirs: Exchange) -> dict[str, str]:
    """Place by place, what one says and the other doesn't."""
    left, right = meaning(ours), meaning(theirs)
    return {
        place: f"ours {left.get(place)!r}, theirs {right.get(place)!r}"
        for place in sorted(left.keys() | right.keys())
        if left.get(place) != right.get(place)
    }


def undeclared(
    operations: Iterable[Operation],
    ours: Mapping[str, Exchange],
    theirs: Mapping[str, Exchange],
    declared: Mapping[tuple[str, str], str],
) -> list[str]:
    """Differences without a reason, and reasons without a difference. `*` stands for every operation."""
    found, used = [], set()
    for operation in operations:
        for place, how in differences(ours[operation.name], theirs[operation.name]).items():
            reasons = {(operation.name, place), ("*", place)} & declared.keys()
            used |= reasons
            if not reasons:
                found.append(f"{operation.name}: {place}: {how}")
    return found + [f"declared and not there: {name}: {place}" for name, place in declared.keys() - used]
