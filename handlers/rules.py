"""A brand's own rules for what it publishes: its admins set them from Home."""

from bot.domain.brands import Role
from bot.domain.house_rules import SpecialDay
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Several
from bot.slack.router import Router
from bot.text.days import LINES, NotDay, read_days
from handlers.drawn import home_of
from handlers.views.rules import EditRules, RulesForm, changed_rules, filled_rules, rules_saved, rules_view

router = Router()


@router.on(EditRules, needs=Role.ADMIN)
async def edit(press: EditRules, call: Call) -> Reply:
    """The rules as they are."""
    brand = await call.desk.brand(press.brand)
    form = filled_rules(RulesForm(brand=brand.id, channel=call.channel or ""), brand, call.words.lang)
    return Open(rules_view(form, brand, call.words))


@router.on(RulesForm, needs=Role.ADMIN)
async def save(form: RulesForm, call: Call) -> Reply:
    """Every line fully understood, or a sentence beside the field; open cards follow."""
    brand = await call.desk.brand(form.brand)
    days = (*_days(form.blackout, "blackout"), *_days(form.sensitive, "sensitive"))
    rules = changed_rules(form, brand.rules, days=days)
    saved = await call.desk.brands.change(brand.id, call.who, rules=rules)
    return Several.of(await home_of(call), Close(all=True, say=rules_saved(saved, call.words)))


def _days(text: str, field: str) -> tuple[SpecialDay, ...]:
    """Raises FieldErrors for the first line that isn't understood."""
    try:
        return read_days(text, blackout=field == "blackout")
    except NotDay as error:
        raise FieldErrors({field: UserError(error.key, line=error.line[:80], most=LINES)}) from error
