"""Takes the README's picture of the running demo: `python -m tests.browser.picture docs/demo.png`."""

import asyncio
import base64
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw

from tests.browser.chromium import chromium
from tests.walks.people import Demo, Json, demo, elements

CHANNEL = "northwind-books"
TEXT = "Story hour is back: Sundays at eleven, by the big window 📚"
ALT = "A window seat at dusk with a row of books and a lamp"
QUESTION = "Is it for four-year-olds too?"
ANSWER = "Of course! There's a corner with picture books, and somebody reads aloud at half past."
MOST_BYTES = 400_000
DUSK = ("#31597a", "#42698a", "#5b7d97", "#7f919c", "#a9a297", "#d0ab8a", "#e6a97a", "#f0ae70")


def shelf() -> str:
    """A drawn window seat with books, as a PNG in Base64."""
    scale, width, height = 2, 1200, 340
    image = Image.new("RGB", (width * scale, height * scale), "#22415c")
    draw = ImageDraw.Draw(image)

    def box(left: int, top: int, right: int, bottom: int, colour: str, radius: int = 0) -> None:
        corners = (left * scale, top * scale, right * scale, bottom * scale)
        draw.rounded_rectangle(corners, radius * scale, fill=colour)

    for n in range(8):
        box(150, 30 + n * 30, 700, 61 + n * 30, DUSK[n])
    draw.ellipse((540 * scale, 150 * scale, 640 * scale, 250 * scale), fill="#fbe3b4")
    for left in (140, 418, 696):
        box(left, 22, left + 14, 276, "#152b3e")
    box(140, 140, 710, 150, "#152b3e")
    box(0, 270, width, 330, "#8a5a3c")
    box(0, 330, width, height, "#6f452d")
    box(190, 236, 400, 276, "#c9573f", 18)
    box(330, 226, 470, 276, "#e2b04a", 18)
    left = 760
    for wide, tall, colour in (
        (34, 150, "#d9482f"), (26, 128, "#f0c36b"), (42, 166, "#2f7a68"), (30, 140, "#efe3cf"), (24, 156, "#7b5aa6"),
        (38, 132, "#3f86b5"), (30, 160, "#c98a4a"), (26, 144, "#e8836b"),
    ):  # fmt: skip
        box(left, 270 - tall, left + wide, 270, colour, 3)
        box(left + 5, 286 - tall, left + wide - 5, 292 - tall, "#fff6e4")
        left += wide + 3
    box(1096, 120, 1104, 270, "#152b3e")
    draw.polygon(
        [(x * scale, y * scale) for x, y in ((1062, 128), (1138, 128), (1120, 70), (1080, 70))], fill="#f6d68d"
    )
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


async def one_channel(town: Demo) -> None:
    """Northwind works in one channel of its own, as a small team would."""
    made = await town.post("/human/admin", act="create", name=CHANNEL)
    home = (await town.get("/human/home", user="admin"))["view"]
    edit = next(
        each for each in elements(home)
        if each["action_id"].startswith("settings.edit_brand") and "northwind" in each.get("value", "")
    )  # fmt: skip
    block = next(each["block_id"] for each in home["blocks"] if edit in each.get("elements", []))
    where = {"view_id": home["id"], "action_id": edit["action_id"], "block_id": block}
    form = (await town.post("/human/click", user="admin", **where, value=edit["value"]))["view"]
    channels = dict.fromkeys(("review", "inbox", "alerts"), made["channel"])
    answer = await town.submit("admin", form, **channels)
    assert answer["ok"], answer


async def story(town: Demo) -> None:
    """A post goes out; somebody asks; Carla answers."""
    await one_channel(town)
    form = (await town.command("diego", f"#{CHANNEL}", f"/vocero post {TEXT}"))["view"]
    files = [{"name": "window.png", "base64": shelf()}]
    assert (await town.submit("diego", form, picture=files, alt=ALT))["ok"]
    card = await town.card(f"#{CHANNEL}", "In review", ALT)
    assert (await town.press("admin", card, "Approve and publish"))["ok"]
    await town.card(f"#{CHANNEL}", "Northwind Books · Live")
    (post,) = await town.public("x:northwindbooks")
    asked = {"account": "x:northwindbooks", "post": post["id"], "author": "Jenny Cole", "text": QUESTION}
    await town.post("/audience/comment", **asked)
    talk = await town.card(f"#{CHANNEL}", QUESTION)
    form = (await town.press("carla", talk, "Reply in public"))["view"]
    assert (await town.submit("carla", form, text=ANSWER))["ok"]
    await town.card(f"#{CHANNEL}", "Carla Moreno replied", patience=60)


def make_small(path: Path) -> None:
    """Squeezes the PNG, and refuses one that would be too much for a README."""
    with Image.open(path) as shot:
        plain = shot.convert("RGB")
    plain.save(path, "PNG", optimize=True)
    size = path.stat().st_size
    assert plain.size == (1440, 900), plain.size
    assert size <= MOST_BYTES, size
    print(f"{path}: {size // 1000} kB")


async def main(path: Path) -> None:
    """The demo, from its start to the picture."""
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder) / "demo", VOCERO_POLL_SECONDS="1") as town, chromium() as browser:
            await story(town)
            channel: Json = next(
                each for each in (await town.get("/human/state"))["channels"] if each["name"] == CHANNEL
            )
            async with browser.page() as page:
                calm = [{"name": "prefers-reduced-motion", "value": "reduce"}]
                await page.send("Emulation.setEmulatedMedia", features=calm)
                wide = {"width": 1600, "height": 1000, "deviceScaleFactor": 0.9, "mobile": False}
                await page.send("Emulation.setDeviceMetricsOverride", **wide)
                await page.goto(f"{town.url}/?user=carla&channel={channel['id']}")
                await page.until("document.body.dataset.ready")
                await page.click(role="button", name="Hide the tour")
                await page.find(".reply.by-brand", text="picture books")
                await page.until("[...document.images].every((each) => each.complete)")
                await page.screenshot(path)
                await asyncio.to_thread(make_small, path)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
