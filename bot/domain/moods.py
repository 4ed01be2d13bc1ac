"""How something that a person said sounds: guessed when it arrives, put right by whoever knows better."""

from enum import StrEnum


class Tone(StrEnum):
    """What a text sounds like. UNSURE is an answer: it is better than a wrong one."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    UNSURE = "unsure"


SURE = (Tone.NEGATIVE, Tone.NEUTRAL, Tone.POSITIVE)
"""What a person may say that it is."""
