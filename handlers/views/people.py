"""Who somebody is to a brand: the line on a card, the page behind it, the list of a search."""

from collections.abc import Mapping

from bot.desk.people import FOUND, FoundPeople, PersonPage
from bot.domain.conversations import Conversation
from bot.domain.moods import Tone
from bot.domain.people import NOTE, TAG, TAGS, Person, Relationship, Sign
from bot.slack.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    confirm,
    context,
    plain,
    rich,
    section,
    select,
    text_input,
)
from bot.slack.blocks import option as choice
from bot.slack.forms import Form, Typed
from bot.slack.uploads import OwnFile
from bot.slack.wire import Button, Command
from bot.text.markup import link as address
from bot.text.relaying import relay, relay_plain
from bot.text.times import day, moment
from bot.text.words import Words
from handlers.views.courtesies import consent_blocks
from handlers.views.faces import Names, brand_face, practice_mark
from handlers.views.legal import EndHold, KeepForLegal, hold_blocks
from handlers.views.mood import FACES
from handlers.views.private import private_mark

NOTES = 8
TALKS = 6
MONTHS = 6


class PeopleCommand(Command, id="people"):
    """`/vocero people [words]`."""


class ShowPeople(Button, id="people.show"):
    """The same from a menu."""


class SeePerson(Button, id="people.see"):
    """Opens somebody's page."""

    outsider: str


class EditPerson(Button, id="people.edit"):
    """Opens the form of tags, note and relationship."""

    outsider: str


class ConfirmAdvocate(Button, id="people.advocate"):
    """They are an advocate, or are none any more."""

    outsider: str
    yes: bool = True


class SeekSame(Button, id="people.same"):
    """Opens the search for another profile of the same human."""

    outsider: str


class LinkPeople(Button, id="people.link"):
    """Both are one human, or two after all."""

    outsider: str
    other: str
    apart: bool = False


class ForgetPerson(Button, id="people.forget"):
    """Everything that they said and that we noted goes."""

    outsider: str


class ExportPerson(Button, id="people.export"):
    """Everything that is kept of them, as a file for whoever presses."""

    outsider: str


class PersonForm(Form, id="people.form"):
    """What the team adds: tags, one more note, what they are to the brand."""

    outsider: str
    tags: Typed[str] = ""
    note: Typed[str] = ""
    relationship: Typed[str] = Relationship.NONE.value


class SameForm(Form, id="people.same_form"):
    """Who else may be the same human."""

    outsider: str
    words: Typed[str] = ""


def person_note(person: Person | None, before: int, words: Words) -> list[str]:
    """`4th conversation · regular, press · advocate`: our history with somebody in a line; empty for a stranger."""
    parts = [words.n("people.before", before)] if before else []
    if person is not None:
        parts += [relay(", ".join(person.tags), 200)] if person.tags else []
        parts += [f":star: {words('people.is_advocate')}"] if person.advocate_by else []
        if person.relationship is not Relationship.NONE:
            parts.append(words(f"people.relationship.{person.relationship}"))
        parts += [words.n("people.has_notes", len(person.notes))] if person.notes else []
    return parts


def person_view(page: PersonPage, words: Words, names: Names) -> View:
    """The page: who, what it adds up to, what we noted, what they said last."""
    person, history = page.person, page.history
    blocks: list[Block] = [
        context(relay(brand_face(page.brand), 120), *practice_mark(page.brand, words)),
        section(_who(person, page.titles, words)),
        context(" · ".join(_counts(page, words))),
        *_months(page, words),
        *_suggestions(page, words),
        *hold_blocks(page.person.hold, page.brand, words, names, page.now),
        *_noted(page, words, names),
        *consent_blocks(page, words, names),
        *_said(page, words),
        *_linked(page, words),
        actions(*_acts(page, words)),
    ]
    if not history.heard:
        blocks.insert(3, context(words("people.nothing_said")))
    return _modal(words("people.title"), blocks, words)


def _who(person: Person, titles: Mapping[str, str], words: Words) -> str:
    outsider = person.outsider
    network = titles.get(person.network, person.network)
    handle = f" @{relay(outsider.handle, 60)}" if outsider.handle and outsider.handle != outsider.name else ""
    followers = f" · {words.n('inbox.followers', outsider.followers)}" if outsider.followers is not None else ""
    return f"*{relay(outsider.name, 80) or '—'}*{handle} · {network}{followers}"


