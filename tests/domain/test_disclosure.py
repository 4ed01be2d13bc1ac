"""Disclosure, cell by cell: the words that tell each relationship in each language, and where they have to stand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from bot.domain.brands import Account, Brand, Channels
from bot.domain.checks import Answered, Finding, Subject, found
from bot.domain.checks.disclosure import tongue_of
from bot.domain.disclosure import WORDINGS, Told, Tongue, begun, praises, told, tongue, wording
from bot.domain.house_rules import HouseRules
from bot.domain.people import Relationship
from bot.domain.posts import Revision
from bot.domain.preview import Feed, opening

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
R, T = Relationship, Tongue
NAMES = ("Café Ágora", "cafe_agora", "cafe.agora")
SOME = [each for each in R if each is not R.NONE]


def tells(text: str, relationship: Relationship = R.PAID, spoken: Tongue = T.SPANISH) -> Told:
    return told(text, relationship, spoken, NAMES)


# --- the words


@pytest.mark.parametrize(("spoken", "relationship"), list(product(T, SOME)))
def test_what_is_put_into_a_text_tells_it(spoken: Tongue, relationship: Relationship) -> None:
    words = wording(relationship, spoken, "Café Ágora", "@pan_luis")
    assert tells(words, relationship, spoken) is Told.YES
    for text in ("Hoy estrenamos carta", "¡Qué rico!\nVolveremos", "", "#cafe"):
        assert tells(begun(text, words), relationship, spoken) is Told.YES, text
    assert tells("Hoy estrenamos carta", relationship, spoken) is Told.NO


@pytest.mark.parametrize("spoken", T)
def test_of_somebody_unknown_a_gap_stays_and_is_no_name(spoken: Tongue) -> None:
    words = wording(R.PARTNER, spoken, "Café Ágora")
    text = begun("hoy pan recién hecho", words)
    assert tells(text, R.PARTNER, spoken) is (Told.YES if spoken is T.BRITISH else Told.NAMELESS)


def test_nothing_has_to_be_told_of_who_is_nothing_to_the_brand() -> None:
    assert all(tells("hola", R.NONE, spoken) is Told.YES for spoken in T)
    assert wording(R.NONE, T.SPANISH, "Café Ágora") == ""
    assert set(WORDINGS) == set(product(T, SOME))


@pytest.mark.parametrize(
    "text",
    [
        "Publicidad: estrenamos carta", "PUBLICIDAD · estrenamos carta", "publicidad\nEstrenamos carta",
        "(Publicidad) Estrenamos carta", "[publi] Estrenamos", "Estrenamos carta (publicidad)",
        "Estrenamos carta\nPublicidad", "Estrenamos carta\nPublicidad 📢", "📢 Publicidad: estrenamos",
        "¿Vienes? (Publicidad)", "Publicidad. Hoy",
        "Publicidad - Estrenamos carta", "Publicidad — Estrenamos carta", "Publicidad",
        "#publi Estrenamos", "Estrenamos #Publicidad", "Estrenamos carta, sin gluten #publi",
        "#ColaboraciónPagada hoy", "#colaboracion_pagada", "Estrenamos. Colaboración pagada con Pan de Luis",
        "Esto es publicidad de las buenas", "Contenido patrocinado por @pan_luis", "Patrocinada por Pan de Luis",
        "En colaboración con @pan_luis", "Estrenamos carta en colaboración con la Panadería Luis",
        "Publicidad: hoy", "#ＰＵＢＬＩ hoy",
    ],
)  # fmt: skip
def test_spanish_words_of_an_ad(text: str) -> None:
    assert tells(text) is Told.YES


@pytest.mark.parametrize(
    "text",
    [
        "", "Estrenamos carta", "Publicidad engañosa la de otros", "Nuestra nueva publicidad sale hoy",
        "La publicidad: ese arte", "Publicidad, marketing y diseño: nuestro curso", "¿Publicidad? Nunca",
        "Esto no es publicidad.", "No es un #anuncio", "sin #publi", "Nunca hemos sido patrocinados por nadie",
        "No está patrocinado por Pan de Luis", "Esto no es un anuncio",
        "#ad Estrenamos carta", "#sp Estrenamos", "#colab hoy", "#publicista", "a#publi", "https://a.es/#publi",
        "@publi hola", "#publi_nada", "publi cidad: hoy", "Gracias a Pan de Luis",
    ],
)  # fmt: skip
def test_what_is_no_spanish_ad_or_may_be_something_else(text: str) -> None:
    assert tells(text) is Told.NO


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("En colaboración con", Told.NAMELESS),
        ("En colaboración con …: hoy pan", Told.NAMELESS),
        ("En colaboración con mucho cariño", Told.NAMELESS),
        ("En colaboración con nuestros vecinos", Told.NAMELESS),
        ("En colaboración con. Luis vino", Told.NAMELESS),
        ("En colaboración con «Pan de Luis»", Told.YES),
        ("En colaboración con nuestros amigos", Told.NAMELESS),
        ("No en colaboración con @pan", Told.NO),
        ("En colaboración con …, y colaboración pagada", Told.YES),
        ("De colaboración con @pan", Told.NO),
    ],
)
def test_a_partner_has_a_name(text: str, expected: Told) -> None:
    assert tells(text, R.PARTNER) is expected


@pytest.mark.parametrize(
    ("text", "relationship", "expected"),
    [
        ("Regalo de Café Ágora: qué rico", R.GIFT, Told.YES),
        ("Regalo de @cafe_agora: qué rico", R.GIFT, Told.YES),
        ("Regalo de @cafe.agora: qué rico", R.GIFT, Told.YES),
        ("#RegaloDeCafeAgora", R.GIFT, Told.YES),
        ("Un regalo de Navidad para ti", R.GIFT, Told.NO),
        ("Regalo: mira esto", R.GIFT, Told.NO),
        ("Publicidad: qué rico", R.GIFT, Told.YES),
        ("Regalo de Café Ágora: qué rico", R.PAID, Told.NO),
        ("Empleada de Café Ágora: qué rico", R.EMPLOYEE, Told.YES),
        ("Empleado/a de Café Ágora: qué rico", R.EMPLOYEE, Told.YES),
        ("María trabaja con nosotros", R.EMPLOYEE, Told.YES),
        ("Trabajo en Café Ágora y me encanta", R.EMPLOYEE, Told.YES),
        ("Ya no trabaja en Café Ágora", R.EMPLOYEE, Told.NO),
        ("Trabajo en otro café", R.EMPLOYEE, Told.NO),
        ("La camiseta de nuestro equipo", R.EMPLOYEE, Told.NO),
        ("Publicidad: me encanta", R.EMPLOYEE, Told.NO),
        ("Nuestro socio Luis hornea", R.PARTNER, Told.YES),
    ],
)
def test_spanish_words_of_the_others(text: str, relationship: Relationship, expected: Told) -> None:
    assert tells(text, relationship) is expected


@pytest.mark.parametrize(
    ("text", "relationship", "elsewhere", "in_britain"),
    [
        ("#ad Our new menu", R.PAID, Told.YES, Told.YES),
        ("Ad: our new menu", R.PAID, Told.YES, Told.YES),
        ("Advertisement\nOur new menu", R.PAID, Told.YES, Told.YES),
        ("Ad-free since 2010", R.PAID, Told.NO, Told.NO),
        ("Ad.com is ours", R.PAID, Told.NO, Told.NO),
        ("Sponsored: our new menu", R.PAID, Told.YES, Told.NO),
        ("Sponsored by Bread Ltd", R.PAID, Told.YES, Told.NO),
        ("This isn't sponsored by Bread Ltd", R.PAID, Told.NO, Told.NO),
        ("Paid partnership with @bread", R.PAID, Told.YES, Told.NO),
        ("Not an #ad", R.PAID, Told.NO, Told.NO),
        ("#sp #spon #collab", R.PAID, Told.NO, Told.NO),
        ("#publicidad Our new menu", R.PAID, Told.NO, Told.NO),
        ("Gifted by Café Ágora: lovely", R.GIFT, Told.YES, Told.NO),
        ("Ad gifted: lovely", R.GIFT, Told.NO, Told.YES),
        ("#gifted lovely", R.GIFT, Told.NO, Told.NO),
        ("In partnership with @bread: fresh", R.PARTNER, Told.YES, Told.NO),
        ("In partnership with all of you", R.PARTNER, Told.NAMELESS, Told.NO),
        ("I work for Café Ágora", R.EMPLOYEE, Told.YES, Told.YES),
        ("#cafe_agora_employee loves it", R.EMPLOYEE, Told.YES, Told.YES),
        ("#employee loves it", R.EMPLOYEE, Told.NO, Told.NO),
    ],
)
def test_english_words_and_the_fewer_that_britain_takes(
    text: str, relationship: Relationship, elsewhere: Told, in_britain: Told
) -> None:
    assert tells(text, relationship, T.ENGLISH) is elsewhere
    assert tells(text, relationship, T.BRITISH) is in_britain


def test_whose_words_count() -> None:
    assert tongue("es", "Europe/London") is T.SPANISH
    assert tongue("en", "Europe/London") is T.BRITISH
    assert tongue("en", "America/New_York") is T.ENGLISH
    agora = brand()
    assert tongue_of("Publicidad: estrenamos la carta de la primavera", agora) is T.SPANISH
    assert tongue_of("The menu of the spring is here for you", agora) is T.ENGLISH
    assert tongue_of("☕", agora) is T.SPANISH
    assert tongue_of("☕", agora.model_copy(update={"language": "en", "zone": "Europe/London"})) is T.BRITISH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¡Gracias, Marta!", True), ("Nos encanta", True), ("Os la recomendamos", True), ("Thank you so much", True),
        ("We love it", True), ("Abrimos a las 9", False), ("We open at 9", False), ("", False),
    ],
)  # fmt: skip
def test_what_thanks_or_praises(text: str, expected: bool) -> None:
    assert praises(text) is expected


def test_a_very_long_text_is_read_quickly() -> None:
    for text in ("publicidad " * 20_000, "en colaboración con la " * 10_000, "#" * 60_000, " " * 60_000, "(" * 60_000):
        tells(text, R.PARTNER)


# --- where


def test_where_it_has_to_stand() -> None:
    long = "palabra " * 40
    assert opening(long, Feed()) == long
    assert opening(long, Feed(opening=20)) == "palabra palabra "
    assert opening("uno\ndos\ntres\ncuatro", Feed(fold_lines=3)) == "uno\ndos\ntres"
    assert opening("corto", Feed(opening=20)) == "corto"
    assert len(opening(long, Feed(fold=100, opening=20))) <= 20


# --- the check


def brand(**rules: Any) -> Brand:
    return Brand(
        id="agora", name="Café Ágora", language="es", zone="Europe/Madrid", channels=Channels(review="C1"),
        rules=HouseRules(**rules),
    )  # fmt: skip


def account(id_: str) -> Account:
    return Account(
        id=id_, brand="agora", network=id_, remote_id="1", handle="cafe_agora", name="Café Ágora", sealed="s",
        connected_at=AT,
    )  # fmt: skip


def post(
    text: str,
    relationship: Relationship = R.PAID,
    *,
    heads: Mapping[str, str] | None = None,
    related: Mapping[str, Relationship] | None = None,
    house: Brand | None = None,
    **more: Any,
) -> list[Finding]:
    both = (account("x"), account("facebook"))
    written = Revision(
        number=1, text=text, accounts=("x", "facebook"), disclosure=relationship, by="T:ANA", at=AT, **more
    )
    subject = Subject(
        texts=(text,), brand=house or brand(), now=AT, accounts=both, names={"x": "X", "facebook": "Facebook"},
        revision=written, disclosure=relationship, heads=heads or {}, related=related or {},
    )  # fmt: skip
    return [each for each in found(subject) if each.key.startswith("check.disclosure")]


def test_a_post_that_tells_it_passes() -> None:
    assert post("Publicidad: estrenamos la carta") == []
    assert post("Estrenamos la carta", R.NONE) == []


def test_one_that_does_not_is_blocked_with_the_words_to_begin_with() -> None:
    (missing,) = post("Estrenamos la carta de la primavera")
    assert (missing.key, missing.blocks, missing.field) == ("check.disclosure_no", True, "text")
    assert missing.args == {"account": "X, Facebook", "words": "Publicidad"}
    (nameless,) = post("En colaboración con …: estrenamos la carta", R.PARTNER)
    assert (nameless.key, nameless.blocks) == ("check.disclosure_nameless", True)


def test_one_that_tells_it_too_late_on_one_network_is_blocked_there() -> None:
    text = f"{'Estrenamos la carta de la primavera. ' * 4}\nPublicidad"
    (late,) = post(text, heads={"x": text[:80], "facebook": text})
    assert (late.key, late.blocks, late.args["account"]) == ("check.disclosure_late", True, "X")


def test_in_another_text_it_is_told_in_that_texts_language_and_beside_its_field() -> None:
    own = {"x": ("The new menu of the spring is here",)}
    (missing,) = post("Publicidad: estrenamos la carta", own=own, adapted=own)
    assert (missing.field, missing.args) == ("own:x", {"account": "X", "words": "#ad"})


def test_what_follows_in_a_thread_or_a_comment_does_not_tell_it() -> None:
    (missing,) = post("Estrenamos la carta", thread=("Publicidad: fin",))
    assert missing.args["account"] == "X, Facebook"


@pytest.mark.parametrize("relationship", SOME)
def test_whoever_a_post_names_has_a_page_that_says_what_they_are(relationship: Relationship) -> None:
    (named,) = post("Mirad a @marta", R.NONE, related={"marta": relationship})
    assert named.key == "check.disclosure_person"
    assert named.blocks is (relationship is not R.EMPLOYEE)
    assert named.args == {"handle": "@marta", "kind": f"people.relationship.{relationship}"}
    told_first = wording(relationship, T.SPANISH, "Café Ágora", "@marta")
    assert post(begun("mirad la foto de @marta", told_first), relationship, related={"marta": relationship}) == []


def test_a_brand_switches_it_off() -> None:
    off = brand(off=frozenset({"disclosure"}))
    assert post("Estrenamos la carta", house=off) == []
    assert post("Mirad a @marta", R.NONE, related={"marta": R.GIFT}, house=off) == []


def answer(text: str, relationship: Relationship, said: str = "¡Qué rico todo!") -> list[Finding]:
    subject = Subject(
        texts=(text,), brand=brand(), now=AT, accounts=(account("x"),),
        answered=Answered(name="Marta", relationship=relationship, said=said),
    )  # fmt: skip
    return [each for each in found(subject) if each.key.startswith("check.disclosure")]


@pytest.mark.parametrize("relationship", R)
def test_an_answer_that_thanks_somebody_with_a_relationship_is_warned_of(relationship: Relationship) -> None:
    warned = answer("¡Mil gracias por venir, Marta!", relationship)
    assert [(each.key, each.blocks) for each in warned] == (
        [("check.disclosure_answer", False)] if relationship is not R.NONE else []
    )
    if warned:
        words = warned[0].args["words"]
        assert answer(f"¡Mil gracias por venir, Marta! {words}", relationship) == []
        assert answer("¡Mil gracias por venir!", relationship, f"Me encanta {words}") == []
        assert answer("Hoy abrimos a las nueve de la mañana", relationship) == []


def test_of_nobody_known_nothing_is_said() -> None:
    subject = Subject(texts=("¡Gracias!",), brand=brand(), now=AT, accounts=(account("x"),))
    assert not [each for each in found(subject) if each.key.startswith("check.disclosure")]


# --- the revision


def test_the_hash_covers_it_and_what_was_approved_before_keeps_its_own() -> None:
    plain = Revision(number=1, text="hola", accounts=("x",), by="T:ANA", at=AT)
    old = {"number": 1, "text": "hola", "accounts": ["x"], "by": "T:ANA", "at": AT.isoformat()}
    assert Revision.model_validate(old).hash == plain.hash
    assert plain.hash == "999c04f0e5fc5d1d60d8eac53a3b2023a2a3e967c22417ab36a318a433e0f643"
    assert len({plain.model_copy(update={"disclosure": each}).hash for each in R}) == len(R)
