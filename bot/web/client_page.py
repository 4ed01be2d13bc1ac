"""The client's page as HTML: each post as it will look, what can be decided, and what came of it. No script."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

from bot.desk.clients import WORDS, ForClient
from bot.domain.brands import Account
from bot.domain.client_links import seen_as
from bot.domain.posts import Picture, Post
from bot.errors import UserError
from bot.text.times import moment
from bot.text.words import LANGUAGES, Words, words_for

SAID = ("approved", "changes", "already", "newer", "held", "not_now")
"""What may have come of a press, each with how many posts."""
STYLE = """
:root { color-scheme: light; font: 17px/1.5 system-ui, sans-serif; color: #1d1c1d; background: #f4f2ee; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 40rem; padding: 1rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1rem; margin: 0 0 .75rem; }
p { margin: .5rem 0; }
.quiet { color: #555259; font-size: .9rem; }
article, .said { background: #fff; border: 1px solid #d9d5cd; border-radius: 14px; padding: 1rem; margin: 1rem 0; }
.said { border-left: 6px solid #0b5d3b; }
.said.look { border-left-color: #a34700; }
.look { font-weight: 600; }
.face { display: flex; gap: .6rem; align-items: center; margin: .25rem 0; font-weight: 600; }
.face span:first-child { font-size: 1.5rem; }
.face small { display: block; font-weight: 400; color: #555259; }
.text { white-space: pre-wrap; margin: .5rem 0; }
.text + .text { border-top: 1px dashed #b9b4aa; padding-top: .5rem; }
.version + .version { border-top: 1px solid #d9d5cd; padding-top: .75rem; margin-top: .75rem; }
figure { margin: .75rem 0; }
img { display: block; max-width: 100%; height: auto; border-radius: 10px; }
figcaption { color: #555259; font-size: .9rem; margin-top: .25rem; }
button, summary, textarea { font: inherit; }
button { width: 100%; min-height: 3rem; border: 2px solid #0b5d3b; border-radius: 10px; background: #0b5d3b;
  color: #fff; font-weight: 600; padding: .5rem 1rem; margin-top: .75rem; cursor: pointer; }
button.second { background: #fff; color: #0b5d3b; }
summary { min-height: 3rem; padding: .7rem 1rem; margin-top: .75rem; border: 2px solid #6f6a73; border-radius: 10px;
  text-align: center; font-weight: 600; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
label { display: block; margin-top: .75rem; font-weight: 600; }
textarea { display: block; width: 100%; min-height: 7rem; padding: .6rem; margin-top: .25rem;
  border: 2px solid #6f6a73; border-radius: 10px; }
:focus-visible { outline: 3px solid #1264a3; outline-offset: 2px; }
"""
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


@dataclass(frozen=True)
class Kept:
    """Words that somebody typed and that couldn't be taken: about which post, and what is wrong with them, if they
    are what is wrong."""

    post: str
    words: str
    wrong: UserError | None


def page(found: ForClient, address: str, now: datetime, *, said: Mapping[str, int], kept: Kept | None = None) -> str:
    """The whole page in the brand's language. address: its own, as seen from where it is shown."""
    words = words_for(found.brand.language)
    name = f"{found.brand.face} {found.brand.name}"
    until = moment(found.link.until, found.brand.clock, words, now)
    waiting = {post.id for post in found.posts}
    parts = [
        f"<h1>{escape(name)}</h1>",
        *([f"<p>🧪 {escape(words('brand.practice'))}</p>"] if found.brand.practice else []),
        f"<p>{escape(_heading(found, words))}</p>",
        *(_said(key, said[key], words) for key in SAID if said.get(key)),
        *([_lost(kept, words)] if kept is not None and kept.post not in waiting and kept.words.strip() else []),
        *([_all(found, base, words)] if len(found.posts) > 1 and (base := _base(address)) else []),
        *(_article(found, post, address, now, words, kept) for post in found.posts),
        f'<p class="quiet">{escape(words("client.page.yours", name=found.link.name, until=until))}</p>',
    ]
    return _document(words.lang, name, "\n".join(parts))


def closed_page(key: str) -> str:
    """What there is to say to somebody whose language isn't known, in all of ours."""
    lines = [f'<p lang="{lang}">{escape(words_for(lang)(key))}</p>' for lang in LANGUAGES]
    return _document("", "Vocero", "<h1>Vocero</h1>" + "".join(lines))


def _document(lang: str, title: str, body: str) -> str:
    spoken = f' lang="{lang}"' if lang else ""
    return (
        f'<!doctype html>\n<html{spoken}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def _base(address: str) -> str:
    return escape(address, quote=True)


def _heading(found: ForClient, words: Words) -> str:
    if not found.posts:
        return words("client.page.nothing")
    return words.n("client.page.waiting", len(found.posts))


def _said(key: str, count: int, words: Words) -> str:
    told = words.n("client.page.approved", count) if key == "approved" else words(f"client.page.{key}")
    kind = "said" if key in {"approved", "changes"} else "said look"
    return f'<p class="{kind}" role="status">{escape(told)}</p>'


def _lost(kept: Kept, words: Words) -> str:
    told = escape(words("client.page.your_words"))
    return f'<div class="said look"><p>{told}</p><p class="text" dir="auto">{escape(kept.words)}</p></div>'


def _all(found: ForClient, base: str, words: Words) -> str:
    hidden = "".join(_hidden(post) for post in found.posts)
    label = escape(words("client.page.approve_all", count=len(found.posts)))
    return f'<form method="post" action="{base}/approve">{hidden}<button>{label}</button></form>'


def _hidden(post: Post) -> str:
    return f'<input type="hidden" name="post" value="{escape(post.id, quote=True)} {seen_as(post)}">'


def _article(found: ForClient, post: Post, address: str, now: datetime, words: Words, kept: Kept | None) -> str:
    when = words("client.page.at_once")
    if post.due is not None and post.due > now:
        when = moment(post.due, found.brand.clock, words, now)
    typed = kept if kept is not None and kept.post == post.id else None
    base = _base(address)
    return "\n".join(
        [
            "<article>",
            f"<h2>🕘 {escape(when)}</h2>",
            *_versions(found, post, words),
            *(_picture(each, base) for each in post.current.pictures if each.blob),
            f'<form method="post" action="{base}/approve">{_hidden(post)}'
            f'<button class="second">{escape(words("button.approve"))}</button></form>',
            _changes(post, base, words, typed),
            "</article>",
        ]
    )


def _versions(found: ForClient, post: Post, words: Words) -> Iterator[str]:
    """Each text with the accounts on which it stands, as one reads it there."""
    for texts in dict.fromkeys(post.current.texts(id_) for id_ in post.current.accounts):
        yield '<div class="version">'
        for id_ in post.current.accounts:
            if id_ in found.accounts and post.current.texts(id_) == texts:
                yield _face(found, found.accounts[id_])
        for text in texts:
            yield f'<p class="text" dir="auto">{escape(text)}</p>' if text else ""
        yield "</div>"


def _face(found: ForClient, account: Account) -> str:
    title = account.title(found.titles.get(account.network, account.network))
    handle = f"{title} @{account.handle}" if account.handle else title
    face, name = escape(found.brand.face), escape(account.name or account.handle)
    shown = f"<span>{name}<small>{escape(handle)}</small></span>"
    return f'<div class="face"><span aria-hidden="true">{face}</span>{shown}</div>'


def _picture(picture: Picture, base: str) -> str:
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and picture.height else ""
    alt = escape(picture.alt, quote=True)
    told = f"<figcaption>{escape(picture.alt)}</figcaption>" if picture.alt else ""
    return f'<figure><img src="{base}/picture/{escape(picture.blob, quote=True)}" alt="{alt}"{size}>{told}</figure>'


def _changes(post: Post, base: str, words: Words, typed: Kept | None) -> str:
    field = f"reason-{escape(post.id, quote=True)}"
    error = typed.wrong if typed is not None else None
    wrong = f'<p class="look">{escape(words(error.key, **error.args_))}</p>' if error is not None else ""
    text = escape(typed.words) if typed is not None else ""
    return (
        f"<details{' open' if typed is not None else ''}><summary>{escape(words('client.page.ask'))}</summary>"
        f'<form method="post" action="{base}/changes">{_hidden(post)}{wrong}'
        f'<label for="{field}">{escape(words("client.page.what"))}</label>'
        f'<textarea id="{field}" name="reason" maxlength="{WORDS}" required>\n{text}</textarea>'
        f'<button class="second">{escape(words("client.page.send"))}</button></form></details>'
    )
