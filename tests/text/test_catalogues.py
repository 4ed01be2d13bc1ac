"""Both languages say everything, with the same blanks to fill, within Slack's limits, in the house's Spanish."""

import string
from pathlib import Path

import pytest
import regex
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.text import words as words_module
from bot.text.words import LANGUAGES, Words, words_for

LOCALE = Path(words_module.__file__).parent / "locale"
FILES = sorted(LOCALE.glob("*/*.po"))
READERS = ("en", "es-ES", "es-LA")

# Words that are the same in both languages; anything else that is equal was left untranslated.
SAME_IN_BOTH = {
    "closed.spam", "closed.legal", "command.idea", "concern.legal", "time.minutes", "time.hours",
    "settings.roles", "settings.roles.title", "network.x.access_token", "network.x.access_token_secret",
}  # fmt: skip

# What a message may hold by what it is for, from Slack's limits on views and on the confirm dialog.
LIMITS = {
    r"^(button|shortcut|menu)\.": 24,
    r"\.(title|\w+_title)$": 24,
    r"^confirm\..*\.ask$": 100,
    r"^confirm\..*\.text$": 200,  # of 300: the accounts' names go in too
    r"^confirm\.(.*\.)?(yes|no)$": 30,
    r"\.placeholder$": 150,
    r"\.(\w+_)?heading$": 100,
    r"^(closed|role|compose\.kind|compose\.when)\.": 75,
    r"^manifest\.more$": 4000,
    r"^manifest\.": 140,
    r"": 300,
}

# The other shore's "you", and words that are rude or misleading on one of them.
NOT_OURS = regex.compile(
    r"\b(?:vosotr[oa]s|vuestr[oa]s?|sois|os|usted(?:es)?|vos|sos|\p{L}+(?:áis|éis)|"
    r"(?:habl|mir|prob|esper|revis|public|envi|envi|aprob|avis)ad(?:l[oae]s?)?|"
    r"ten[eé]s|pod[eé]s|quer[eé]s|sab[eé]s|hacé|escribí|elegí|probá|mirá|pulsá|revisá|cambiá|usá|pedí|poné|decí|"
    r"abrí|cerrá|enviá|aprobá|adjuntá|invitame|"
    r"cog(?:e|er|es|ido)|huecos?|embajador(?:es|a|as)?)\b",
    regex.IGNORECASE,
)


def placeholders(form: str) -> set[str]:
    """The names to fill; a format, an index or an attribute is not for translators."""
    names = set()
    for _, name, spec, conversion in string.Formatter().parse(form):
        if name is not None:
            assert name.isidentifier(), form
            assert not spec, form
            assert not conversion, form
            names.add(name)
    return names


def everything(reader: str) -> list[tuple[str, str]]:
    words = words_for(reader)
    return [(key, form) for key in sorted(words.keys()) for form in words.forms(key)]


def entries(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file, abort_invalid=True) if message.id]


def test_both_languages_have_the_same_messages() -> None:
    english, spanish = words_for("en"), words_for("es-ES")
    assert english.keys() == spanish.keys()
    for key in english.keys():  # noqa: SIM118 - Words is no mapping
        blanks = [placeholders(form) for words in (english, spanish) for form in words.forms(key)]
        assert all(blank == blanks[0] for blank in blanks), key
        assert len(english.forms(key)) == len(spanish.forms(key)), key


def test_a_region_only_overrides() -> None:
    common = words_for("es-ES")
    for path in (LOCALE / "es_419").glob("*.po"):
        for message in entries(path):
            key = message.id if isinstance(message.id, str) else message.id[0]
            assert key in common, key
            assert words_for("es-LA").forms(key) != common.forms(key), f"{key} says the same"


def test_nothing_is_untranslated() -> None:
    english, spanish = words_for("en"), words_for("es-ES")
    for key, form in everything("en"):
        has_words = regex.search(r"\p{L}{3,}", regex.sub(r"\{\w+\}|`[^`]*`", "", form))
        if has_words and key not in SAME_IN_BOTH:
            assert english.forms(key) != spanish.forms(key), key


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_files_are_well_formed(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.name, abort_invalid=True)
    assert catalogue.plural_expr == "(n != 1)"
    assert catalogue.num_plurals == 2
    assert not catalogue.obsolete
    assert not list(catalogue.check()), path
    for message in entries(path):
        assert not message.fuzzy, message.id
        key = message.id if isinstance(message.id, str) else message.id[0]
        assert regex.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)+", key), key
        if message.pluralizable:
            assert message.id == (key, key), key
            assert message.string is not None, key
            assert len(message.string) == 2, key
    ids = regex.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), regex.MULTILINE)
    assert len(ids) == len(set(ids)), [key for key in ids if ids.count(key) > 1]


@pytest.mark.parametrize("name", sorted({path.name for path in FILES}))
def test_languages_keep_the_same_order(name: str) -> None:
    order = [
        regex.findall(r'^(# ---.*|msgid ".*)$', (LOCALE / lang / name).read_text("utf-8"), regex.M)
        for lang in LANGUAGES
    ]
    assert order[0] == order[1]


@pytest.mark.parametrize("reader", READERS)
def test_messages_fit_slack(reader: str) -> None:
    for key, form in everything(reader):
        limit = next(most for pattern, most in LIMITS.items() if regex.search(pattern, key))
        assert len(form) <= limit, (key, len(form), limit)


@pytest.mark.parametrize("reader", ["es-ES", "es-LA"])
def test_spanish_is_for_both_shores(reader: str) -> None:
    for key, form in everything(reader):
        assert not NOT_OURS.search(form), (key, form)


@pytest.mark.parametrize("reader", READERS)
def test_typography(reader: str) -> None:
    for key, form in everything(reader):
        assert "..." not in form, key
        assert '"' not in form, key
        assert form == form.strip(), key
        assert "  " not in form, key
        if reader != "en":
            assert form.count("¿") == form.count("?"), key
            assert form.count("¡") == form.count("!"), key
        assert form.count("*") % 2 == form.count("`") % 2 == 0, key


@pytest.mark.parametrize("reader", READERS)
def test_every_message_can_be_said(reader: str) -> None:
    words: Words = words_for(reader)
    for key in words.keys():  # noqa: SIM118 - Words is no mapping
        forms = words.forms(key)
        args = dict.fromkeys(placeholders(forms[0]) - {"n"}, "«x»")
        said = words(key, **args) if len(forms) == 1 else words.n(key, 3, **args)
        assert "{" not in said, key
