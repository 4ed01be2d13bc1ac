"""What goes out where, of one post: cell by cell."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain import variants
from bot.domain.posts import Revision

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
THREADED, COMMENTED = {"x": True, "fb": False}, {"x": False, "fb": True}


def revision(**more: Any) -> Revision:
    written = Revision(**{"number": 1, "text": "uno", "accounts": ("x", "fb"), "by": "T:ANA", "at": AT} | more)
    return written.model_copy(update={"adapted": variants.adapted(written, THREADED, COMMENTED)})


@pytest.mark.parametrize(
    ("more", "x", "facebook"),
    [
        ({}, ("uno",), ("uno",)),
        ({"thread": ("dos", "tres")}, ("uno", "dos", "tres"), ("uno\n\ndos\n\ntres",)),
        ({"comment": "luego"}, ("uno",), ("uno", "luego")),
        ({"comment": "  "}, ("uno",), ("uno",)),
        ({"thread": ("dos",), "comment": "luego"}, ("uno", "dos"), ("uno\n\ndos", "luego")),
        ({"own": {"x": ("UNO", "DOS")}}, ("UNO", "DOS"), ("uno",)),
        ({"own": {"fb": ("más largo",)}, "comment": "luego"}, ("uno",), ("más largo", "luego")),
        ({"own": {"gone": ("nadie",)}}, ("uno",), ("uno",)),
        ({"own": {"fb": ("uno",)}}, ("uno",), ("uno",)),
    ],
)
def test_every_account_gets_its_own(more: dict[str, Any], x: tuple[str, ...], facebook: tuple[str, ...]) -> None:
    made = revision(**more)
    assert (made.texts("x"), made.texts("fb")) == (x, facebook)
    assert list(variants.every_text(made)) == list(dict.fromkeys((*x, *facebook)))


def test_the_same_words_everywhere_are_one_version() -> None:
    assert variants.groups(revision()) == [(("uno",), ["x", "fb"])]
    assert variants.groups(revision(own={"fb": ("otro",)})) == [(("uno",), ["x"]), (("otro",), ["fb"])]
    assert variants.groups(revision(accounts=())) == [(("uno",), ())]


def test_the_hash_is_that_of_all_that_is_public() -> None:
    plain = revision()
    assert revision(own={"fb": ("uno",)}).hash == plain.hash
    assert revision(own={"fb": ("otro",)}).hash != plain.hash
    assert revision(own={"x": ("otro",)}).hash != revision(own={"fb": ("otro",)}).hash
    assert revision(comment="luego").hash not in {plain.hash, revision(comment="antes").hash}
