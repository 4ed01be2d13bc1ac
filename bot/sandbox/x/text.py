"""A post's text as the API gives it: mentions in front, links wrapped by t.co, escaped, with its entities."""

import hashlib
import html
import re
import string
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.public import Item, Public
from bot.sandbox.x.weight import links

NETWORK = "x"
# assumed: simpler forms than X's own; addresses in mail and half-written tags may differ.
MENTION = re.compile(r"(?<![\w@＠!#$%&*/.])[@＠]([A-Za-z0-9_]{1,15})(?![\w@＠])")
HASHTAG = re.compile(r"(?<![\w&#/])[#＃](\w*[^\W\d_]\w*)")
CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?!\w)")
_LETTERS = string.ascii_letters + string.digits


def short(url: str, salt: str) -> str:
    """The t.co address of a link: always 23 characters, another one for each post."""
    number = int.from_bytes(hashlib.sha256(f"{salt} {url}".encode()).digest()[:10], "big")
    letters = []
    for _ in range(10):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return f"https://t.co/{''.join(letters)}"


def answered(public: Public, item: Item) -> list[str]:
    """Handles that X writes in front of a reply: who is answered, and whom that post mentioned itself.

    assumed: in this order. Left out: the author, those named in `exclude_reply_user_ids`, and those the author typed.
    """
    if item.parent is None:
        return []
    parent = public.find(NETWORK, item.parent, future=True)
    if parent is None:
        return list(item.extra.get("answered", []))
    me = public.person(NETWORK, item.author).handle
    handles = [public.person(NETWORK, parent.author).handle, *answered(public, parent), *MENTION.findall(parent.text)]
    typed = {handle.lower() for handle in MENTION.findall(item.text)}
    left_out = {me.lower(), *(one.lower() for one in item.extra.get("excluded", [])), *typed}
    unique: dict[str, str] = {}
    for handle in handles:
        unique.setdefault(handle.lower(), handle)
    return [handle for lower, handle in unique.items() if lower not in left_out]


def mentioned(public: Public, item: Item) -> set[str]:
    """Lower-case handles that the text names, the ones in front included."""
    return {handle.lower() for handle in (*answered(public, item), *MENTION.findall(item.text))}


@dataclass
class Rendered:
    """What the API says; `shown` is the range without the mentions in front and the media link behind."""

    text: str = ""
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shown: tuple[int, int] = (0, 0)

    def append(self, piece: str) -> tuple[int, int]:
        """Add text that is already escaped; where it stands."""
        start = len(self.text)
        self.text += piece
        return start, len(self.text)

    def entity(self, kind: str, where: tuple[int, int], **values: object) -> None:
        """Remember an entity (assumed: positions count code points of the escaped text)."""
        self.entities.setdefault(kind, []).append({"start": where[0], "end": where[1], **values})


def _display(url: str) -> str:
    bare = re.sub(r"^https?://(?:www\.)?", "", url, flags=re.IGNORECASE)
    return bare if len(bare) <= 27 else bare[:26] + "…"


def render(public: Public, item: Item) -> Rendered:
    """The text of a post as GET and POST /2/tweets answer it."""
    out = Rendered()
    for handle in answered(public, item):
        _mention(public, out, handle)
        out.append(" ")
    begin = len(out.text)
    typed(public, out, item.text, item.id)
    out.shown = (begin, len(out.text))
    if quoted := public.by_any_id(NETWORK, item.extra["quoted"]) if "quoted" in item.extra else None:
        out.append(" " if item.text else "")
        page = f"https://x.com/{public.person(NETWORK, quoted.author).handle}/status/{quoted.latest}"
        put_link(out, short(page, item.id), page)
    if item.media:
        page = f"https://x.com/{public.person(NETWORK, item.author).handle}/status/{item.latest}/photo/1"
        out.append(" " if item.text else "")
        where = out.append(short(page, item.id))
        for ident in item.media:
            medium = public.medium(ident)
            assert medium is not None
            shown = {"expanded_url": page, "display_url": f"pic.x.com/{short(page, item.id)[13:]}"}
            out.entity("urls", where, url=short(page, item.id), **shown, media_key=medium.extra["media_key"])
    return out


def typed(public: Public, out: Rendered, text: str, salt: str) -> None:
    """What somebody typed: escaped, links wrapped, with the entities in it."""
    at = 0
    for start, end, kind, value in _marks(text):
        out.append(html.escape(text[at:start], quote=False))
        at = end
        if kind == "mentions":
            _mention(public, out, value)
        elif kind == "urls":
            put_link(out, short(value, salt), value)
        else:
            out.entity(kind, out.append(html.escape(text[start:end], quote=False)), tag=value)
    out.append(html.escape(text[at:], quote=False))


def _marks(text: str) -> list[tuple[int, int, str, str]]:
    found = [(link.start, link.end, "urls", link.url) for link in links(text)]
    for kind, pattern in (("mentions", MENTION), ("hashtags", HASHTAG), ("cashtags", CASHTAG)):
        for match in pattern.finditer(text):
            if not any(match.start() < end and match.end() > start for start, end, _, _ in found):
                found.append((match.start(), match.end(), kind, match.group(1)))
    return sorted(found)


def _mention(public: Public, out: Rendered, handle: str) -> None:
    known = public.by_handle(NETWORK, handle)
    who = {"id": known.id} if known else {}
    out.entity("mentions", out.append(f"@{handle}"), username=known.handle if known else handle, **who)


def put_link(out: Rendered, wrapped: str, leads: str) -> None:
    """A link as X shortens it, with where it leads."""
    full = leads if re.match(r"https?://", leads, re.IGNORECASE) else f"http://{leads}"
    out.entity("urls", out.append(wrapped), url=wrapped, expanded_url=full, display_url=_display(leads))
