"""*Thank*, *Ask to use it*, what came of the question, consents on a person's page, a brand's own words for both."""

from collections.abc import Mapping

from bot.desk.courtesies import answer_in
from bot.desk.inbox import ConversationPage
from bot.desk.people import PersonPage
from bot.domain.brands import Brand
from bot.domain.conversations import Conversation
from bot.domain.courtesy import LINE, LINES, QUESTION, UseState, sounds_like
from bot.domain.moods import Tone
from bot.slack.blocks import Block, Element, View, actions, confirm, context, rich, section, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.markup import link
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, brand_face

_SIGNS = {
    UseState.ASKED: ":raised_hand:",
    UseState.YES: ":white_check_mark:",
    UseState.NO: ":no_entry_sign:",
    UseState.WITHDRAWN: ":leftwards_arrow_with_hook:",
}
_QUOTED = 200


class Thank(Button, id="courtesy.thank"):
    """Opens the answer's form with a line of thanks; sending it likes the comment as well."""

    conversation: str


class AskToUse(Button, id="courtesy.ask"):
    """Opens the answer's form with the brand's question."""

    conversation: str


class UseAnswered(Button, id="courtesy.said"):
    """They said yes, or no."""

    conversation: str
    yes: bool


class WithdrawConsent(Button, id="courtesy.withdraw"):
    """They took their yes back."""

    outsider: str
    conversation: str


class MakePost(Button, id="courtesy.make_post"):
    """Opens a draft with what they agreed to."""

    conversation: str


class EditCourtesies(Button, id="courtesy.edit"):
    """Opens a brand's own words for thanking and asking."""

    brand: str


class CourtesiesForm(Form, id="courtesy.form"):
    """Lines as typed, one a line; empty where ours serve."""

    brand: str
    channel: str = ""
    thanks_es: Typed[str] = ""
    thanks_en: Typed[str] = ""
    ask_es: Typed[str] = ""
    ask_en: Typed[str] = ""


def thank_button(page: ConversationPage, words: Words) -> list[Element]:
    """On what sounds kind, is public, is there, and has no answer yet."""
    talk = page.conversation
    kind = talk.latest.tone is Tone.POSITIVE and talk.latest.there and not talk.private
    fit = kind and talk.open and talk.answered_to != talk.latest.ref
    return [Thank(conversation=talk.id).draw(words("courtesy.button_thank"))] if fit else []


def may_ask(talk: Conversation) -> bool:
    """Whether it is a public comment, there, about which nobody asked."""
    return not talk.private and talk.latest.there and talk.latest.kept and talk.use.state is UseState.NEVER


def use_blocks(page: ConversationPage, words: Words, names: Names) -> list[Block]:
    """How the question stands; what their answer sounds like, and the two buttons that say what it was."""
    talk, use = page.conversation, page.conversation.use
    if use.state is UseState.NEVER:
        return []
    person = relay(talk.person.name, 60)
    by, when = (use.by, use.at) if use.state is UseState.ASKED else (use.settled_by, use.settled_at)
    told = words(
        f"courtesy.use.{use.state}",
        person=person,
        name=names.get(by, ""),
        when=moment(when or page.now, page.brand.clock, words, page.now),
    )
    blocks: list[Block] = [context(f"{_SIGNS[use.state]} {told}")]
    said = answer_in(talk)
    if use.state is UseState.ASKED and said is not None:
        guess = sounds_like(said.text)
        if guess is not None:
            blocks.append(context(words("courtesy.sounds_yes" if guess else "courtesy.sounds_no", person=person)))
        yes, no = (UseAnswered(conversation=talk.id, yes=each) for each in (True, False))
        blocks.append(
            actions(
                yes.draw(words("courtesy.said_yes"), style="primary" if guess else None, suffix="yes"),
                no.draw(words("courtesy.said_no"), suffix="no"),
            )
        )
    if use.state is UseState.NO:  # they may think better of it, and a finger may slip
        yes = UseAnswered(conversation=talk.id, yes=True)
        blocks.append(actions(yes.draw(words("courtesy.said_yes"), suffix="yes")))
    if use.state is UseState.YES:
        blocks.append(actions(MakePost(conversation=talk.id).draw(words("shortcut.make_post"))))
    return blocks


def with_it(likes: str, asks: bool, words: Words) -> list[Block]:
    """In the form: what else happens when it is sent."""
    lines = [words("courtesy.likes_too")] if likes else []
    lines += [words("courtesy.asks_hint")] if asks else []
    return [context(*lines)] if lines else []


def consent_blocks(page: PersonPage, words: Words, names: Names) -> list[Block]:
    """On the person's page: each yes with its date, its words and the way to it; taken back on request."""
    blocks: list[Block] = []
    for consent in page.person.consents[-5:]:
        when = moment(consent.said_at, page.brand.clock, words, page.now)
        shown = link(consent.link, when) if consent.link.startswith(("https://", "http://")) else when
        what = link(consent.url, words("courtesy.to_what")) if consent.url.startswith(("https://", "http://")) else ""
        line = words("courtesy.consent", when=shown, name=names.get(consent.by, ""))
        if consent.withdrawn_at is not None:
            over = moment(consent.withdrawn_at, page.brand.clock, words, page.now)
            line += f"\n:leftwards_arrow_with_hook: {words('courtesy.consent_over', when=over)}"
        off = None
        if consent.withdrawn_at is None:
            press = WithdrawConsent(outsider=page.person.id, conversation=consent.conversation)
            sure = confirm(
                words("courtesy.withdraw"), words("courtesy.withdraw_sure"), words("courtesy.withdraw"),
                words("button.cancel"),
            )  # fmt: skip
            off = press.draw(words("courtesy.withdraw"), confirm=sure, suffix=consent.conversation)
        blocks.append(section(f":handshake: {line} {what}".strip(), accessory=off))
        blocks.append(rich(relay_plain(consent.words, _QUOTED) or "—", quote=True))
    return blocks


def courtesies_view(form: CourtesiesForm, brand: Brand, ours: Mapping[str, str], words: Words) -> View:
    """Everything may stay empty. `ours`: what serves then, by field."""
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        context(words("courtesy.form_hint", mark="`{name}`")),
    ]
    for name, label, most, lines in (
        ("thanks_es", "courtesy.thanks_es", LINES * (LINE + 1), True),
        ("thanks_en", "courtesy.thanks_en", LINES * (LINE + 1), True),
        ("ask_es", "courtesy.ask_es", QUESTION, True),
        ("ask_en", "courtesy.ask_en", QUESTION, True),
    ):
        field = text_input(getattr(form, name), lines=lines, most=min(most, 3000), placeholder=ours[name][:150])
        blocks.append(CourtesiesForm.input(name, words(label), field, optional=True))
    return form.open(
        title=words("courtesy.form_title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def as_typed(brand: Brand) -> Mapping[str, str]:
    """The brand's words as they can be typed again, by the form's fields."""
    said = brand.courtesies
    return {
        **{f"thanks_{lang}": "\n".join(said.thanks.get(lang, ())) for lang in ("es", "en")},
        **{f"ask_{lang}": said.ask.get(lang, "") for lang in ("es", "en")},
    }
