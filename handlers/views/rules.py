"""A brand's own rules for its posts and answers, as an admin writes them: checks, words, days, distances."""

from collections.abc import Iterable, Sequence

from pydantic import Field

from bot.domain.brands import Brand
from bot.domain.checks import SWITCHES
from bot.domain.house_rules import HouseRules, Level, UnwantedWord
from bot.slack.blocks import Block, View, divider, multi_select, option, section, select, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.days import write_day
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import brand_face

SPACINGS = (0, 10, 15, 30, 60, 120, 180, 240)
"""Minutes that can be chosen."""
HASHTAGS = (0, 1, 2, 3, 5, 10)
LEVELS = {"blockers": Level.BLOCKER, "warnings": Level.WARNING, "notes": Level.NOTE}
"""The form's fields, by what their words do."""


class EditRules(Button, id="rules.edit"):
    """Opens a brand's rules."""

    brand: str


class RulesForm(Form, id="rules.form"):
    """The rules of a brand. `active`: the checks that look; words by comma or line; days a line each."""

    brand: str
    channel: str = ""
    active: Typed[tuple[str, ...]] = ()
    blockers: Typed[str] = ""
    warnings: Typed[str] = ""
    notes: Typed[str] = ""
    blackout: Typed[str] = ""
    sensitive: Typed[str] = ""
    spacing: Typed[int] = Field(default=30, ge=0, le=24 * 60)
    hashtags: Typed[int] = Field(default=5, ge=0, le=30)

    @property
    def words(self) -> tuple[UnwantedWord, ...]:
        """Each word once, at the gravest of the levels under which it stands."""
        found: dict[str, UnwantedWord] = {}
        for field, level in LEVELS.items():
            for text in _split(getattr(self, field)):
                found.setdefault(text.casefold(), UnwantedWord(text=text, level=level))
        return tuple(found.values())

    @property
    def off(self) -> frozenset[str]:
        """The checks that don't look."""
        return frozenset(SWITCHES) - set(self.active)


def _split(text: str) -> Iterable[str]:
    parts = (" ".join(part.split()) for line in text.splitlines() for part in line.split(","))
    return (part[:80] for part in parts if part)


def filled_rules(form: RulesForm, brand: Brand, lang: str) -> RulesForm:
    """The form as the rules are."""
    rules = brand.rules
    said = {field: ", ".join(w.text for w in rules.words if w.level is level) for field, level in LEVELS.items()}
    days = {True: [write_day(d, lang) for d in rules.days if d.blackout],
            False: [write_day(d, lang) for d in rules.days if not d.blackout]}  # fmt: skip
    shown = {
        "active": tuple(name for name in SWITCHES if name not in rules.off),
        "blackout": "\n".join(days[True]),
        "sensitive": "\n".join(days[False]),
        "spacing": rules.spacing_minutes,
        "hashtags": rules.most_hashtags,
    }
    return form.model_copy(update=said | shown)


def rules_view(form: RulesForm, brand: Brand, words: Words) -> View:
    """Checks, words, days, distances."""
    checks = [option(words(f"check.rule.{name}"), name) for name in SWITCHES]
    spacings = _numbers(form.spacing, SPACINGS)
    tags = _numbers(form.hashtags, HASHTAGS)
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        RulesForm.input("active", words("rules.active"), multi_select(checks, form.active), optional=True),
        divider(),
        *(_words(field, form, words) for field in LEVELS),
        divider(),
        *(_days(field, form, words) for field in ("blackout", "sensitive")),
        divider(),
        RulesForm.input(
            "spacing", words("rules.spacing"),
            select([option(_minutes(each, words), str(each)) for each in spacings], str(form.spacing)),
        ),
        RulesForm.input(
            "hashtags", words("rules.hashtags"),
            select([option(str(each) if each else words("rules.any"), str(each)) for each in tags], str(form.hashtags)),
        ),
    ]  # fmt: skip
    return form.open(
        title=words("check.heading"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def _numbers(chosen: int, usual: Sequence[int]) -> Sequence[int]:
    return sorted({*usual, chosen})


def _minutes(minutes: int, words: Words) -> str:
    return words.n("time.minutes", minutes) if minutes else words("rules.any")


def _words(field: str, form: RulesForm, words: Words) -> Block:
    typed = text_input(getattr(form, field), lines=True, most=3000, placeholder=words("rules.words.placeholder"))
    return RulesForm.input(field, words(f"rules.{field}"), typed, hint=words(f"rules.{field}.hint"), optional=True)


def _days(field: str, form: RulesForm, words: Words) -> Block:
    typed = text_input(getattr(form, field), lines=True, most=3000, placeholder=words("rules.days.placeholder"))
    return RulesForm.input(field, words(f"rules.{field}"), typed, hint=words(f"rules.{field}.hint"), optional=True)


def changed_rules(form: RulesForm, before: HouseRules, **days: object) -> HouseRules:
    """The rules as the form has them; what it doesn't show stays."""
    update = {"off": form.off, "words": form.words, "spacing_minutes": form.spacing, "most_hashtags": form.hashtags}
    return before.model_copy(update=update | days)


def rules_saved(brand: Brand, words: Words) -> str:
    """Said to whoever saved them."""
    return words("rules.saved", brand=relay(brand_face(brand), 120))
