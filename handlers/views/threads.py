"""A thread as it will be read: its segments in order, each with its number and its length on each network."""

from collections.abc import Sequence

from bot.desk.pages import PostPage
from bot.domain import threads
from bot.domain.deliveries import Delivery
from bot.domain.posts import Revision
from bot.domain.variants import groups
from bot.slack.blocks import Block, Element, confirm, rich
from bot.text.markup import cut, pieces
from bot.text.words import Words

_PAGE = 2900


def whole(revision: Revision) -> str:
    """Everything that a revision says, as one text: each version once."""
    return "\n\n".join(threads.joined(texts) for texts, _ in groups(revision))


def shown(page: PostPage, texts: threads.Texts, most: int, words: Words) -> tuple[Block, bool]:
    """One version's texts in one block, `most` characters of them; and whether that was all."""
    left = most
    elements: list[Element] = []
    for label, text in zip(_labels(page, page.post.current, texts, words), texts, strict=True):
        if left <= 0:
            return _rich(elements), False
        elements += _segment(label, cut(text, left))
        left -= len(text)
    return _rich(elements), left >= 0


def segment_blocks(page: PostPage, revision: Revision, texts: threads.Texts, words: Words) -> list[Block]:
    """Each text of a version in full, in blocks of its own."""
    blocks: list[Block] = []
    for label, text in zip(_labels(page, revision, texts, words), texts, strict=True):
        first, *more = pieces(text, _PAGE) or [""]
        blocks.append(_rich(_segment(label, first)))
        blocks += [rich(piece, quote=True) for piece in more]
    return blocks


def _labels(page: PostPage, revision: Revision, texts: threads.Texts, words: Words) -> Sequence[str]:
    """`2/3 · X 250/280` of a thread's segments; what the first comment is; nothing of a single text."""
    lengths = page.lengths.get(texts, [()] * len(texts)) if revision is page.post.current else [()] * len(texts)
    commented = len(texts) > 1 and bool(revision.comment) and texts[-1] == revision.comment
    total = len(texts) - commented
    labels = []
    for number in range(len(texts)):
        said = words("compose.comment") if number == total else f"{number + 1}/{total}" if total > 1 else ""
        counts = (f"{each.title} {each.count}/{each.limit}" for each in lengths[number] if said and number < total)
        labels.append(" · ".join(filter(None, [said, *counts])))
    return labels


def _segment(label: str, text: str) -> list[Element]:
    quote: Element = {"type": "rich_text_quote", "elements": [{"type": "text", "text": text or " "}]}
    if not label:
        return [quote]
    named: Element = {"type": "text", "text": label, "style": {"bold": True}}
    return [{"type": "rich_text_section", "elements": [named]}, quote]


def _rich(elements: Sequence[Element]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def place(delivery: Delivery) -> dict[str, object]:
    """For a message's placeholders: the next segment of a thread, how many are out, of how many."""
    out = len(delivery.refs)
    return {"segment": min(out + 1, delivery.segments), "out": out, "total": delivery.segments}


def asked_about(delivery: Delivery, revision: Revision) -> str:
    """The words that a question about a delivery is about: of a thread, the next segment's."""
    texts = revision.texts(delivery.account)
    return texts[min(len(delivery.refs), len(texts) - 1)]


def out_line(delivery: Delivery, words: Words) -> str:
    """`2 of 5 are out`; "" when none is, or all are."""
    return words("thread.out", **place(delivery)) if delivery.begun else ""


def rest_confirm(words: Words) -> Element:
    """Asks once before the rest of a thread is dropped."""
    text = words("confirm.withdraw_rest.text")
    return confirm(
        words("confirm.withdraw_rest.ask"), text, words("confirm.withdraw.yes"), words("confirm.no"), danger=True
    )
