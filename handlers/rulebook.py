"""A brand's rulebook: its admins write rules that act by themselves, and see first what they would have done."""

from bot.domain.brands import Brand, Role
from bot.domain.rulebook import Rulebook
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.slack.blocks import View
from bot.slack.call import Call
from bot.slack.reply import Close, Open, Reply, Update
from bot.slack.router import Router
from handlers.views.faces import names_of
from handlers.views.keeping import keeping_blocks
from handlers.views.routing import routes_blocks
from handlers.views.rulebook import (
    DropRule,
    EditRule,
    EditRulebook,
    NewRule,
    RuleForm,
    SwitchRule,
    filled_rule,
    rule_saved,
    rule_view,
    rulebook_view,
)

router = Router()
FIELDS = {"error.field_required": "name", "ruling.name_taken": "name", "ruling.full": "name"}
"""Beside which field a mistake is said; all others beside the words."""


@router.on(EditRulebook, needs=Role.ADMIN)
async def edit(press: EditRulebook, call: Call) -> Reply:
    """Everything that happens by itself."""
    return Open(await rulebook_drawn(*await call.desk.rulebooks.open(press.brand, call.who), call))


async def rulebook_drawn(brand: Brand, book: Rulebook, call: Call) -> View:
    """The whole book: what moderates, where things go, for how long they are kept."""
    places, names = (
        await call.desk.routing.known(book),
        await names_of(call.desk.member, [r.member for r in book.routes]),
    )
    routes = routes_blocks(brand, book, places, call.words, names)
    return rulebook_view(brand, book, call.words, [*routes, *keeping_blocks(brand, book, call.words)])


@router.on(NewRule, needs=Role.ADMIN)
async def new_rule(press: NewRule, call: Call) -> Reply:
    """An empty rule, which is off."""
    brand = await call.desk.brand(press.brand)
    form = RuleForm(brand=brand.id, rule=call.desk.new_id(), channel=call.channel or "")
    return Open(rule_view(form, brand, call.words))


@router.on(EditRule, needs=Role.ADMIN)
async def edit_rule(press: EditRule, call: Call) -> Reply:
    """The rule as it is."""
    brand, book = await call.desk.rulebooks.open(press.brand, call.who)
    form = RuleForm(brand=brand.id, rule=press.rule, channel=call.channel or "")
    return Open(rule_view(filled_rule(form, book.rule(press.rule)), brand, call.words))


@router.on(SwitchRule, needs=Role.ADMIN)
async def switch(press: SwitchRule, call: Call) -> Reply:
    """On or off; the book shows it."""
    book = await call.desk.rulebooks.switch_rule(press.brand, press.rule, press.on, call.who)
    return Update(await rulebook_drawn(await call.desk.brand(press.brand), book, call))


@router.on(DropRule, needs=Role.ADMIN)
async def drop(press: DropRule, call: Call) -> Reply:
    """Out of the book."""
    book = await call.desk.rulebooks.drop(press.brand, press.rule, call.who)
    return Update(await rulebook_drawn(await call.desk.brand(press.brand), book, call))


@router.on(RuleForm, needs=Role.ADMIN)
async def save_rule(form: RuleForm, call: Call) -> Reply:
    """What it would have done is shown first; the same rule sent once more is saved."""
    brand, books = await call.desk.brand(form.brand), call.desk.rulebooks
    try:
        if form.seen != form.digest:
            rehearsal = await books.rehearse(brand.id, form.wanted, call.who)
            return Update(rule_view(form.model_copy(update={"seen": form.digest}), brand, call.words, rehearsal))
        await books.save_rule(brand.id, form.wanted, call.who)
    except (NotAllowed, FieldErrors):
        raise
    except UserError as error:
        raise FieldErrors({FIELDS.get(error.key, "terms"): error}) from error
    return Close(all=True, say=rule_saved(form.wanted, brand, call.words))
