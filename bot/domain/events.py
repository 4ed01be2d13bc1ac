"""What happened, told to whoever draws: small facts with ids, never content. Handlers read the records themselves."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.domain.records import MemberId, Value


class Event(Value):
    """The base; `correlation` joins it with the press that caused it."""

    correlation: str = ""


class PostChanged(Event):
    """A post was submitted, edited, decided or withdrawn, or its pictures were measured."""

    type: Literal["post_changed"] = "post_changed"
    post: str
    act: str
    by: MemberId = ""


class DeliveryChanged(Event):
    """A delivery moved to another state that people see."""

    type: Literal["delivery_changed"] = "delivery_changed"
    delivery: str
    state: str
    post: str = ""
    conversation: str = ""


class ConversationChanged(Event):
    """Somebody outside wrote, or somebody inside claimed, answered, closed or reopened."""

    type: Literal["conversation_changed"] = "conversation_changed"
    conversation: str
    act: str
    by: MemberId = ""


class AccountChanged(Event):
    """An account was connected, died or came back."""

    type: Literal["account_changed"] = "account_changed"
    account: str
    act: str


class StopChanged(Event):
    """Publishing was stopped or resumed; `scope` is a brand id, or `all`, `note` the `StopNote` of this very stop."""

    type: Literal["stop_changed"] = "stop_changed"
    scope: str
    act: str
    by: MemberId
    note: str = ""


class DigestDue(Event):
    """A digest is to be drawn; exactly one of `member` and `brand` is set; `day` is a date in their zone."""

    type: Literal["digest_due"] = "digest_due"
    day: str
    member: MemberId = ""
    brand: str = ""


class BrandChanged(Event):
    """A brand was made or its settings changed."""

    type: Literal["brand_changed"] = "brand_changed"
    brand: str
    by: MemberId


class ChannelLost(Event):
    """Nothing can be written to a Slack channel; `reason` is Slack's word for it, `since` in ms."""

    type: Literal["channel_lost"] = "channel_lost"
    channel: str
    reason: str
    since: int


AnyEvent = Annotated[
    PostChanged
    | DeliveryChanged
    | ConversationChanged
    | AccountChanged
    | StopChanged
    | DigestDue
    | BrandChanged
    | ChannelLost,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def parse_event(text: str) -> AnyEvent:
    """An event from the stream; raises ValueError for anything else."""
    return _ADAPTER.validate_json(text)
