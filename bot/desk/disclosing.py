"""Disclosure: the words that tell a relationship, put where they are read; and whom a post names that has one."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain import disclosure as rules
from bot.domain import preview
from bot.domain.brands import Account, Brand
from bot.domain.checks import Answered, Subject
from bot.domain.checks.disclosure import names_of, told_where_read, tongue_of
from bot.domain.disclosure import Told
from bot.domain.people import Relationship
from bot.domain.threads import Texts

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_MENTION = re.compile(r"(?<![\w/@])@(\w+(?:\.\w+)*)")


class Disclosing:
    """What forms and checks ask."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def head(self, account: Account, text: str) -> str:
        """The part of a text in which a relationship has to be told on an account."""
        return preview.opening(text, self._desk.providers[account.network].limits.feed)

    def words(self, brand: Brand, relationship: Relationship, text: str, partner: str = "") -> str:
        """The words that tell it in a text's language; `partner`: the partner's name."""
        return rules.wording(relationship, tongue_of(text, brand), brand.name, partner)

    def begun(
        self, brand: Brand, accounts: Sequence[Account], relationship: Relationship, text: str, partner: str = ""
    ) -> str:
        """A text that begins with them; as it is, where it tells it already on each of these accounts."""
        spoken, names = tongue_of(text, brand), names_of(brand, *accounts)
        heads = [self.head(account, text) for account in accounts] or [text]
        if all(rules.told(head, relationship, spoken, names) is not Told.NO for head in heads):
            return text
        return rules.begun(text, self.words(brand, relationship, text, partner))

    def put(
        self,
        brand: Brand,
        accounts: Sequence[Account],
        relationship: Relationship,
        segments: Texts,
        own: Mapping[str, Texts],
    ) -> tuple[Texts, Mapping[str, Texts]]:
        """A post's text, and those of single accounts, each beginning with what tells it, where that is missing."""
        shared = [account for account in accounts if account.id not in own]
        told = {
            id_: (self.begun(brand, [each for each in accounts if each.id == id_], relationship, first), *rest)
            for id_, (first, *rest) in own.items()
        }
        first, *rest = segments
        alone = bool(own) and not shared  # then nobody reads it
        return (first if alone else self.begun(brand, shared, relationship, first), *rest), told

    def hides(self, brand: Brand, account: Account, text: str, answered: Answered | None) -> bool:
        """Whether an answer thanks or praises somebody who is something to the brand, and doesn't say so."""
        if answered is None or "disclosure" in brand.rules.off:
            return False
        subject = Subject(texts=(text,), brand=brand, now=self._desk.now(), accounts=(account,), answered=answered)
        return any(told_where_read(subject))

    async def named(
        self, brand: Brand, accounts: Sequence[Account], texts: Sequence[str]
    ) -> Mapping[str, Relationship]:
        """Whom some texts name, of those who are something to the brand; by their handles, as the texts have them."""
        mentioned = dict.fromkeys(handle.casefold() for text in texts for handle in _MENTION.findall(text))
        if not mentioned:
            return {}
        networks = {account.network for account in accounts}
        known = {
            person.outsider.handle.casefold(): person.relationship
            for person in await self._desk.people.related(brand.id)
            if person.network in networks
        }
        return {handle: known[handle] for handle in mentioned if handle in known}
