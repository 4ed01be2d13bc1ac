"""A thread by hand: typed behind *More*, checked beside its fields, read on the card, and out segment by segment."""

from typing import Any

from bot.domain.posts import Post, PostStatus
from bot.slack.wire import elements_in
from tests.handlers.demo import Town, said_in, view_of

FORM = "compose.form"
REVIEW, ALERTS = "#agora-review", "#agora-alerts"
X = "x-1500000000000000001"
FIRST, REST = "Cinco cosas del café", ("Se muele al momento", "El agua no hierve &amp; <b>")


async def opened(town: Town, text: str = FIRST) -> dict[str, Any]:
    """The form with *More* pressed."""
    view = view_of(await town.command("ana", f"post {text}", REVIEW))
    return view_of(await town.act("click", user="ana", view_id=view["id"], action_id="compose.more"))


async def approved(town: Town) -> None:
    """A thread for X that is due now."""
    await town.submit("ana", await opened(town), FORM, accounts=[X], thread="\n---\n".join(REST))
    await town.press("bruno", REVIEW, "Aprobar y publicar")


async def chain(town: Town) -> list[str]:
    """What is public on X: the only post, and what we answered ourselves."""
    async with town.session.get(f"{town.url}/audience/posts", params={"account": "x:cafe_agora"}) as answer:
        (post,) = (await answer.json())["posts"]
    texts = [post["text"]]
    while post["replies"]:
        (post,) = post["replies"]
        texts.append(post["text"])
    return texts


async def test_an_account_without_threads_says_it_in_one(town: Town) -> None:
    view = await opened(town)
    await town.submit("ana", view, FORM, thread=REST[0])
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.IN_REVIEW}")
    facebook = next(each for each in post.current.accounts if each.startswith("facebook-"))
    assert post.current.texts(facebook) == (f"{post.current.text}\n\n{REST[0]}",)
    assert "*Facebook Café Ágora*" in await town.text(REVIEW)


async def test_a_segment_that_is_too_long_or_empty_is_said_beside_the_thread(town: Town) -> None:
    for thread, sentence in (
        (f"bien\n---\n{'x' * 281}", "3/3 del hilo es demasiado largo, 281/280"),
        ("bien\n---\n", "A 3/3 del hilo le falta el texto."),
    ):
        answer = await town.submit("ana", await opened(town), FORM, accounts=[X], thread=thread)
        found = {block.partition(":")[0]: text for block, text in answer["response"]["errors"].items()}
        assert list(found) == ["thread"]
        assert sentence in found["thread"]
        await town.act("close", user="ana", view_id=(await town.top("ana") or {})["id"])


async def test_what_is_typed_into_the_thread_is_kept_as_typed(town: Town) -> None:
    view, typed = await opened(town), "Dos\n\n---\nTres, a med"
    await town.act("click", user="ana", view_id=view["id"], action_id=f"{FORM}.thread", value=typed)
    (draft,) = await town.desk.posts.drafts(town.standing("ana"))
    assert draft.current.thread == ("Dos\n", "Tres, a med")
    done = await town.submit("ana", view, FORM, when="draft", thread=typed)
    (said,) = done["ephemeral"]
    action = f"compose.continue:{draft.id}"
    again = view_of(await town.act("click", user="ana", channel=REVIEW, ts=said["ts"], action_id=action))
    field = next(each for each in elements_in(again) if each["action_id"] == f"{FORM}.thread")
    assert field["initial_value"] == typed


async def test_a_thread_is_read_on_the_card_and_goes_out_in_order(town: Town) -> None:
    await approved(town)
    (post,) = await town.desk.store.listed(Post, f"posts:agora:{PostStatus.APPROVED}")
    assert post.current.segments == (FIRST, *REST)
    card = said_in((await town.messages(REVIEW))[-1])
    assert f"1/3 · X 20/280\n{FIRST}\n2/3 · X 19/280\n{REST[0]}\n3/3 · X 27/280\n{REST[1]}" in card
    await town.publish()
    assert await chain(town) == [FIRST, *REST]
    assert "publicada desde" in await town.text(REVIEW)


async def test_a_refusal_in_the_middle_says_what_is_out_and_goes_on_from_there(town: Town) -> None:
    await approved(town)
    route = {"target": "x", "route": "POST /2/tweets"}
    await town.fault(**route, when="after", delay=0.001, times=1)
    await town.fault(**route, when="before", status=403, body={"detail": "no"}, times=1)
    await town.publish()
    for place in (REVIEW, ALERTS, "@ana"):
        text = await town.text(place)
        assert "2/3 del hilo" in text, place
        assert "ya salieron 1 de 3" in text, place
        assert "Reintentar aquí" in text, place
    assert "Editar" not in said_in((await town.messages(REVIEW))[-1])
    await town.press("bruno", REVIEW, "Reintentar aquí")
    await town.publish()
    assert await chain(town) == [FIRST, *REST]
    assert "ya salieron" not in await town.text(REVIEW)


async def test_an_old_answer_about_one_segment_never_settles_another(town: Town) -> None:
    await approved(town)
    route = {"target": "x", "route": "POST /2/tweets"}
    for passing in (1, 1):
        await town.fault(**route, when="after", delay=0.001, times=passing)
        await town.fault(**route, when="before", status=503, times=1)
        await town.publish()
        await town.fault(target="x", route="GET /2/users/*/tweets", status=503, times=20, when="before")
        for _ in range(5):
            await town.publish(seconds=60)
        async with town.session.delete(f"{town.url}/faults") as calm:
            assert calm.status == 200
        if "2/3 del hilo salió" in await town.text("@ana"):
            old = await town.button("@ana", "Sí, está publicada")
            await town.press("bruno", REVIEW, "Publicar otra vez")
    assert "No está claro si 3/3 del hilo salió" in await town.text(REVIEW)
    answer = await town.press("ana", "@ana", "", ts=old["ts"], action=old["action_id"], value=old["value"])
    assert "ya ha cambiado" in str(answer["ephemeral"])
    assert "No está claro si 3/3 del hilo salió" in await town.text(REVIEW)
