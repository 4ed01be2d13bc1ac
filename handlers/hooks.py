"""The outgoing webhook: an admin of the workspace types its address, sees its secret once, and tests it."""

from collections.abc import Sequence

from bot.domain.events import AlarmChanged
from bot.errors import NotAllowed
from bot.slack.call import Call, Scene
from bot.slack.cards import Draw, Sheet
from bot.slack.reply import Open, Reply, Say, Update
from bot.slack.router import Router
from handlers.views.hooks import (
    EditHook,
    HookForm,
    HookTested,
    RemoveHook,
    TestHook,
    hook_view,
    secret_view,
    tested_message,
)

router = Router()


@router.on(EditHook)
async def edit(_: EditHook, call: Call) -> Reply:
    """The form, with where it leads now."""
    if not call.who.admin:
        raise NotAllowed("error.admins_only")
    form = HookForm(channel=call.channel or "")
    return Open(hook_view(form, await call.desk.hooks.hook(), call.words))


@router.on(HookForm)
async def save(form: HookForm, call: Call) -> Reply:
    """A new secret, shown now and never again."""
    return Update(secret_view(await call.desk.hooks.set(form.url, call.who), call.words))


@router.on(TestHook)
async def test(_: TestHook, call: Call) -> Reply:
    """Sent by the worker, as an alarm is; how it went comes by direct message."""
    await call.desk.hooks.test(call.who)
    return Say(call.words("hook.testing"))


@router.on(RemoveHook)
async def remove(_: RemoveHook, call: Call) -> Reply:
    """Alarms end with the admins again."""
    await call.desk.hooks.remove(call.who)
    form = HookForm(channel=call.channel or "")
    return Update(hook_view(form, None, call.words))


@router.on(AlarmChanged)
async def tested(event: AlarmChanged, _: Scene) -> Sequence[Draw]:
    """Whoever pressed *Test* hears how it went."""
    if event.act != "webhook_test" or not event.by:
        return []
    return [Draw(f"@{event.by}", HookTested(call=event.alarm, to=event.by))]


@router.draws(HookTested)
async def tested_card(card: HookTested, scene: Scene) -> Sheet | None:
    """Said once."""
    call = await scene.desk.hooks.call(card.call)
    return Sheet(tested_message(call, await scene.words_of(card.to)), call.version) if call else None
