"""Bodies that aren't what Slack sends: broken as text, as JSON, as a form, and in each part of each kind of payload."""

import gzip
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

from tests.hostile.hall import FORM, JSON

Body = tuple[bytes, str]
Path = tuple[str | int, ...]

WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 1.5, 10**18, 10**30, -(10**300), "", " ", "x", "x" * 3001, "\x00", "\ud800",
    "<!channel>", "../../x", "{}", "null", "1e999", [], {}, [None], [[]], [{}], {"": None}, {"id": {}}, {"type": []},
    {"text": None},
)  # fmt: skip
"""What stands in the wrong place."""
MISSING = object()


def texts(good: bytes) -> Iterator[bytes]:
    """A good JSON body, broken as a text."""
    yield from (
        b"",
        b" ",
        b"\n",
        b"{",
        b"}",
        b"{{{",
        b"[",
        b"]",
        b"{}",
        b"[]",
        b"null",
        b"true",
        b"false",
        b"0",
        b"-1",
        b"1.5",
    )
    yield from (
        b'""',
        b'"x"',
        b"[{}]",
        b"[[]]",
        b"[null]",
        b"{}{}",
        b"{} {}",
        b"{}\n{}",
        b"\x00",
        b"\x00{}",
        b"{}\x00",
        b"\xff\xfe{}",
    )
    yield from (
        b"NaN",
        b"[NaN]",
        b"nul",
        b"None",
        b"undefined",
        b"'x'",
        b"{'a':1}",
        b"{a:1}",
        b'{"a"}',
        b'{"a":}',
        b'{"a":1,}',
        b"[1,]",
    )
    yield from (
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":.5}',
        b'{"a":0x10}',
        b'{"a":1e}',
        b'{"a":--1}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
    )
    yield from (
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":-1e999}',
        b'{"a":' + b"9" * 4000 + b"}",
        b'{"a":' + b"9" * 5000 + b"}",
    )
    yield from (
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"a":"\n"}',
        b'{"a":"\t"}',
        b'{"a":"\x00"}',
        b'{"a":"',
        b'{"a":"\\',
        b'{"a":"\\"}',
    )
    yield from (
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":2}}',
        b"/* x */{}",
        b"// x\n{}",
        b"{}//",
        b"<xml/>",
        b"<?xml version='1.0'?><a/>",
    )
    yield from (
        b"--- \na: 1\n",
        b"!!python/object:x",
        b"callback({})",
        b")]}',\n{}",
        b"for(;;);{}",
        b"%7B%7D",
        b"\x80\x04K\x01.",
    )
    yield from (
        b"[" * 1000,
        b"[" * 100_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 100_000,
    )
    yield from (
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b'{"a":' + b"[" * 66 + b"]" * 66 + b"}",
        b'{"' + b"a" * 900_000 + b'":1}',
    )
    yield from (
        b'{"a":"' + b"\\ud800" * 9 + b'"}',
        b'{"\\ud800":1}',
        b'{"type":"\\ud800"}',
        b'{"type":1e400}',
        b'{"":""}',
    )
    yield from (
        good.decode().encode(codec) for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7")
    )
    yield from (
        b"\xed\xa0\x80",
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xc0\xaf"}',
        b'{"a":"\xff"}',
        b'{"a":"\xf5\x80\x80\x80"}',
    )
    yield from (
        gzip.compress(good),
        good[::-1],
        good + b",",
        good + good,
        b"," + good,
        b"[" + good + b"]",
        good.replace(b":", b"="),
    )
    yield from (
        json.dumps(good.decode()).encode(),
        good.replace(b'"', b"'"),
        good.replace(b"{", b"["),
        good.upper(),
        good.swapcase(),
    )
    step = max(1, len(good) // 60)
    yield from (good[:end] for end in range(1, len(good), step))
    yield from (good[:at] + bytes([good[at] ^ 0x80]) + good[at + 1 :] for at in range(0, len(good), step))


def forms(good: str) -> Iterator[bytes]:
    """A good payload, in forms that are none."""
    packed = urlencode({"payload": good})
    yield from (
        b"payload",
        b"payload=",
        b"payload=null",
        b"payload=[]",
        b"payload=%00",
        b"payload=%FF",
        b"payload=%",
        b"payload=%zz",
    )
    yield from (
        b"=",
        b"&",
        b"&&&&",
        b"=&=&=",
        b"a",
        b"a=1",
        b"a&b&c",
        b"command=",
        b"command",
        b"text=x",
        b"ssl_check=2",
        b"ssl_check=1&command=%2Fx",
    )
    yield from (
        b"payload[]=x",
        b"payload[a]=x",
        b"PAYLOAD={}",
        b"%70ayload={}",
        b"payload;command=1",
        b"payload={}&payload={}",
        b"\xff=1",
    )
    yield from (
        b"command=1&command=2",
        b"command=%2Fvocero",
        b"command=%2Fvocero&text=x",
        b"command=%2Fvocero&team_id=T&user_id=U",
    )
    yield from (
        b"command=%2Fvocero&team_id=%00",
        b"command=%2Fvocero&user_id[]=1",
        b"a=1&" * 90_000,
        b"&" * 900_000,
        b"a" * 900_000,
    )
    yield from (
        f"{packed}&{packed}".encode(),
        f"{packed}&command=%2Fvocero".encode(),
        packed.encode("utf-16"),
        f"{packed}%".encode(),
    )
    yield from (
        packed.replace("payload", each).encode()
        for each in ("Payload", "payloads", " payload", "payload ", "payload\x00")
    )
    yield from (urlencode({"payload": quote_plus(good)}).encode(), urlencode({"payload": json.dumps(good)}).encode())
    yield from (urlencode({"payload": good[:end]}).encode() for end in range(1, len(good), max(1, len(good) // 20)))


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Where something stands in a payload, the near ones first at each level."""
    children = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield (*here, name)
        yield from paths(child, (*here, name))


def changed(payload: Any, path: Path, wrong: Any) -> Any:
    """The payload with something else in one place, or without it."""
    name, *rest = path
    copy: Any = dict(payload) if isinstance(payload, Mapping) else list(payload)
    if rest:
        copy[name] = changed(copy[name], tuple(rest), wrong)
    elif wrong is MISSING:
        del copy[name]
    else:
        copy[name] = wrong
    return copy


def mutants(payload: Mapping[str, Any], chance: random.Random, most: int) -> Iterator[dict[str, Any]]:
    """At most so many payloads, each wrong in one to three places; those near the root more often."""
    places = sorted(paths(payload), key=len)
    near = [path for path in places if len(path) <= 3]
    for number in range(most):
        mutant: Any = payload
        for _ in range(1 if number % 3 else chance.randint(2, 3)):
            path = chance.choice(near if chance.random() < 0.7 else places)
            if path in set(paths(mutant)):
                mutant = changed(mutant, path, chance.choice((*WRONG, MISSING)))
        extra = (
            {}
            if number % 5
            else {chance.choice(("event", "view", "actions", "command", "type", "x")): chance.choice(WRONG)}
        )
        yield dict(mutant) | extra


def fresh(payload: dict[str, Any], number: int) -> dict[str, Any]:
    """Another delivery, where the payload still says which one it is."""
    for name in ("trigger_id", "event_id"):
        if isinstance(payload.get(name), str):
            payload = payload | {name: f"n.{number}"}
    return payload


def as_text(good: bytes) -> Iterator[Body]:
    """All broken texts, as JSON and within a form."""
    for text in texts(good):
        yield text, JSON
        if len(text) < 10_000:
            yield urlencode({"payload": text}).encode(), FORM
    for form in forms(good.decode()):
        yield form, FORM
    kinds = (
        "",
        "text/plain",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=x",
        "application/xml",
        "/",
        "x" * 200,
    )
    yield from ((good, kind) for kind in kinds)
