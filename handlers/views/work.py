"""Working through: one conversation with its context and everything that can be done, then the next one."""

from bot.desk.answers import Written
from bot.desk.inbox import ConversationPage
from bot.desk.working import START
from bot.domain.conversations import ClosedAs
from bot.domain.handling import Collision
from bot.domain.inbox_views import View as List
from bot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    context,
    divider,
    multi_select,
    option,
    plain,
    section,
    user,
)
from bot.slack.forms import Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.answers import answer_line
from handlers.views.card_presses import more_menu
from handlers.views.faces import Names, brand_face, practice_mark
from handlers.views.inbox import CloseAs, context_blocks, done_menu, take_button
from handlers.views.moderation import moderation_lines, moderation_menu
from handlers.views.private import as_whom, window_blocks
from handlers.views.ruled import ruled_buttons
from handlers.views.standing import collision_blocks, standing_blocks
from handlers.views.work_presses import WorkThrough
from handlers.views.writing import Writing, submit_label, writing_blocks

ANSWERS = 2
"""Of our last answers."""


class Skip(Button, id="work.skip"):
    """Leaves this one as it is and shows the next."""

    conversation: str


class WorkForm(Writing, id="work.form"):
    """One conversation of many. brand: of one brand alone; view, at, last: the place in the list. person: whoever is
    chosen gets it."""

    brand: str = ""
    view: List = List.MINE
    at: float = START
    last: str = ""
    topics: Typed[tuple[str, ...]] = ()
    person: Typed[str] = ""


def work_view(
    form: WorkForm,
    page: ConversationPage,
    left: int,
    written: Written,
    collision: Collision,
    words: Words,
    names: Names,
) -> View:
    """As whom, what was said and around what; how it stands; then the answer as it is `written` so far, and every other
    way on."""
    talk, brand = page.conversation, page.brand
    fresh = talk.id[-60:]
    skip = Skip(conversation=talk.id).draw(words("work.skip"))
    blocks: list[Block] = [
        context(f"{relay(brand_face(brand), 120)} · {words.n('work.left', left)}", *practice_mark(brand, words)),
        *standing_blocks(page, words, names),
        *context_blocks(page, words, names),
        *moderation_lines(page, words, names),
        *ruled_buttons(page, words),
        *(context(answer_line(each, page, words, names)) for each in page.replies[-ANSWERS:]),
        *collision_blocks(collision, bool(form.seen), page, words, names),
        divider(),
        section(as_whom(page, words)),
        *window_blocks(page, words),
        *writing_blocks(form, page, written, words, fresh=fresh),
        *([actions(skip)] if written.waits else _ways(form, page, skip, words, fresh)),
    ]
    return form.open(
        title=words("work.title"),
        submit=submit_label(form, page, written, words),
        close=words("button.close"),
        blocks=blocks,
        notify_on_close=True,
    )


def _ways(form: WorkForm, page: ConversationPage, skip: Element, words: Words, fresh: str) -> list[Block]:
    """Every other way on, for whoever may go it."""
    talk = page.conversation
    return [
        *_topics(form, page, words, fresh),
        WorkForm.input("person", words("work.assign"), user(), optional=True, live=True, fresh=fresh),
        actions(
            CloseAs(conversation=talk.id, reason=ClosedAs.NO_REPLY).draw(words("closed.no_reply")),
            skip,
            take_button(talk, words),
            *moderation_menu(page, words),
            done_menu(talk, words),
            more_menu(talk, words, deletable=page.deletable),
        ),
    ]


def _topics(form: WorkForm, page: ConversationPage, words: Words, fresh: str) -> list[Block]:
    listed = tuple(dict.fromkeys((*page.brand.topics, *page.conversation.topics)))
    if not listed:
        return []
    chosen = form.topics or page.conversation.topics
    pick = multi_select([option(each, each) for each in listed[:100]], chosen)
    return [WorkForm.input("topics", words("handling.topics"), pick, optional=True, fresh=fresh)]


def finished_view(left: int, brand: str, words: Words) -> View:
    """Everything was looked at once; what was skipped is still there."""
    again = [actions(WorkThrough(brand=brand).draw(words("work.again")))] if left else []
    said = words.n("work.skipped", left) if left else words("work.nothing")
    return {
        "type": "modal",
        "title": plain(words("work.title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": [section(said), *again],
    }
