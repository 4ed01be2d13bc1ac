"""👀, assign, snooze, escalate and topics as people do them; each person is told once, and nobody twice."""

from datetime import timedelta
from typing import Any

from bot.domain.conversations import ClosedAs, ConversationStatus
from bot.engine.minding import Minding
from bot.slack.wire import elements_in
from tests.handlers.demo import NAMES, Town, said_in, view_of
from tests.handlers.test_inbox import heard, the_card
from tests.handlers.voices import INBOX, comment

S = ConversationStatus


async def choose(town: Town, user: str, label: str, channel: str = INBOX) -> dict[str, Any]:
    """Chooses an option of a menu in the channel's newest message that has it."""
    for message in reversed(await town.messages(channel)):
        for element in elements_in(message.get("blocks") or []):
            for option in element.get("options", []):
                if option["text"]["text"] == label:
                    return await town.press(
                        user, channel, "", ts=message["ts"], action=element["action_id"], value=option["value"]
                    )
    raise AssertionError(f"no option {label!r}")


async def chosen(town: Town, user: str, label: str) -> dict[str, Any]:
    """The form that an option opens."""
    answer = await choose(town, user, label)
    return view_of(answer if answer["view"] else {"view": await town.top(user)})


async def react(town: Town, user: str, name: str = "eyes") -> dict[str, Any]:
    """Puts an emoji on the first card, or takes it away."""
    ts = (await town.messages(INBOX))[0]["ts"]
    answer = await town.act("react", user=user, channel=INBOX, ts=ts, name=name)
    await town.settle()
    return answer


async def test_eyes_on_the_card_claim_it_and_taking_them_away_gives_it_back(town: Town) -> None:
    talk = await heard(town)
    await react(town, "carla", "tada")
    assert (await town.desk.conversations.get(talk.id)).status is S.NEW
    await react(town, "carla")
    assert "La lleva Carla Moreno" in await the_card(town)
    assert "already has this conversation" in str((await react(town, "admin"))["ephemeral"])
    await react(town, "admin")  # takes them away again: it was never theirs
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["carla"]
    await react(town, "carla")
    assert "*Nueva*" in await the_card(town)


async def test_eyes_of_somebody_without_the_role_change_nothing_and_they_hear_why(town: Town) -> None:
    talk = await heard(town)
    for user in ("ana", "eva"):
        assert (await react(town, user))["ephemeral"], user
    assert (await town.desk.conversations.get(talk.id)).status is S.NEW
    entries: Any = await town.desk.store.client.xrange(town.desk.store.key("audit"))
    assert sum("denied:reaction_added" in fields["entry"] for _, fields in entries) == 2


async def test_eyes_on_anything_else_mean_nothing(town: Town) -> None:
    await heard(town)
    sent = await town.act("message", user="carla", channel=INBOX, text="¿quién mira esto?")
    ts = sent.get("ts") or (await town.messages(INBOX))[-1]["ts"]
    answer = await town.act("react", user="ana", channel=INBOX, ts=ts, name="eyes")
    assert not answer["ephemeral"]


async def test_whoever_is_assigned_is_told_once(town: Town) -> None:
    talk = await heard(town)
    view = await chosen(town, "admin", "Asignar…")
    refused = await town.submit("admin", view, "handling.assign_form", person=NAMES["ana"].partition(":")[2])
    assert "Moderator" in str(refused["response"]["errors"])
    await town.submit("admin", view, "handling.assign_form", person=NAMES["carla"].partition(":")[2])
    assert "La lleva Carla Moreno" in await the_card(town)
    (told,) = await town.messages("@carla")
    assert "Alma Reyes gave you this conversation" in said_in(told)
    assert "¿Abrís el domingo?" in said_in(told)
    await town.desk.conversations.release(talk.id, town.standing("carla"))
    await town.settle()
    assert len(await town.messages("@carla")) == 1
    view = await chosen(town, "carla", "Asignar…")
    await town.submit("carla", view, "handling.assign_form", person=NAMES["carla"].partition(":")[2])
    assert len(await town.messages("@carla")) == 1, "who takes it themselves needs no message"


