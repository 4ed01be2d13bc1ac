"""The record in Slack: the history of one thing, who approved it on top; and the search that finds the thing."""

from bot.desk.audit import Found, History, Thing, named_in
from bot.domain.brands import Account, Brand
from bot.domain.conversations import Conversation
from bot.domain.posts import Post
from bot.domain.records import AuditEntry
from bot.slack.blocks import Block, Element, View, context, plain, rich, section, select, text_input, user
from bot.slack.blocks import option as choice
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, account_label, account_mark, brand_face, practice_mark
from handlers.views.remarks import remark_blocks
from handlers.views.sensitive import SeeRecord
from handlers.views.threads import whole

LINES = 80
"""Entries that one history shows, the newest; the file has all of them."""
_HIDDEN = frozenset({"delivery.wire", "delivery.wire_again", "delivery.release", "delivery.claim"})
"""Steps of the protocol that tell people nothing."""
_APPROVING = frozenset({"post.approve", "post.fix", "post.send_alone"})
_CODED = {"conversation.mood": "mood", "post.request_changes": "concern"}
"""Whose detail is, or begins with, a code of its own kind."""
_PAGE = 2800
_MOST = 99


class SearchRecord(Button, id="audit.search"):
    """Opens the search."""


class SearchForm(Form, id="audit.search_form"):
    """What is looked for; every field may stay empty, not all of them."""

    channel: str = ""
    words: Typed[str] = ""
    person: Typed[str] = ""
    account: Typed[str] = ""
    since: Typed[str] = ""
    until: Typed[str] = ""
    place: Typed[str] = ""


def search_button(words: Words) -> Element:
    """For Home."""
    return SearchRecord().draw(words("audit.search"))


def search_view(form: SearchForm, found: Found, words: Words) -> View:
    """The form; `found` holds the brands and accounts within the reader's reach."""
    accounts = [choice(account_label(each, found.titles), each.id) for each in found.accounts.values()][:100]
    day: Element = {"type": "datepicker"}
    return form.open(
        title=words("audit.search_title"),
        submit=words("audit.find"),
        close=words("button.cancel"),
        blocks=[
            section(words("audit.explain")),
            SearchForm.input("words", words("audit.words"), text_input(most=200, focus=True), optional=True),
            SearchForm.input("place", words("audit.place"), text_input(most=500), optional=True),
            SearchForm.input("person", words("audit.person"), user(), optional=True),
            *(
                [SearchForm.input("account", words("audit.account"), select(accounts), optional=True)]
                if accounts
                else []
            ),
            SearchForm.input("since", words("audit.since"), day, optional=True),
            SearchForm.input("until", words("audit.until"), day, optional=True),
        ],
    )


def found_view(found: Found, words: Words) -> View:
    """What was found, each with the way to its history."""
    blocks: list[Block] = []
    for thing in found.things:
        see = SeeRecord(subject=thing.id).draw(words("audit.record"), suffix=thing.id)
        blocks.append(section(_line(thing, found, words), accessory=see))
    if not blocks:
        blocks.append(section(words("audit.nothing")))
    if found.cut:
        blocks.append(context(words("audit.cut")))
    return _view(words("audit.search_title"), blocks, words)


def _line(thing: Thing, found: Found, words: Words) -> str:
    brand = found.brands[thing.id if isinstance(thing, Brand) else thing.brand]
    return f"*{relay(brand_face(brand), 100)}* · {_title(thing, found, brand, words)}\n{_text(thing)}"


def _title(thing: Thing, found: Found | History, brand: Brand, words: Words) -> str:
    if isinstance(thing, Post):
        when = moment(thing.changed_at, brand.clock, words, found.now)
        return f"{words('thing.post')} · {words(f'post_status.{thing.status}')} · {when}"
    if isinstance(thing, Conversation):
        when = moment(thing.created_at, brand.clock, words, found.now)
        return f"{words('thing.conversation')} · {relay(thing.person.name, 60)} · {when}"
    if isinstance(thing, Account):
        return f"{words('thing.account')} · {account_mark(thing, found.titles)}"
    return words("thing.brand")


