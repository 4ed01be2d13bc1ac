"""Posts from a table and as a table: first it is shown what would be made, then it is made, once."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.agenda import Entry
from bot.desk.posts import Content
from bot.domain import sheets
from bot.domain.brands import Account, Brand, Role, Standing
from bot.domain.finding import folded
from bot.domain.people import Relationship
from bot.domain.posts import Kind, Post, PostStatus, Revision
from bot.domain.sheets import Row, Table
from bot.errors import FieldErrors, NotAllowed, UserError
from bot.text.when import Moment, Question, Refusal, parse
from bot.text.words import LANGUAGES, Words, words_for

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LONGEST = 3000
"""Characters of a text: what a form can hold again."""
BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST = 1000
AGAIN = 5
"""Seconds in which a second press is the same one."""
WRITERS = (Role.AUTHOR, Role.TRAINEE)
_ADRIFT = ("|", ";", "\n")


async def _nowhere(_: str) -> bytes:
    raise UserError("error.sheet_gone")


@dataclass(frozen=True)
class Line:
    """A row with what it would become; `problem` says why it can't."""

    row: Row
    content: Content | None = None
    problem: UserError | None = None


@dataclass(frozen=True)
class TableLook:
    """What a file would make in a brand."""

    brand: Brand
    table: Table
    lines: Sequence[Line]

    @property
    def wrong(self) -> Sequence[Line]:
        """The rows that have to be put right first."""
        return [line for line in self.lines if line.problem is not None]


@dataclass(frozen=True)
class Made:
    """How many posts there are now, how many of them were there before, and the rows that were refused meanwhile."""

    brand: Brand
    made: int
    before: int
    refused: Sequence[Line]


