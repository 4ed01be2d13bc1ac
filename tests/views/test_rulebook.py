"""The rulebook's forms hold what is and give it back, however much that is; cards say what rules did."""

from typing import Any

import pytest

from bot.desk.rulebooks import Rehearsal
from bot.domain.routing import ROUTES, Route, route_of
from bot.domain.rulebook import Rulebook
from bot.domain.ruled import RULE, Ruled, Strength
from bot.domain.ruling import RULES, WORDS, ModerationRule, rule_of
from bot.text.words import words_for
from handlers.views.inbox import conversation_message
from handlers.views.keeping import keeping_blocks
from handlers.views.routing import RouteForm, filled_route, route_view, routes_blocks
from handlers.views.rulebook import RuleForm, filled_rule, rule_view, rulebook_view
from tests.views.pages import ANA, NAMES, NOW, TITLES, brand
from tests.views.shown import buttons, inputs, said
from tests.views.talks import conversation, talk_page, words

ES, EN = words_for("es"), words_for("en")
LONG = ",".join(f"palabra{n:03}x" for n in range(WORDS))


def rule(**about: Any) -> ModerationRule:
    return ModerationRule.model_validate({"id": "r", "name": "insultos", "words": ("tonto",), **about})


def test_a_rules_form_gives_back_what_it_holds_even_when_it_is_full() -> None:
    full = rule_of(rule(words=tuple(LONG.split(",")), tags=("troll", "spam"), links=True, on=True, strength="hide"))
    form = filled_rule(RuleForm(brand="agora", rule="r"), full)
    assert form.wanted == full
    view = rule_view(form, brand(), ES)
    assert len(inputs(view)["terms"]["initial_value"]) <= 3000
    said(view)
    assert filled_rule(RuleForm(brand="agora", rule="new"), None).wanted.on is False


def test_a_routes_form_gives_back_what_it_holds() -> None:
    about = {"accounts": ("x-1",), "words": ("a", "b"), "language": "es", "moods": ("negative",), "tags": ("vip",)}
    full = route_of(Route.model_validate({"id": "q", "name": "quejas", **about, "channel": "C01", "member": ANA}))
    form = filled_route(RouteForm(brand="agora", rule="q"), full)
    assert form.wanted(ANA) == full
    said(route_view(form, brand(), [], TITLES, EN))


@pytest.mark.parametrize("reader", ["en", "es"])
def test_a_full_book_fits(reader: str) -> None:
    rules = tuple(rule(id=f"r{n}", name=f"n{n}", words=tuple(LONG.split(","))) for n in range(RULES))
    routes = tuple(Route(id=f"q{n}", name=f"n{n}", words=("a",), channel="C01") for n in range(ROUTES))
    book = Rulebook(id="agora", moderation=rules, routes=routes, keep_days=90, keep_from=NOW)
    lang = words_for(reader)
    more = [*routes_blocks(brand(), book, {}, lang, NAMES), *keeping_blocks(brand(), book, lang)]
    view = rulebook_view(brand(), book, lang, more)
    said(view)
    assert len(view["blocks"]) <= 100


def test_what_would_be_a_slip_is_warned_of() -> None:
    form = RuleForm(brand="agora", rule="r", strength=Strength.HIDE)
    samples, done = [(conversation(), words("de todo"))], {Strength.HIDE: 4}
    assert "buena parte" in said(rule_view(form, brand(), ES, Rehearsal(8, 4, samples, done=done)))
    assert "buena parte" not in said(rule_view(form, brand(), ES, Rehearsal(80, 4, samples, done=done)))
    assert "habría ocultado 4, de 8" in said(rule_view(form, brand(), ES, Rehearsal(8, 4, samples, done=done)))
    assert "no habría tocado nada" in said(rule_view(form, brand(), ES, Rehearsal(8, 0, [])))


def test_what_a_rule_could_only_flag_or_propose_is_not_told_as_hidden() -> None:
    form = RuleForm(brand="agora", rule="r", strength=Strength.HIDE)
    samples = [(conversation(), words("de todo"))]
    none = Rehearsal(9, 2, samples, done={Strength.FLAG: 2}, less={Strength.FLAG: ["Ensayo Ágora"]})
    shown = said(rule_view(form, brand(), ES, none))
    assert "habría señalado 2, de 9" in shown
    assert "2 en Ensayo Ágora no se pueden ocultar allí: solo quedarían señalados." in shown
    assert "ocultado" not in shown
    some = Rehearsal(
        9, 6, samples,
        done={Strength.FLAG: 1, Strength.HIDE: 3, Strength.PROPOSE: 2},
        less={Strength.FLAG: ["X <!here>"], Strength.PROPOSE: ["Facebook Ágora"]},
    )  # fmt: skip
    shown = said(rule_view(form, brand(), EN, some))
    assert "it would have hidden 3, of 9" in shown
    assert "can't be hidden there: it would only be flagged." in shown
    assert "<!here>" not in shown
    assert "2 on Facebook Ágora: the account isn't connected, hiding them would only be proposed." in shown


@pytest.mark.parametrize(
    ("strength", "about", "line", "presses"),
    [
        (Strength.FLAG, {}, "Señalada por la regla *insultos*, palabra “tonto”", {"Dejarlo así"}),
        (Strength.PROPOSE, {}, "propone ocultarla", {"Ocultar", "Dejarlo así"}),
        (
            Strength.HIDE,
            {"hidden": True, "hidden_by": RULE},
            "Oculta por la regla *insultos*, palabra “tonto”",
            {"Mostrar", "Mostrar y no aplicarla a esta persona"},
        ),
        (Strength.PROPOSE, {"hidden": True, "hidden_by": ANA}, "propone ocultarla", set()),
        (Strength.FLAG, {"gone_at": NOW}, "Señalada por la regla", set()),
    ],
)
def test_a_card_says_what_a_rule_did_and_how_to_take_it_back(
    strength: Strength, about: dict[str, Any], line: str, presses: set[str]
) -> None:
    act = Ruled(rule="r", name="insultos", revision=1, strength=strength, word="tonto", at=NOW)
    card = conversation_message(talk_page(conversation(words("tonto", ruled=act, **about))), ES, NAMES)
    assert line in said(card)
    assert presses == {"Dejarlo así", "Ocultar", "Mostrar", "Mostrar y no aplicarla a esta persona"} & set(
        buttons(card)
    )
    undone = act.model_copy(update={"undone_by": ANA, "undone_at": NOW})
    card = conversation_message(talk_page(conversation(words("tonto", ruled=undone))), ES, NAMES)
    assert "no acertó aquí, dice Ana" in said(card)
    assert "Dejarlo así" not in buttons(card)
