"""Routes: each condition cell by cell, the first that fits, and what is no route."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.brands import Role
from bot.domain.checks.wording import spoken
from bot.domain.moods import Tone
from bot.domain.routing import PUBLIC, ROUTES, Arrived, Place, Route, first, route_of, takes
from bot.domain.rulebook import Rulebook, earlier, with_route
from bot.errors import UserError

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHAT = Arrived("x-1", spoken("¡Qué mal servicio!"), "es", Tone.NEGATIVE, frozenset({"vip"}))


def route(id_: str = "r", **about: Any) -> Route:
    return Route.model_validate({"id": id_, "name": id_, "channel": "C01", **about})


@pytest.mark.parametrize(
    ("about", "fit"),
    [
        ({"accounts": ("x-1",)}, True),
        ({"accounts": ("x-2",)}, False),
        ({"words": ("SERVICIÓ",)}, True),
        ({"words": ("precio", "mal servicio")}, True),
        ({"words": ("precio",)}, False),
        ({"language": "es"}, True),
        ({"language": "en"}, False),
        ({"moods": (Tone.NEGATIVE, Tone.NEUTRAL)}, True),
        ({"moods": (Tone.POSITIVE,)}, False),
        ({"tags": ("VIP",)}, True),
        ({"tags": ("prensa",)}, False),
        ({"accounts": ("x-1",), "language": "es", "tags": ("vip",)}, True),
        ({"accounts": ("x-1",), "language": "en", "tags": ("vip",)}, False),
    ],
)
def test_every_condition_has_to_hold(about: dict[str, Any], fit: bool) -> None:
    assert takes(route(**about), WHAT) is fit


def test_the_first_that_fits_wins_whatever_comes_after() -> None:
    routes = [route("no", language="en"), route("a", language="es"), route("b", accounts=("x-1",))]
    assert first(routes, WHAT) == routes[1]
    assert first(routes[:1], WHAT) is None


@pytest.mark.parametrize(
    ("about", "key"),
    [
        ({}, "routing.no_condition"),
        ({"language": "es", "channel": ""}, "routing.nowhere"),
        ({"language": "es", "member": "T:A", "role": Role.MODERATOR}, "routing.one_of"),
        ({"language": "xx"}, "error.field"),
        ({"moods": (Tone.UNSURE,)}, "error.field"),
        ({"language": "es", "channel": "general"}, "error.field"),
        ({"words": ("...",)}, "ruling.no_word"),
        ({"language": "es", "name": ""}, "error.field_required"),
    ],
)
def test_what_takes_everything_or_leads_nowhere_is_no_route(about: dict[str, Any], key: str) -> None:
    with pytest.raises(UserError) as error:
        route_of(route(**about))
    assert error.value.key == key


def test_routes_keep_their_order_and_move_to_the_front_one_by_one() -> None:
    book = Rulebook(id="agora")
    for n in range(ROUTES):
        book = with_route(book, route(f"r{n}"))
    with pytest.raises(UserError):
        with_route(book, route("more"))
    moved = earlier(book, "r2")
    assert [each.id for each in moved.routes[:4]] == ["r0", "r2", "r1", "r3"]
    assert earlier(moved, "r0") == moved
    assert earlier(moved, "nobody") == moved


@pytest.mark.parametrize("usable", [True, False])
@pytest.mark.parametrize("outsiders", [True, False])
@pytest.mark.parametrize("kind", [*sorted(PUBLIC), "message"])
def test_nothing_private_goes_where_outsiders_read(usable: bool, outsiders: bool, kind: str) -> None:
    place = Place(id="C01", usable=usable, outsiders=outsiders, seen_at=AT)
    assert place.open_to(kind) is (usable and (kind in PUBLIC or not outsiders))


def test_a_channel_of_which_nothing_is_known_is_closed() -> None:
    assert not Place(id="C01", seen_at=AT).open_to("comment")
