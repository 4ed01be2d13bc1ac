"""The outgoing webhook as an admin sees it: the address, the secret once, a test, and how the test went."""

from bot.desk.hooks import CallState, Hook, HookCall
from bot.slack.blocks import Block, Element, Message, View, actions, confirm, context, plain, rich, section, text_input
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.words import Words


class EditHook(Button, id="hooks.edit"):
    """Opens the webhook's form."""


class TestHook(Button, id="hooks.test"):
    """Has a test sent."""

    __test__ = False  # no test of pytest's


class RemoveHook(Button, id="hooks.remove"):
    """Alarms end with the admins again."""


class HookForm(Form, id="hooks.form"):
    """The address; a new one gets a new secret."""

    channel: str = ""
    url: Typed[str] = ""


class HookTested(Card, id="hooks.tested"):
    """Tells whoever pressed *Test* how it went."""

    call: str
    to: str


def hook_button(words: Words) -> Element:
    """The way to the form, for settings."""
    return EditHook().draw(words("hook.title"))


def hook_view(form: HookForm, hook: Hook | None, words: Words) -> View:
    """What it is for, where it leads now, and another address."""
    blocks: list[Block] = [section(words("hook.explain"))]
    if hook is not None:
        ask = confirm(
            words("confirm.hook.ask"), words("confirm.hook.text"), words("confirm.hook.yes"), words("confirm.no")
        )
        blocks += [
            section(words("hook.now", host=f"*{relay(hook.host, 120)}*")),
            actions(
                TestHook().draw(words("hook.test")),
                RemoveHook().draw(words("hook.remove"), style="danger", confirm=ask),
            ),
        ]
    field = text_input(most=2000, placeholder=words("hook.placeholder"))
    blocks.append(HookForm.input("url", words("hook.url"), field, hint=words("hook.url_hint")))
    return form.open(
        title=words("hook.title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def secret_view(secret: str, words: Words) -> View:
    """The secret, once, and how a receiver checks what comes."""
    return {
        "type": "modal",
        "title": plain(words("hook.title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": [
            section(words("hook.secret")),
            rich(secret, code=True),
            context(words("hook.check")),
            actions(TestHook().draw(words("hook.test"))),
        ],
    }


def problem_of(call: HookCall, words: Words) -> str:
    """Why the receiver did not take it, in words; `HTTP 500` says it as its maker would look for it."""
    key = f"hook.problem.{call.problem.lower()}"
    return words(key) if key in words else relay(call.problem, 80)


def tested_message(call: HookCall, words: Words) -> Message:
    """It arrived, or what came back."""
    sent = call.state is CallState.SENT
    text = words("hook.tested") if sent else words("hook.test_failed", problem=problem_of(call, words))
    return Message(text, [section(f"{'✅' if sent else '⛔'} {text}")])
