"""A thread as it will be read: its segments in order, each with its number and its length on each network."""

from collections.abc import Sequence

from bot.desk.pages import Length, PostPage
from bot.domain import threads
from bot.domain.deliveries import Delivery
from bot.domain.posts import Revision
from bot.slack.blocks import Block, Element, confirm, rich
from bot.text.markup import cut, pieces
from bot.text.words import Words

_PAGE = 2900


def whole(revision: Revision) -> str:
    """Everything that a revision says, as one text."""
    return threads.joined(revision.segments)


def shown(page: PostPage, most: int) -> tuple[Block, bool]:
    """The current revision's segments in one block, `most` characters of them; and whether that was all."""
    segments, left = page.post.current.segments, most
    elements: list[Element] = []
    for number, text in enumerate(segments):
        if left <= 0:
            return _rich(elements), False
        elements += _segment(number, len(segments), cut(text, left), _lengths(page, number))
        left -= len(text)
    return _rich(elements), left >= 0


def segment_blocks(page: PostPage, revision: Revision) -> list[Block]:
    """Each segment of a revision in full, in blocks of its own."""
    current = revision.number == page.post.current.number
    total = len(revision.segments)
    blocks: list[Block] = []
    for number, text in enumerate(revision.segments):
        first, *more = pieces(text, _PAGE) or [""]
        blocks.append(_rich(_segment(number, total, first, _lengths(page, number) if current else ())))
        blocks += [rich(piece, quote=True) for piece in more]
    return blocks


def _lengths(page: PostPage, number: int) -> Sequence[Length]:
    return page.lengths[number] if number < len(page.lengths) else ()


def _segment(number: int, total: int, text: str, lengths: Sequence[Length]) -> list[Element]:
    label = " · ".join([f"{number + 1}/{total}", *(f"{each.title} {each.count}/{each.limit}" for each in lengths)])
    named: Element = {"type": "text", "text": label, "style": {"bold": True}}
    return [
        {"type": "rich_text_section", "elements": [named]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": text or " "}]},
    ]


def _rich(elements: Sequence[Element]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def place(delivery: Delivery) -> dict[str, object]:
    """For a message's placeholders: the next segment of a thread, how many are out, of how many."""
    out = len(delivery.refs)
    return {"segment": min(out + 1, delivery.segments), "out": out, "total": delivery.segments}


def asked_about(delivery: Delivery, revision: Revision) -> str:
    """The words that a question about a delivery is about: of a thread, the next segment's."""
    return revision.segments[min(len(delivery.refs), len(revision.segments) - 1)]


def out_line(delivery: Delivery, words: Words) -> str:
    """`2 of 5 are out`; "" when none is, or all are."""
    return words("thread.out", **place(delivery)) if delivery.begun else ""


def rest_confirm(words: Words) -> Element:
    """Asks once before the rest of a thread is dropped."""
    text = words("confirm.withdraw_rest.text")
    return confirm(
        words("confirm.withdraw_rest.ask"), text, words("confirm.withdraw.yes"), words("confirm.no"), danger=True
    )
