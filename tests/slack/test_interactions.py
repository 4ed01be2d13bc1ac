"""A person and the bot, over real signed HTTP: what is typed and pressed reaches its handler, and is answered."""

import json
from typing import Any

import pytest

from bot.domain.brands import Brand
from bot.domain.events import BrandChanged
from bot.slack.perform import KEEP
from tests.slack.conftest import GENERAL, NAMES, REVIEW, Workspace
from tests.slack.feature import Rename


async def card(slack: Workspace) -> dict[str, Any]:
    """The brand's card, posted."""
    deck = slack.deck()
    await deck.tell(BrandChanged(brand="b1", by=NAMES["ana"]))
    await deck.serve()
    return (await slack.messages())[0]


async def click(slack: Workspace, user: str, action: str, value: Any = None) -> dict[str, Any]:
    """Presses something on the brand's card."""
    ts = (await slack.messages())[0]["ts"]
    given = {} if value is None else {"value": value}
    return await slack.act("click", user=user, channel=REVIEW, ts=ts, action_id=action, **given)


async def open_form(slack: Workspace, user: str = "ana") -> str:
    """The form's view id."""
    answer = await slack.act("command", user=user, channel=GENERAL, text="/vocero")
    return str(answer["view"]["id"])


async def submit(slack: Workspace, view: str, user: str = "ana", **values: Any) -> dict[str, Any]:
    """Submits the form."""
    named = {f"test.note.{name}": value for name, value in values.items()}
    return await slack.act("submit", user=user, view_id=view, values=named)


def texts(answer: dict[str, Any]) -> str:
    """All that was said privately."""
    return json.dumps(answer["ephemeral"], ensure_ascii=False)


async def name(slack: Workspace) -> str:
    """What the brand is called now."""
    return (await slack.store.get(Brand, "b1")).name


async def test_a_command_opens_a_form_and_the_form_answers(slack: Workspace) -> None:
    view = await open_form(slack)
    answer = await submit(slack, view, text="hola & <adiós>")
    assert answer["ok"]
    assert (await slack.seen("views", user="ana"))["views"] == []
    said = (await slack.messages(GENERAL))[-1]
    assert said["text"] == "noted: hola &amp; &lt;adiós&gt; 0"


async def test_an_unknown_word_is_answered_privately_in_the_readers_language(slack: Workspace) -> None:
    spanish = await slack.act("command", user="ana", channel=GENERAL, text="/vocero qwerty &amp;")
    english = await slack.act("command", user="carla", channel=GENERAL, text="/vocero qwerty")
    assert "qwerty &" in texts(spanish)
    assert texts(spanish) != texts(english)


