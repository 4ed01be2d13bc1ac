"""The inbox card: who said what to which account, how it stands, and what can be done about it."""

from datetime import datetime

from bot.desk.inbox import ConversationPage
from bot.domain.conversations import ClosedAs, Conversation, ConversationStatus
from bot.domain.conversations import Words as Heard
from bot.domain.deliveries import SENDING, State
from bot.slack.blocks import Block, Element, Message, View, actions, context, plain, rich, section
from bot.slack.cards import Card
from bot.slack.wire import Button, link, menu
from bot.text.markup import link as address
from bot.text.relaying import hosts, relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.answers import answer_blocks
from handlers.views.faces import Names, account_mark, account_name, brand_face, practice_mark
from handlers.views.sensitive import DeleteComment, SeeEvidence, SeeRecord

LATEST = 2000
"""Characters of what was said last that the card shows; the rest is one press away."""
EARLIER = 280
SHOWN = 3
"""How many of the things said before stand on the card."""
WHOLE = 20
"""How many of the last things said *See the rest* holds."""
_LONGEST = 12_000  # characters of one thing said
_TOGETHER = 40_000  # of all of them: a view has 250 kB


class ConversationCard(Card, id="inbox"):
    """A conversation in its brand's inbox channel; its thread is the team's own."""

    conversation: str


class FollowUp(Card, id="inbox.heard"):
    """Says once, in the card's thread, that the person wrote again; `ref` is what they wrote."""

    conversation: str
    ref: str


class Claim(Button, id="inbox.claim"):
    """I take it."""

    conversation: str


class Release(Button, id="inbox.release"):
    """I give it back to everyone."""

    conversation: str


class CloseAs(Button, id="inbox.close"):
    """Done, for this reason."""

    conversation: str
    reason: ClosedAs


class ReopenConversation(Button, id="inbox.reopen"):
    """Open it again; whoever presses has it."""

    conversation: str


class AnswerInPublic(Button, id="inbox.answer"):
    """Opens the reply's form."""

    conversation: str


class SeeConversation(Button, id="inbox.see"):
    """Opens everything that the person said, in full."""

    conversation: str


def conversation_message(page: ConversationPage, words: Words, names: Names) -> Message:
    """The card, in the brand's language. What strangers wrote stands in elements that can't format, link or ping."""
    talk, brand = page.conversation, page.brand
    blocks: list[Block] = [
        section(f"{relay(brand_face(brand), 120)} · *{status_label(talk, words, names)}*"),
        person_line(talk, words),
        context(_what(page, words), _when(talk.latest.at, page, words)),
        *_earlier(page, words, names),
        heard_block(talk.latest, LATEST, page, words, names),
        *_around(page, words),
        *_closed(page, words, names),
        *answer_blocks(page, words, names),
        actions(
            *conversation_buttons(talk, words, answering=_answering(page)),
            *_ways(page, words),
            *_evidence(talk, words),
            card_menu(page, words),
        ),
        context(f":lock: {words('inbox.private_thread')}", *practice_mark(brand, words)),
    ]
    return Message(notice(page, words), blocks)


def notice(page: ConversationPage, words: Words) -> str:
    """What a notification and a screen reader say."""
    talk = page.conversation
    network = page.titles.get(talk.network, talk.network)
    who = words("inbox.notice", brand=relay(page.brand.name, 80), person=relay(talk.person.name, 60), network=network)
    return f"{who}: {relay(talk.latest.text, 120)}"


def status_label(talk: Conversation, words: Words, names: Names) -> str:
    """`New`, `Owned by Ana`, `Closed`."""
    return words(f"conversation_status.{talk.status}", name=names.get(talk.owner, ""))


