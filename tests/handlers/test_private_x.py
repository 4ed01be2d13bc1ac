"""X's direct messages: switched on with a press that says what they cost; then a private conversation like others."""

from typing import Any

import pytest

from bot.doctor import Verdict
from bot.doctor import _account as examined
from bot.domain.deliveries import State
from tests.handlers.demo import NAMES, Town
from tests.handlers.test_pictures_shown import images
from tests.handlers.voices import INBOX, hear, message, the_conversation
from tests.sandbox_networks.pictures import PNG, picture_of

X = "x:cafe_agora"
FORM = "inbox.reply"
WORDS = "Soy Rosa, mi pedido 1234 no ha llegado"
SEND = "POST /2/dm_conversations/with/*/messages"


async def accounts_page(town: Town) -> dict[str, Any]:
    """What Café Ágora's admin sees of its accounts."""
    home = await town.home("admin")
    manage = next(
        each
        for block in home["blocks"]
        for each in block.get("elements") or []
        if each.get("action_id") == "accounts.manage" and "agora" in each["value"]
    )
    pressed = {"view_id": home["id"], "action_id": manage["action_id"], "value": manage["value"]}
    return dict((await town.act("click", user="admin", **pressed))["view"])


def switch_in(view: dict[str, Any]) -> dict[str, Any]:
    """The one button that switches."""
    (found,) = [
        each
        for block in view["blocks"]
        for each in block.get("elements") or []
        if str(each.get("action_id")).startswith("accounts.messages")
    ]
    return dict(found)


async def switched(town: Town) -> dict[str, Any]:
    """The page, once the admin pressed the switch on it."""
    view = await accounts_page(town)
    button = switch_in(view)
    await town.act("click", user="admin", view_id=view["id"], action_id=button["action_id"], value=button["value"])
    await town.settle()
    return dict(await town.top("admin") or {})


async def conversations(town: Town) -> list[tuple[bool, str]]:
    """What stands in the account's inbox on X."""
    async with town.session.get(f"{town.url}/audience/private", params={"account": X}) as answer:
        talks = (await answer.json())["conversations"]
    return [(said["by_account"], said["text"]) for talk in talks for said in talk["messages"]]


@pytest.fixture
async def listening(town: Town) -> Town:
    """Somebody wants them; before the clock here runs ahead of X's."""
    await switched(town)
    await hear(town)
    return town


async def test_the_switch_says_what_it_costs_before_it_counts(town: Town) -> None:
    view = await accounts_page(town)
    assert "Private messages are not read." in str(view)
    button = switch_in(view)
    assert button["text"]["text"] == "Read private messages"
    asked = button["confirm"]["text"]["text"]
    for said in ("$0.010", "$0.015", "monthly limit", "4 minutes late"):
        assert said in asked
    on = await switched(town)
    assert "Private messages are read; one may come up to 4 minutes late." in str(on)
    assert switch_in(on)["text"]["text"] == "Stop reading messages"
    (account,) = [each for each in await town.desk.accounts.of("agora") if each.network == "x"]
    assert account.messages_since is not None
    off = await switched(town)
    assert "Private messages are not read." in str(off)


async def test_a_message_is_a_private_card_and_its_answer_goes_to_the_person(listening: Town) -> None:
    town = listening
    await message(town, WORDS, account=X)
    talk = await the_conversation(town)
    card = await town.text(INBOX)
    assert "*Nueva* · :lock: *Privado*" in card
    assert "Mensaje privado a *X @cafe" in card
    assert WORDS in card
    assert "Responder en público" not in card
    assert "admite respuesta hasta" not in card
    view = await town.form("carla", INBOX, "Responder por privado")
    assert "Private: only Lucía sees it" in str(view)
    long = "Lo miramos ahora mismo. " * 40
    assert len(long) > 280
    await town.submit("carla", view, FORM, text=long)
    assert await conversations(town) == [(False, WORDS)]
    await town.publish(seconds=25)
    assert await conversations(town) == [(False, WORDS), (True, long.strip())]
    assert "*Respondida*" in await town.text(INBOX)
    assert await town.public(X) == []
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert (reply.state, reply.reply and reply.reply.to) == (State.LIVE, talk.person.id)
    await message(town, "¡Gracias!", account=X)
    again = await town.desk.conversations.get(talk.id)
    assert [each.text for each in again.heard] == [WORDS, "¡Gracias!"]


