"""A brand's duty rota as an admin writes it: a line a shift, and the rule for the hours between."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from bot.domain.brands import Brand, Member
from bot.domain.duty import Duty, OffHours
from bot.domain.records import MemberId
from bot.domain.watch import How, Watch
from bot.slack.blocks import Block, View, checkboxes, context, option, radio, section, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.rota import write_line
from bot.text.words import Words
from handlers.views.duty import watch_line
from handlers.views.faces import Names, brand_face


class EditDuty(Button, id="duty.edit"):
    """Opens a brand's rota."""

    brand: str


class DutyForm(Form, id="duty.form"):
    """A brand's rota. `end`: ticked where the shift that was handed over ends now."""

    brand: str
    channel: str = ""
    rota: Typed[str] = ""
    off_hours: Typed[str] = Field(default=OffHours.ADMINS.value, pattern=f"^({'|'.join(OffHours)})$")
    end: Typed[tuple[str, ...]] = ()


def rota_text(duty: Duty, handles: Mapping[MemberId, str], words: Words) -> str:
    """The rota as it can be typed again."""
    return "\n".join(
        write_line(
            shift.days,
            shift.start,
            shift.end,
            [handles.get(who, f"@{who.rpartition(':')[2]}") for who in (shift.member, shift.deputy) if who],
            words.lang,
        )
        for shift in duty.rota
    )


def duty_view(
    form: DutyForm, brand: Brand, watch: Watch, members: Sequence[Member], words: Words, names: Names, now: datetime
) -> View:
    """The rota, who may be named in it, the rule for the hours between, and a hand over that can be ended."""
    named = ", ".join(relay(f"@{member.handle} ({member.name})", 60) for member in members if member.handle)
    rules = [option(words(f"duty.off_hours.{rule.value}"), rule.value) for rule in OffHours]
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*\n{watch_line(brand, watch, words, names, now)}"),
        DutyForm.input(
            "rota",
            words("duty.rota"),
            text_input(form.rota, lines=True, most=2000, placeholder=words("duty.rota.placeholder")),
            hint=words("duty.rota.hint"),
            optional=True,
        ),
        context(cut(words("duty.rota.people", people=named or "—"), 2900)),
        DutyForm.input("off_hours", words("duty.off_hours"), radio(rules, form.off_hours)),
    ]
    if brand.duty.cover is not None and watch.how is How.COVER:
        tick = checkboxes([option(words("duty.cover.end"), "yes")], form.end)
        blocks.append(DutyForm.input("end", words("duty.cover"), tick, optional=True))
    return form.open(
        title=words("duty.title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def rota_saved(brand: Brand, watch: Watch, words: Words, names: Names, now: datetime) -> str:
    """Said to whoever wrote the rota."""
    named = relay(brand_face(brand), 120)
    return words("duty.saved", brand=named, line=watch_line(brand, watch, words, names, now))
