"""What can be pressed, typed or opened: one class packs a payload, routes it and parses it.

    class Approve(Button, id="review.approve"):
        post: str
        revision: int

    Approve(post=post.id, revision=2).draw(words("button.approve"), style="primary")

An id is written once, here in the class; it is `feature.verb` for what is drawn and the verb itself for a command.
Fields are part of messages that stay in Slack for ever: a new one needs a default, a removed one is ignored.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import UserError
from bot.slack.blocks import Block, Element, plain
from bot.slack.payload import sound
from bot.text.verbs import Verb

Act = TypeVar("Act", bound="Interaction")
VALUE = 2000
"""Characters in a button's value; https://docs.slack.dev/reference/block-kit/block-elements/button-element."""
OPTION_VALUE = 150
"""Characters in an option's value; https://docs.slack.dev/reference/block-kit/composition-objects/option-object."""
MENU = "menu"
"""The action id of a menu, whose options carry the presses."""
LINK = "link"
"""The action id of a button that only opens an address; Slack reports its press all the same."""

_KNOWN: dict[tuple[str, str], type["Interaction"]] = {}


class BadPress(UserError):
    """A press or a form that no longer means anything: unknown, malformed or forged. `reason` is for the log."""

    def __init__(self, reason: str, key: str = "error.button_old") -> None:
        super().__init__(key)
        self.reason = reason


class Interaction(BaseModel):
    """Anything that a person does in Slack and that reaches a handler. `ID` comes from the class keyword `id`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    KIND: ClassVar[str] = ""
    ID: ClassVar[str] = ""

    def __init_subclass__(cls, *, id: str | None = None, **rest: Any) -> None:  # noqa: A002 - reads well where it is used
        """Remember the class by its id; the same id twice is a TypeError at import."""
        super().__init_subclass__(**rest)
        if id is None:
            return
        if (cls.KIND, id) in _KNOWN:
            raise TypeError(f"{cls.KIND} {id!r} belongs to {_KNOWN[cls.KIND, id].__qualname__} already")
        cls.ID = id
        _KNOWN[cls.KIND, id] = cls

    def packed(self) -> str:
        """The fields as compact JSON."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def unpacked(cls, fields: object) -> Self:
        """The instance from its fields; raises BadPress for anything malformed."""
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise BadPress(f"{cls.ID}: {error.error_count()} wrong fields") from error


def known(kind: type[Act], id_: str) -> type[Act] | None:
    """The class of that kind with that id."""
    found = _KNOWN.get((kind.KIND, id_))
    return found if found is not None and issubclass(found, kind) else None


def all_known(kind: type[Act]) -> tuple[type[Act], ...]:
    """Every class of a kind that was imported."""
    return tuple(found for found in _KNOWN.values() if issubclass(found, kind))


def unpack_json(text: object, what: str, key: str = "error.button_old") -> dict[str, Any]:
    """The JSON object that we once packed; raises BadPress, said as `key`."""
    try:
        value = json.loads(text) if isinstance(text, str) and text else {}
        if not isinstance(value, dict):
            raise BadPress(f"{what}: no object", key)
        return sound(value)
    except (ValueError, RecursionError) as error:
        raise BadPress(f"{what}: no JSON", key) from error


class Button(Interaction):
    """Something with a label to press. Its fields ride in the button's value, or in a menu option's."""

    KIND: ClassVar[str] = "button"

    def draw(
        self,
        label: str,
        *,
        style: Literal["primary", "danger"] | None = None,
        confirm: Element | None = None,
        url: str | None = None,
        suffix: str | int | None = None,
        spoken: str | None = None,
    ) -> Element:
        """The button element. `suffix` tells apart buttons of one class in one block; `spoken` is the label that a
        screen reader says. Raises ValueError when the fields are too long for Slack."""
        value = self.packed()
        if len(value) > VALUE:
            raise ValueError(f"{self.ID}: a value of {len(value)} characters")
        action_id = self.ID if suffix is None else f"{self.ID}:{suffix}"
        drawn: Element = {"type": "button", "action_id": action_id, "text": plain(label, 75), "value": value}
        optional = {"style": style, "confirm": confirm, "url": url, "accessibility_label": spoken}
        return drawn | {name: given for name, given in optional.items() if given is not None}

    @classmethod
    def parse(cls, action: Mapping[str, Any]) -> Self:
        """The press from one of a payload's `actions`; raises BadPress."""
        press = press_of(action)
        if not isinstance(press, cls):
            raise BadPress(f"{press.ID} pressed where {cls.ID} was expected")
        return press


def press_of(action: Mapping[str, Any]) -> Button:
    """The press in one of a payload's `actions`, from a button or a menu; raises BadPress."""
    action_id, fields = str(action.get("action_id", "")).partition(":")[0], action.get("value")
    if action_id == MENU:
        option = action.get("selected_option")
        fields = unpack_json(option.get("value") if isinstance(option, Mapping) else None, MENU)
        action_id = str(fields.pop("!", ""))
    else:
        fields = unpack_json(fields, action_id)
    found = known(Button, action_id)
    if found is None:
        raise BadPress(f"no button {action_id!r}")
    return found.unpacked(fields)


