"""Private messages of a page: read once each, answered within the network's time, found again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.network import Capability, Draft, Endpoint, Gone, ItemKind, Rejected, RejectKind
from bot.sandbox import world
from connectors.facebook import PROVIDER
from connectors.facebook.hook import FacebookHook
from tests.contract.conftest import Opener, Sandbox
from tests.contract.networks import NETWORKS, provider
from tests.fidelity.test_facebook_beside_metas import agreeing
from tests.sandbox_networks.pictures import picture_of

FACEBOOK = NETWORKS["facebook"]
Write = Callable[..., Draft]


async def message(sandbox: Sandbox, text: str, author: str = "Rosa", **more: Any) -> str:
    """Somebody writes to the page in private."""
    body = {"account": FACEBOOK.account.id, "author": author, "text": text, **more}
    return str((await sandbox.ask("POST", "/audience/message", body))["id"])


async def inbox(sandbox: Sandbox) -> dict[str, list[tuple[bool, str]]]:
    """What stands in each person's conversation."""
    answer = await sandbox.ask("GET", "/audience/private", account=FACEBOOK.account.id)
    return {
        talk["person"]: [(said["by_account"], said["text"]) for said in talk["messages"]]
        for talk in answer["conversations"]
    }


def test_its_limits_are_data() -> None:
    limits = PROVIDER.limits
    assert Capability.MESSAGES in PROVIDER.capabilities
    assert (limits.answer_within, limits.message_length) == (24 * 3600, 2000)
    assert limits.messages_need == "pages_messaging"


async def test_each_is_read_once_and_ours_not_at_all(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(FACEBOOK)
    cursor = connector.begin(datetime.now(UTC))
    first = await message(sandbox, "¿Tenéis mesa?")
    second = await message(sandbox, "", picture=picture_of("taza.png"))
    other = await message(sandbox, "Hola", "Hugo")
    page = await connector.messages(cursor)
    assert [item.ref.id for item in page.items] == [first, second, other]
    assert {item.kind for item in page.items} == {ItemKind.MESSAGE}
    assert [item.author.name for item in page.items] == ["Rosa", "Rosa", "Hugo"]
    said, shown, apart = page.items
    assert said.parent == shown.parent
    assert said.parent != apart.parent
    assert [len(item.media) for item in page.items] == [0, 1, 0]
    answer = write("Sí, a las dos", private_to=said.author.id)
    await connector.publish(answer, await connector.prepare(answer))
    again = await connector.messages(page.cursor)
    assert again.items == []
    third = await message(sandbox, "Gracias")
    assert [item.ref.id for item in (await connector.messages(again.cursor)).items] == [third]
    assert await inbox(sandbox) == {
        "Rosa": [(False, "¿Tenéis mesa?"), (False, ""), (True, "Sí, a las dos"), (False, "Gracias")],
        "Hugo": [(False, "Hola")],
    }


async def test_an_answer_whose_outcome_is_unknown_is_found(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(FACEBOOK)
    cursor = connector.begin(datetime.now(UTC))
    await message(sandbox, "¿Abrís?")
    (item,) = (await connector.messages(cursor)).items
    before = write("Sí", private_to=item.author.id)
    ref = await connector.publish(before, await connector.prepare(before))
    answer = write("Sí", private_to=item.author.id)
    prepared = await connector.prepare(answer)
    assert await connector.find(answer, prepared) is None  # the same words of before are not it
    sent = await connector.publish(answer, prepared)
    found = await connector.find(answer, prepared)
    assert found == sent
    assert found != ref


async def test_who_never_wrote_cannot_be_written_to(opened: Opener, write: Write) -> None:
    with pytest.raises(Gone):
        await opened(FACEBOOK).prepare(write("Hola", private_to="20000000000000001"))


async def test_after_the_network_s_time_it_refuses(sandbox: Sandbox, opened: Opener, write: Write) -> None:
    connector = opened(FACEBOOK)
    cursor = connector.begin(datetime.now(UTC))
    said = await sandbox.comment(FACEBOOK, "Hola", author="Rosa")
    await message(sandbox, "Hola")
    (item,) = (await connector.messages(cursor)).items
    answer = write("Hola", private_to=item.author.id)
    prepared = await connector.prepare(answer)
    body = {"error": {"message": "(#10) This message is sent outside of allowed window.", "code": 10}}
    body["error"]["error_subcode"] = 2018278
    await sandbox.fault(FACEBOOK, f"POST /v26.0/{FACEBOOK.account.id}/messages", status=403, body=body)
    with pytest.raises(Rejected) as caught:
        await connector.publish(answer, prepared)
    assert caught.value.kind is RejectKind.LATE
    assert said


async def test_without_the_permission_the_rest_is_read(sandbox: Sandbox, opened: Opener) -> None:
    connector = opened(FACEBOOK)
    cursor = connector.begin(datetime.now(UTC))
    await sandbox.ask("POST", "/audience/withhold", {"account": FACEBOOK.account.id, "scopes": ["pages_messaging"]})
    assert "pages_messaging" not in (await connector.access()).may
    with pytest.raises(Rejected) as caught:
        await connector.messages(cursor)
    assert caught.value.kind is RejectKind.PERMISSION
    await connector.fetch(cursor)


async def test_without_the_permission_comments_are_told_all_the_same(sandbox: Sandbox, opened: Opener) -> None:
    page = FACEBOOK.account.id
    await sandbox.ask("POST", "/audience/withhold", {"account": page, "scopes": ["pages_messaging"]})
    async with agreeing() as url:
        await opened(FACEBOOK).subscribe(url)
    asked = [call for call in await sandbox.calls(FACEBOOK) if call["path"].endswith("/subscribed_apps")]
    fields = [(call["args"]["subscribed_fields"], call["status"]) for call in asked]
    assert fields == [("feed,mention,messages", 403), ("feed,mention", 200)]


@pytest.mark.parametrize(("message", "told"), [({"mid": "m_1", "text": "x"}, True), ({"is_echo": True}, False)])
def test_a_webhook_says_that_there_are_some(message: object, told: bool) -> None:
    endpoint = Endpoint("https://graph.facebook.com", {"app_secret": world.FACEBOOK_APP_SECRET})
    body = f'{{"object":"page","entry":[{{"id":"1","time":1,"messaging":[{{"message":{_json(message)}}}]}}]}}'
    assert [notice.messages for notice in FacebookHook().read(endpoint, body.encode())] == ([True] if told else [])


def _json(value: object) -> str:
    return str(value).replace("'", '"').replace("True", "true")


@pytest.mark.parametrize("name", [name for name in NETWORKS if Capability.MESSAGES not in provider(name).capabilities])
async def test_where_there_are_none_nothing_is_asked(sandbox: Sandbox, opened: Opener, name: str) -> None:
    network = NETWORKS[name]
    with pytest.raises(Rejected):
        await opened(network).messages("")
    assert await sandbox.calls(network) == []
