"""Meta's own SDK as a judge of Graph requests: which parameters, of what type, and which fields it declares.

Its methods hold tables (`param_types`) that are read from the source by `ast`; an object's connections are its `get_…`
methods. It doesn't refuse unknown names by itself.
"""

import ast
import inspect
import json
import re
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from tests.fidelity.operations import Operation
from tests.fidelity.wire import Exchange

LOOKED_INTO = {"Page", "PagePost", "Comment", "Photo"}
# Taken by every node or edge, and therefore in no table of the SDK.
EVERYWHERE = {
    "access_token": "developers.facebook.com/docs/facebook-login/guides/access-tokens",
    "appsecret_proof": "developers.facebook.com/docs/graph-api/guides/secure-requests",
    "fields": "developers.facebook.com/docs/graph-api/guides/field-expansion",
    "limit": "developers.facebook.com/docs/graph-api/results: paging",
    "after": "developers.facebook.com/docs/graph-api/results: paging",
    "summary": "developers.facebook.com/docs/graph-api/reference/object/comments; the SDK's Cursor sends it",
}
BESIDES = {
    ("Page", "create_photo", "source"): "the file itself; the SDK attaches files apart from its parameters",
}


def _class(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(import_module(f"facebook_business.adobjects.{name.lower()}"), name)


@cache
def parameters(cls: str, method: str) -> dict[str, str]:
    """Name and type of what a method takes."""
    (table,) = _assigned(cls, method, "param_types")
    found: dict[str, str] = ast.literal_eval(table)
    return found


@cache
def enums(cls: str, method: str) -> dict[str, list[str]]:
    """The values of each enumerated type of a method."""
    (table,) = _assigned(cls, method, "enums")
    assert isinstance(table, ast.Dict)
    found: dict[str, list[str]] = {}
    for key, value in zip(table.keys, table.values, strict=True):
        assert isinstance(key, ast.Constant)
        assert isinstance(key.value, str)
        if isinstance(value, ast.List):
            found[key.value] = ast.literal_eval(value)
            continue
        owner, name, _ = ast.unparse(value).split(".", 2)  # `Comment.Filter.__dict__.values()`
        values = vars(getattr(_class(owner), name))
        found[key.value] = [one for sign, one in values.items() if not sign.startswith("_")]
    return found


def _assigned(cls: str, method: str, name: str) -> list[ast.expr]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(_class(cls), method))))
    return [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]


@cache
def fields(cls: str) -> dict[str, str]:
    """Name and type of every field of an object."""
    return {
        str(name): str(kind)
        for name, kind in {
            **{value: "" for sign, value in vars(_class(cls).Field).items() if not sign.startswith("_")},
            **_class(cls)._field_types,
        }.items()
    }


def connected(cls: str, name: str) -> str | None:
    """The class behind a connection, "" for one whose objects aren't looked into, None when there is no such."""
    method = getattr(_class(cls), f"get_{name}", None)
    if method is None:
        return None
    target = re.search(r"target_class=(\w+)", inspect.getsource(method))
    return target[1] if target and target[1] != "AbstractCrudObject" else ""


@dataclass
class Asked:
    """A name in `fields`, its arguments, and what is asked of it in turn."""

    name: str
    arguments: dict[str, str] = field(default_factory=dict)
    inner: list["Asked"] = field(default_factory=list)


_TOKENS = re.compile(r"(\w+)|\.(\w+)\(([^)]*)\)|([{},])")


def asked(text: str) -> list[Asked]:
    """`id,comments.limit(5){message}` as a tree. Raises ValueError for anything else."""
    levels: list[list[Asked]] = [[]]
    at = 0
    while at < len(text):
        token = _TOKENS.match(text, at)
        if token is None:
            raise ValueError(f"not a list of fields at {at}: {text}")
        name, argument, value, sign = token.groups()
        if name:
            levels[-1].append(Asked(name))
        elif argument:
            levels[-1][-1].arguments[argument] = value
        elif sign == "{":
            levels.append(levels[-1][-1].inner)
        elif sign == "}":
            levels.pop()
        at = token.end()
    if len(levels) != 1:
        raise ValueError(f"brackets are left open: {text}")
    return levels[0]


def complaints(exchange: Exchange, operation: Operation) -> list[str]:
    """What the SDK doesn't declare in a request: parameters, their values, fields and what is asked of them."""
    if operation.sdk is None:
        return []  # the SDK has no call for it: `NOTHING_IS_MISSING` of the comparison says so, with the reason
    cls, method = operation.sdk
    body = exchange.body if isinstance(exchange.body, dict) else {}
    given = {**exchange.query, **body}
    found = [*_unknown(cls, method, given)]
    if "fields" in given and not method.startswith("create_"):  # a subscription's fields are no object's
        target = cls if method.startswith("api_") else connected(cls, method.removeprefix("get_"))
        found += unknown_fields(target or "", asked(given["fields"]))
    return [f"{exchange}: {one}" for one in found]


def _unknown(cls: str, method: str, given: dict[str, Any]) -> Iterator[str]:
    known, values = parameters(cls, method), enums(cls, method)
    for name, value in given.items():
        if name in EVERYWHERE or (cls, method, name) in BESIDES:
            continue
        if name not in known:
            yield f"{cls}.{method} declares no {name}"
        elif not fitting(known[name], value, values):
            yield f"{name}={value!r} isn't {known[name]}"


def fitting(kind: str, value: Any, values: dict[str, list[str]]) -> bool:
    """Whether a value, as it stands in a form, is of a type of the SDK."""
    if not isinstance(value, str):
        return False
    if kind in values:
        return value in values[kind]
    inner = kind.removeprefix("list<").removesuffix(">")
    if inner in values:
        return set(value.split(",")) <= set(values[inner])
    if kind == "bool":
        return value in ("true", "false")
    if kind in ("unsigned int", "datetime"):
        return value.isdigit()
    if kind == "Object":
        return isinstance(json.loads(value), dict)
    if kind == "list<Object>":
        parsed = json.loads(value)
        return isinstance(parsed, list) and all(isinstance(one, dict) for one in parsed)
    return kind == "string"


def unknown_fields(cls: str, tree: list[Asked]) -> Iterator[str]:
    """Names that an object of this class has neither as a field nor as a connection."""
    for one in tree:
        connection = connected(cls, one.name) if cls else None
        if not cls or (one.name not in fields(cls) and connection is None):
            yield f"{cls} has no {one.name}"
            continue
        if one.arguments:
            yield from _unknown(cls, f"get_{one.name}", one.arguments)
        inner = fields(cls).get(one.name, "") or connection or ""
        if inner in LOOKED_INTO:
            yield from unknown_fields(inner, one.inner)
