"""From a payload to its handler and back: parse, permit, handle, perform; and what the person hears when it fails."""

import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.domain.brands import Member, Standing
from bot.domain.records import MemberId
from bot.errors import Conflict, FieldErrors, NotAllowed, StoreSilent, StoreUnavailable, UserError
from bot.slack.blocks import home, section
from bot.slack.call import Call, OpenView
from bot.slack.client import SlackError, SlackLimited, SlackSilent
from bot.slack.forms import Form, field_of
from bot.slack.payload import Kind, Payload, kind_of, part, person_of, place_of, text_at, typed_at
from bot.slack.people import People
from bot.slack.perform import Performer, notice
from bot.slack.reading import interaction_of
from bot.slack.reply import Errors, Quiet, Reply, Say
from bot.slack.router import Route, Router, Routes
from bot.slack.sentences import sentence
from bot.slack.submission import AckBody, ack_of, apply_late, errors_of, said_by
from bot.slack.wire import (
    LINK,
    BadPress,
    Command,
    HomeOpened,
    Interaction,
    Overheard,
    Reopen,
    UnknownVerb,
    known,
    press_of,
)
from bot.text.relaying import relay
from bot.text.words import words_for

if TYPE_CHECKING:
    from bot.desk.desk import Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """How a payload reached us; late when it was taken over from a process that died."""

    at: datetime
    correlation: str
    late: bool = False


