"""One simulated hour of a team at work, done by people through the demo's own screens."""

import asyncio
from dataclasses import dataclass, field

from tests.walks.people import Demo

REVIEW, INBOX = "#agora-review", "#agora-inbox"
APPROVE = "Aprobar y publicar"


@dataclass
class Done:
    """How much was done, and what did not work."""

    posts: int = 0
    comments: int = 0
    commands: int = 0
    digests: int = 0
    reconnects: int = 0
    failed: list[str] = field(default_factory=list)


async def hour(town: Demo, number: int, seconds: float, done: Done) -> None:
    """So many real seconds: a step every second, of which each kind has its turn."""
    loop = asyncio.get_running_loop()
    over, step = loop.time() + seconds, 0
    while loop.time() < over:
        began = loop.time()
        try:
            await _step(town, f"{number}.{step}", step, done)
        except (AssertionError, KeyError, LookupError, OSError) as error:
            done.failed.append(f"hour {number}, step {step}: {error}")
        step += 1
        await asyncio.sleep(max(began + 1 - loop.time(), 0))


async def _step(town: Demo, name: str, step: int, done: Done) -> None:
    match step % 10:
        case 0:
            await _post(town, f"Hoy abrimos a las ocho ({name})")
            done.posts += 1
        case 5:
            await _answer(town, name)
            done.comments += 1
        case 3:
            await town.command("ana", REVIEW, "/vocero hoy")
            done.digests += 1
        case 7 if step % 20 == 7:
            await town.post("/human/admin", act="disconnect")
            done.reconnects += 1
        case 1 | 6:
            await _comment(town, f"@cafe_agora ¿Tenéis mesa? ({name})")
            done.comments += 1
        case _:
            await town.command("bruno", REVIEW, "/vocero ayuda")
            done.commands += 1


async def _comment(town: Demo, text: str) -> None:
    await town.post("/audience/comment", account="x:cafe_agora", author="Marta Gil", text=text)


async def _post(town: Demo, text: str) -> None:
    opened = await town.command("ana", REVIEW, "/vocero post")
    answer = await town.submit("ana", opened["view"], text=text)
    assert answer["ok"], answer
    await town.press("bruno", await town.card(REVIEW, text, APPROVE), APPROVE)


async def _answer(town: Demo, name: str) -> None:
    """A question is heard, and answered in public."""
    text = f"¿Abrís el domingo? ({name})"
    await _comment(town, f"@cafe_agora {text}")
    card = await town.card(INBOX, text)
    form = (await town.press("carla", card, "Responder en público"))["view"]
    assert form, "no form opened"
    assert (await town.submit("carla", form, text="A las 9, Marta."))["ok"]
