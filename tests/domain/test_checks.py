"""Each rule of the checks, cell by cell: what it finds, what it leaves alone, and that a brand may switch it off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain import checks
from bot.domain.brands import Account, Brand, Channels
from bot.domain.checks import RULES, SWITCHES, Earlier, Finding, Subject, basics, dates, folding, repetition, style
from bot.domain.facts import Fact
from bot.domain.house_rules import HouseRules, Level, SpecialDay, UnwantedWord
from bot.domain.people import Relationship
from bot.domain.posts import Kind, Picture, Revision

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def brand(language: str = "es", **rules: Any) -> Brand:
    return Brand(
        id="agora", name="Café Ágora", language=language, zone="Europe/Madrid", channels=Channels(review="C1"),
        rules=HouseRules(**rules),
    )  # fmt: skip


def account(id_: str = "x-1", **more: Any) -> Account:
    given = {"brand": "agora", "network": "x", "remote_id": "1", "handle": "a", "name": "A", "sealed": "s"}
    return Account(id=id_, connected_at=AT, **given | more)


def revision(text: str = "hola", **more: Any) -> Revision:
    return Revision(**{"number": 1, "text": text, "accounts": ("x-1",), "by": "T:ANA", "at": AT} | more)


def subject(text: str = "hola", *, house: Brand | None = None, **more: Any) -> Subject:
    given: dict[str, Any] = {"accounts": (account(),), "names": {"x-1": "X A"}, "revision": revision(text)}
    return Subject(texts=(text,), brand=house or brand(), now=AT, **given | more)


def keys(found: Any) -> list[str]:
    return [finding.key for finding in found]


def earlier(text: str, hours: float, **more: Any) -> Earlier:
    return Earlier(post=f"p{hours}", text=text, at=AT + timedelta(hours=hours), **more)


OPEN = Fact(id="f1", brand="agora", statement="El café viene de Colombia", by="T:ANA", at=AT, changed_at=AT)


# --- the registry


def test_every_rule_has_a_name_and_only_what_protects_others_is_fixed() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    fixed = {"no_account", "foreign_account", "mixed_accounts", "past_time", "pictures", "segments", "channel_brand"}
    assert set(names) - set(SWITCHES) == fixed


CAUGHT: dict[str, Subject] = {
    "no_account": subject(revision=revision(accounts=())),
    "foreign_account": subject(accounts=(account(brand="northwind"),)),
    "mixed_accounts": subject(accounts=(account(), account("x-2", personal=True))),
    "past_time": subject(due=AT - timedelta(hours=1), approving=False),
    "pictures": subject(
        revision=revision(pictures=(Picture(file="F", name="a", type="", size=1, problem="check.picture_broken"),))
    ),
    "segments": subject(revision=revision(thread=("a",) * 25)),
    "channel_brand": subject(channel_brand="Northwind Books"),
    "words": subject("qué mierda", house=brand(words=(UnwantedWord(text="mierda"),))),
    "days": subject(house=brand(days=(SpecialDay(month=3, day=3),))),
    "facts": subject("El café viene de Colombia", facts=(OPEN,)),
    "disclosure": subject("Estrenamos carta", disclosure=Relationship.PAID),
    "links": subject("mira https://a.es/x", links={"https://a.es/x": "gone"}),
    "weekday": subject("El viernes 27 de febrero de 2025"),
    "duplicates": subject(others={"x-1": (earlier("hola", -5),)}),
    "spacing": subject("uno", others={"x-1": (earlier("dos", 0.2),)}),
    "spelling": subject("Estamos tambien aquí"),
    "signs": subject("Vienes a la fiesta?"),
    "blanks": subject("hola  mundo"),
    "quotes": subject("«hola mundo"),
    "shouting": subject("OFERTA SOLO HOY EN TODA LA TIENDA"),
    "hashtags": subject("#a #b #c #d #e #f"),
    "monotony": subject(
        revision=revision(kind=Kind.SELL),
        others={"x-1": (earlier("a", -9, kind=Kind.SELL), earlier("b", -5, kind=Kind.SELL))},
    ),
    "cost": subject("mira https://a.es/x"),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_finds_its_own_and_can_be_switched_off_unless_it_protects_others(rule: checks.Rule) -> None:
    caught = CAUGHT[rule.name]
    mine = list(rule.find(caught))
    assert mine
    assert all(each in checks.found(caught) for each in mine)
    rules = caught.brand.rules.model_copy(update={"off": frozenset({rule.name})})
    off = Subject(**vars(caught) | {"brand": caught.brand.model_copy(update={"rules": rules})})
    assert all((each in checks.found(off)) == rule.fixed for each in mine)
    answer = Subject(**vars(caught) | {"revision": None})
    expected = list(rule.find(answer)) if rule.replies else []
    assert [each for each in checks.found(answer) if each.key in keys([*mine, *expected])] == expected
    assert bool(expected) == rule.replies


def test_an_ordinary_post_is_left_alone() -> None:
    ordinary = "¡Abrimos a las 9! ¿Vienes? Café (de Etiopía) y pan «de masa madre» :) #café\n\n1) sí\n2) también"
    assert keys(checks.found(subject(ordinary))) == []
    english = 'We\'re open from 9! Coming? Coffee (Ethiopian) and "sourdough" bread :) #coffee'
    assert keys(checks.found(subject(english, house=brand("en")))) == []
    assert keys(checks.found(subject(english))) == []


def test_blockers_come_first_and_notes_last() -> None:
    three = [
        Finding(key="n", blocks=False, note=True), Finding(key="w", blocks=False), Finding(key="b", blocks=True)
    ]  # fmt: skip
    assert keys(checks.ordered(three)) == ["b", "w", "n"]
    assert [each.level for each in checks.ordered(three)] == [Level.BLOCKER, Level.WARNING, Level.NOTE]
    assert checks.blocked(three)
    assert not checks.blocked(three[:2])


# --- where and when


def test_what_a_post_needs() -> None:
    assert keys(basics.no_account(subject(revision=revision(accounts=())))) == ["check.no_account"]
    both = subject(accounts=(account(), account("x-2", brand="northwind")), revision=revision(accounts=("x-1", "x-2")))
    assert checks.blocked(basics.foreign_account(both))
    assert not list(basics.foreign_account(subject()))
    past = AT - timedelta(hours=1)
    assert checks.blocked(basics.past_time(subject(due=past, approving=False)))
    assert not checks.blocked(basics.past_time(subject(due=past)))
    assert not list(basics.past_time(subject()))
    assert not list(basics.past_time(subject(due=AT - timedelta(seconds=30))))
    assert not list(basics.channel_brand(subject()))
    assert not list(basics.channel_brand(subject(channel_brand="Café Ágora")))


# --- words


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("mierda", "Qué mierda.", True),
        ("mierda", "¡MIERDA!", True),
        ("mierda", "m1erd4", True),
        ("mierda", "mi3rd@ de día", True),
        ("mierda", "mieeeerda", True),
        ("mierda", "m i e r d a", True),
        ("mierda", "m.i.e.r.d.a", True),
        ("mierda", "mier\u200bda", True),
        ("mierda", "ＭＩＥＲＤＡ", True),
        ("mierda", "mierdas", False),
        ("mierda*", "mierdas", True),
        ("mierda", "comierdar", False),
        ("mierda", "https://a.es/mierda", False),
        ("ano", "feliz año", False),
        ("año", "feliz ano", False),
        ("gratis", "Grátis", True),
        ("sale", "the sale is on", True),
        ("sale", "wholesale", False),
        ("100", "100 euros", True),
        ("ioo", "100 euros", False),
        ("hell", "he11", True),
        ("low cost", "un vuelo Low-Cost", True),
        ("low cost", "low  cost!", True),
        ("low cost", "cost low", False),
        ("", "nada", False),
        ("*", "nada", False),
        ("#ad", "esto es #ad", True),
    ],
)
def test_whole_words_however_they_are_dressed_up(word: str, text: str, found: bool) -> None:
    house = brand(words=(UnwantedWord(text=word),))
    assert ("check.word_blocker" in keys(checks.found(subject(text, house=house)))) is found


@pytest.mark.parametrize(
    ("level", "blocks", "note"), [("blocker", True, False), ("warning", False, False), ("note", False, True)]
)
def test_a_word_has_one_of_three_levels(level: str, blocks: bool, note: bool) -> None:
    house = brand(words=(UnwantedWord(text="barato", level=Level(level)),))
    (found,) = [each for each in checks.found(subject("muy barato, barato", house=house)) if "word" in each.key]
    assert (found.key, found.blocks, found.note) == (f"check.word_{level}", blocks, note)
    assert found.args == {"word": "barato", "brand": "Café Ágora"}


def test_folding() -> None:
    assert folding.fold("ÁÉÍÓÚÜ Ñandú Ｘ") == "aeiouu ñandu x"
    assert folding.links("ve a https://a.es/x. (http://b.es/y) https://a.es/x") == ["https://a.es/x", "http://b.es/y"]
    assert folding.words("¡Hola, MUNDO! https://a.es") == ["hola", "mundo"]


# --- style


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Vienes a la fiesta?", "es", ["check.opening_sign"]),
        ("¿Vienes a la fiesta?", "es", []),
        ("Qué bien!", "es", ["check.opening_sign"]),
        ("¡Qué bien!", "es", []),
        ("¿De verdad?!", "es", []),
        ("No!", "es", []),
        ("Are you coming to the party?", "es", []),
        ("Coming?", "en", []),
        ("Vienes a la fiesta de los libros?", "en", ["check.opening_sign"]),
        ("Mira https://a.es/?q=1", "es", []),
        ("hola  mundo", "es", ["check.double_space"]),
        ("  hola\n  mundo", "es", []),
        ("la casa de de Ana", "es", ["check.word_twice"]),
        ("the the book", "en", ["check.word_twice"]),
        ("muy muy bueno", "es", []),
        ("no no no", "es", []),
        ("«hola", "es", ["check.unclosed"]),
        ('"hola', "es", ["check.unclosed"]),
        ('"hola"', "es", []),
        ("(hola", "es", ["check.unclosed"]),
        ("hola :)", "es", []),
        ("hola :-( y :D", "es", []),
        ("a) uno\nb) dos", "es", []),
        ("https://a.es/x_(y", "es", []),
        ("estamos tambien aqui", "es", ["check.spelling", "check.spelling"]),
        ("el dia de la edicion", "es", ["check.spelling", "check.spelling"]),
        ("your dia is the best", "en", []),
        ("TAMBIEN", "es", []),
        ("@tambien #dia", "es", []),
        ("we recieve teh books", "en", ["check.spelling", "check.spelling"]),
        ("OFERTA SOLO HOY EN TODA LA TIENDA", "es", ["check.shouting"]),
        ("Hoy en la RAE y la ONU", "es", []),
        ("#a #b #c #d #e #f", "es", ["check.hashtags"]),
        ("#a #b #c #d #e https://a.es/#f x&#39;", "es", []),
    ],
)
def test_slips(text: str, language: str, found: list[str]) -> None:
    told = checks.found(subject(text, house=brand(language)))
    assert [each.key for each in told if not each.note] == found


def test_no_hashtag_is_too_many_where_the_brand_says_so() -> None:
    assert not list(style.hashtags(subject("#a " * 20, house=brand(most_hashtags=0))))
    assert keys(style.hashtags(subject("#a #b", house=brand(most_hashtags=1)))) == ["check.hashtags"]


# --- dates


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("viernes 27 de marzo", None),
        ("jueves 27 de marzo", date(2026, 3, 27)),
        ("Miércoles, 4 de marzo a las 9", None),
        ("Friday, March 27", None),
        ("Thursday March 27th", date(2026, 3, 27)),
        ("Thursday the 27th of March", date(2026, 3, 27)),
        ("viernes 27", None),
        ("jueves 27", date(2026, 3, 27)),
        ("domingo 31 de febrero", None),
        ("el viernes 9:30", None),
        ("viernes 20% de descuento", None),
        ("viernes 10 am", None),
        ("viernes 27 de febrero de 2026", None),
        ("viernes 27 de febrero de 2025", date(2025, 2, 27)),
        ("jueves 31 de diciembre", None),
        ("miércoles 31 de diciembre", None),  # last year's was one, and is nearer
        ("martes 31 de diciembre", date(2025, 12, 31)),
    ],
)
def test_the_weekday_is_that_dates(text: str, wrong: date | None) -> None:
    found = list(dates.weekday(subject(f"Nos vemos el {text}")))
    assert [each.args["day"] for each in found] == ([wrong] if wrong else [])


DAYS = (
    SpecialDay(name="Nochebuena", month=12, day=24),
    SpecialDay(name="Balance", month=12, day=30, last_month=1, last_day=2),
    SpecialDay(name="Aniversario", year=2026, month=3, day=5, blackout=False),
    SpecialDay(name="Bisiesto", month=2, day=29),
)


@pytest.mark.parametrize(
    ("on", "names"),
    [
        (date(2026, 12, 24), ["Nochebuena"]),
        (date(2031, 12, 24), ["Nochebuena"]),
        (date(2026, 12, 30), ["Balance"]),
        (date(2027, 1, 1), ["Balance"]),
        (date(2027, 1, 2), ["Balance"]),
        (date(2027, 1, 3), []),
        (date(2026, 3, 5), ["Aniversario"]),
        (date(2027, 3, 5), []),
        (date(2028, 2, 29), ["Bisiesto"]),
        (date(2027, 2, 28), []),
    ],
)
def test_special_days(on: date, names: list[str]) -> None:
    assert [each.name for each in HouseRules(days=DAYS).on(on)] == names


def test_a_day_without_publishing_prevents_it_and_a_sensitive_one_is_said_on_the_brands_calendar() -> None:
    house = brand(days=(SpecialDay(name="Luto", month=3, day=4), SpecialDay(name="8M", month=3, day=8, blackout=False)))
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # the 4th in Madrid
    (found,) = dates.special_days(subject(house=house, due=late))
    assert (found.key, found.blocks, found.field) == ("check.blackout", True, "at")
    assert not list(dates.special_days(subject(house=house, due=late - timedelta(hours=1))))
    (told,) = dates.special_days(subject(house=house, due=datetime(2026, 3, 8, 12, tzinfo=UTC)))
    assert (told.key, told.blocks) == ("check.sensitive", False)
    assert not list(dates.special_days(subject(house=house)))  # as soon as may be is today


# --- what else is there

LONG = "Este sábado abrimos el patio con música en vivo y café de Etiopía"


@pytest.mark.parametrize(
    ("other", "key"),
    [
        (LONG, "check.duplicate"),
        (LONG.upper() + "!", "check.duplicate"),
        (LONG.replace("sábado", "domingo"), "check.near_duplicate"),
        (LONG + " https://a.es", "check.duplicate"),
        ("Mañana cerramos por obras, perdonad las molestias que esto cause", None),
        ("Este sábado abrimos", None),
    ],
)
def test_the_same_words_again(other: str, key: str | None) -> None:
    found = list(repetition.duplicates(subject(LONG, others={"x-1": (earlier(other, -24),)})))
    assert keys(found) == ([key] if key else [])
    if found:
        assert found[0].args == {"account": "X A", "when": AT - timedelta(hours=24)}


def test_of_two_words_only_the_same_count() -> None:
    assert keys(repetition.duplicates(subject("Buenos días", others={"x-1": (earlier("buenos dias", -1),)})))
    assert not list(repetition.duplicates(subject("Buenos días", others={"x-1": (earlier("Buenos martes", -1),)})))
    assert not list(repetition.duplicates(subject("🎉", others={"x-1": (earlier("🎉", -1),)})))


@pytest.mark.parametrize(
    ("text", "before", "network", "found"),
    [
        ("Gracias ^Carla", "Gracias ^Carla", "x", True),
        (" Gracias ^Carla\n", "Gracias ^Carla", "x", True),
        ("Gracias ^Carla", "gracias ^Carla", "x", False),
        ("Gracias ^Carla", "Gracias ^Bruno", "x", False),
        ("Gracias ^Carla", "Gracias ^Carla", "facebook", False),
        (LONG, LONG.replace("sábado", "domingo"), "x", False),
    ],
)
def test_an_answer_may_not_be_another_to_the_letter_where_the_network_refuses_it(
    text: str, before: str, network: str, found: bool
) -> None:
    others = {"x-1": (earlier(before, -3), earlier(before, -1), earlier("otra cosa", -0.5))}
    said = subject("Gracias", revision=None, signed=text, others=others, accounts=(account(network=network),))
    told = list(repetition.duplicates(said))
    assert keys(told) == (["check.same_answer"] if found else [])
    assert [each.args["when"] for each in told] == ([AT - timedelta(hours=1)] if found else []), "the last one"
    assert not any(each.blocks for each in told)


@pytest.mark.parametrize(
    ("minutes", "spacing", "found"), [(29, 30, True), (30, 30, False), (-29, 30, True), (5, 0, False), (0, 30, True)]
)
def test_posts_lie_apart(minutes: int, spacing: int, found: bool) -> None:
    house = brand(spacing_minutes=spacing)
    due = AT + timedelta(days=1)
    near = Earlier(post="p9", text="otra", at=due + timedelta(minutes=minutes))
    told = list(repetition.spacing(subject(house=house, due=due, others={"x-1": (near,)})))
    assert bool(told) is found
    assert not told or told[0].args["when"] == near.at


def test_the_third_in_a_row() -> None:
    sold = (earlier("a", -9, kind=Kind.SELL), earlier("b", -5, kind=Kind.SELL))
    mine = revision("c", kind=Kind.SELL)
    assert keys(repetition.monotony(subject(revision=mine, others={"x-1": sold}))) == ["check.same_kind"]
    assert not list(repetition.monotony(subject(revision=mine, others={"x-1": sold[:1]})))
    talk = (sold[0], earlier("b", -5, kind=Kind.TALK))
    assert not list(repetition.monotony(subject(revision=mine, others={"x-1": talk})))
    after = (sold[0], earlier("b", 5, kind=Kind.SELL))
    assert not list(repetition.monotony(subject(revision=mine, others={"x-1": after})))
    openings = (earlier("¡Hola a todos, hoy pan!", -9), earlier("Hola a todos, hoy té", -5))
    told = list(repetition.monotony(subject("Hola a todos: hoy no", others={"x-1": openings})))
    assert (keys(told), told[0].args["words"]) == (["check.same_opening"], "hola a todos")


def test_a_link_costs_more_only_where_it_does_and_not_in_practice() -> None:
    text = "mira https://a.es/x"
    (found,) = [each for each in checks.found(subject(text)) if each.key == "check.cost"]
    assert (found.note, found.args) == (True, {"account": "X A", "times": 13})
    assert not keys(checks.found(subject("mira a.es")))
    facebook = subject(text, accounts=(account(network="facebook"),))
    assert not keys(checks.found(facebook))
    practice = brand().model_copy(update={"practice": True})
    assert not keys(checks.found(subject(text, house=practice)))


@pytest.mark.parametrize("trouble", ["gone", "failing", "unreachable", "refused", "elsewhere", "insecure"])
def test_a_link_that_fails_warns(trouble: str) -> None:
    seen = {"https://a.es/x": trouble, "https://b.es": ""}
    told = checks.found(subject("ve https://a.es/x y https://b.es", links=seen))
    found = [each for each in told if "link" in each.key]
    assert keys(found) == [f"check.link_{trouble}"]
    assert (found[0].blocks, found[0].args) == (False, {"link": "a.es"})
