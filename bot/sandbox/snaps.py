"""Pictures that the living audience takes: a cup or a book on a table, each in its own light."""

import io
from random import Random

from PIL import Image, ImageDraw

SIZE = (480, 320)
_LIGHTS = ((244, 226, 198), (221, 232, 240), (238, 216, 206), (214, 226, 208), (232, 224, 240))
_THINGS = ((193, 88, 54), (47, 111, 159), (122, 91, 208), (86, 130, 70), (178, 132, 40), (168, 62, 107))


def snap(chance: Random, trade: str) -> bytes:
    """A PNG. The same chance takes the same picture."""
    light, table, thing = chance.choice(_LIGHTS), chance.randint(120, 170), chance.choice(_THINGS)
    image = Image.new("RGB", SIZE, light)
    draw = ImageDraw.Draw(image)
    horizon = chance.randint(180, 220)
    draw.rectangle((0, horizon, *SIZE), fill=(table, table - 35, table - 70))
    left, width = chance.randint(110, 250), chance.randint(90, 130)
    if trade == "books":
        for number in range(chance.randint(2, 4)):
            top = horizon + 30 - 26 * number
            shade = tuple(max(0, part - 18 * number) for part in thing)
            draw.rounded_rectangle((left - 6 * number, top, left + width + 40, top + 24), 4, fill=shade)
            draw.rectangle((left + 8, top + 8, left + width, top + 11), fill=light)
    else:
        top = horizon - 60
        draw.ellipse((left - 30, horizon + 14, left + width + 30, horizon + 44), fill=(250, 248, 244))
        draw.rounded_rectangle((left, top, left + width, horizon + 30), 18, fill=thing)
        draw.arc((left + width - 12, top + 14, left + width + 32, top + 62), -90, 90, fill=thing, width=10)
        draw.ellipse((left + 6, top - 8, left + width - 6, top + 16), fill=(84, 52, 34))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
