"""What a moderator does about what was said: hide, like, reply privately, edit our answer; and what came of it."""

from bot.desk.inbox import ConversationPage
from bot.domain.deliveries import Delivery
from bot.domain.errands import Errand, ErrandState, Facet
from bot.slack.blocks import Block, Element, View, context, rich, section, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, menu
from bot.text.markup import cut
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, account_mark, face_mark, practice_mark
from handlers.views.moderation_presses import Hide, Like

QUOTED = 1200
_MOST = 3000  # what Slack's input takes
_PRIVATE = 2000


class ReplyPrivately(Button, id="moderation.private"):
    """Opens the form of a message that only the person sees."""

    conversation: str
    ref: str


class EditAnswer(Button, id="moderation.edit"):
    """Opens our public answer to change its words."""

    delivery: str


class PrivateForm(Form, id="moderation.private_form"):
    """A private reply. `channel`: where it was opened; `reply`: the id of what waits for approval, if it has to; sign:
    the signature that is shown."""

    conversation: str
    ref: str
    channel: str = ""
    reply: str = ""
    sign: str = ""
    text: Typed[str] = ""


class EditForm(Form, id="moderation.edit_form"):
    """Our answer's new words; `before` is what it said when the form opened, by its digest; `reply` as in
    `PrivateForm`."""

    delivery: str
    channel: str = ""
    before: str = ""
    reply: str = ""
    text: Typed[str] = ""


def moderation_menu(page: ConversationPage, words: Words) -> list[Element]:
    """One select, so that hiding takes two taps: nothing in it needs a second look but the private reply's form."""
    talk, now = page.conversation, page.moderating
    ref = talk.latest.ref
    choices: list[tuple[str, Button]] = []
    if Facet.LIKE in now.can:
        liked = now.of(Facet.LIKE)
        on = liked is not None and liked.wanted and liked.state in {ErrandState.ASKED, ErrandState.DONE}
        label = words("moderation.unlike") if on else words("button.like")
        choices.append((label, Like(conversation=talk.id, ref=ref, liked=not on)))
    if Facet.HIDE in now.can:
        asked = now.of(Facet.HIDE)
        hidden = asked.wanted if asked is not None and asked.asked else talk.latest.hidden
        label = words("button.unhide") if hidden else words("button.hide")
        choices.append((label, Hide(conversation=talk.id, ref=ref, hidden=not hidden)))
    private = now.of(Facet.PRIVATE)
    if Facet.PRIVATE in now.can and (private is None or private.state in {ErrandState.REFUSED, ErrandState.FAILED}):
        choices.append((words("button.reply_privately"), ReplyPrivately(conversation=talk.id, ref=ref)))
    return [menu(choices, placeholder=words("moderation.menu"), suffix="moderate")] if choices else []


def moderation_lines(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    """What was asked about the newest words and what came of it; a private reply with its exact text."""
    blocks: list[Block] = []
    for facet in (Facet.LIKE, Facet.HIDE):
        errand = page.moderating.of(facet)
        if errand is not None and (line := _line(errand, page, words, names)):
            blocks.append(context(line))
    private = page.moderating.of(Facet.PRIVATE)
    if private is not None and (line := _line(private, page, words, names)):
        blocks += [section(line), rich(cut(private.text, QUOTED), quote=True)]
    return blocks


def edit_line(delivery: Delivery, page: ConversationPage, words: Words, names: Names) -> str:
    """What became of the last change of an answer; empty for none."""
    errand = (page.moderating.edits or {}).get(delivery.id)
    return _line(errand, page, words, names) if errand is not None else ""


def _line(errand: Errand, page: ConversationPage, words: Words, names: Names) -> str:
    if errand.facet is Facet.HIDE and errand.state is ErrandState.DONE:
        return ""  # the words themselves say by whom they are hidden
    if not errand.wanted and errand.state is ErrandState.DONE:
        return ""
    rule = words("ruling.named", name=relay(errand.rule, 60))
    said = {
        "name": f"{rule[:1].upper()}{rule[1:]}" if errand.rule else names.get(errand.by, ""),
        "when": moment(errand.settled_at or errand.at, page.brand.clock, words, page.now),
        "network": page.titles.get(errand.network, errand.network),
        "account": account_mark(page.account, page.titles),
    }
    wish = errand.facet.value if errand.wanted else f"un{errand.facet.value}"
    if errand.state is ErrandState.DONE:
        return f"{_SIGNS[errand.facet]} {words(f'errand.done.{wish}', **said)}"
    if errand.state is ErrandState.ASKED:
        return f":hourglass_flowing_sand: {words(f'errand.asked.{wish}', **said)}"
    why = words(f"errand.problem.{errand.problem}", **said)
    return f":no_entry: {words(f'errand.not.{wish}', **said)} {why}"


_SIGNS = {Facet.LIKE: ":thumbsup:", Facet.PRIVATE: ":lock:", Facet.EDIT: ":pencil2:", Facet.HIDE: ":see_no_evil:"}


def private_view(form: PrivateForm, page: ConversationPage, words: Words, *, waits: bool = False) -> View:
    """Unmistakably not the public form: to whom, that nobody else sees it, that there is one only, how it is signed.
    waits: somebody has to approve it."""
    talk = page.conversation
    heard = talk.said(form.ref) or talk.latest
    person = relay(talk.person.name, 80)
    field = text_input(form.text, lines=True, most=_PRIVATE, placeholder=words("private.placeholder"), focus=True)
    return form.open(
        title=words("button.reply_privately"),
        submit=words("suggestion.submit" if waits else "button.reply_privately"),
        close=words("button.cancel"),
        blocks=[
            section(f":lock: {face_mark(page.brand)} *{words('private.only', person=person)}*"),
            *([context(*practice_mark(page.brand, words))] if page.brand.practice else []),
            context(words("private.as", account=account_mark(page.account, page.titles)), words("private.once")),
            rich(relay_plain(heard.text, QUOTED), quote=True),
            PrivateForm.input("text", words("private.text"), field),
            *([context(words("reply.signed_with", sign=relay(form.sign, 40)))] if form.sign else []),
            *([context(words("suggestion.hint"))] if waits else []),
        ],
    )


def edit_view(form: EditForm, delivery: Delivery, page: ConversationPage, words: Words, *, waits: bool = False) -> View:
    """Our answer as it stands there, to be changed in public; waits: once somebody approved it."""
    said = delivery.reply.text if delivery.reply else ""
    field = text_input(form.text, lines=True, most=_MOST, focus=True)
    return form.open(
        title=words("edit_reply.title"),
        submit=words("suggestion.submit" if waits else "edit_reply.submit"),
        close=words("button.cancel"),
        blocks=[
            section(
                f"{face_mark(page.brand)} *{words('reply.public_as', account=account_mark(page.account, page.titles))}*"
            ),
            context(words("edit_reply.hint")),
            *([context(words("suggestion.hint"))] if waits else []),
            rich(cut(said, QUOTED), quote=True),
            EditForm.input("text", words("reply.text"), field),
        ],
    )