async def test_snoozing_is_one_press_and_it_comes_back_saying_so(town: Town) -> None:
    talk = await heard(town)
    await choose(town, "carla", "Posponer 1 h")
    card = await the_card(town)
    assert "*Pospuesta*" in card
    assert "a Carla Moreno" in card
    town.clock.skip(minutes=61)
    await Minding(town.desk).tick()
    await town.settle()
    assert "La lleva Carla Moreno" in await the_card(town)
    (told,) = await town.messages("@carla")
    assert "The conversation that you snoozed is back" in said_in(told)
    await choose(town, "carla", "Posponer a mañana a las 9:00")
    await town.press("carla", INBOX, "Traer ya")
    assert (await town.desk.conversations.get(talk.id)).status is S.OWNED


async def test_snoozing_until_a_moment_refuses_one_that_has_passed(town: Town) -> None:
    talk = await heard(town)
    view = await chosen(town, "carla", "Posponer hasta…")
    past = int((town.clock() - timedelta(hours=1)).timestamp())
    answer = await town.submit("carla", view, "handling.snooze_form", when=past)
    assert "still to come" in str(answer["response"]["errors"])
    await town.submit("carla", view, "handling.snooze_form", when=past + 7200)
    assert (await town.desk.conversations.get(talk.id)).status is S.SNOOZED
    await comment(town, "¿Y el lunes?", author="Otra")
    assert (await town.desk.conversations.get(talk.id)).status is S.SNOOZED, "somebody else's words wake nothing"


async def test_escalating_to_a_person_a_role_and_a_channel_tells_each_once(town: Town) -> None:
    talk = await heard(town)
    view = await chosen(town, "carla", "Escalar…")
    answer = await town.submit("carla", view, "handling.escalate_form", note="Pide un reembolso")
    assert "Choose a person, a role or a channel" in str(answer["response"]["errors"])
    await town.submit(
        "carla", view, "handling.escalate_form", person=NAMES["bruno"].partition(":")[2], note="Pide un reembolso"
    )
    card = await the_card(town)
    assert "*Escalada*" in card
    assert "Carla Moreno pide a Bruno" in card
    assert "Pide un reembolso" in card
    (told,) = await town.messages("@bruno")
    assert "Pide un reembolso" in said_in(told)
    assert "Me encargo" not in said_in(told), "Bruno approves and doesn't moderate"
    for fields in ({"role": "moderator"}, {"place": "C01GENERAL1"}):
        view = await chosen(town, "admin", "Escalar…")
        await town.submit("admin", view, "handling.escalate_form", **fields)
    (asked,) = await town.messages("@carla")
    assert "Alma Reyes asks you to take this conversation" in said_in(asked)
    assert "¿Abrís el domingo?" in await town.text("#general")
    await town.press("carla", "@carla", "Claim")
    assert (await town.desk.conversations.get(talk.id)).owner == NAMES["carla"]
    assert len(await town.messages("@bruno")) == 1


async def test_topics_are_chosen_on_the_closed_card_and_taken_off_again(town: Town) -> None:
    talk = await heard(town)
    brand = await town.desk.brand("agora")
    change = town.desk.store.begin()
    change.put(brand.model_copy(update={"topics": ("Horarios", "Precios")}), brand)
    await change.commit()
    await town.desk.conversations.close(talk.id, town.standing("carla"), ClosedAs.NO_REPLY)
    await town.settle()
    await choose(town, "carla", "Horarios")
    assert (await town.desk.conversations.get(talk.id)).topics == ("Horarios",)
    await choose(town, "carla", "✓ Horarios")
    assert (await town.desk.conversations.get(talk.id)).topics == ()


async def test_the_record_names_whom_it_was_given_to(town: Town) -> None:
    talk = await heard(town)
    await town.desk.handling.assign(talk.id, NAMES["carla"], town.standing("admin"))
    await town.settle()
    view = await chosen(town, "carla", "Registro")
    assert "Alma Reyes assigned the conversation (Carla Moreno)" in str(view)
