"""Every error that Vocero raises on purpose; each branch of the tree says what the catcher should do next.

    VoceroError
    ├── ConfigurationError      the operator must change a setting; the sentence says which (exit code 2)
    ├── StoreError              the store cannot be trusted right now
    │   ├── StoreUnavailable    no answer, and nothing was done: try again later, acknowledge nothing
    │   │   └── StoreSilent     no answer, and it may have been done: look before doing it again
    │   └── Conflict            somebody else wrote first: load again, decide again
    ├── UserError               the person can put it right: a message key and arguments, said in their language
    │   ├── NotAllowed          the role is missing, or the act is not theirs to do
    │   ├── FieldErrors         a form: one sentence per field
    │   └── AlreadyDone         an old button: who did it and when
    ├── NetworkError            what a social network answered; see `bot.network`
    └── FetchError              an address that a person typed can't be opened; see `bot.network.fetching`

Anything else that escapes is a bug: the person gets a reference id and the log holds the trace under it.
"""

from collections.abc import Mapping


class VoceroError(Exception):
    """The root: nothing is raised as this class itself."""


class ConfigurationError(VoceroError):
    """One or more settings are missing or wrong; `sentences` has one clear sentence for each."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class StoreError(VoceroError):
    """The store refused or lost something; nothing was acknowledged."""


class StoreUnavailable(StoreError):
    """The store does not answer, or cannot be started here."""


class StoreSilent(StoreUnavailable):
    """The store was asked to do something and its answer never came."""


class Conflict(StoreError):
    """A record changed since it was read, or a name that must be unique is taken; `key` names the culprit."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} changed in the meantime")
        self.key = key


class UserError(VoceroError):
    """A sentence for the person: `key` is a message of the catalogues, `args_` fills its placeholders."""

    def __init__(self, key: str, /, **args_: object) -> None:
        super().__init__(key)
        self.key = key
        self.args_: Mapping[str, object] = args_


class NotAllowed(UserError):
    """The person has not got the right, checked at the moment of the press."""


class AlreadyDone(UserError):
    """The thing was decided before: the sentence says by whom and when, and nothing happens."""


class FieldErrors(UserError):
    """A form came back with mistakes; `fields` maps a field's name to the sentence that belongs beside it."""

    def __init__(self, fields: Mapping[str, UserError]) -> None:
        super().__init__("error.form")
        self.fields = fields