def menu(
    choices: Sequence[tuple[str, Button]],
    *,
    placeholder: str | None = None,
    suffix: str | int | None = None,
    confirm: Element | None = None,
    chosen: Button | None = None,
) -> Element:
    """Several presses in one element: the ⋯ of at most five, or with a `placeholder` a select of at most a hundred.

    Raises ValueError when a press has too many characters for an option.
    """
    options = [_option(label, press) for label, press in choices]
    action_id = MENU if suffix is None else f"{MENU}:{suffix}"
    drawn: Element = {"type": "overflow", "action_id": action_id, "options": options}
    if placeholder is not None:
        drawn |= {"type": "static_select", "placeholder": plain(placeholder, 150)}
        initial = [option for option, (_, press) in zip(options, choices, strict=True) if press == chosen]
        drawn |= {"initial_option": initial[0]} if initial else {}
    return drawn | ({"confirm": confirm} if confirm is not None else {})


def _option(label: str, press: Button) -> Element:
    fields = {"!": press.ID, **press.model_dump(mode="json", exclude_defaults=True)}
    value = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    if len(value) > OPTION_VALUE:
        raise ValueError(f"{press.ID}: an option's value of {len(value)} characters")
    return {"text": plain(label, 75), "value": value}


def link(label: str, url: str, *, suffix: str | int = "", style: Literal["primary", "danger"] | None = None) -> Element:
    """A button that opens an address and does nothing else."""
    drawn: Element = {"type": "button", "action_id": f"{LINK}:{suffix}", "text": plain(label, 75), "url": url}
    return drawn | ({"style": style} if style else {})


class Command(Interaction):
    """`/vocero verb text`: `text` is what follows the verb, exactly as typed. The verb in any spelling leads here."""

    KIND: ClassVar[str] = "command"

    text: str = ""


class BareCommand(Command, id=""):
    """`/vocero` and nothing else."""


class UnknownVerb(Command, id="?"):
    """`/vocero` and a word that is no verb we serve; `nearest` is the verb it resembles, if any."""

    word: str
    nearest: Verb | None = None


class SharedFile(BaseModel):
    """A file in Slack, by its metadata; `size` in bytes, a picture's sides in pixels (0: not told).

    The bytes are fetched with the bot's token.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str = ""
    mimetype: str = ""
    size: int = 0
    url_private: str = ""
    original_w: int = 0
    original_h: int = 0


class Shortcut(Interaction):
    """A global shortcut, from the ⚡ menu: no channel."""

    KIND: ClassVar[str] = "shortcut"


class MessageShortcut(Interaction):
    """A shortcut on a message; `text` in Slack's markup, `author` a user id, empty for a bot's message."""

    KIND: ClassVar[str] = "message_shortcut"

    channel: str
    ts: str
    thread_ts: str = ""
    author: str = ""
    text: str = ""
    files: tuple[SharedFile, ...] = ()


class SlackEvent(Interaction):
    """Something that Slack reports by the Events API; `id` is the event's type."""

    KIND: ClassVar[str] = "event"


class HomeOpened(SlackEvent, id="app_home_opened"):
    """Somebody looks at our Home (`tab` "home") or at the messages with us ("messages")."""

    tab: str = "home"


class Mentioned(SlackEvent, id="app_mention"):
    """Somebody wrote @vocero in a channel; `text` in Slack's markup."""

    channel: str
    ts: str
    thread_ts: str = ""
    text: str = ""


class Overheard(SlackEvent):
    """What people do in Slack anyway, and of which we hear: whoever does it to a card of ours means us, nobody else is
    answered."""


class Said(Overheard, id="message"):
    """Somebody wrote under a message, in a channel that we are in; `text` in Slack's markup. Only that reaches us: what
    is said elsewhere isn't looked at, nor kept."""

    channel: str
    ts: str
    thread_ts: str
    text: str = ""


class Item(BaseModel):
    """What somebody reacted to; a file or a comment on one has no channel."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    channel: str = ""
    ts: str = ""


class Reacted(Overheard, id="reaction_added"):
    """Somebody put an emoji on something; `reaction` is its name, with its skin tone."""

    reaction: str
    item: Item


class ReactionGone(Overheard, id="reaction_removed"):
    """Somebody took theirs away again."""

    reaction: str
    item: Item


class Reopen(Button, id="form.reopen"):
    """Opens a form that Slack closed the window on; `key` is where the drawn form waits."""

    key: str = Field(max_length=64)


def elements_in(payload: object) -> Iterator[Mapping[str, Any]]:
    """Every element with an action id in a message's blocks or in a view."""
    if isinstance(payload, Mapping):
        if "action_id" in payload:
            yield payload
        for value in payload.values():
            yield from elements_in(value)
    elif isinstance(payload, Sequence) and not isinstance(payload, str):
        for value in payload:
            yield from elements_in(value)


def drawn_in(payload: Mapping[str, Any] | Sequence[Block]) -> frozenset[type[Button]]:
    """The classes of everything that can be pressed there, inputs aside; raises BadPress for one we don't know."""
    found: set[type[Button]] = set()
    for element in elements_in(payload):
        id_ = str(element["action_id"]).partition(":")[0]
        if id_ == MENU:
            found |= {type(press_of({"action_id": MENU, "selected_option": each})) for each in element["options"]}
        elif element.get("type") == "button" and id_ != LINK:
            found.add(type(press_of(element)))
    return frozenset(found)
