"""The line of a card that says how a comment sounds and in which language, with the way to put it right."""

from babel import Locale

from bot.domain.conversations import Conversation
from bot.domain.moods import SURE, Tone
from bot.slack.blocks import Block, section
from bot.slack.wire import Button, menu
from bot.text.words import Words
from handlers.views.faces import Names

FACES = {
    Tone.NEGATIVE: ":slightly_frowning_face:",
    Tone.NEUTRAL: ":neutral_face:",
    Tone.POSITIVE: ":slightly_smiling_face:",
    Tone.UNSURE: ":grey_question:",
}


class CorrectMood(Button, id="mood.correct"):
    """It doesn't sound like that, it sounds like this."""

    conversation: str
    mark: str
    tone: Tone


def mood_line(talk: Conversation, words: Words, names: Names) -> Block:
    """`🙁 Mood: negative · Spanish`, with the other moods behind ⋯."""
    latest = talk.latest
    parts = [f"{FACES[latest.tone]} {words('mood.line', mood=words(f'mood.{latest.tone}'))}"]
    if latest.judged_by:
        parts[0] += f" {words('mood.judged', name=names.get(latest.judged_by, ''))}"
    if latest.language:
        parts.append(language_name(latest.language, words))
    others = [
        (
            words("mood.rather", mood=words(f"mood.{tone}")),
            CorrectMood(conversation=talk.id, mark=latest.mark, tone=tone),
        )
        for tone in SURE
        if tone is not latest.tone
    ]
    return section(" · ".join(parts), accessory=menu(others, suffix="mood"))


def language_name(code: str, words: Words) -> str:
    """`Spanish`, `español`; the code where the reader's language has no name for it."""
    return str(Locale.parse(words.locale).languages.get(code, code))
