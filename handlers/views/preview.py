"""The post as it will look: on each account what is read at once, what hides, the link's card, a picture's crop."""

from collections.abc import Iterator, Mapping, Sequence

from bot.desk.previewing import Appearance, Part, Preview
from bot.domain.posts import Picture
from bot.domain.preview import Card
from bot.slack.blocks import Block, Element, View, context, divider, image, section
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import hosts, relay, relay_plain
from bot.text.words import Words
from handlers.views.checks import findings_told
from handlers.views.faces import account_label, brand_face, face_mark, practice_mark
from handlers.views.review import Detail

_MOST_BLOCKS = 99
_ROOM, _HEAD = 30_000, 2000
"""Characters that the texts share, and that each shows at most; of what hides half as many. The form has them all."""
_CHECKS = 20


class SeeIt(Button, id="compose.see_it"):
    """Shows the post that is being written as it will look on each account."""


def preview_view(preview: Preview, titles: Mapping[str, str], words: Words) -> View:
    """What the checks say first, then each account, then the pictures with their alt texts."""
    brand = preview.brand
    lines = findings_told(preview.findings, brand, words)
    left = len(lines) - _CHECKS
    more = [words.n("check.more", left)] if left > 0 else []
    blocks = [
        section(f"*{relay(brand_face(brand), 150)}*"),
        *([context(*practice_mark(brand, words))] if brand.practice else []),
        section("\n".join([*lines[:_CHECKS], *more]) if lines else f"✅ {words('check.all_good')}"),
    ]
    most = min(_HEAD, _ROOM // max(sum(len(each.parts) for each in preview.accounts), 1))
    for each in preview.accounts:
        blocks += [divider(), section(f"{face_mark(brand)} *{relay(account_label(each.account, titles), 150)}*")]
        blocks += [_text(each, number, most, words) for number in range(len(each.parts))]
        told = list(_told(each, titles, words))
        blocks += [context("\n".join(told))] if told else []
    if preview.pictures:
        blocks += [divider(), *_pictures(preview.pictures, words)]
    if len(blocks) > _MOST_BLOCKS:
        blocks = [*blocks[: _MOST_BLOCKS - 1], context(words("preview.no_room"))]
    return Detail().open(title=words("preview.title"), close=words("button.back"), blocks=blocks)


def _text(shown: Appearance, number: int, most: int, words: Words) -> Block:
    part = shown.parts[number]
    commented = shown.commented and number == len(shown.parts) - 1
    total = len(shown.parts) - shown.commented
    said = words("compose.comment") if commented else f"{number + 1}/{total}" if total > 1 else ""
    count = "" if commented else f"{part.length.count}/{part.length.limit}"
    elements = [_line(" · ".join(filter(None, [said, count])), "bold"), _quote(_head(part, most, words))]
    if part.rest:
        elements += [_line(words("preview.behind"), "italic"), _quote(cut(part.rest, most // 2))]
    return {"type": "rich_text", "elements": [each for each in elements if each]}


def _head(part: Part, most: int, words: Words) -> str:
    return f"{cut(part.head, most)}… {words('preview.see_more')}" if part.rest else cut(part.head, most)


def _line(text: str, style: str) -> Element:
    return (
        {"type": "rich_text_section", "elements": [{"type": "text", "text": text, "style": {style: True}}]}
        if text
        else {}
    )


def _quote(text: str) -> Element:
    return {"type": "rich_text_quote", "elements": [{"type": "text", "text": text or " "}]}


def _told(shown: Appearance, titles: Mapping[str, str], words: Words) -> Iterator[str]:
    if shown.card is not None:
        link, fate = shown.card
        network = titles.get(shown.account.network, shown.account.network)
        site = relay(next(iter(hosts(link)), link), 80)
        mark = "🔗" if fate is Card.DRAWN else "➖"
        yield f"{mark} {words(f'preview.card.{fate}', site=site, network=network)}"
    if shown.cut is not None:
        yield f"✂️ {words(f'preview.cut.{shown.cut.edge}', percent=shown.cut.percent)}"
    if shown.grid:
        yield f"✂️ {words('preview.grid')}"


def _pictures(pictures: Sequence[Picture], words: Words) -> list[Block]:
    blocks: list[Block] = []
    for number, picture in enumerate(pictures, start=1):
        if picture.blob:
            blocks.append(image(relay_plain(picture.alt or picture.name, 2000), file=picture.file))
        alt = words("review.alt", alt=relay(picture.alt, 600)) if picture.alt else words("review.no_alt")
        blocks.append(context(f"🖼️ {number}. {relay(picture.name, 80)} · {alt}"))
    return blocks
