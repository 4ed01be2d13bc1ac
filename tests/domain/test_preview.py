"""How a post looks in a feed: cell by cell."""

import pytest

from bot.domain.preview import Card, Cut, Edge, Feed, card, cut, folded

PLAIN = Feed()
FOLDS = Feed(fold=20, fold_lines=3)
FRAME = Feed(widest=2.0, tallest=0.8)


@pytest.mark.parametrize(
    ("text", "feed", "seen", "behind"),
    [
        ("", FOLDS, "", ""),
        ("corto", FOLDS, "corto", ""),
        ("x" * 20, FOLDS, "x" * 20, ""),
        ("x" * 21, FOLDS, "x" * 20, "x"),
        ("uno dos tres cuatro cinco", FOLDS, "uno dos tres cuatro", "cinco"),
        ("una dos tres catorce quince", FOLDS, "una dos tres catorce", "quince"),
        ("a\nb\nc", FOLDS, "a\nb\nc", ""),
        ("a\nb\nc\nd", FOLDS, "a\nb\nc", "d"),
        ("a\nb\nc\n\n", FOLDS, "a\nb\nc\n\n", ""),
        ("corto           y más allá de todo", FOLDS, "corto           y", "más allá de todo"),
        ("x" * 19 + "👩‍👩‍👧‍👦 fin", FOLDS, "x" * 19, "👩‍👩‍👧‍👦 fin"),
        ("x" * 500 + "\n" * 9, PLAIN, "x" * 500 + "\n" * 9, ""),
    ],
)
def test_a_text_folds_where_the_network_folds_it(text: str, feed: Feed, seen: str, behind: str) -> None:
    assert folded(text, feed) == (seen, behind)


def test_nothing_but_space_is_lost_at_the_fold() -> None:
    text = "Hoy abrimos a las nueve.  Mañana,\ttambién. ¿Vienes?"
    for at in range(1, len(text)):
        head, rest = folded(text, Feed(fold=at))
        assert "".join((head + rest).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("width", "height", "feed", "found"),
    [
        (0, 0, FRAME, None),
        (100, 0, FRAME, None),
        (1000, 1000, FRAME, None),
        (2000, 1000, FRAME, None),
        (800, 1000, FRAME, None),
        (2005, 1000, FRAME, None),
        (4000, 1000, FRAME, Cut(Edge.SIDES, 50)),
        (400, 1000, FRAME, Cut(Edge.ENDS, 50)),
        (1, 100_000, FRAME, Cut(Edge.ENDS, 99)),
        (4000, 1000, PLAIN, None),
        (400, 1000, PLAIN, None),
    ],
)
def test_a_picture_outside_the_frame_is_cut(width: int, height: int, feed: Feed, found: Cut | None) -> None:
    assert cut(width, height, feed) == found


@pytest.mark.parametrize(
    ("texts", "pictures", "feed", "found"),
    [
        ((), 0, Feed(card=True), None),
        (("sin enlace",), 0, Feed(card=True), None),
        (("va: https://a.es/x. Y https://b.es",), 0, Feed(card=True), ("https://a.es/x", Card.DRAWN)),
        (("va: https://a.es/x",), 2, Feed(card=True), ("https://a.es/x", Card.PICTURES)),
        (("va: https://a.es/x",), 0, PLAIN, ("https://a.es/x", Card.NONE)),
        (("va: https://a.es/x",), 1, PLAIN, ("https://a.es/x", Card.NONE)),
        (("nada", "https://a.es/x"), 0, Feed(card=True), None),
    ],
)
def test_the_first_link_has_a_card_or_not(
    texts: tuple[str, ...], pictures: int, feed: Feed, found: tuple[str, Card] | None
) -> None:
    assert card(texts, pictures, feed) == found