class Sheets:
    """download: a Slack file's bytes by its id; it raises UserError when the file is gone."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.download: Callable[[str], Awaitable[bytes]] = _nowhere

    async def look(self, brand_id: str, file: str, who: Standing, *, asked: datetime, language: str) -> TableLook:
        """What a file would make: nothing is made yet. asked: by which now its times are read.

        Raises NotAllowed for whoever may not write there, UserError for a file that is no such table.
        """
        brand = await self._desk.brand(brand_id)
        who.require(brand, *WRITERS)
        table = sheets.read(await self.download(file))
        accounts = await self._desk.accounts.of(brand.id)
        lines: list[Line] = []
        seen: set[tuple[datetime, str]] = set()
        for row in table.rows:
            try:
                content = self._content(row, brand, accounts, asked, language)
                places = {(content.due, id_) for id_ in content.accounts if content.due is not None}
                if places & seen:
                    raise UserError("sheet.same_time")
                seen |= places
                await self._refuse_unfit(content, brand, who, post_id(file, row))
                lines.append(Line(row, content))
            except FieldErrors as error:
                lines.append(Line(row, problem=next(iter(error.fields.values()))))
            except UserError as error:
                lines.append(Line(row, problem=error))
        return TableLook(brand, table, lines)

    async def make(
        self, brand_id: str, file: str, who: Standing, *, asked: datetime, language: str, review: bool
    ) -> Made:
        """Makes all of it, each row once however often this is asked: drafts, or posts in review.

        Raises UserError while any row that isn't made yet has a problem: then nothing is made.
        """
        desk = self._desk
        look = await self.look(brand_id, file, who, asked=asked, language=language)
        ids = {line.row.number: post_id(file, line.row) for line in look.lines}
        there = {post.id for post in await desk.store.find_many(Post, ids.values())}
        left = [line for line in look.lines if ids[line.row.number] not in there]
        if any(line.problem is not None for line in left):
            raise UserError("error.sheet_wrong")
        refused: list[Line] = []
        for line in left:
            content, id_ = line.content, ids[line.row.number]
            assert content is not None
            try:
                if review:
                    await desk.posts.submit(id_, content, who)
                else:
                    await desk.posts.save(id_, content, who)
            except FieldErrors as error:
                refused.append(replace(line, problem=next(iter(error.fields.values()))))
        made = len(left) - len(refused)
        if made:
            change = desk.store.begin()
            change.audit(desk.entry(who.id, "sheet.import", brand=brand_id, subject=brand_id, detail=str(made)))
            await change.commit()
        return Made(look.brand, made, len(there), refused)

    def _content(self, row: Row, brand: Brand, accounts: Sequence[Account], asked: datetime, language: str) -> Content:
        """What a row says; raises UserError for what it doesn't say, or not clearly."""
        text = row.cells.get("text", "").strip("\n")
        if not text.strip():
            raise UserError("sheet.no_text")
        if len(text) > LONGEST:
            raise UserError("sheet.long_text", most=LONGEST)
        if (other := row.get("brand")) and folded(other) not in {folded(brand.name), brand.id}:
            raise UserError("sheet.other_brand", name=other[:60])
        return Content(
            brand=brand.id,
            text=text,
            accounts=self._accounts(row.get("accounts"), accounts),
            kind=_kind(row.get("kind")),
            disclosure=_disclosure(row.get("disclosure")),
            due=_due(row, brand, asked, language),
            channel=brand.channel("review"),
        )

    def _accounts(self, typed: str, accounts: Sequence[Account]) -> tuple[str, ...]:
        """All of the brand's where none is named; by network, by handle, by name, or by network and handle."""
        if not typed:
            return tuple(account.id for account in accounts)
        for sign in _ADRIFT:
            typed = typed.replace(sign, ",")
        found: dict[str, None] = {}
        for name in filter(None, (part.strip() for part in typed.split(","))):
            fits = [account.id for account in accounts if folded(name) in self._names(account)]
            if len(fits) != 1:
                raise UserError("sheet.many_accounts" if fits else "sheet.no_account", name=name[:60])
            found[fits[0]] = None
        return tuple(found)

    def _names(self, account: Account) -> set[str]:
        network, title = account.network, self._desk.providers[account.network].title
        own = [account.name, account.handle, f"@{account.handle}"]
        both = [f"{each} {name}" for each in (network, title) for name in own]
        return {folded(name) for name in (network, title, *own, *both) if name.strip("@ ")}

    async def _refuse_unfit(self, content: Content, brand: Brand, who: Standing, id_: str) -> None:
        """Raises UserError for what its checks would not let through, or where another post has its slot."""
        now = self._desk.now()
        revision = Revision(
            number=1, text=content.text, accounts=content.accounts, kind=content.kind, disclosure=content.disclosure,
            by=who.id, at=now,
        )  # fmt: skip
        post = Post(
            id=id_, brand=brand.id, author=who.id, status=PostStatus.IN_REVIEW, revisions=(revision,), due=content.due,
            created_at=now, changed_at=now, channel=content.channel,
        )  # fmt: skip
        for found in await self._desk.posts.findings(post, brand, approving=False):
            if found.blocks:
                raise UserError(found.key, **found.args)
        await self._desk.slots.claiming(post, brand, "at")

    async def export(self, who: Standing, words: Words) -> bytes | None:
        """The posts of somebody's brands that have a time, as a table that can be read in again; None where it was
        asked for a moment ago and is on its way: two presses are one file.

        Raises NotAllowed for somebody with no role.
        """
        desk, now = self._desk, self._desk.now()
        brands = await desk.brands.mine(who)
        if not brands:
            raise NotAllowed("error.no_brand")
        if not await desk.store.client.set(desk.store.key("sheet_export", who.id), "1", nx=True, ex=AGAIN):
            return None
        head = [words(f"sheet.column.{name}") for name in ("brand", "date", "time", "zone", "accounts")]
        head += [words(f"sheet.column.{name}") for name in ("text", "kind", "disclosure", "status")]
        rows: list[list[str]] = []
        for brand in brands:
            accounts = {account.id: account for account in await desk.accounts.of(brand.id)}
            entries = await desk.agenda.between(accounts, now - BACK, now + AHEAD, most=MOST)
            rows += [self._written(entry, brand, [*accounts.values()], words) for entry in entries]
            change = desk.store.begin()
            change.audit(desk.entry(who.id, "sheet.export", brand=brand.id, subject=brand.id))
            await change.commit()
        return sheets.write(head, rows)

    def _written(self, entry: Entry, brand: Brand, accounts: Sequence[Account], words: Words) -> list[str]:
        post, local = entry.post, (entry.at or self._desk.now()).astimezone(brand.clock)
        names = [
            f"{self._desk.providers[each.network].title} {each.handle or each.name}"
            for each in accounts
            if each.id in post.current.accounts
        ]
        state = words(f"post_status.{post.status}")
        if post.status is PostStatus.APPROVED and entry.deliveries:
            state = ", ".join(dict.fromkeys(words(f"delivery_status.{each.state}") for each in entry.deliveries))
        now = post.current
        kind = words(f"compose.kind.{now.kind}") if now.kind else ""
        told = words(f"disclosure.{now.disclosure}") if now.disclosure is not Relationship.NONE else ""
        when = [f"{local:%Y-%m-%d}", f"{local:%H:%M}", brand.zone]
        return [brand.name, *when, "; ".join(names), "\n\n".join(now.segments), kind, told, state]


def post_id(file: str, row: Row) -> str:
    """The id of the post that a row becomes: the same each time."""
    return f"s{hashlib.sha256(f'{file} {row.number}'.encode()).hexdigest()[:19]}"


def _kind(typed: str) -> Kind | None:
    if not typed:
        return None
    for kind in Kind:
        labels = {words_for(language)(f"compose.kind.{kind}") for language in LANGUAGES}
        if folded(typed) in {folded(label) for label in (*labels, kind.value)}:
            return kind
    raise UserError("sheet.no_kind", name=typed[:60])


def _disclosure(typed: str) -> Relationship:
    for each in Relationship:
        labels = {words_for(language)(f"disclosure.{each}") for language in LANGUAGES}
        if folded(typed) in {folded(label) for label in (*labels, each.value)}:
            return each
    if typed:
        raise UserError("sheet.no_disclosure", name=typed[:60])
    return Relationship.NONE


def _due(row: Row, brand: Brand, asked: datetime, language: str) -> datetime:
    """Raises UserError for a time that isn't there, isn't clear, or is over."""
    typed = row.get("when") or f"{row.get('date')} {row.get('time')}".strip()
    if not typed:
        raise UserError("sheet.no_time")
    answer = parse(typed.removesuffix(":00") if typed.count(":") == 2 else typed, asked, brand.clock, language)
    match answer:
        case Moment(at=at) if at > asked.astimezone(UTC):
            return at
        case Moment():
            raise UserError("check.past_time")
        case Question():
            raise UserError("sheet.unclear_time", part=typed[:60])
        case Refusal():
            raise UserError("sheet.time", part=typed[:60])