def _text(thing: Thing) -> str:
    if isinstance(thing, Post):
        return relay(cut(whole(thing.current), 200), 240)
    return relay(cut(thing.latest.text, 200), 240) if isinstance(thing, Conversation) else ""


def history_view(history: History, words: Words, names: Names) -> View:
    """Who approved it, on top; then everything, oldest first."""
    thing, brand = history.thing, history.brand
    blocks: list[Block] = [section(f"*{relay(brand_face(brand), 100)}* · {_title(thing, history, brand, words)}")]
    blocks += [context(*practice_mark(brand, words))] if brand.practice else []
    if isinstance(thing, Post):
        blocks.append(rich(relay_plain(whole(thing.current), 600) or " ", quote=True))
    elif isinstance(thing, Conversation) and thing.latest.text:
        blocks.append(rich(relay_plain(thing.latest.text, 600), quote=True))
    shown = [entry for entry in history.entries if entry.act not in _HIDDEN]
    if isinstance(thing, Post):
        blocks.append(section(_approved(history, words, names)))
    left = len(shown) - LINES
    blocks += [context(words.n("audit.earlier", left))] if left > 0 else []
    lines = [_told(entry, history, words, names) for entry in shown[-LINES:]]
    blocks += _sections(lines or [words("audit.no_lines")])
    blocks = blocks[:_MOST] + remark_blocks(history.remarks, brand, history.now, words, names)[: _MOST - len(blocks)]
    return _view(words("audit.record"), blocks, words)


def _approved(history: History, words: Words, names: Names) -> str:
    """The answer to "who approved this?", or that nobody did."""
    approvals = [entry for entry in history.entries if entry.act in _APPROVING]
    if not approvals:
        return f"*{words('audit.not_approved')}*"
    return "\n".join(f"✅ *{_told(entry, history, words, names)}*" for entry in approvals[-3:])


def _told(entry: AuditEntry, history: History, words: Words, names: Names) -> str:
    when = moment(entry.at, history.brand.clock, words, history.now)
    accounts = [history.deliveries[id_].account for id_ in entry.delivery.split(",") if id_ in history.deliveries]
    marks = [account_mark(history.accounts[id_], history.titles) for id_ in accounts if id_ in history.accounts]
    args = {
        "name": names.get(entry.who) or words("audit.vocero" if entry.who == "engine" else "audit.operator"),
        "account": ", ".join(marks) or "—",
        "revision": _revision(entry, history),
        "detail": names.get(named_in(entry)) or relay(_detail(entry, words), 300) or "—",
    }
    if entry.act.startswith("proposal."):
        _, act, step = entry.act.split(".", 2)
        return f"{when} · {words(f'record.proposal.{step}', act=words(f'proposal.act.{act}'), **args)}"
    key = f"record.{entry.act}"
    if key not in words:
        return f"{when} · {words('record.other', act=relay(entry.act, 60), **args)}"
    return f"{when} · {words(key, **args)}"


def _detail(entry: AuditEntry, words: Words) -> str:
    """The small print in words: why a delivery was held, as what a conversation was closed, how it sounds."""
    kind, colon, rest = entry.detail.partition(": ")
    space = "closed" if entry.act.startswith("conversation.") else "record.why"
    key = f"{_CODED.get(entry.act, space)}.{kind}"
    return f"{words(key)}{colon}{rest}" if key in words else entry.detail


def _revision(entry: AuditEntry, history: History) -> str:
    """The number of the revision that an entry's hash belongs to."""
    revisions = history.thing.revisions if isinstance(history.thing, Post) else ()
    return str(next((each.number for each in reversed(revisions) if each.hash == entry.revision), "—"))


def _sections(lines: list[str]) -> list[Block]:
    """The lines in as few blocks as Slack's limits allow."""
    blocks: list[Block] = []
    held: list[str] = []
    for line in lines:
        if held and len("\n".join([*held, line])) > _PAGE:
            blocks.append(section("\n".join(held)))
            held = []
        held.append(line)
    return [*blocks, section("\n".join(held))]


def _view(title: str, blocks: list[Block], words: Words) -> View:
    return {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain(words("button.close"), 24),
        "blocks": blocks,
    }