async def test_its_limit_is_a_message_s_and_no_post_s(listening: Town) -> None:
    town = listening
    await message(town, WORDS, account=X)
    view = await town.form("carla", INBOX, "Responder por privado")
    assert "Up to 3,000 characters" in str(view)  # what a form of Slack's holds
    talk = await the_conversation(town)
    page = await town.desk.inbox.page(talk.id)
    assert page.limit == 10_000


async def test_an_unclear_answer_is_found_and_not_sent_twice(listening: Town) -> None:
    town = listening
    await message(town, WORDS, account=X)
    talk = await the_conversation(town)
    await town.desk.conversations.reply(talk.id, "r1", "Sí", town.standing("carla"))
    await town.fault(target="x", route=SEND, times=1, when="after", drop=True)
    await town.publish(seconds=25)
    await town.publish(seconds=10)
    (reply,) = await town.desk.conversations.replies(talk.id)
    assert reply.state is State.LIVE
    assert await conversations(town) == [(False, WORDS), (True, "Sí")]


async def test_undo_and_stop_keep_it_back(listening: Town) -> None:
    town = listening
    await message(town, WORDS, account=X)
    view = await town.form("carla", INBOX, "Responder por privado")
    await town.submit("carla", view, FORM, text="Ups")
    await town.press("carla", INBOX, "Deshacer")
    await town.publish(seconds=25)
    assert await conversations(town) == [(False, WORDS)]


async def test_a_channel_that_others_read_never_sees_it(town: Town) -> None:
    await switched(town)
    await town.act("admin", act="share", channel=INBOX)
    await message(town, WORDS, account=X)
    assert WORDS not in await town.text(INBOX)
    assert WORDS in await town.text("#agora-alerts")


async def test_its_picture_is_our_copy_of_what_x_gives_to_us_alone(listening: Town) -> None:
    town = listening
    await message(town, "Así llegó", account=X, picture=picture_of("pedido.png"))
    (block,) = await images(town, INBOX)
    assert await town.api.download(block["slack_file"]["id"], most=1000) == PNG


async def test_without_the_permission_it_is_said_and_nothing_rings(listening: Town) -> None:
    town = listening
    async with town.session.post(
        f"{town.url}/audience/withhold", json={"account": X, "scopes": ["dm.read", "dm.write"]}
    ) as answer:
        assert answer.status == 200
    await message(town, WORDS, account=X)
    view = await accounts_page(town)
    assert "Private messages can't be read: `Read and write and Direct message` is missing" in str(view)
    assert "User authentication settings" in str(view)
    (account,) = [each for each in await town.desk.accounts.of("agora") if each.network == "x"]
    told = await examined(town.desk, account)
    assert (told.verdict, "Direct message is missing" in told.said) == (Verdict.WARN, True)
    assert not await town.desk.alarms.of(NAMES["carla"])


async def test_what_strangers_write_in_private_is_not_alive(listening: Town) -> None:
    town = listening
    hostile = "<!channel> <@U01BRUNO001> <https://evil.example|Café Ágora> *ojo* \u202eoculto"
    await message(town, hostile, author="<!here> *Jefe*", account=X)
    await the_conversation(town)
    (card,) = [each for each in await town.messages(INBOX) if "evil.example" in str(each)]

    def live(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["text"]] if value.get("type") == "mrkdwn" else []
            return own + [text for child in value.values() for text in live(child)]
        return [text for child in value for text in live(child)] if isinstance(value, list) else []

    for text in [*live(card["blocks"]), card["text"]]:
        for bad in ("<!", "<@U01BRUNO", "<https://evil", "*ojo*", "*Jefe*", "\u202e"):
            assert bad not in text
