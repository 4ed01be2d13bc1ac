"""A relationship is told where everybody reads it: of a post at its beginning, of an answer to somebody who has one."""

from collections.abc import Iterator

from bot.domain import disclosure as rules
from bot.domain.brands import Account, Brand
from bot.domain.checks.findings import Finding
from bot.domain.checks.style import spanish
from bot.domain.checks.subject import Subject
from bot.domain.disclosure import Told, Tongue
from bot.domain.people import Relationship

LATE = "late"
"""It is told, but where most people don't read it."""


def told_where_read(subject: Subject) -> Iterator[Finding]:
    """A post that comes of a relationship, or names somebody who has one, tells it; an answer only gets a warning."""
    if subject.revision is None and subject.disclosure is Relationship.NONE:
        yield from _in_answer(subject)
    elif subject.disclosure is Relationship.NONE:
        yield from _of_people(subject)
    else:
        yield from _missing(subject)


def tongue_of(text: str, brand: Brand) -> Tongue:
    """Whose words count for a text of a brand; where its language can't be told, the brand's."""
    known = spanish(text)
    is_spanish = brand.language == "es" if known is None else known
    return rules.tongue("es" if is_spanish else "en", brand.zone)


def names_of(brand: Brand, *accounts: Account) -> list[str]:
    """What the brand is called on those accounts."""
    return [brand.name, *(name for each in accounts for name in (each.name, each.handle))]


def _missing(subject: Subject) -> Iterator[Finding]:
    """What each account's first text lacks; accounts that lack the same are told together."""
    lacking: dict[tuple[str, str, str], list[str]] = {}
    for account in subject.accounts:
        first = subject.first(account.id)
        head, spoken = subject.heads.get(account.id, first), tongue_of(first, subject.brand)
        names = names_of(subject.brand, account)
        found: str = rules.told(head, subject.disclosure, spoken, names)
        if found == Told.NO and rules.told(first, subject.disclosure, spoken, names) is Told.YES:
            found = LATE
        if found != Told.YES:
            own = subject.revision is not None and account.id in subject.revision.own
            words = rules.wording(subject.disclosure, spoken, subject.brand.name)
            place = found, words, f"own:{account.id}" if own else "text"
            lacking.setdefault(place, []).append(subject.names.get(account.id, account.name))
    for (found, words, field), accounts in lacking.items():
        args = {"account": ", ".join(accounts), "words": words}
        yield Finding(key=f"check.disclosure_{found}", blocks=True, field=field, args=args)


def _of_people(subject: Subject) -> Iterator[Finding]:
    """Whoever a post names, as far as their page says that they are paid, were given something or are partners. Of a
    colleague it only warns: that one works here may be what the post is about."""
    for handle, relationship in subject.related.items():
        args = {"handle": f"@{handle}", "kind": f"people.relationship.{relationship}"}
        blocks = relationship is not Relationship.EMPLOYEE
        yield Finding(key="check.disclosure_person", blocks=blocks, field="text", args=args)


def _in_answer(subject: Subject) -> Iterator[Finding]:
    """We thank or praise somebody in public, and readers take them for a customer like any other."""
    other = subject.answered
    if other is None or other.relationship is Relationship.NONE or not rules.praises(subject.text):
        return
    names = names_of(subject.brand, *subject.accounts)
    for text in (subject.text, other.said):  # what they said may have told it already
        if rules.told(text, other.relationship, tongue_of(text, subject.brand), names) is Told.YES:
            return
    spoken = tongue_of(subject.text, subject.brand)
    words = rules.wording(other.relationship, spoken, subject.brand.name, other.name)
    args = {"name": other.name, "kind": f"people.relationship.{other.relationship}", "words": f"({words})"}
    yield Finding(key="check.disclosure_answer", blocks=False, field="text", args=args)