def _counts(page: PersonPage, words: Words) -> list[str]:
    history, clock = page.history, page.brand.clock
    parts = [words.n("people.conversations", history.conversations), words.n("people.heard", history.heard)]
    if history.first is not None:
        parts.append(words("people.since", day=day(history.first.astimezone(clock).date(), words)))
    moods = [f"{FACES[tone]} {history.tones[tone]}" for tone in Tone if history.tones.get(tone)]
    return [*parts, *moods]


def _months(page: PersonPage, words: Words) -> list[Block]:
    """How the mood went, month by month; nothing where there is one month only."""
    months = list(page.history.months)[-MONTHS:]
    if len(months) < 2:
        return []
    told = [
        f"{month} " + " ".join(f"{FACES[tone]} {count}" for tone, count in counts.items() if count)
        for month, counts in months
    ]
    return [context(f"{words('people.over_time')} {' · '.join(told)}")]


def _suggestions(page: PersonPage, words: Words) -> list[Block]:
    """What behaviour suggests, always with its reasons, never acted on."""
    blocks: list[Block] = []
    if page.history.advocate and not page.person.advocate_by:
        reasons = _reasons(page.history.advocate, words)
        yes = ConfirmAdvocate(outsider=page.person.id).draw(words("people.confirm_advocate"))
        blocks.append(section(f":star: {words('people.maybe_advocate', reasons=reasons)}", accessory=yes))
    if page.history.flagged:
        reasons = _reasons(page.history.flagged, words)
        blocks.append(section(f":triangular_flag_on_post: {words('people.flagged', reasons=reasons)}"))
    return blocks


def _reasons(signs: Mapping[Sign, int], words: Words) -> str:
    return ", ".join(words.n(f"people.sign.{sign}", count) for sign, count in signs.items())


def _noted(page: PersonPage, words: Words, names: Names) -> list[Block]:
    person = page.person
    lines: list[str] = []
    if person.tags:
        lines.append(f"{words('people.tags')}: {relay(', '.join(person.tags), 900)}")
    if person.relationship is not Relationship.NONE:
        lines.append(words(f"people.relationship.{person.relationship}"))
    if person.advocate_by and person.advocate_at:
        since = day(person.advocate_at.astimezone(page.brand.clock).date(), words)
        lines.append(words("people.advocate_since", name=names.get(person.advocate_by, ""), day=since))
    blocks: list[Block] = [section("\n".join(lines))] if lines else []
    for note in person.notes[-NOTES:]:
        when = moment(note.at, page.brand.clock, words, page.now)
        blocks += [context(f":memo: {names.get(note.by, '')} · {when}"), rich(relay_plain(note.text, NOTE))]
    return blocks


def _said(page: PersonPage, words: Words) -> list[Block]:
    if not page.talks:
        return []
    return [context(words("people.said_last")), *(section(_talk(talk, page, words)) for talk in page.talks[:TALKS])]


def _talk(talk: Conversation, page: PersonPage, words: Words) -> str:
    latest = talk.latest
    when = moment(latest.at, page.brand.clock, words, page.now)
    shown = address(latest.url, when) if latest.url.startswith(("https://", "http://")) else when
    state = words(f"closed.{talk.closed_as}") if talk.closed_as else words("people.open")
    text = relay(latest.text, 240) or words("people.no_words")
    return f"{FACES[latest.tone]} {shown} · {state}{private_mark(talk, words)}\n{text}"


def _linked(page: PersonPage, words: Words) -> list[Block]:
    return [
        section(
            f":link: {_who(other, page.titles, words)}",
            accessory=LinkPeople(outsider=page.person.id, other=other.id, apart=True).draw(
                words("people.unlink"), suffix=other.id
            ),
        )
        for other in page.linked[:10]
    ]