@pytest.mark.parametrize(
    ("word", "key"), [("done", "error.already_closed"), ("bug", "error.bug"), ("key", "error.bug")]
)
async def test_what_goes_wrong_is_said_to_the_person_only(
    slack: Workspace, word: str, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await slack.act("command", user="ana", channel=GENERAL, text=f"/vocero {word}")
    words = (await slack.people.member(NAMES["ana"])).locale
    assert words == "es-ES"
    assert "secret" not in texts(answer)
    if key == "error.bug":
        reference = next(record.reference for record in caplog.records if hasattr(record, "reference"))
        assert reference in texts(answer)
        assert any(record.exc_info for record in caplog.records)
    else:
        assert NAMES["ana"].rpartition(":")[2] in texts(answer)


async def test_a_payload_that_is_too_big_is_a_bug_and_never_leaves(slack: Workspace) -> None:
    answer = await slack.act("command", user="ana", channel=GENERAL, text="/vocero blocks")
    assert "at most" not in texts(answer)
    assert len(answer["ephemeral"]) == 1


async def test_errors_stand_beside_their_fields_and_what_was_typed_is_kept(slack: Workspace) -> None:
    view = await open_form(slack)
    answer = await submit(slack, view, text="field", reason="because")
    assert set(answer["response"]["errors"]) == {"text", "reason"}
    again = await submit(slack, view, text="errors")
    assert set(again["response"]["errors"]) == {"reason"}
    (shown,) = (await slack.seen("views", user="ana"))["views"]
    assert shown["errors"]
    assert shown["state"]["values"]["reason"]["test.note.reason"]["value"] == "because"


@pytest.mark.parametrize("text", ["whole", "bug"])
async def test_an_error_of_no_field_stands_at_the_first(slack: Workspace, text: str) -> None:
    answer = await submit(slack, await open_form(slack), text=text)
    assert set(answer["response"]["errors"]) == {"text"}
    assert "secret" not in json.dumps(answer)


async def test_a_submission_can_draw_the_form_again(slack: Workspace) -> None:
    answer = await submit(slack, await open_form(slack), text="again")
    assert answer["view"]["blocks"][0]["element"]["initial_value"] == "drawn again"


async def test_pictures_arrive_as_metadata(slack: Workspace) -> None:
    picture = {"name": "a.png", "base64": "iVBORw0KGgo=", "alt": "a"}
    await submit(slack, await open_form(slack), text="see", pictures=[picture])
    assert (await slack.messages(GENERAL))[-1]["text"] == "noted: see 1"


async def test_a_live_input_redraws_the_form(slack: Workspace) -> None:
    view = await open_form(slack)
    answer = await slack.act("input", user="ana", view_id=view, values={"test.note.text": "hola"})
    assert answer["view"]["blocks"][0]["element"]["initial_value"] == "text=hola"


async def test_a_button_in_a_form_sees_what_is_typed(slack: Workspace) -> None:
    view = await open_form(slack)
    await slack.act("input", user="ana", view_id=view, values={"test.note.reason": "x"})
    answer = await slack.act("click", user="ana", view_id=view, action_id="test.clear")
    assert answer["view"]["blocks"][0]["element"]["initial_value"].startswith("cleared")


async def test_closing_is_heard(slack: Workspace) -> None:
    await slack.act("close", user="ana", view_id=await open_form(slack))
    assert (await slack.messages("@ana"))[-1]["text"] == "closed b1"


async def test_home_and_mentions(slack: Workspace) -> None:
    shown = await slack.seen("home", user="ana")
    assert "Home of" in json.dumps(shown)
    await slack.act("message", user="ana", channel=GENERAL, text="<@U01VOCERO01> hola")
    assert "hola" in (await slack.messages(GENERAL))[-1]["text"]


async def test_a_press_needs_its_role_in_the_brand(slack: Workspace) -> None:
    await card(slack)
    await click(slack, "bruno", "test.rename")
    assert await name(slack) == "pressed"


@pytest.mark.parametrize("user", ["eva", "ana"])
async def test_a_press_without_the_role_changes_nothing_and_is_on_record(slack: Workspace, user: str) -> None:
    await card(slack)
    answer = await click(slack, user, "test.rename")
    assert await name(slack) == "Café"
    assert len(answer["ephemeral"]) == 1
    (line,) = await slack.audited()
    assert "denied:test.rename" in line
    assert NAMES[user] in line


async def test_a_forged_press_changes_nothing_and_is_on_record(slack: Workspace) -> None:
    message = await card(slack)
    forged = Rename(brand="nowhere", name="x").draw("x")
    for value in (forged["value"], '{"brand":"b1"}', "{{{"):
        payload = {
            "type": "block_actions",
            "team": {"id": slack.store.team},
            "user": {"id": NAMES["eva"].rpartition(":")[2], "team_id": slack.store.team},
            "channel": {"id": REVIEW},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": REVIEW},
            "trigger_id": value,
            "actions": [{"type": "button", "action_id": "test.rename", "value": value, "action_ts": "1"}],
        }
        await slack.act("raw", envelope={"type": "interactive", "payload": payload})
    assert await name(slack) == "Café"
    assert len([line for line in await slack.audited() if "denied:test.rename" in line]) == 1


async def test_a_stranger_of_another_workspace_has_no_rights(slack: Workspace) -> None:
    message = await card(slack)
    payload = {
        "type": "block_actions",
        "team": {"id": slack.store.team},
        "user": {"id": NAMES["bruno"].rpartition(":")[2], "team_id": "TOTHER"},
        "channel": {"id": REVIEW},
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": REVIEW},
        "trigger_id": "1",
        "actions": [{"type": "button", "action_id": "test.rename", "value": '{"brand":"b1","name":"x"}'}],
    }
    await slack.act("raw", envelope={"type": "interactive", "payload": payload})
    assert await name(slack) == "Café"


async def test_a_menu_carries_a_press(slack: Workspace) -> None:
    await card(slack)
    await click(slack, "bruno", "menu", '{"!":"test.rename","brand":"b1","name":"back"}')
    assert await name(slack) == "back"


async def test_an_expired_trigger_leaves_a_button_that_opens(slack: Workspace) -> None:
    await slack.fault(route="views.open", status=200, body={"ok": False, "error": "expired_trigger_id"})
    answer = await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    assert answer["view"] is None
    (said,) = answer["ephemeral"]
    opened = await slack.act("click", user="ana", channel=GENERAL, ts=said["ts"], action_id="form.reopen")
    assert opened["view"]["callback_id"] == "test.note"


async def test_a_waiting_form_is_for_its_person_and_not_for_ever(slack: Workspace) -> None:
    await slack.fault(route="views.open", status=200, body={"ok": False, "error": "expired_trigger_id"})
    answer = await slack.act("command", user="ana", channel=GENERAL, text="/vocero")
    (said,) = answer["ephemeral"]
    (key,) = [key async for key in slack.store.client.scan_iter(slack.store.key("reopen", "*"))]
    assert 0 < await slack.store.client.ttl(key) <= KEEP
    await slack.store.client.delete(key)
    gone = await slack.act("click", user="ana", channel=GENERAL, ts=said["ts"], action_id="form.reopen")
    assert gone["view"] is None
    assert gone["ephemeral"]


async def test_a_refusal_inside_a_form_stands_in_front_of_it(slack: Workspace) -> None:
    view = await open_form(slack)
    await slack.act("input", user="ana", view_id=view, values={"test.note.reason": "refuse"})
    answer = await slack.act("click", user="ana", view_id=view, action_id="test.clear")
    assert len((await slack.seen("views", user="ana"))["views"]) == 2
    assert "callback_id" not in answer["view"] or not answer["view"]["callback_id"]
