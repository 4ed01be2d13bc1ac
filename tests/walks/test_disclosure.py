"""What a post has to tell, in Spanish and English: chosen, put in by one press, seen on the card, read in public."""

import pytest

from tests.walks.people import Demo, Json, elements, labelled, words

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

FORM = "compose.form"


async def form_with(town: Demo, user: str, text: str) -> Json:
    """The form that somebody looks at, once it says this."""

    async def drawn() -> Json | None:
        views: list[Json] = (await town.get("/human/views", user=user))["views"]
        typed = " ".join(str(each.get("initial_value", "")) for each in elements(views[-1:]))
        return views[-1] if views and text in words(views[-1]) + typed else None

    found: Json = await town.until(drawn, f"a form with {text}")
    return found


@pytest.mark.parametrize(
    ("author", "approver", "channel", "text", "labels", "begins", "card", "account"),
    [
        (
            "ana", "bruno", "#agora-review", "Estrenamos la carta de la primavera",
            ("Más", "Transparencia", "Empezar por «Publicidad»", "Empieza por «Publicidad»", "Aprobar y publicar"),
            "Publicidad: ", "Transparencia: Colaboración pagada", "x:cafe_agora",
        ),
        (
            "diego", "admin", "#northwind-review", "The book of the month is here for you",
            ("More", "Disclosure", "Begin with “#ad”", "Begin with “#ad”", "Approve and publish"),
            "#ad ", "Disclosure: Paid collaboration", "x:northwindbooks",
        ),
    ],
)  # fmt: skip
async def test_from_the_form_to_the_public(
    town: Demo,
    author: str,
    approver: str,
    channel: str,
    text: str,
    labels: tuple[str, str, str, str, str],
    begins: str,
    card: str,
    account: str,
) -> None:
    more, field, put, missing, approve = labels
    view = (await town.command(author, channel, f"/vocero post {text}"))["view"]
    await town.press(author, view, more)
    view = await form_with(town, author, field)
    await town.post("/human/input", user=author, view_id=view["id"], values={f"{FORM}.disclosure": "paid"})
    view = await form_with(town, author, put)
    refused = await town.submit(author, view)
    assert missing in str(refused["view"]["errors"]), refused["view"]["errors"]
    await town.press(author, view, put)
    view = await form_with(town, author, begins + text)
    answer = await town.submit(author, view)
    assert answer["view"] is None, words(answer["view"])
    shown = await town.card(channel, begins + text, card, approve)
    assert labelled(shown["blocks"], approve)
    await town.press(approver, shown, approve)

    async def live() -> list[Json]:
        return [post for post in await town.public(account) if post["text"] == begins + text]

    assert len(await town.until(live, f"live on {account}")) == 1
