"""Views: triggers, the stack of three, hashes, external ids, and what stays entered."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.triggers import LIFE
from tests.sandbox_slack.conftest import Place, actions, button, field_of, modal, plain, section

ANA = "U01ANA00001"


def trigger(place: Place, view: str | None = None) -> str:
    return place.workspace.triggers.issue(ANA, "C01GENERAL1", view)


async def opened(place: Place, **more: Any) -> Any:
    return (await place.bot.views_open(trigger_id=trigger(place), view=modal(field_of("a"), **more)))["view"]


async def test_a_trigger_works_once_and_for_three_seconds(place: Place) -> None:
    once = trigger(place)
    await place.bot.views_open(trigger_id=once, view=modal(section()))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await place.bot.views_open(trigger_id=once, view=modal(section()))
    late = trigger(place)
    place.clock.advance(LIFE + 0.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await place.bot.views_open(trigger_id=late, view=modal(section()))
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await place.bot.views_open(trigger_id="1.2.abc", view=modal(section()))
    # A wrong view doesn't use the trigger up.
    kept = trigger(place)
    wrong = await place.call("views.open", trigger_id=kept, view=modal(section("")))
    assert wrong["error"] == "invalid_arguments"
    assert wrong["response_metadata"]["messages"][0].endswith("[json-pointer:/view/blocks/0/text/text]")
    await place.bot.views_open(trigger_id=kept, view=modal(section()))


async def test_a_stack_of_three(place: Place) -> None:
    first = await opened(place)
    second = await place.bot.views_push(trigger_id=trigger(place, first["id"]), view=modal(section()))
    third = await place.bot.views_push(trigger_id=trigger(place, second["view"]["id"]), view=modal(section()))
    assert third["view"]["root_view_id"] == first["id"]
    assert third["view"]["previous_view_id"] == second["view"]["id"]
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await place.bot.views_push(trigger_id=trigger(place, third["view"]["id"]), view=modal(section()))
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await place.bot.views_push(trigger_id=trigger(place), view=modal(section()))
    shown = await place.read("views", user="ana")
    assert [one["id"] for one in shown["views"]] == [first["id"], second["view"]["id"], third["view"]["id"]]


async def test_updates_by_id_or_external_id_with_a_hash(place: Place) -> None:
    view = await opened(place, external_id="draft-7")
    changed = (await place.bot.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("b"))))["view"]
    assert changed["hash"] != view["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await place.bot.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("c")))
    with pytest.raises(SlackApiError, match="not_found"):
        await place.bot.views_update(external_id="draft-7", view=modal(section("c")))
    await place.bot.views_update(view_id=view["id"], view=modal(section("d"), external_id="draft-7"))
    await place.bot.views_update(external_id="draft-7", view=modal(section("e"), external_id="draft-7"))
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await opened(place, external_id="draft-7")
    with pytest.raises(SlackApiError, match="not_found"):
        await place.bot.views_update(view_id="V404", view=modal(section("c")))
    home = await place.bot.views_publish(user_id=ANA, view={"type": "home", "blocks": [section()]})
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await place.bot.views_publish(user_id=ANA, hash="1.old", view={"type": "home", "blocks": [section()]})
    await place.bot.views_publish(
        user_id=ANA, hash=home["view"]["hash"], view={"type": "home", "blocks": [section("b")]}
    )
    too = await place.call("views.publish", user_id=ANA, view=modal(section()))
    assert too["error"] == "invalid_arguments"


async def test_what_is_entered_outlives_an_update_of_the_same_input(place: Place) -> None:
    two = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}]
    kind = {"type": "static_select", "options": two}
    view = place.workspace.views.open(ANA, modal(field_of("words"), field_of("kind", kind)), None)
    await place.act("input", user="ana", view_id=view.id, values={"words": "typed", "kind": "2"})
    words = {"type": "plain_text_input", "initial_value": "ignored"}
    await place.bot.views_update(
        view_id=view.id, view=modal(field_of("words", words), field_of("kind", {**kind, "options": two[:1]}))
    )
    values = view.values
    assert values["b_words"]["words"]["value"] == "typed"
    assert values["b_kind"]["kind"]["selected_option"] is None
    await place.bot.views_update(view_id=view.id, view=modal(field_of("words", words, block_id="other")))
    assert view.values == {"other": {"words": {"type": "plain_text_input", "value": "ignored"}}}


async def test_which_of_two_buttons_is_meant(place: Place) -> None:
    blocks = [actions(button("pick", value=str(one)), block_id=f"b{one}") for one in range(2)]
    posted = await place.bot.chat_postMessage(channel="#general", text="x", blocks=blocks)
    where = {"user": "ana", "channel": "#general", "ts": posted["ts"], "action_id": "pick"}
    unclear = await place.act("click", **where)
    assert (unclear["status"], "2 times" in unclear["error"]) == (400, True)
    assert (await place.act("click", value="7", **where))["status"] == 404
    assert (await place.act("click", value="1", **where))["error"] == "operation_timeout"
    assert (await place.act("click", block_id="b0", **where))["error"] == "operation_timeout"


async def test_a_form_that_was_drawn_anew_takes_a_press_on_the_old_drawing(place: Place) -> None:
    view = place.workspace.views.open(ANA, modal(actions(button("see"), block_id="old")), None)
    await place.bot.views_update(view_id=view.id, view=modal(actions(button("see"), block_id="new")))
    pressed = await place.act("click", user="ana", view_id=view.id, action_id="see", block_id="old")
    assert pressed["error"] == "operation_timeout"  # delivered: nobody takes it here
    assert (await place.act("click", user="ana", view_id=view.id, action_id="never", block_id="old"))["status"] == 404


async def test_files_and_people_in_forms(place: Place) -> None:
    picture = {"type": "file_input", "filetypes": ["png"], "max_files": 1}
    form = modal(
        field_of("picture", picture, optional=True),
        field_of("count", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, optional=True),
        field_of("link", {"type": "url_text_input"}, optional=True),
        field_of("people", {"type": "multi_users_select", "max_selected_items": 2}, optional=True),
    )
    view = place.workspace.views.open(ANA, form, None)

    async def enter(**values: Any) -> Any:
        return await place.act("input", user="ana", view_id=view.id, values=values)

    good = await enter(picture=[{"name": "a.png", "base64": "aGk=", "alt": "A"}], people=["ana", "@bruno"])
    values = good["view"]["state"]["values"]
    assert values["b_picture"]["picture"]["files"][0]["name"] == "a.png"
    assert values["b_people"]["people"]["selected_users"] == [ANA, "U01BRUNO001"]
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"picture": [{"name": "a.gif", "base64": "aGk="}]}, "only files of type png"),
        ({"picture": [{"name": "a.png", "base64": "aGk="}] * 2}, "no more than 1"),
        ({"picture": ["a.png"]}, "a file is {name, base64, alt?}"),
        ({"picture": [{"name": "a.png", "base64": "%"}]}, "base64 must be valid"),
        ({"people": ["zoe"]}, "there is no person 'zoe'"),
        ({"people": ["ana", "bruno", "eva"]}, "no more than 2"),
        ({"nothing": "x"}, "this view has no field 'nothing'"),
    ]
    for wrong, words in refusals:
        answer = await enter(**wrong)
        assert (answer["ok"], words in answer["error"]) == (False, True), answer
    for wrong, words in [({"count": "ten"}, "whole number"), ({"count": "10"}, "no greater"), ({"link": "x"}, "URL")]:
        answer = await place.act("submit", user="ana", view_id=view.id, values={"count": None, "link": None, **wrong})
        assert (answer["status"], words in answer["error"]) == (400, True), answer
