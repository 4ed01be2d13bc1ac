"""What is checked, with all that a rule may look at: gathered by the desk, so that every rule stays pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.brands import Account, Brand
from bot.domain.facts import Fact
from bot.domain.people import Relationship
from bot.domain.posts import Kind, Revision


@dataclass(frozen=True)
class Earlier:
    """Another post on an account: live, planned or waiting for review; `at` is its time there."""

    post: str
    text: str
    at: datetime
    kind: Kind | None = None
    live: bool = False


@dataclass(frozen=True)
class Answered:
    """Whom an answer is for, as their page has them: what they are to the brand, and what they said."""

    name: str
    relationship: Relationship
    said: str


@dataclass(frozen=True)
class Subject:
    """A post's revision, or a public answer (`revision` None), that is looked at.

    texts: what will be read, segment by segment, each once. due: its time, None for as soon as it may. names: how each
    account is shown, by id. others: what else is on each account, by id, oldest first. links: what is wrong with the
    addresses in it, as message keys by address, as far as somebody looked. facts: those that nothing may lean on;
    leans: those of the brand's that a post leans on, as its author says. signed: of an answer, all that will be read
    with the signature. disclosure: the relationship that it has to tell. heads: by account id, the part of its first
    text where that has to stand. related: the people whom it names, by their handles, as far as they have one.
    answered: whom a public answer is for.
    """

    texts: Sequence[str]
    brand: Brand
    now: datetime
    accounts: Sequence[Account] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    revision: Revision | None = None
    due: datetime | None = None
    approving: bool = True
    channel_brand: str | None = None
    others: Mapping[str, Sequence[Earlier]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    signed: str = ""
    facts: Sequence[Fact] = ()
    leans: Sequence[Fact] = ()
    disclosure: Relationship = Relationship.NONE
    heads: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, Relationship] = field(default_factory=dict)
    answered: Answered | None = None

    @property
    def text(self) -> str:
        """Everything that will be read."""
        return "\n".join(self.texts)

    @property
    def whole(self) -> str:
        """The same with what nobody typed."""
        return self.signed or self.text

    def on(self, account: str) -> str:
        """Everything that will be read on one account."""
        return "\n".join(self.revision.texts(account)) if self.revision is not None else self.text

    def first(self, account: str) -> str:
        """What is read first on one account."""
        return self.revision.texts(account)[0] if self.revision is not None else self.text

    @property
    def at(self) -> datetime:
        """When it goes out, as far as anybody knows."""
        return max(self.due, self.now) if self.due is not None else self.now
