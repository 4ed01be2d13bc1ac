"""Forms (Slack's modals): one class names the fields, draws the inputs and reads them back.

    class ComposeForm(Form, id="compose.form"):
        draft: str                                   # rides in private_metadata
        text: Typed[str | None] = None               # an input
        accounts: Typed[tuple[str, ...]] = ()

    ComposeForm(draft=post.id).open(
        title=words("compose.title"),
        submit=words("button.send_to_review"),
        blocks=[ComposeForm.input("text", words("compose.text"), text_input(lines=True))],
    )

Values arrive as Slack sends them: text raw, None for an empty input, a tuple for several, seconds for a moment,
`SharedFile` for files. A form with live inputs, or one that is read while open, gives each input a default.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import SecretStr, ValidationError

from bot.errors import FieldErrors, UserError
from bot.slack.blocks import Block, Element, View, plain
from bot.slack.wire import BadPress, Interaction, unpack_json

T = TypeVar("T")
METADATA = 3000
"""Characters in private_metadata; https://docs.slack.dev/reference/views/modal-views."""
LONGEST_ID = 255
"""Characters of what rides along in one field: ids, never content."""
_END_OF_TIME = 253_370_764_800  # the year 9999: every zone can say a moment before it


class TypedByPerson:
    """Marks a field that is an input of the form."""


Typed = Annotated[T, TypedByPerson()]
"""`Typed[str | None]`: an input; fields without it ride along unseen."""


