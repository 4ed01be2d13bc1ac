"""A trainee's answer in the conversation's thread: its exact words, what happened since, who lets it out and how."""

from bot.desk.suggestions import SuggestionPage
from bot.domain.suggestions import REASON, State, Suggestion, Way
from bot.slack.blocks import Block, Element, Message, View, actions, confirm, context, rich, section, text_input
from bot.slack.cards import Card
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import cut
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.checks import answer_checks
from handlers.views.faces import Names, account_mark, account_name, brand_face, face_mark, mention, practice_mark

QUOTED, SINCE = 2900, 3
"""Characters of the text; of what the person said since, the newest."""
_MOST = 3000  # what Slack's input takes
_SIGNS = {State.OPEN: "✋", State.APPROVED: "✅", State.RETURNED: "↩️"}


class LetOut(Button, id="suggestions.approve"):
    """Approves exactly this text, in exactly these circumstances."""

    suggestion: str
    revision: int
    around: str


class Fix(Button, id="suggestions.fix"):
    """Opens the form that changes the words and approves them in one act."""

    suggestion: str


class SendBack(Button, id="suggestions.return"):
    """Opens the form with the reason."""

    suggestion: str


class Rewrite(Button, id="suggestions.rewrite"):
    """Opens the words for their writer."""

    suggestion: str


class TakeBackWords(Button, id="suggestions.withdraw"):
    """Its writer takes it back."""

    suggestion: str


class FixForm(Form, id="suggestions.fix_form"):
    """Other words, approved; revision and around are what was shown."""

    suggestion: str
    revision: int
    around: str
    channel: str = ""
    text: Typed[str] = ""


class ReturnForm(Form, id="suggestions.return_form"):
    """What has to change."""

    suggestion: str
    revision: int
    channel: str = ""
    reason: Typed[str] = ""


class RewriteForm(Form, id="suggestions.rewrite_form"):
    """The trainee's words, once more."""

    suggestion: str
    revision: int
    channel: str = ""
    text: Typed[str] = ""


class SuggestionCard(Card, id="suggestions.card"):
    """In the conversation's thread; follows what becomes of it."""

    suggestion: str


class ReturnedCard(Card, id="suggestions.returned"):
    """Tells its writer, once, that it has to change, was changed, or that nothing comes of it; `at` in ms is when."""

    suggestion: str
    at: int


def suggestion_message(page: SuggestionPage, words: Words, names: Names) -> Message:
    """Who suggests what, as whom; what happened since; then what became of it, with both texts where it was changed."""
    mine, talk = page.suggestion, page.talk
    writer = names.get(mine.by, "")
    if (gone := talk.conversation.forgotten_at) is not None:
        said = words("people.card_forgotten", when=moment(gone, talk.brand.clock, words, talk.now))
        return Message(said, [section(f":wastebasket: {said}")])
    title = f"{_SIGNS.get(mine.state, '✖️')} *{words(f'suggestion.way.{_way(page)}', name=writer)}*"
    waits = mine.state is State.OPEN
    asked = " ".join(mention(who) for who in page.asked)
    lines = [title, *([words("suggestion.asks", asked=asked or "—")] if waits else [_became(page, words, names)])]
    blocks: list[Block] = [
        section("\n".join(lines)),
        context(words(f"suggestion.as.{_way(page)}", account=account_mark(talk.account, talk.titles))),
        *_texts(mine, words),
        *answer_checks(page.findings, talk.brand, words),
        *(_since(page, words, names) if waits else []),
        *([section(f"*{words('proposal.reason')}:* {relay(mine.reason, REASON + 100)}")] if mine.reason else []),
        *([actions(*buttons)] if (buttons := _buttons(page, words)) else []),
        *([context(*practice_mark(talk.brand, words))] if talk.brand.practice else []),
    ]
    return Message(f"{relay(talk.brand.name, 80)}: {words(f'suggestion.way.{_way(page)}', name=writer)}", blocks)


def _way(page: SuggestionPage) -> Way:
    """An answer to a private message is private."""
    way = page.suggestion.way
    return Way.PRIVATE if way is Way.PUBLIC and page.talk.conversation.private else way


def _texts(mine: Suggestion, words: Words) -> list[Block]:
    fixed = mine.state is State.APPROVED and mine.asked != mine.exact
    before = [context(words("suggestion.before")), rich(cut(mine.asked, QUOTED), quote=True)] if fixed else []
    after = [context(words("suggestion.after"))] if fixed else []
    return [*before, *after, rich(cut(mine.exact, QUOTED), quote=True)]


def _became(page: SuggestionPage, words: Words, names: Names) -> str:
    mine = page.suggestion
    when = moment(mine.decided_at or mine.at, page.talk.brand.clock, words, page.talk.now)
    fixed = mine.state is State.APPROVED and mine.asked != mine.exact
    key = "fixed" if fixed else mine.state.value
    return words(f"suggestion.became.{key}", name=names.get(mine.decided_by, ""), when=when)


