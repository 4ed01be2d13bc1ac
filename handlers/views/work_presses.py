"""The press that begins to work through what is open: small, because Home, the list and the digest draw it."""

from bot.slack.wire import Button


class WorkThrough(Button, id="work.begin"):
    """Opens the form that shows one conversation after the other; of one brand, or of all of mine."""

    brand: str = ""
