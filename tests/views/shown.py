"""What a drawing says and offers, read back from its blocks; every drawing is checked as what leaves for Slack is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.slack.blocks import Message, View
from bot.slack.wire import elements_in
from tests.outgoing import wrong_in


def said(drawn: Message | View) -> str:
    """All of its text, a line for each piece."""
    if isinstance(drawn, Message):
        assert not list(wrong_in("chat.postMessage", {"text": drawn.text, "blocks": list(drawn.blocks)}))
        return "\n".join(_texts(drawn.blocks))
    assert not list(wrong_in("views.open", {"view": drawn}))
    return "\n".join(_texts(drawn["blocks"]))


def formatted(drawn: Message | View) -> str:
    """Only what Slack formats: mrkdwn, and a message's text."""
    blocks = drawn.blocks if isinstance(drawn, Message) else drawn["blocks"]
    texts = [each["text"] for each in _parts(blocks) if each.get("type") == "mrkdwn"]
    return "\n".join([*texts, drawn.text if isinstance(drawn, Message) else ""])


def buttons(drawn: Message | View) -> dict[str, dict[str, Any]]:
    """The buttons by their label."""
    blocks = drawn.blocks if isinstance(drawn, Message) else drawn["blocks"]
    return {each["text"]["text"]: dict(each) for each in elements_in(blocks) if each["type"] == "button"}


def inputs(view: View) -> dict[str, dict[str, Any]]:
    """A form's elements by their field."""
    shown = (each for each in elements_in(view) if each["type"] != "button")
    return {each["action_id"].rpartition(".")[2]: dict(each) for each in shown}


def _parts(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for child in value.values():
            yield from _parts(child)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for child in value:
            yield from _parts(child)


def _texts(value: object) -> Iterator[str]:
    for each in _parts(value):
        if isinstance(each.get("text"), str):
            yield each["text"]
