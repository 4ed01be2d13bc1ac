"""The inbox card: who said what to which account, how it stands, and what can be done about it."""

from collections.abc import Sequence
from datetime import datetime

from bot.desk.inbox import ConversationPage
from bot.desk.retention import ENGINE
from bot.domain.conversations import BY_HAND, ClosedAs, Conversation, ConversationStatus
from bot.domain.conversations import Words as Heard
from bot.domain.deliveries import SENDING, State
from bot.slack.blocks import Block, Element, Message, View, actions, context, plain, section
from bot.slack.cards import Card
from bot.slack.wire import Button, link, menu
from bot.text.markup import link as address
from bot.text.relaying import hosts, relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.answers import answer_blocks
from handlers.views.card_presses import Wake, more_menu, topic_menu
from handlers.views.courtesies import thank_button, use_blocks
from handlers.views.faces import Names, account_mark, account_name, brand_face, practice_mark
from handlers.views.heard import WORDINGS, heard_blocks
from handlers.views.moderation import moderation_lines, moderation_menu
from handlers.views.mood import mood_line
from handlers.views.people import person_note
from handlers.views.private import answer_label, private_mark, window_blocks
from handlers.views.ruled import ruled_buttons
from handlers.views.sensitive import SeeEvidence
from handlers.views.standing import standing_blocks

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


def conversation_message(page: ConversationPage, words: Words, names: Names, *, crowd: str = "") -> Message:
    """The card, in the brand's language. What strangers wrote stands in elements that can't format, link or ping.
    crowd: the address of the card of those who say nearly the same."""
    talk, brand = page.conversation, page.brand
    if talk.forgotten_at is not None:
        return _forgotten(page, words)
    blocks: list[Block] = [
        section(f"{relay(brand_face(brand), 120)} · *{status_label(talk, words, names)}*{private_mark(talk, words)}"),
        *standing_blocks(page, words, names),
        *context_blocks(page, words, names),
        *_crowd(page, crowd, words),
        *moderation_lines(page, words, names),
        *ruled_buttons(page, words),
        *use_blocks(page, words, names),
        *_closed(page, words, names),
        *window_blocks(page, words),
        *answer_blocks(page, words, names),
        actions(
            *conversation_buttons(talk, words, answering=_answering(page) or not page.answerable),
            *([] if _answering(page) else thank_button(page, words)),
            *_ways(page, words),
            *_evidence(talk, words),
            *(topic_menu(talk, brand.topics, words) if talk.status is ConversationStatus.CLOSED else []),
            *moderation_menu(page, words),
            more_menu(talk, words, deletable=page.deletable),
        ),
        context(f":lock: {words('inbox.private_thread')}", *practice_mark(brand, words)),
    ]
    return Message(notice(page, words), blocks)