def _acts(page: PersonPage, words: Words) -> list[Element]:
    id_ = page.person.id
    sure = confirm(
        words("people.forget"), words("people.forget_sure", name=relay(page.person.outsider.name, 60)),
        words("people.forget"), words("button.cancel"), danger=True,
    )  # fmt: skip
    return [
        EditPerson(outsider=id_).draw(words("people.edit")),
        SeekSame(outsider=id_).draw(words("people.same")),
        *(
            [ConfirmAdvocate(outsider=id_, yes=False).draw(words("people.no_advocate"))]
            if page.person.advocate_by
            else []
        ),
        ExportPerson(outsider=id_).draw(words("people.export")),
        EndHold(outsider=id_).draw(words("legal.end"))
        if page.person.hold
        else KeepForLegal(outsider=id_).draw(words("legal.keep")),
        ForgetPerson(outsider=id_).draw(words("people.forget"), style="danger", confirm=sure),
    ]


def person_form(page: PersonPage, words: Words) -> View:
    """Tags, a note, the relationship."""
    person = page.person
    kinds = [choice(words(f"people.relationship.{each}"), each.value) for each in Relationship]
    note = text_input(lines=True, most=NOTE)
    return PersonForm(outsider=person.id).open(
        title=words("people.title"),
        submit=words("button.save"),
        close=words("button.cancel"),
        blocks=[
            section(_who(person, page.titles, words)),
            PersonForm.input(
                "tags", words("people.tags"), text_input(", ".join(person.tags), most=(TAG + 2) * TAGS),
                hint=words("people.tags_hint"), optional=True,
            ),
            PersonForm.input("note", words("people.note"), note, hint=words("people.note_hint"), optional=True),
            PersonForm.input(
                "relationship", words("people.relationship"), select(kinds, person.relationship.value),
                hint=words("people.relationship_hint"),
            ),
        ],
    )  # fmt: skip


def same_form(page: PersonPage, words: Words) -> View:
    """Whose other profile it is looked for."""
    return SameForm(outsider=page.person.id).open(
        title=words("people.same_title"),
        submit=words("audit.find"),
        close=words("button.cancel"),
        blocks=[
            section(_who(page.person, page.titles, words)),
            SameForm.input(
                "words", words("people.name"), text_input(most=100, focus=True), hint=words("people.same_hint")
            ),
        ],
    )


def same_found(page: PersonPage, found: FoundPeople, words: Words) -> View:
    """Those it may be, with the press that says so."""
    others = [each for each in found.people if each.id != page.person.id and each.brand == page.person.brand]
    blocks: list[Block] = [section(_who(page.person, page.titles, words))]
    for other in others:
        same = LinkPeople(outsider=page.person.id, other=other.id).draw(words("people.is_same"), suffix=other.id)
        blocks.append(section(_who(other, page.titles, words), accessory=same))
    if not others:
        blocks.append(section(words("people.none_found", words=relay(found.words, 80))))
    return _modal(words("people.same_title"), blocks, words)


def forgotten_view(count: int, words: Words) -> View:
    """What was forgotten."""
    return _modal(words("people.title"), [section(words.n("people.forgotten", count))], words)


def export_file(person: Person, text: str, words: Words) -> OwnFile:
    """The file. Its name says nothing of the person: names of files are shown where files are listed."""
    said = words("people.export_said", name=relay(person.outsider.name, 60))
    return OwnFile(f"export-{person.id[:8]}.json", text.encode(), words("people.export_file"), said)


def exported_view(words: Words) -> View:
    """Where the file goes."""
    return _modal(words("people.title"), [section(words("people.exported"))], words)


def people_message(found: FoundPeople, titles: Mapping[str, str], words: Words) -> Message:
    """Who was found, or who spoke last; each with the way to their page."""
    heading = words("people.found", words=relay(found.words, 80)) if found.words else words("people.latest")
    if not found.people:
        none = words("people.none_found", words=relay(found.words, 80)) if found.words else words("people.nobody")
        return Message(none, [section(none)])
    blocks: list[Block] = [section(f"*{heading}*")]
    for person in found.people:
        brand = found.brands[person.brand]
        parts = [relay(brand_face(brand), 80), *person_note(person, 0, words)]
        see = SeePerson(outsider=person.id).draw(words("people.see"), suffix=person.id)
        blocks.append(section(f"{_who(person, titles, words)}\n{' · '.join(parts)}", accessory=see))
    blocks.append(context(words.n("people.more", FOUND) if found.more else words("people.search_hint")))
    return Message(heading, blocks)


def _modal(title: str, blocks: list[Block], words: Words) -> View:
    return {"type": "modal", "title": plain(title, 24), "close": plain(words("button.close"), 24), "blocks": blocks}
