"""Plain pages on which a post and what was answered can be read, for permalinks."""

import html
from collections.abc import Callable
from datetime import UTC, datetime

from bot.sandbox.public import Item, Public

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid var(--line); border-radius: 12px; padding: 1rem; margin: 0 0 .75rem; }
article article { margin: .75rem 0 0 1rem; }
header { display: flex; gap: .5rem; align-items: baseline; }
time, .handle { opacity: .65; font-size: .875rem; }
p { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0; }
img { max-width: 100%; border-radius: 8px; }
.hidden { opacity: .5; }
"""


def page(public: Public, item: Item, medium_url: Callable[[str], str]) -> str:
    """A whole HTML page for one post or mention."""
    who = html.escape(public.person(item.network, item.author).name)
    body = _article(public, item, medium_url)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{who}</title>'
    return f'<!doctype html><html lang="es"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>'


def _article(public: Public, item: Item, medium_url: Callable[[str], str]) -> str:
    who = public.person(item.network, item.author)
    at = datetime.fromtimestamp(item.at, UTC)
    shown = f'<time datetime="{at.isoformat()}">{at:%d/%m/%Y %H:%M} UTC</time>'
    head = (
        f'<header><b>{html.escape(who.name)}</b><span class="handle">@{html.escape(who.handle)}</span>{shown}</header>'
    )
    pictures = []
    for ident in item.media:
        medium = public.medium(ident)
        alt = html.escape(medium.alt if medium else "", quote=True)
        if medium and medium.bytes:
            pictures.append(f'<img src="{html.escape(medium_url(ident), quote=True)}" alt="{alt}">')
        else:
            pictures.append(f"<p><i>{alt}</i></p>")
    below = "".join(_article(public, one, medium_url) for one in public.replies(item))
    state = ' class="hidden"' if item.hidden else ""
    return f"<article{state}>{head}<p>{html.escape(item.text)}</p>{''.join(pictures)}{below}</article>"
