"""What a rule of the brand did, wherever the words are shown; and the presses that say it was wrong."""

from bot.desk.inbox import ConversationPage
from bot.domain.conversations import Words as Heard
from bot.domain.errands import Facet
from bot.domain.ruled import Ruled, Strength
from bot.slack.blocks import Block, Element, actions
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names
from handlers.views.moderation_presses import Hide

_SIGNS = {Strength.FLAG: ":triangular_flag_on_post:", Strength.PROPOSE: ":raised_hand:", Strength.HIDE: ":see_no_evil:"}


class UndoRule(Button, id="ruling.undo"):
    """The rule was wrong about this; with `person`, about whatever they say."""

    conversation: str
    ref: str
    person: bool = False


def rule_named(act: Ruled, words: Words) -> str:
    """`rule *insultos*, word “tonto”`: the rule's name and word, for mrkdwn."""
    name = relay(act.name, 60)
    return words("ruling.named_word", name=name, word=relay(act.word, 90)) if act.word else words(
        "ruling.named", name=name
    )  # fmt: skip


def ruled_line(heard: Heard, page: ConversationPage, words: Words, names: Names) -> list[str]:
    """What a rule did about something said, in a line; nothing where none did."""
    act = heard.ruled
    if act is None:
        return []
    when = moment(act.at, page.brand.clock, words, page.now)
    rule = rule_named(act, words)
    if not act.stands:
        return [f":leftwards_arrow_with_hook: {words('ruling.undone', rule=rule, name=names.get(act.undone_by, ''))}"]
    if act.strength is Strength.HIDE and not heard.hidden:
        return []  # on its way, or shown again by somebody: its errand says so
    return [f"{_SIGNS[act.strength]} {words(f'ruling.did.{act.strength}', rule=rule, when=when)}"]


def ruled_buttons(page: ConversationPage, words: Words) -> list[Block]:
    """About what was said last: hide it where a rule proposes that, and take back what a rule did."""
    talk, latest = page.conversation, page.conversation.latest
    act = latest.ruled
    if act is None or not act.stands or not latest.there:
        return []
    undo = UndoRule(conversation=talk.id, ref=latest.ref)
    errand = page.moderating.of(Facet.HIDE)
    hides = errand is not None and errand.asked and errand.wanted
    if act.strength is Strength.HIDE:
        person = UndoRule(conversation=talk.id, ref=latest.ref, person=True)
        shown: list[Element] = [
            undo.draw(words("button.unhide"), suffix="ruled"),
            person.draw(words("ruling.spare"), suffix="person"),
        ]
        return [actions(*shown)] if latest.hidden or hides else []
    if latest.hidden or hides:
        return []
    hide = Hide(conversation=talk.id, ref=latest.ref, hidden=True).draw(
        words("button.hide"), style="primary", suffix="ruled"
    )
    proposes = act.strength is Strength.PROPOSE
    return [actions(*([hide] if proposes else []), undo.draw(words("ruling.leave"), suffix="ruled"))]