class Form(Interaction):
    """A modal. Its callback id is the class's id; an input's action id is `<form>.<field>`."""

    KIND: ClassVar[str] = "form"

    @classmethod
    def element(cls, field: str, element: Element, *, suffix: str = "") -> Element:
        """An input's element by itself, for an actions block; drawn in several with a `suffix` each, what is chosen in
        any of them is chosen. Raises TypeError for a field that isn't typed."""
        if field not in typed_fields(cls):
            raise TypeError(f"{cls.__name__}.{field} is no Typed field")
        return element | {"action_id": f"{cls.ID}.{field}" + (f":{suffix}" if suffix else "")}

    @classmethod
    def input(
        cls,
        field: str,
        label: str,
        element: Element,
        *,
        hint: str | None = None,
        optional: bool = False,
        live: bool = False,
        typing: bool = False,
        fresh: str = "",
    ) -> Block:
        """An input block. `live` reports each change to `@router.live`, of a text when Enter is pressed, with `typing`
        while it is written; a new `fresh` makes Slack forget what was typed there before and show the element's
        initial value. Raises TypeError for a field that isn't typed."""
        drawn = cls.element(field, element)
        live = live or typing
        if live and element["type"] == "plain_text_input":
            trigger = "on_character_entered" if typing else "on_enter_pressed"
            drawn["dispatch_action_config"] = {"trigger_actions_on": [trigger]}
        block: Block = {
            "type": "input",
            "block_id": f"{field}:{fresh}" if fresh else field,
            "label": plain(label, 2000),
            "element": drawn,
            "optional": optional,
        }
        if live:
            block["dispatch_action"] = True
        return block | ({"hint": plain(hint, 2000)} if hint else {})

    def open(
        self,
        *,
        title: str,
        blocks: Sequence[Block],
        submit: str | None = None,
        close: str | None = None,
        notify_on_close: bool = False,
    ) -> View:
        """The view. Without `submit` it is only looked at. Raises ValueError when what rides along is too long."""
        typed = typed_fields(type(self))
        carried = self.model_dump(mode="json", exclude=set(typed))
        metadata = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
        if len(metadata) > METADATA:
            raise ValueError(f"{self.ID}: {len(metadata)} characters ride along")
        view: View = {
            "type": "modal",
            "callback_id": self.ID,
            "title": plain(title, 24),
            "blocks": list(blocks),
            "private_metadata": metadata,
            "notify_on_close": notify_on_close,
        }
        labels = {"submit": submit, "close": close}
        return view | {name: plain(label, 24) for name, label in labels.items() if label}

    @classmethod
    def parse(cls, view: Mapping[str, Any]) -> Self:
        """What was submitted. Raises FieldErrors for inputs that Slack should not have let through, else BadPress."""
        carried, typed = cls._read(view)
        try:
            return cls.model_validate(carried | typed)
        except ValidationError as error:
            wrong = {str(each["loc"][0]) for each in error.errors()}
            if wrong <= set(typed_fields(cls)):
                raise FieldErrors({field: UserError("error.field") for field in wrong}) from error
            raise BadPress(f"{cls.ID}: {sorted(wrong)}", "error.form_old") from error

    @classmethod
    def glimpse(cls, view: Mapping[str, Any]) -> Self:
        """The form as far as it is filled: an input that doesn't fit yet has its default. Raises BadPress."""
        carried, typed = cls._read(view)
        for _ in range(2):
            try:
                return cls.model_validate(carried | typed)
            except ValidationError as error:
                wrong = {str(each["loc"][0]) for each in error.errors()}
                typed = {field: value for field, value in typed.items() if field not in wrong}
        raise BadPress(f"{cls.ID}: unreadable", "error.form_old")

    @classmethod
    def _read(cls, view: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        fields = typed_fields(cls)
        carried = unpack_json(view.get("private_metadata"), cls.ID, "error.form_old")
        if any(_too_long(value) for value in carried.values()):
            raise BadPress(f"{cls.ID}: an id that is none of ours", "error.form_old")
        values: dict[str, Any] = {}
        for field, value in cls._values(view):
            if field in fields:  # drawn in several blocks, its values are those of all of them
                known = values.get(field)
                together = isinstance(known, list) and isinstance(value, list)
                values[field] = [*known, *value] if together and known else value
        empty = {
            field
            for field, value in values.items()
            if value is None and not cls.model_fields[field].is_required() and not _takes_none(cls, field)
        }
        given = {field: value for field, value in values.items() if field not in empty}
        return {name: value for name, value in carried.items() if name not in fields}, given

    @classmethod
    def _values(cls, view: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        state = view.get("state")
        blocks = state.get("values") if isinstance(state, Mapping) else None
        for elements in blocks.values() if isinstance(blocks, Mapping) else ():
            for action_id, element in elements.items() if isinstance(elements, Mapping) else ():
                field = field_of(cls, str(action_id))
                if field is not None and isinstance(element, Mapping):
                    yield field, value_of(element)


@cache
def typed_fields(form: type[Form]) -> tuple[str, ...]:
    """The names of a form's inputs."""
    return tuple(
        name
        for name, field in form.model_fields.items()
        if any(isinstance(mark, TypedByPerson) for mark in field.metadata)
    )


@cache
def secret_ids(form: type[Form]) -> frozenset[str]:
    """The action ids of inputs for secrets (`SecretStr`): what is typed there is never sent back or stored."""
    kinds = {field: form.model_fields[field].annotation for field in typed_fields(form)}
    secret = (field for field, kind in kinds.items() if SecretStr in (kind, *getattr(kind, "__args__", ())))
    return frozenset(f"{form.ID}.{field}" for field in secret)


def _too_long(value: object) -> bool:
    """As it would ride along again, where a control character takes six; of a list, any of its parts."""
    if isinstance(value, list):
        return any(_too_long(each) for each in value if isinstance(each, str))
    return isinstance(value, str) and len(json.dumps(value, ensure_ascii=False)) > LONGEST_ID + 2


@cache
def _takes_none(form: type[Form], field: str) -> bool:
    return type(None) in getattr(form.model_fields[field].annotation, "__args__", ())


def field_of(form: type[Form], action_id: str) -> str | None:
    """The input that an action id belongs to, None for anything else."""
    name = action_id.partition(":")[0]
    field = name.removeprefix(f"{form.ID}.")
    return field if field != name and field in typed_fields(form) else None


def value_of(element: Mapping[str, Any]) -> Any:
    """An element's value in a view's state; https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    kind = str(element.get("type", ""))
    if "selected_options" in element:
        return [each.get("value") for each in element["selected_options"] or ()]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    names = {
        "users_select": "selected_user",
        "multi_users_select": "selected_users",
        "conversations_select": "selected_conversation",
        "multi_conversations_select": "selected_conversations",
        "channels_select": "selected_channel",
        "multi_channels_select": "selected_channels",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
        "file_input": "files",
        "rich_text_input": "rich_text_value",
    }
    value = element.get(names.get(kind, "value"))
    if kind == "datetimepicker" and value is not None and not (isinstance(value, int) and 0 <= value < _END_OF_TIME):
        return "no moment"  # which no field takes
    return [] if value is None and (kind.startswith("multi_") or kind == "file_input") else value
