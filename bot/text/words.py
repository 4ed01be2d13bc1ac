"""Every sentence people read comes from here: a key and arguments go in, the reader's language comes out.

The catalogues are `locale/<locale>/<feature>.po`: gettext files whose ids are dotted keys, so that English is a
translation like Spanish. They are read once per locale and merged; a key may stand in one file only. A regional
locale holds the few words that differ and takes the rest from its language.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("en", "es")
DEFAULT = "en"

_FOLDER = Path(__file__).parent / "locale"
_LATIN_AMERICA = "es_419"
_BRITAIN = "en_GB"

Forms = tuple[str, ...]


class UnknownMessage(LookupError):
    """The catalogue has no such key, or the key asks for a number and got none: a bug, never shown as text."""


class BrokenCatalogue(ValueError):
    """A catalogue can't be used: a key that is twice there, or a message without text."""


class Words:
    """The messages of one locale. `lang` is "en" or "es"; `locale`, for dates and numbers, may be es_419 or en_GB."""

    def __init__(self, lang: str, locale: str, messages: Mapping[str, Forms], plural: Callable[[int], int]) -> None:
        self.lang = lang
        self.locale = locale
        self._messages = messages
        self._plural = plural

    def __call__(self, key: str, /, **args: object) -> str:
        """The message with its `{placeholders}` filled. Whole numbers are grouped as the language does.

        Raises UnknownMessage for a key that isn't there or that counts, KeyError for a missing argument.
        """
        forms = self.forms(key)
        if len(forms) > 1:
            raise UnknownMessage(f"{key} ({self.locale}) counts: use words.n")
        return self._fill(forms[0], args)

    def n(self, key: str, n: int, /, **args: object) -> str:
        """The form of a counting message for `n`, which fills `{n}`. Raises UnknownMessage."""
        forms = self.forms(key)
        if len(forms) == 1:
            raise UnknownMessage(f"{key} ({self.locale}) has no plural")
        return self._fill(forms[self._plural(n)], {"n": n, **args})

    def any_of(self, names: Sequence[str]) -> str:
        """`Ana, Bea, or Carla`: one of them is enough."""
        return format_list(list(names), "or", self.locale)

    def __contains__(self, key: object) -> bool:
        return key in self._messages

    def keys(self) -> frozenset[str]:
        """Every key of the catalogue."""
        return frozenset(self._messages)

    def forms(self, key: str, /) -> Forms:
        """The raw forms of a message, one unless it counts. Raises UnknownMessage."""
        try:
            return self._messages[key]
        except KeyError:
            raise UnknownMessage(f"{key} ({self.locale})") from None

    def _fill(self, message: str, args: Mapping[str, object]) -> str:
        if not args and "{" not in message and "}" not in message:
            return message
        return message.format_map({name: self._shown(value) for name, value in args.items()})

    def _shown(self, value: object) -> object:
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        if self.lang == "es" and abs(value) < 10_000:
            return str(value)  # Spanish groups from five digits on, which Babel doesn't know
        return format_decimal(value, locale=self.locale)


def words_for(locale: str | None) -> Words:
    """The words for a Slack locale (es-ES, es-LA, en-GB …) or a language; what we don't speak gets English."""
    parts = (locale or "").replace("_", "-").lower().split("-")
    if parts[0] == "es":
        return _load("es" if parts[-1] in {"es", ""} else _LATIN_AMERICA)
    if parts == ["en", "gb"]:
        return _load(_BRITAIN)
    return _load(parts[0] if parts[0] in LANGUAGES else DEFAULT)


@cache
def _load(locale: str) -> Words:
    lang = locale.partition("_")[0]
    messages, plural = _read(_FOLDER / lang)
    if locale != lang:
        overrides, _ = _read(_FOLDER / locale)
        messages |= overrides
    return Words(lang, locale, messages, plural)


def _read(folder: Path) -> tuple[dict[str, Forms], Callable[[int], int]]:
    """One locale's files, merged. Raises BrokenCatalogue."""
    messages: dict[str, Forms] = {}
    plural = c2py("n != 1")
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        plural = c2py(catalogue.plural_expr)
        for message in catalogue:
            if not message.id:
                continue
            key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if key in messages:
                raise BrokenCatalogue(f"{path.name}: {key} is in another file too")
            if not forms or not all(forms):
                raise BrokenCatalogue(f"{path.name}: {key} has no text")
            messages[key] = forms
    return messages, plural