def person_line(talk: Conversation, words: Words) -> Block:
    """`Lucía Pérez @lucia · 1,204 followers`, the name in bold and nothing of it alive."""
    person = talk.person
    rest = f" @{relay_plain(person.handle, 60)}" if person.handle and person.handle != person.name else ""
    if person.followers is not None:
        rest += f" · {words.n('inbox.followers', person.followers)}"
    elements: list[Element] = [
        {"type": "text", "text": relay_plain(person.name, 80) or "—", "style": {"bold": True}},
        *([{"type": "text", "text": rest}] if rest else []),
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _what(page: ConversationPage, words: Words) -> str:
    kind = page.conversation.latest.kind
    return words(f"inbox.{kind}", account=f"*{account_mark(page.account, page.titles)}*")


def _when(at: datetime, page: ConversationPage, words: Words) -> str:
    return moment(at, page.brand.clock, words, page.now)


def heard_block(heard: Heard, most: int, page: ConversationPage, words: Words, names: Names) -> Block:
    """What the person said; of what we deleted, who did and when."""
    if not heard.removed_by:
        return rich(relay_plain(heard.text, most), quote=True)
    when = _when(heard.removed_at or page.now, page, words)
    return section(f":wastebasket: {words('inbox.deleted', name=names.get(heard.removed_by, ''), when=when)}")


def _evidence(talk: Conversation, words: Words) -> list[Element]:
    """To what was deleted, for those who may see it."""
    kept = dict.fromkeys(heard.evidence for heard in talk.heard if heard.evidence)
    label = words("proposal.evidence")
    return [SeeEvidence(proposal=id_).draw(label, suffix=id_) for id_ in list(kept)[-SHOWN:]]


def card_menu(page: ConversationPage, words: Words) -> Element:
    """The card's ⋯: its record, and what takes two people."""
    delete = (words("button.delete"), DeleteComment(conversation=page.conversation.id))
    see = (words("audit.record"), SeeRecord(subject=page.conversation.id))
    return menu([see, *([delete] if page.deletable else [])], suffix="card")


def _earlier(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    before = page.conversation.heard[:-1]
    if not before:
        return []
    quoted = [heard_block(heard, EARLIER, page, words, names) for heard in before[-SHOWN:]]
    left = len(before) - len(quoted)
    more = [context(words.n("inbox.more_messages", left))] if left else []
    return [context(words("inbox.before")), *more, *quoted, context(words("inbox.latest"))]


def _around(page: ConversationPage, words: Words) -> list[Block]:
    """Where its links lead, its pictures, and the post it is about."""
    latest = page.conversation.latest
    lines: list[str] = []
    if found := hosts(latest.text):
        lines.append(f":link: {words('inbox.links', hosts=', '.join(relay(host, 80) for host in found[:5]))}")
    if latest.media:
        lines.append(f":frame_with_picture: {words.n('inbox.picture', len(latest.media))}")
    if post := on_post(page, words):
        lines.append(post)
    return [context(*lines)] if lines else []


def on_post(page: ConversationPage, words: Words) -> str:
    """The first words of our post, linked to it; where it isn't one of ours, the link alone; else nothing."""
    url = page.conversation.root_url
    if page.post is not None and page.post.current.text:
        first = relay(page.post.current.text, 90)
        return f":page_facing_up: {words('inbox.on_post', text=address(url, first) if url else first)}"
    return f":page_facing_up: {address(url, words('inbox.its_post'))}" if url else ""


def _closed(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    talk = page.conversation
    if talk.status is not ConversationStatus.CLOSED or talk.closed_as is None:
        return []
    reason, who = words(f"closed.{talk.closed_as}"), names.get(talk.closed_by, "")
    when = _when(talk.changed_at, page, words)
    return [section(f":white_check_mark: {words('done.closed_by', reason=f'*{reason}*', name=who, when=when)}")]


def _answering(page: ConversationPage) -> bool:
    """An answer is waiting for *Undo* or on its way: a second one would be a slip."""
    return any(reply.state in {State.PLANNED, *SENDING} for reply in page.replies)


def conversation_buttons(talk: Conversation, words: Words, *, answering: bool = False) -> list[Element]:
    """What can be done now, the likeliest first. *No reply needed* is one press, the other reasons are in a menu."""
    id_ = talk.id
    answer = AnswerInPublic(conversation=id_)
    if talk.status is ConversationStatus.CLOSED:
        again = ReopenConversation(conversation=id_).draw(words("button.reopen"))
        return [again, answer.draw(words("shortcut.reply_public"))]
    mine = Release(conversation=id_).draw(words("button.release"))
    free = Claim(conversation=id_).draw(words("button.claim"))
    no_reply = CloseAs(conversation=id_, reason=ClosedAs.NO_REPLY)
    return [
        *([] if answering else [answer.draw(words("shortcut.reply_public"), style="primary")]),
        mine if talk.status is ConversationStatus.OWNED else free,
        no_reply.draw(words("closed.no_reply")),
        done_menu(talk, words),
    ]


def done_menu(talk: Conversation, words: Words) -> Element:
    """Every other reason to close."""
    reasons = [reason for reason in ClosedAs if reason is not ClosedAs.NO_REPLY]
    choices = [(words(f"closed.{reason}"), CloseAs(conversation=talk.id, reason=reason)) for reason in reasons]
    return menu(choices, placeholder=words("button.done"))


def _ways(page: ConversationPage, words: Words) -> list[Element]:
    """To the whole of it, where the card shows a part; and to where it was said."""
    talk = page.conversation
    network = page.titles.get(talk.network, talk.network)
    ways: list[Element] = []
    if (
        len(talk.latest.text) > LATEST
        or len(talk.heard) > 1 + SHOWN
        or any(len(h.text) > EARLIER for h in talk.heard[:-1])
    ):
        ways.append(SeeConversation(conversation=talk.id).draw(words("inbox.see_more")))
    if talk.latest.url.startswith(("https://", "http://")):
        ways.append(link(words("inbox.see_there", network=network), talk.latest.url))
    return ways


def whole_view(page: ConversationPage, words: Words, names: Names) -> View:
    """Everything that the person said, to be looked at."""
    talk = page.conversation
    blocks: list[Block] = [context(relay(brand_face(page.brand), 120), account_mark(page.account, page.titles))]
    blocks.append(person_line(talk, words))
    shown = talk.heard[-WHOLE:]
    share = min(_LONGEST, _TOGETHER // len(shown))
    for heard in shown:
        blocks += [context(_when(heard.at, page, words)), heard_block(heard, share, page, words, names)]
    return {
        "type": "modal",
        "title": plain(words("inbox.whole_title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": blocks,
    }


def follow_up_message(page: ConversationPage, heard: Heard, words: Words, names: Names) -> Message:
    """What the person wrote now, in the thread; the card above has the buttons."""
    person = relay(page.conversation.person.name, 60)
    account = relay(account_name(page.account, page.titles), 120)
    text = words("inbox.wrote_again", person=person, account=account)
    when = _when(heard.at, page, words)
    return Message(
        f"{text} {relay(heard.text, 120)}",
        [section(text), heard_block(heard, LATEST, page, words, names), context(when)],
    )
