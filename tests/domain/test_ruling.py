"""Rules that act by themselves: what fits, which of several acts, how much is too much, and what is no rule."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.conversations import FRONT, Conversation, Outsider, Words
from bot.domain.heard import flag_instead, forget_person
from bot.domain.records import score
from bot.domain.rulebook import Rulebook, with_rule, without
from bot.domain.ruled import Ruled, Strength
from bot.domain.ruling import LEAST, RULES, WINDOWS, ModerationRule, fits, most, rule_of, said, strongest
from bot.errors import UserError

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rule(id_: str = "r", **about: object) -> ModerationRule:
    return ModerationRule.model_validate({"id": id_, "name": id_, "on": True, "words": ("tonto",), **about})


@pytest.mark.parametrize(
    ("word", "text", "fit"),
    [
        ("tonto", "Eres TONTO", True),
        ("tonto", "t0nt0!", True),
        ("tonto", "t o n t o", True),
        ("tonto", "toooonto", True),
        ("imbécil", "vaya imbecil", True),
        ("imbecil", "vaya IMBÉCIL", True),
        ("tonto", "tontorrón", False),
        ("tont*", "tontorrón", True),
        ("tonto", "atontolinado", False),
        ("ano", "un año más", False),
        ("vete ya", "¡Vete... ya!", True),
        ("vete ya", "ya vete", False),
        ("tonto", "https://x.example/tonto", False),
    ],
)
def test_words_are_whole_and_known_in_disguise(word: str, text: str, fit: bool) -> None:
    assert (fits(rule(words=(word,)), said(text)) == word) is fit


@pytest.mark.parametrize("stranger", [True, False])
@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize("worded", [True, False])
def test_everything_that_is_asked_has_to_be_so(stranger: bool, linked: bool, tagged: bool, worded: bool) -> None:
    text = " ".join(["tonto" if worded else "hola", "https://x.example" if linked else ""])
    what = said(text, stranger=stranger, tags=["Tróll"] if tagged else [])
    assert (fits(rule(), what) is not None) is worded
    assert (fits(rule(words=(), links=True), what) is not None) is (linked and stranger)
    assert (fits(rule(words=(), tags=("troll",)), what) is not None) is tagged
    both = rule(links=True, tags=("#troll".strip("#"),))
    assert (fits(both, what) is not None) is (worded and linked and stranger and tagged)


def test_a_rule_without_conditions_or_that_was_wrong_about_somebody_fits_nothing() -> None:
    assert fits(rule(words=()), said("hola")) is None
    assert fits(rule(), said("tonto", spared=["r"])) is None


def test_the_strongest_that_is_on_acts_and_the_first_of_equals() -> None:
    hide, flag = rule("h", strength=Strength.HIDE), rule("f")
    assert strongest([flag, hide], said("tonto")) == (hide, "tonto")
    assert strongest([flag, rule("g")], said("tonto")) == (flag, "tonto")
    for still in (hide.model_copy(update={"on": False}), hide.model_copy(update={"paused_at": AT})):
        assert strongest([still, flag], said("tonto")) == (flag, "tonto")
        assert strongest([still], said("tonto")) is None


@pytest.mark.parametrize(("week", "many"), [(0, LEAST), (1, LEAST), (WINDOWS, LEAST), (WINDOWS * 10, 30), (20_000, 60)])
def test_a_rule_may_hide_three_times_the_usual(week: int, many: int) -> None:
    assert most(week) == many


@pytest.mark.parametrize(
    ("about", "key"),
    [
        ({"name": "  "}, "error.field_required"),
        ({"id": "a:b"}, "error.field"),
        ({"id": "x" * 65}, "error.field"),
        ({"words": ("...",)}, "ruling.no_word"),
        ({"words": ("*",)}, "ruling.no_word"),
        ({"words": ("x" * 81,)}, "ruling.no_word"),
        ({"words": tuple(f"w{n}" for n in range(201))}, "ruling.too_many"),
        ({"words": ()}, "ruling.no_condition"),
    ],
)
def test_what_says_nothing_or_too_much_is_no_rule(about: dict[str, Any], key: str) -> None:
    with pytest.raises(UserError) as error:
        rule_of(rule(**about))
    assert error.value.key == key


def test_words_and_tags_are_kept_once() -> None:
    kept = rule_of(rule(name=" in  sultos ", words=(" Tonto ", "tónto", "a  b"), tags=("#troll", "Troll")))
    assert (kept.name, kept.words, kept.tags) == ("in sultos", ("Tonto", "a b"), ("troll",))


def test_a_book_has_so_many_rules_each_with_a_name_of_its_own() -> None:
    book = Rulebook(id="agora")
    for n in range(RULES):
        book = with_rule(book, rule(f"r{n}"))
    with pytest.raises(UserError):
        with_rule(book, rule("more"))
    with pytest.raises(UserError):
        with_rule(book, rule("r1", name="R2"))
    assert with_rule(book, rule("r1", name="otra")).rule("r1") is not None
    assert len(without(book, "r1").moderation) == RULES - 1


def act(strength: Strength = Strength.FLAG, **about: object) -> Ruled:
    return Ruled.model_validate({"rule": "r", "name": "n", "revision": 1, "strength": strength, "at": AT, **about})


def talk(ruled: Ruled | None, **about: object) -> Conversation:
    words = Words.model_validate({"ref": "w", "kind": "comment", "text": "hola", "at": AT, "ruled": ruled, **about})
    person = Outsider(id="p", handle="p", name="P")
    return Conversation(
        id="c", brand="agora", account="x", network="x", person=person, heard=(words,), changed_at=AT, created_at=AT
    )


@pytest.mark.parametrize(
    ("ruled", "about", "first"),
    [
        (None, {}, False),
        (act(), {}, True),
        (act(Strength.PROPOSE), {}, True),
        (act(Strength.HIDE), {}, False),
        (act(undone_by="T:A"), {}, False),
        (act(), {"hidden": True}, False),
        (act(), {"gone_at": AT}, False),
    ],
)
def test_what_is_flagged_stands_in_front(ruled: Ruled | None, about: dict[str, object], first: bool) -> None:
    found = talk(ruled, **about).indexes()
    for name in ("open:agora", "unowned:agora", "open_at:x"):
        assert found[name] == score(AT) - (FRONT if first else 0)
    assert found["heard:agora"] == score(AT)


@pytest.mark.parametrize("done", ["answered_to", "settled_to"])
def test_what_was_seen_to_is_no_longer_in_front(done: str) -> None:
    assert not talk(act()).model_copy(update={done: "w"}).flagged
    assert talk(act()).model_copy(update={done: "earlier"}).flagged


def test_what_could_not_be_hidden_is_flagged_and_what_is_forgotten_has_no_rule() -> None:
    assert flag_instead(talk(act(Strength.HIDE)), "w").flagged
    assert forget_person(talk(act()), "T:A", AT).latest.ruled is None
