"""*Keep all* after an account is back or a stop was lifted: one press, each post checked as if pressed alone."""

from collections.abc import Sequence

from bot.domain.brands import Brand, Role
from bot.domain.deliveries import Delivery
from bot.errors import UserError
from bot.slack.blocks import Element
from bot.slack.call import Call
from bot.slack.reply import Reply, Say
from bot.slack.router import Router
from bot.slack.sentences import sentence
from handlers.views.held import KeepAllOfAccount, KeepAllOfStop, counted_anew, keep_account, keep_stopped, kept_message

router = Router()


@router.on(KeepAllOfAccount)
async def keep_of_account(press: KeepAllOfAccount, call: Call) -> Reply:
    """What waited for an account's access."""
    account = await call.desk.accounts.get(press.account)
    await _may_look(account.brand, call)
    held = await call.desk.held.of_account(account.id)
    brand, title = await call.desk.brand(account.brand), call.desk.pages.titles()[account.network]
    button = keep_account(account, title, len(held), brand, call.words)
    return await _kept(held, press.number, button, call)


@router.on(KeepAllOfStop)
async def keep_of_stop(press: KeepAllOfStop, call: Call) -> Reply:
    """What a stop held."""
    brand = await _may_look(press.brand, call)
    held = await call.desk.held.of_stop(brand.id)
    return await _kept(held, press.number, keep_stopped(brand, len(held), call.words), call)


async def _may_look(brand: str, call: Call) -> Brand:
    """Whose posts they are is checked one by one; how many there are is for those who work there."""
    found = await call.desk.brand(brand)
    call.who.require(found, Role.APPROVER, Role.AUTHOR, Role.TRAINEE)
    return found


async def _kept(held: Sequence[Delivery], seen: int, button: Element, call: Call) -> Reply:
    if not held:
        raise UserError("error.nothing_held")
    if len(held) != seen:
        return Say(counted_anew(len(held), button, call.words))
    done = await call.desk.held.keep(held, call.who)
    reasons = [await sentence(error, call, call.desk.member) for error in done.reasons]
    return Say(kept_message(done.kept, done.refused, reasons, call.words))
