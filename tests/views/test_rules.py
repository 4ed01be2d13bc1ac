"""A brand's rules: the form holds what is and gives it back; an answer's form says what the checks find."""

from bot.domain.checks import SWITCHES, Finding
from bot.domain.house_rules import HouseRules, Level, SpecialDay, UnwantedWord
from bot.slack.blocks import Message
from bot.text.words import words_for
from handlers.views.checks import answer_checks, findings_told
from handlers.views.rules import RulesForm, changed_rules, filled_rules, rules_view
from tests.views.pages import brand
from tests.views.shown import inputs, said

ES, EN = words_for("es"), words_for("en")
RULES = HouseRules(
    off=frozenset({"cost"}),
    words=(UnwantedWord(text="low cost"), UnwantedWord(text="chollo*", level=Level.NOTE)),
    days=(SpecialDay(name="Nochebuena", month=12, day=24), SpecialDay(name="8M", month=3, day=8, blackout=False)),
    spacing_minutes=45,
    most_hashtags=3,
)


def test_the_form_holds_the_rules_and_gives_them_back() -> None:
    form = filled_rules(RulesForm(brand="agora"), brand(rules=RULES), "es")
    view = rules_view(form, brand(rules=RULES), ES)
    drawn = inputs(view)
    assert "cost" not in [each["value"] for each in drawn["active"]["initial_options"]]
    assert drawn["blockers"]["initial_value"] == "low cost"
    assert drawn["blackout"]["initial_value"] == "24 dic Nochebuena"
    assert drawn["spacing"]["initial_option"]["value"] == "45"
    assert changed_rules(form, HouseRules(), days=RULES.days) == RULES
    said(rules_view(RulesForm(brand="agora", active=tuple(SWITCHES)), brand(), EN))


def test_a_word_stands_once_at_its_gravest_level() -> None:
    form = RulesForm(brand="agora", blockers="Barato,\n low  cost ", warnings="barato, ,gratis", notes="GRATIS")
    assert [(word.text, word.level) for word in form.words] == [
        ("Barato", Level.BLOCKER), ("low cost", Level.BLOCKER), ("gratis", Level.WARNING)
    ]  # fmt: skip


def test_findings_are_told_in_an_answers_form() -> None:
    args = {"word": "barato", "brand": "Café Ágora"}
    found = [
        Finding(key="check.word_blocker", blocks=True, args=args),
        Finding(key="check.double_space", blocks=False),
        Finding(key="check.double_space", blocks=False),
        Finding(key="check.unclosed", blocks=False, args={"sign": "«"}),
        Finding(key="check.word_note", blocks=False, note=True, args=args),
    ]
    assert findings_told(found, brand(), ES)[0] == "⛔ «barato»: Café Ágora no usa esa palabra."
    text = said(Message("x", answer_checks(found, brand(), ES)))
    assert "⚠️ Hay dos espacios seguidos." in text
    assert "y 1 más" in text
    assert not answer_checks([], brand(), ES)