class Dispatcher:
    """Hands each payload to the function that is registered for it."""

    def __init__(self, router: Router, *, desk: "Desk", people: People, performer: Performer) -> None:
        self._routes: Routes = router.routes()
        self._desk = desk
        self._people = people
        self._performer = performer

    def now(self) -> datetime:
        """The desk's clock."""
        return self._desk.now()

    async def take(self, body: Payload, arrival: Arrival) -> AckBody:
        """Does all that a payload asks for. Answers what rides on the acknowledgement, nothing for most kinds; never
        raises for what a person or a handler did wrong."""
        member = person_of(body)
        if member is None:
            log.info("nobody did this", extra={"kind": kind_of(body)})
            return {}
        call = await self._call(body, member, arrival)
        if kind_of(body) is Kind.SUBMISSION:
            return await self._submission(body, call)
        try:
            await self._handle(body, call)
        except Exception as error:  # noqa: BLE001 - the outermost place: the person must hear of it, whatever it is
            await self._excuse(error, body, call)
        return {}

    async def limited(self, body: Payload) -> None:
        """Slack holds events back because there are too many; admins hear of it."""
        await self._desk.events_held(text_at(body, "minute_rate_limited") or str(part(body, "minute_rate_limited")))

    async def working(self, body: Payload) -> AckBody:
        """What a submission is acknowledged with when its handler needs longer than Slack waits."""
        call = self._known_call(body, person_of(body) or "")
        return {"response_action": "update", "view": notice(call, call.words("slack.working"))}

    async def late(self, body: Payload, ack: AckBody, arrival: Arrival) -> None:
        """Brings a submission's answer to the form by other means than the acknowledgement, which has left."""
        call = await self._call(body, person_of(body) or "", arrival)
        try:
            await apply_late(ack, call, self._performer)
        except SlackError:
            log.exception("a form's answer reached nobody", extra={"who": call.who.id})

    async def _handle(self, body: Payload, call: Call) -> None:
        match kind_of(body):
            case Kind.ACTION:
                for action in part(body, "actions") or ():
                    await self._action(action, call)
            case Kind.CLOSED:
                await self._closed(call)
            case _:
                interaction = interaction_of(body)
                if interaction is not None:
                    await self._answer(interaction, call)

    async def _action(self, action: Mapping[str, Any], call: Call) -> None:
        action_id = text_at(action, "action_id")
        if action_id.partition(":")[0] == LINK:
            return
        form = known(Form, call.view.callback_id) if call.view is not None else None
        field = field_of(form, action_id) if form is not None else None
        if form is not None and field is not None and call.view is not None:
            await self._performer.perform(await self._live(form, field, call), call)
            return
        press = press_of(action)
        if isinstance(press, Reopen):
            async with self._guarded(press, call):
                kept = await self._performer.kept(press, call)
            await self._performer.perform(kept, call)
        else:
            await self._answer(press, call)

    async def _closed(self, call: Call) -> None:
        form = known(Form, call.view.callback_id) if call.view is not None else None
        closed = self._routes.closed.get(form) if form is not None else None
        if form is not None and closed is not None and call.view is not None:
            left = form.glimpse(call.view.payload)
            async with self._guarded(left, call):
                reply = await closed(left, call)
            await self._performer.perform(reply, call)

    async def _answer(self, interaction: Interaction, call: Call) -> None:
        reply = await self._reply(interaction, call)
        await self._performer.perform(reply, call)
        if isinstance(reply, Quiet) and not isinstance(interaction, HomeOpened):
            await self._performer.perform(await self._followed(call), call)

    async def _followed(self, call: Call) -> Reply:
        """What a press that shows nothing itself changed where it was pressed: Home, or a form, drawn again."""
        if call.view is None:
            said = call.words("slack.pressed", act=relay(call.fleeting, 75)) if call.fleeting else ""
            return Say(said) if said else Quiet()
        if call.view.type == "home":
            return await self._reply(HomeOpened(), call)
        form = known(Form, call.view.callback_id)
        return await self._live(form, "", call) if form is not None else Quiet()

    async def _live(self, form: type[Form], field: str, call: Call) -> Reply:
        live = self._routes.live.get(form)
        if live is None or call.view is None:
            return Quiet()
        filled = form.glimpse(call.view.payload)
        async with self._guarded(filled, call):
            reply: Reply = await live(filled, field, call)
        return reply

    async def _reply(self, interaction: Interaction, call: Call) -> Reply:
        route = self._routes.interactions.get(type(interaction))
        if route is None:
            raise _unrouted(interaction, call)
        async with self._guarded(interaction, call):
            await self._permit(route, interaction, call)
            reply: Reply = await route.handler(interaction, call)
        return reply

    @asynccontextmanager
    async def _guarded(self, interaction: Interaction, call: Call) -> AsyncIterator[None]:
        """Nobody from outside the team gets in, and whatever is refused in here stands in the record."""
        try:
            if not call.who.within and not isinstance(interaction, Overheard):
                raise NotAllowed("error.not_of_team")
            yield
        except NotAllowed:
            await self._desk.denied(call.who, interaction.ID or interaction.KIND, interaction.packed()[:300])
            raise

    async def _permit(self, route: Route, interaction: Interaction, call: Call) -> None:
        if not route.needs:
            return
        brand = await self._desk.brand_of(interaction)
        if brand is None:
            raise NotAllowed("error.button_old")
        call.who.require(brand, *route.needs)

    async def _submission(self, body: Payload, call: Call) -> AckBody:
        view: Mapping[str, Any] = part(body, "view") or {}
        form = known(Form, text_at(view, "callback_id"))
        try:
            if form is None:
                raise BadPress("no such form", "error.form_old")
            filled = form.parse(view)
            call = _in_channel(call, filled)
            reply = await self._reply(filled, call)
            await self._say(reply, call)
            fields = reply.fields if isinstance(reply, Errors) else {}
            return ack_of(reply, form, await self._sentences(fields, call), view)
        except Exception as error:  # noqa: BLE001 - as above; the form stays open with what was typed
            refusal = self._refusal(error, call)
            fields = refusal.fields if isinstance(refusal, FieldErrors) else {"": refusal}
            return errors_of(form or Form, await self._sentences(fields, call), view)

    async def _say(self, reply: Reply, call: Call) -> None:
        """The sentence that comes with a form's answer; what was done stays done when it can't be said."""
        try:
            for each in said_by(reply):
                await self._performer.perform(each, call)
        except SlackError as error:
            log.warning("a form's sentence reached nobody: %s", error, extra={"who": call.who.id})

    async def _excuse(self, error: Exception, body: Payload, call: Call) -> None:
        """Tells the person what went wrong, privately and where they look."""
        refusal = self._refusal(error, call)
        fields = refusal.fields if isinstance(refusal, FieldErrors) else {"": refusal}
        text = "\n".join((await self._sentences(fields, call, formatted=True)).values())
        try:
            if text_at(body, "event", "type") == "app_home_opened":
                await self._performer.home(call, home([section(text)]))
            else:
                await self._performer.warn(call, text)
        except SlackError:
            log.exception("somebody could not be told: %s", refusal.key, extra={"who": call.who.id})

    def _refusal(self, error: Exception, call: Call) -> UserError:
        """What to say about an error; a bug gets a reference, under which the log has the trace."""
        if isinstance(error, BadPress):
            log.warning("a press that means nothing: %s", error.reason, extra={"who": call.who.id})
        if isinstance(error, UserError):
            return error
        if isinstance(error, Conflict):
            return UserError("error.busy")
        if isinstance(error, StoreUnavailable):
            log.error("the store does not answer: %s", error)
            return UserError("error.store_silent" if isinstance(error, StoreSilent) else "error.store")
        if isinstance(error, SlackLimited | SlackSilent):
            log.warning("Slack did not let us answer a press: %s", error)
            return UserError("slack.trouble")
        reference = secrets.token_hex(4)
        log.error("a bug, reference %s", reference, exc_info=error, extra={"reference": reference, "who": call.who.id})
        return UserError("error.bug", ref=reference)

    async def _sentences(
        self, fields: Mapping[str, UserError], call: Call, *, formatted: bool = False
    ) -> dict[str, str]:
        said: dict[str, str] = {}
        for field, error in fields.items():
            try:
                said[field] = await sentence(error, call, self._people.member, formatted=formatted)
            except (LookupError, StoreUnavailable) as problem:  # no such message, or no names now
                refusal = self._refusal(problem, call)
                said[field] = call.words(refusal.key, **refusal.args_)
        return said

    async def _call(self, body: Payload, member: MemberId, arrival: Arrival) -> Call:
        try:
            person = await self._people.acting(member)
            standing = await self._desk.standing(member)
        except StoreUnavailable as error:
            log.error("the store does not answer: %s", error)
            person, standing = Member(id=member), Standing(id=member)
        place, view = place_of(body), part(body, "view")
        return Call(
            who=standing,
            member=person,
            words=words_for(person.locale),
            desk=self._desk,
            at=arrival.at,
            channel=place.channel,
            message_ts=place.message_ts,
            thread_ts=place.thread_ts,
            fleeting=place.fleeting,
            typed=typed_at(body),
            view=_open_view(view) if isinstance(view, Mapping) else None,
            late=arrival.late,
            correlation=arrival.correlation,
            trigger=place.trigger,
            response_url=place.response_url,
        )

    def _known_call(self, body: Payload, member: MemberId) -> Call:
        """A call made of what this process knows already, without asking anybody."""
        return Call(
            who=Standing(id=member),
            member=Member(id=member),
            words=self._people.last_words(member),
            desk=self._desk,
            at=self._desk.now(),
        )


def _open_view(view: Mapping[str, Any]) -> OpenView:
    names = ("id", "hash", "type", "callback_id")
    return OpenView(**{name: text_at(view, name) for name in names}, payload=view)


def _in_channel(call: Call, form: Form) -> Call:
    """A form that carries the channel it was opened from speaks there."""
    channel = getattr(form, "channel", None)
    if not isinstance(channel, str) or not channel or call.channel:
        return call
    return Call(**{**vars(call), "channel": channel})


def _unrouted(interaction: Interaction, call: Call) -> UserError:
    if isinstance(interaction, UnknownVerb):
        return UserError("error.unknown_verb", word=interaction.word)
    if isinstance(interaction, Command):
        return UserError("error.not_yet", verb=f"command.{interaction.ID}")
    return BadPress(f"nobody answers {interaction.ID}")
