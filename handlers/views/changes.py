"""What changed since the revision before: the words around the change, before and now; accounts, picture and time."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import regex

from bot.desk.pages import PostPage
from bot.domain.posts import Revision
from bot.slack.blocks import Block, context, rich, section
from bot.text.markup import cut
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import account_mark
from handlers.views.threads import whole

WINDOW = 280
"""Characters of a text before and now that the card shows; the whole of both is one press away."""
_AROUND = 60
_WHOLE = 2400
_TOKENS = regex.compile(r"\s+|[\p{L}\p{N}\p{M}]+|\X")


def changed(page: PostPage, words: Words) -> list[Block]:
    """Blocks for the card, none for a first revision."""
    before, after = page.post.previous, page.post.current
    lines = [_time(page, words)] if page.post.moved_at else []
    blocks: list[Block] = []
    if before is not None:
        lines += [*_accounts(page, before, words), *_pictures(before, after, words)]
        lines += [*_disclosure(before, after, words), *_leans(before, after, words)]
        if whole(before) != whole(after):
            old, new = windows(whole(before), whole(after))
            blocks += [context(words("review.text_before")), rich(old, quote=True)]
            blocks += [context(words("review.text_after")), rich(new, quote=True)]
    if not blocks and not lines:
        return []
    version = f" · {words('review.version', revision=after.number)}" if before else ""
    return [section("\n".join([f"*{words('review.changed')}*{version}", *lines])), *blocks]


def differs(page: PostPage) -> bool:
    """Whether there is a text before to be looked at in full."""
    return page.post.previous is not None and whole(page.post.previous) != whole(page.post.current)


def windows(old: str, new: str) -> tuple[str, str]:
    """The part of each text where they differ, at most WINDOW characters, with … where something was left out."""
    start = len(_common(old, new))
    end = len(_common(old[start:][::-1], new[start:][::-1]))
    return _window(old, start, len(old) - end), _window(new, start, len(new) - end)


def _common(one: str, other: str) -> str:
    length = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]


def _window(text: str, start: int, end: int) -> str:
    if len(text) <= WINDOW:
        return text
    first = max(0, min(start - _AROUND, len(text) - WINDOW))
    boundary = text.rfind(" ", 0, first) + 1 if first else 0
    first = boundary if first - boundary < _AROUND else first
    opening = "…" if first else ""
    shown = opening + text[first : max(end + _AROUND, first + WINDOW)]
    last = len(shown) - len(opening) + first
    return cut(shown, WINDOW) if last >= len(text) else cut(shown + "…", WINDOW)


def marked(old: str, new: str) -> tuple[Block, Block]:
    """Both texts in full, what went struck through and what came in bold."""
    left, right = _TOKENS.findall(old), _TOKENS.findall(new)
    gone: list[dict[str, object]] = []
    come: list[dict[str, object]] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=len(left) > 2000).get_opcodes():
        _add(gone, "".join(left[a:b]), {} if kind == "equal" else {"strike": True})
        _add(come, "".join(right[c:d]), {} if kind == "equal" else {"bold": True})
    return _rich(gone), _rich(come)


def told(before: Revision, after: Revision, words: Words) -> list[Block]:
    """The words before and now for whoever wrote them, with what changed marked; of long ones the part that differs."""
    old, new = whole(before), whole(after)
    if max(len(old), len(new)) > _WHOLE:
        shown = [rich(each, quote=True) for each in windows(old, new)]
    else:
        shown = list(marked(old, new))
    return [context(words("review.text_before")), shown[0], context(words("review.text_after")), shown[1]]


def _add(elements: list[dict[str, object]], text: str, style: dict[str, bool]) -> None:
    if text:
        elements.append({"type": "text", "text": text} | ({"style": style} if style else {}))


def _rich(elements: Sequence[dict[str, object]]) -> Block:
    inner = {"type": "rich_text_quote", "elements": list(elements) or [{"type": "text", "text": " "}]}
    return {"type": "rich_text", "elements": [inner]}


def _accounts(page: PostPage, before: Revision, words: Words) -> list[str]:
    old, new = (set(revision.accounts) for revision in (before, page.post.current))
    signs = [("−", id_) for id_ in before.accounts if id_ not in new]
    signs += [("+", id_) for id_ in page.post.current.accounts if id_ not in old]
    named = [f"{sign} {account_mark(page.accounts[id_], page.titles)}" for sign, id_ in signs if id_ in page.accounts]
    return [f"{words('review.changed.accounts')}: {', '.join(named)}"] if named else []


def _pictures(before: Revision, after: Revision, words: Words) -> list[str]:
    old, new = before.pictures, after.pictures
    if [p.file for p in old] != [p.file for p in new]:
        names = (", ".join(relay(p.name, 80) for p in pictures) or "—" for pictures in (old, new))
        return [f"{words('review.changed.media')}: {' → '.join(names)}"]
    if [p.alt for p in old] != [p.alt for p in new]:
        alts = (" ".join(relay(p.alt, 120) for p in pictures if p.alt) or "—" for pictures in (old, new))
        return [f"{words('compose.alt')}: {' → '.join(alts)}"]
    return []


def _disclosure(before: Revision, after: Revision, words: Words) -> list[str]:
    if before.disclosure is after.disclosure:
        return []
    told = (words(f"disclosure.{each.disclosure}") for each in (before, after))
    return [f"{words('compose.disclosure')}: {' → '.join(told)}"]


def _leans(before: Revision, after: Revision, words: Words) -> list[str]:
    if set(before.leans) == set(after.leans):
        return []
    return [f"{words('compose.leans')}: {len(before.leans)} → {len(after.leans)}"]


def _time(page: PostPage, words: Words) -> str:
    """`Time: as soon as it is approved → Tue, March 3 …`."""
    times = (page.post.was_due, page.post.due)
    shown = (moment(at, page.brand.clock, words, page.now) if at else words("review.when.now") for at in times)
    return f"{words('review.changed.when')}: {' → '.join(shown)}"