def _since(page: SuggestionPage, words: Words, names: Names) -> list[Block]:
    """What its writer couldn't know; whoever approves has to see it."""
    since, talk = page.since, page.talk
    blocks: list[Block] = []
    if since.gone:
        return [section(f":wastebasket: *{words('suggestion.since.gone')}*")]
    if since.changed:
        blocks.append(section(f":warning: *{words('suggestion.since.changed')}*"))
    if since.said:
        blocks.append(section(f":warning: *{words('suggestion.since.said')}*"))
        blocks += [
            rich(relay_plain(each.text, 600) if not each.removed_by else words("closed.deleted"), quote=True)
            for each in since.said[-SINCE:]
        ]
    if since.answers:
        last = since.answers[-1]
        told = words("suggestion.since.answered", name=names.get(last.approved_by, ""))
        blocks += [section(f":warning: *{told}*"), rich(cut(last.reply.text if last.reply else "", 600), quote=True)]
    if since.closed:
        told = words("suggestion.since.closed", name=names.get(talk.conversation.closed_by, ""))
        blocks.append(section(f":warning: *{told}*"))
    return blocks


def _buttons(page: SuggestionPage, words: Words) -> list[Element]:
    mine, id_ = page.suggestion, page.suggestion.id
    rewrite = Rewrite(suggestion=id_).draw(words("button.edit"))
    take_back = TakeBackWords(suggestion=id_).draw(words("button.withdraw"))
    if mine.state is State.RETURNED:
        return [rewrite, take_back]
    if mine.state is not State.OPEN:
        return []
    label = words("suggestion.anyway" if page.since.anything else "button.approve")
    let_out = LetOut(suggestion=id_, revision=mine.revision, around=page.around)
    return [
        let_out.draw(label, style="primary", confirm=_sure(page, words)),
        *([] if page.since.gone else [Fix(suggestion=id_).draw(words("button.fix_approve"))]),
        SendBack(suggestion=id_).draw(words("suggestion.send_back")),
        rewrite,
        take_back,
    ]


def _sure(page: SuggestionPage, words: Words) -> Element:
    """Asks once, naming brand and account."""
    account = account_name(page.talk.account, page.talk.titles)
    text = f"{relay_plain(brand_face(page.talk.brand), 100)} · {account}"
    return confirm(words(f"suggestion.sure.{_way(page)}"), text, words("button.approve"), words("confirm.no"))


def suggested_line(mine: Suggestion, words: Words, names: Names) -> str:
    """On the conversation's card and in the forms that answer it."""
    return f":raised_hand: {words('suggestion.waits', name=names.get(mine.by, ''))}"


def fix_view(form: FixForm, page: SuggestionPage, words: Words, names: Names) -> View:
    """The trainee's words to be changed; sending them approves them."""
    return form.open(
        title=words("button.fix_approve"),
        submit=words("button.fix_approve"),
        close=words("button.cancel"),
        blocks=[*_about(page, words), *_since(page, words, names), *_field(form, page, words)],
    )


def rewrite_view(form: RewriteForm, page: SuggestionPage, words: Words, names: Names) -> View:
    """The trainee's own words, with why they came back and what happened since."""
    mine = page.suggestion
    why = [section(f"*{words('proposal.reason')}:* {relay(mine.reason, REASON + 100)}")] if mine.reason else []
    return form.open(
        title=words("suggestion.rewrite.title"),
        submit=words("suggestion.submit"),
        close=words("button.cancel"),
        blocks=[*_about(page, words), *why, *_since(page, words, names), *_field(form, page, words)],
    )


def _about(page: SuggestionPage, words: Words) -> list[Block]:
    talk, way = page.talk, _way(page)
    account = account_mark(talk.account, talk.titles)
    return [
        section(f"{face_mark(talk.brand)} *{words(f'suggestion.as.{way}', account=account)}*"),
        *([context(*practice_mark(talk.brand, words))] if talk.brand.practice else []),
        rich(relay_plain(talk.conversation.latest.text, 1200), quote=True),
    ]


def _field(form: FixForm | RewriteForm, page: SuggestionPage, words: Words) -> list[Block]:
    sign = page.suggestion.signature
    field = text_input(form.text, lines=True, most=_MOST, focus=True)
    signed = [context(words("reply.signed_with", sign=relay(sign, 40)))] if sign else []
    return [type(form).input("text", words("reply.text"), field), *signed]


def return_view(form: ReturnForm, page: SuggestionPage, words: Words) -> View:
    """What has to change."""
    field = text_input(form.reason, lines=True, most=REASON, focus=True)
    return form.open(
        title=words("suggestion.send_back"),
        submit=words("suggestion.send_back"),
        close=words("button.cancel"),
        blocks=[
            rich(cut(page.suggestion.exact, QUOTED), quote=True),
            ReturnForm.input("reason", words("proposal.reason"), field, hint=words("suggestion.send_back.hint")),
        ],
    )


def returned_message(page: SuggestionPage, words: Words, names: Names) -> Message:
    """To its writer: what became of it, why, and the way on."""
    mine, talk = page.suggestion, page.talk
    told = _became(page, words, names)
    if (gone := talk.conversation.forgotten_at) is not None:
        told = words("people.card_forgotten", when=moment(gone, talk.brand.clock, words, talk.now))
        return Message(told, [section(f":wastebasket: {told}")])
    again = [actions(Rewrite(suggestion=mine.id).draw(words("button.edit"), style="primary"))]
    return Message(
        f"{relay(talk.brand.name, 80)}: {told}",
        [
            section(f"{relay(brand_face(talk.brand), 120)} · {told}"),
            *([section(f"*{words('proposal.reason')}:* {relay(mine.reason, REASON + 100)}")] if mine.reason else []),
            *_texts(mine, words),
            *(again if mine.state is State.RETURNED else []),
            context(words("publish.card_in", channel=f"<#{talk.brand.channel('inbox')}>")),
        ],
    )
