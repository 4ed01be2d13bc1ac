"""Every exchange of a test with X and Facebook, judged by what their owners publish. The contract suite uses it."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fidelity import description, graph_sdk
from tests.fidelity.operations import of, unlisted
from tests.fidelity.wire import Exchange


def unfit(exchanges: Iterable[Exchange], calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """What isn't listed, what the sandbox's log lacks, and what X or Meta don't describe: requests, and X's answers."""
    exchanges = list(exchanges)
    logged = {(call["http"], call["path"]) for call in calls}
    found = [f"not in GET /calls: {one}" for one in exchanges if (one.method, one.path) not in logged]
    found += [f"in no list of operations: {one}" for one in unlisted(exchanges)]
    for one in exchanges:
        found += description.complaints(one)
        if one.target == "facebook" and one.auth:
            found += [line for operation in of(one) for line in graph_sdk.complaints(one, operation)]
    return list(dict.fromkeys(found))
