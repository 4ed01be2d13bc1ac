"""A brand's rules for its inbox, as an admin writes them: topics, working hours, holidays, and what is promised."""

from collections.abc import Mapping

from pydantic import Field

from bot.domain.brands import TOPIC, TOPICS, Brand
from bot.slack.blocks import Block, View, context, divider, section, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.opening import write_holidays, write_week
from bot.text.relaying import relay
from bot.text.times import zone_name
from bot.text.words import Words
from handlers.views.faces import brand_face


class EditInboxRules(Button, id="inbox_rules.edit"):
    """Opens a brand's rules for its inbox."""

    brand: str


class InboxRulesForm(Form, id="inbox_rules.form"):
    """Lists of lines, as typed; the two targets are minutes, hours or days of working time (`40`, `2 h`, `1 d`)."""

    brand: str
    channel: str = ""
    topics: Typed[str] = ""
    week: Typed[str] = ""
    holidays: Typed[str] = ""
    answer: Typed[str] = Field(default="", max_length=20)
    resolve: Typed[str] = Field(default="", max_length=20)


def as_typed(brand: Brand, words: Words) -> Mapping[str, str]:
    """The rules as they can be typed again, by the form's fields."""
    hours = brand.hours
    return {
        "topics": "\n".join(brand.topics),
        "week": write_week(hours, words.lang),
        "holidays": write_holidays(hours.holidays, words.lang),
        "answer": str(hours.answer or ""),
        "resolve": str(hours.resolve or ""),
    }


def rules_view(form: InboxRulesForm, brand: Brand, words: Words) -> View:
    """Everything may stay empty: then there are no topics, it never closes, and nothing is promised."""
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        InboxRulesForm.input(
            "topics",
            words("rules.topics"),
            text_input(form.topics, lines=True, most=TOPICS * (TOPIC + 1), placeholder=words("rules.topics.example")),
            hint=words("rules.topics.hint", count=TOPICS),
            optional=True,
        ),
        divider(),
        InboxRulesForm.input(
            "week",
            words("rules.week", zone=zone_name(brand.clock, words)),
            text_input(form.week, lines=True, most=2000, placeholder=words("rules.week.example")),
            hint=words("rules.week.hint"),
            optional=True,
        ),
        InboxRulesForm.input(
            "holidays",
            words("rules.holidays"),
            text_input(form.holidays, lines=True, most=1500, placeholder=words("rules.holidays.example")),
            optional=True,
        ),
        InboxRulesForm.input("answer", words("rules.answer"), text_input(form.answer, most=20), optional=True),
        InboxRulesForm.input("resolve", words("rules.resolve"), text_input(form.resolve, most=20), optional=True),
        context(words("rules.promise.hint")),
    ]
    return form.open(
        title=words("rules.title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def rules_saved(brand: Brand, words: Words) -> str:
    """Said to whoever wrote them."""
    return words("settings.brand.saved", brand=relay(brand_face(brand), 120))
