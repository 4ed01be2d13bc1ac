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
    """Somebody outside wrote, or somebody inside claimed, assigned, answered, closed or reopened; `at` in ms, by which
    what is told once is told apart; `pictures`: what was said may have some that aren't here yet; `edits`: other words
    of ours are on their way."""

    type: Literal["conversation_changed"] = "conversation_changed"
    conversation: str
    act: str
    by: MemberId = ""
    at: int = 0
    pictures: bool = False
    edits: bool = False


class LateWarned(Event):
    """Somebody is to be told of conversations that wait too long; `notice` is the `LateNotice`, `conversation` the one
    that was added to it."""

    type: Literal["late_warned"] = "late_warned"
    notice: str
    conversation: str


class PassChanged(Event):
    """Something was passed to the company, or the company answered."""

    type: Literal["pass_changed"] = "pass_changed"
    passed: str
    act: str
    by: MemberId = ""


class SuggestionChanged(Event):
    """A trainee's answer was written, written anew, let out, sent back or taken back."""

    type: Literal["suggestion_changed"] = "suggestion_changed"
    suggestion: str
    act: str
    by: MemberId = ""


class LookAsked(Event):
    """A colleague is asked to look at an answer before it is sent."""

    type: Literal["look_asked"] = "look_asked"
    look: str


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
    """A brand was made, or its settings or rulebook changed."""

    type: Literal["brand_changed"] = "brand_changed"
    brand: str
    by: MemberId


class ChannelLost(Event):
    """Nothing can be written to a Slack channel; `reason` is Slack's word for it, `since` in ms."""

    type: Literal["channel_lost"] = "channel_lost"
    channel: str
    reason: str
    since: int


class EventsHeld(Event):
    """Slack held events back for an hour, because there were too many; `minute` is when, in seconds since the epoch."""

    type: Literal["events_held"] = "events_held"
    minute: str


class AlarmChanged(Event):
    """An alarm rang (again, for the next person), was taken, or is over."""

    type: Literal["alarm_changed"] = "alarm_changed"
    alarm: str
    act: str
    by: MemberId = ""


class DutyChanged(Event):
    """Who is on duty changed, or a shift was offered, accepted or declined; `handover` is empty for a rota's change."""

    type: Literal["duty_changed"] = "duty_changed"
    brand: str
    act: str
    by: MemberId = ""
    handover: str = ""


class ProposalChanged(Event):
    """A sensitive act was proposed, seconded, declined, carried out, or could not be."""

    type: Literal["proposal_changed"] = "proposal_changed"
    proposal: str
    act: str
    by: MemberId = ""


class CustodyChanged(Event):
    """The store turned out not to be the one that we left, or somebody confirmed that we publish from here on."""

    type: Literal["custody_changed"] = "custody_changed"
    act: str
    by: MemberId = ""


class StormChanged(Event):
    """A storm began, grew, or is over."""

    type: Literal["storm_changed"] = "storm_changed"
    storm: str
    act: str


class CrowdChanged(Event):
    """Enough people said nearly the same, more of them did, or something is being done for all of them."""

    type: Literal["crowd_changed"] = "crowd_changed"
    crowd: str
    act: str
    by: MemberId = ""


class FactChanged(Event):
    """A fact was asked about, decided, or its verdict has had its time."""

    type: Literal["fact_changed"] = "fact_changed"
    fact: str
    act: str
    by: MemberId = ""


AnyEvent = Annotated[
    PostChanged
    | DeliveryChanged
    | ConversationChanged
    | LateWarned
    | PassChanged
    | SuggestionChanged
    | LookAsked
    | AccountChanged
    | StopChanged
    | DigestDue
    | BrandChanged
    | ChannelLost
    | EventsHeld
    | AlarmChanged
    | DutyChanged
    | ProposalChanged
    | CustodyChanged
    | StormChanged
    | CrowdChanged
    | FactChanged,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def parse_event(text: str) -> AnyEvent:
    """An event from the stream; raises ValueError for anything else."""
    return _ADAPTER.validate_json(text)