def context_blocks(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    """Who said what, where, after what, and about what."""
    talk = page.conversation
    return [
        person_line(talk, words),
        *_known(page, words),
        context(_what(page, words), _when(talk.latest.at, page, words)),
        *_earlier(page, words, names),
        *heard_blocks(talk.latest, LATEST, page, words, names),
        *([mood_line(talk, words, names)] if talk.latest.kept else []),
        *_around(page, words),
    ]


def notice(page: ConversationPage, words: Words) -> str:
    """What a notification and a screen reader say."""
    talk = page.conversation
    network = page.titles.get(talk.network, talk.network)
    who = words("inbox.notice", brand=relay(page.brand.name, 80), person=relay(talk.person.name, 60), network=network)
    said = words("closed.deleted") if talk.latest.removed_by else relay(talk.latest.text, 120)
    return f"{who}: {said}"


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


def _known(page: ConversationPage, words: Words) -> list[Block]:
    """Our history with them, in a line."""
    told = person_note(page.known, page.before, words)
    return [context(" · ".join(told))] if told else []


def _crowd(page: ConversationPage, at: str, words: Words) -> list[Block]:
    """That others say nearly the same, and where they are answered together."""
    if page.crowd is None:
        return []
    there = f" {address(at, words('storms.its_card'))}" if at else ""
    return [context(f":busts_in_silhouette: {words('storms.others')}{there}")]


def _forgotten(page: ConversationPage, words: Words) -> Message:
    """The card of somebody who was forgotten: that it was there, and nothing else."""
    when = _when(page.conversation.forgotten_at or page.now, page, words)
    aged = page.conversation.forgotten_by == ENGINE
    told = words("keeping.card_forgotten", when=when) if aged else words("people.card_forgotten", when=when)
    said = f":wastebasket: {told}"
    return Message(said, [section(relay(brand_face(page.brand), 120)), section(said)])


def _what(page: ConversationPage, words: Words) -> str:
    kind = page.conversation.latest.kind
    return words(f"inbox.{kind}", account=f"*{account_mark(page.account, page.titles)}*")


def _when(at: datetime, page: ConversationPage, words: Words) -> str:
    return moment(at, page.brand.clock, words, page.now)


def _evidence(talk: Conversation, words: Words) -> list[Element]:
    """To what was deleted, for those who may see it."""
    kept = dict.fromkeys(heard.evidence for heard in talk.heard if heard.evidence)
    label = words("proposal.evidence")
    return [SeeEvidence(proposal=id_).draw(label, suffix=id_) for id_ in list(kept)[-SHOWN:]]


def _earlier(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    before = page.conversation.heard[:-1]
    if not before:
        return []
    shown = before[-SHOWN:]
    quoted = [block for heard in shown for block in heard_blocks(heard, EARLIER, page, words, names)]
    left = len(before) - len(shown)
    more = [context(words.n("inbox.more_messages", left))] if left else []
    return [context(words("inbox.before")), *more, *quoted, context(words("inbox.latest"))]


def _around(page: ConversationPage, words: Words) -> list[Block]:
    """Where its links lead, its pictures, and the post it is about."""
    latest = page.conversation.latest
    lines: list[str] = []
    if found := hosts(latest.text):
        lines.append(f":link: {words('inbox.links', hosts=', '.join(relay(host, 80) for host in found[:5]))}")
    if left := [url for url in latest.media if url not in page.pictures]:
        lines.append(f":frame_with_picture: {words.n('inbox.picture', len(left))}{_pictures(left)}")
    if post := on_post(page, words):
        lines.append(post)
    return [context(*lines)] if lines else []


def _pictures(left: Sequence[str]) -> str:
    """Where the pictures lie of which there is no copy of ours: strangers link nothing."""
    found = dict.fromkeys(relay(host[0], 60) for url in left[:4] if (host := hosts(url)))
    return f" ({', '.join(found)})" if found else ""


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
    if talk.closed_as is ClosedAs.DELETED:
        return []  # there is nothing to answer
    answering = answering or not talk.latest.there
    if talk.status is ConversationStatus.CLOSED:
        again = ReopenConversation(conversation=id_).draw(words("button.reopen"))
        return [again, *([] if answering else [answer.draw(answer_label(talk, words))])]
    no_reply = CloseAs(conversation=id_, reason=ClosedAs.NO_REPLY)
    return [
        *([] if answering else [answer.draw(answer_label(talk, words), style="primary")]),
        take_button(talk, words),
        no_reply.draw(words("closed.no_reply")),
        done_menu(talk, words),
    ]


def take_button(talk: Conversation, words: Words) -> Element:
    """Whose it becomes: mine, everybody's again, or its owner's before its time."""
    if talk.status is ConversationStatus.SNOOZED:
        return Wake(conversation=talk.id).draw(words("handling.wake"))
    if talk.status is ConversationStatus.OWNED:
        return Release(conversation=talk.id).draw(words("button.release"))
    return Claim(conversation=talk.id).draw(words("button.claim"))


def done_menu(talk: Conversation, words: Words) -> Element:
    """Every other reason to close."""
    reasons = [reason for reason in BY_HAND if reason is not ClosedAs.NO_REPLY]
    choices = [(words(f"closed.{reason}"), CloseAs(conversation=talk.id, reason=reason)) for reason in reasons]
    return menu(choices, placeholder=words("button.done"))


def _ways(page: ConversationPage, words: Words) -> list[Element]:
    """To the whole of it, where the card shows a part; and to where it was said."""
    talk = page.conversation
    ways: list[Element] = []
    if (
        len(talk.latest.text) > LATEST
        or len(talk.heard) > 1 + SHOWN
        or any(len(h.text) > EARLIER for h in talk.heard[:-1])
    ):
        ways.append(SeeConversation(conversation=talk.id).draw(words("inbox.see_more")))
    return [*ways, *see_there(page, words)]


def see_there(page: ConversationPage, words: Words) -> list[Element]:
    """To where it was said last, where the network gives an address."""
    talk = page.conversation
    network = page.titles.get(talk.network, talk.network)
    there = talk.latest.url.startswith(("https://", "http://")) and not talk.latest.removed_by
    return [link(words("inbox.see_there", network=network), talk.latest.url)] if there else []


def whole_view(page: ConversationPage, words: Words, names: Names) -> View:
    """Everything that the person said, to be looked at."""
    talk = page.conversation
    blocks: list[Block] = [context(relay(brand_face(page.brand), 120), account_mark(page.account, page.titles))]
    blocks.append(person_line(talk, words))
    shown = talk.heard[-WHOLE:]
    share = min(_LONGEST, _TOGETHER // sum(min(len(heard.edits), 1 + WORDINGS) for heard in shown))
    for heard in shown:
        blocks.append(context(_when(heard.at, page, words)))
        blocks += heard_blocks(heard, share, page, words, names, wordings=WORDINGS)
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
        [section(text), *heard_blocks(heard, LATEST, page, words, names), context(when)],
    )
