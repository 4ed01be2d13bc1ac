"""What a handler answers with. The router performs it, in whatever way Slack still allows at that moment.

    Quiet           nothing to see: the card follows the event
    Say             a sentence that only this person sees
    Open            a form, in front of everything; pushed onto the stack when it comes from inside a form
    Push            the same, said on purpose
    Update          the form that is open, drawn again
    Close           the form goes away (all: the whole stack), perhaps with a private sentence
    Errors          the form stays, with a sentence beside each field
    SendFile        a file, in the direct messages with this person
    HomeView        this person's Home, drawn again
    Several         one after the other

A form's submission is answered by Close, Update, Push, Errors, Quiet (the same as Close) or Say (Close and a sentence).
Everything else is a bug there, and so are Close and Errors anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import FieldErrors, UserError
from bot.slack.blocks import Message, View
from bot.slack.uploads import OwnFile


@dataclass(frozen=True)
class Quiet:
    """Nothing to see."""


@dataclass(frozen=True)
class Say:
    """A message that only this person sees, where they are: by response_url, ephemeral, or as a direct message."""

    message: Message | str


@dataclass(frozen=True)
class Open:
    """Opens a form. If Slack's three seconds are over, the person gets a button that opens it."""

    view: View


@dataclass(frozen=True)
class Push:
    """Puts a form on top of the one that is open."""

    view: View


@dataclass(frozen=True)
class Update:
    """Draws the open form again. If it changed since the press, the newer drawing stays."""

    view: View


@dataclass(frozen=True)
class Close:
    """Closes the submitted form, or with `all` every form on the stack; `say` is told privately."""

    all: bool = False
    say: Message | str | None = None


@dataclass(frozen=True)
class Errors:
    """Keeps the submitted form open: one sentence beside each field, by the field's name in its class."""

    fields: Mapping[str, UserError]

    @classmethod
    def of(cls, error: FieldErrors) -> "Errors":
        """The same as raising the error, which handlers may do just as well."""
        return cls(error.fields)


@dataclass(frozen=True)
class SendFile:
    """A file that was made for this person alone."""

    file: OwnFile


@dataclass(frozen=True)
class HomeView:
    """Draws this person's Home."""

    view: View


@dataclass(frozen=True)
class Several:
    """Replies performed in order; at most one of them may answer a form."""

    replies: tuple["Reply", ...]

    @classmethod
    def of(cls, *replies: "Reply") -> "Several":
        """`Several.of(Update(view), Say("…"))`."""
        return cls(replies)


Reply = Quiet | Say | Open | Push | Update | Close | Errors | SendFile | HomeView | Several
