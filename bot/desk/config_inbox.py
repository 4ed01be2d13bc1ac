"""What a configuration file says of a brand's inbox: rules, routes, saved replies, and for how long all is kept.

Each is known by its name. What the file doesn't name stays; routes stand in the file's order, before any other.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.domain.brands import Brand, Role, Standing
from bot.domain.moods import Tone
from bot.domain.routing import Route, route_of
from bot.domain.rulebook import Rulebook, in_order
from bot.domain.ruled import Strength
from bot.domain.ruling import NAME, ModerationRule, rule_of
from bot.domain.saved_replies import TEXT, TITLE, SavedReply, refuse_unclear
from bot.errors import FieldErrors, UserError
from bot.text.language import SPOKEN
from bot.text.words import words_for

if TYPE_CHECKING:
    from bot.desk.desk import Desk

Named = Callable[[str], Awaitable[str | None]]
"""A name in Slack as an id, None for what isn't there."""


class Strict(BaseModel):
    """A part of the file: what is misspelt must not be left out in silence."""

    model_config = ConfigDict(extra="forbid")


class RuleFile(Strict):
    """A rule that acts by itself while it is `on`."""

    name: str = Field(min_length=1, max_length=NAME)
    strength: Strength = Strength.FLAG
    words: tuple[str, ...] = ()
    links: bool = False
    tags: tuple[str, ...] = ()
    on: bool = False


class RouteFile(Strict):
    """A route: channel and member by Slack name or id, accounts by our ids (`x-1234`, as exported)."""

    name: str = Field(min_length=1, max_length=NAME)
    accounts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    language: str = ""
    moods: tuple[Tone, ...] = ()
    tags: tuple[str, ...] = ()
    channel: str = ""
    member: str = ""
    role: Role | None = None


class ReplyFile(Strict):
    """A saved reply; language is an ISO 639-1 code, empty where it fits every language."""

    title: str = Field(min_length=1, max_length=TITLE)
    text: str = Field(min_length=1, max_length=TEXT)
    language: str = ""

    @field_validator("language")
    @classmethod
    def _spoken(cls, language: str) -> str:
        if language and language not in SPOKEN:
            raise ValueError(f"no language {language!r}; there are {', '.join(SPOKEN)}")
        return language


class InboxFile(Strict):
    """A brand keeps what it has where the file says nothing. keep_days as in the rulebook: 0 until they ask."""

    rules: list[RuleFile] = Field(default_factory=list)
    routes: list[RouteFile] = Field(default_factory=list)
    saved_replies: list[ReplyFile] = Field(default_factory=list)
    keep_days: int | None = Field(default=None, ge=0, le=3650)


@dataclass(frozen=True)
class InboxPlan:
    """The same with ids for names, looked at as far as that goes before anything is written."""

    rules: Sequence[ModerationRule]
    routes: Sequence[Route]
    replies: Sequence[SavedReply]
    keep_days: int | None


class Wrong(Exception):
    """What of it can't be kept; `sentences` say where and why."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


async def plan(desk: "Desk", brand: str, file: InboxFile, *, member: Named, channel: Named) -> InboxPlan:
    """What is to be written; raises Wrong, with a sentence for each mistake."""
    book = await desk.rulebooks.of(brand)
    stored = {(each.title.casefold(), each.language): each.id for each in await desk.saved_replies.of(brand)}
    wrong = _twice("rules", (rule.name for rule in file.rules))
    wrong += _twice("routes", (route.name for route in file.routes))
    wrong += _twice("saved_replies", (f"{each.title} {each.language}" for each in file.saved_replies))

    rules = []
    for rule in file.rules:
        known = next((each for each in book.moderation if _same(each.name, rule.name)), None)
        base = known or ModerationRule(id=desk.new_id(), name=rule.name)
        try:
            rules.append(rule_of(base.model_copy(update=dict(rule))))
        except UserError as error:
            wrong.append(f"rules: {rule.name}: {_said(error)}")
    routes = []
    for route in file.routes:
        old = next((each for each in book.routes if _same(each.name, route.name)), None)
        ids = {"channel": "", "member": ""}
        for field, name, ask in (("channel", route.channel, channel), ("member", route.member, member)):
            found = await ask(name) if name else ""
            if found is None:
                wrong.append(f"routes: {route.name}: no Slack {field} {name!r}")
            ids[field] = found or ""
        base_route = old or Route(id=desk.new_id(), name=route.name)
        try:
            routes.append(route_of(base_route.model_copy(update=dict(route) | ids)))
        except UserError as error:
            wrong.append(f"routes: {route.name}: {_said(error)}")
    replies = []
    for reply in file.saved_replies:
        title = " ".join(reply.title.split())
        id_ = stored.get((title.casefold(), reply.language)) or desk.new_id()
        try:
            refuse_unclear(title, reply.text.strip())
        except FieldErrors as error:
            wrong += [f"saved_replies: {reply.title}: {_said(each)}" for each in error.fields.values()]
        about = {"id": id_, "brand": brand, "title": title, "text": reply.text.strip(), "language": reply.language}
        replies.append(SavedReply(**about, by="", at=desk.now()))
    if wrong:
        raise Wrong([f"{brand}: inbox.{each}" for each in wrong])
    return InboxPlan(rules, routes, replies, file.keep_days)


async def save(desk: "Desk", brand: Brand, wanted: InboxPlan, who: Standing) -> Sequence[str]:
    """Write it, by the verbs that admins use; answers one line per thing done. Raises Wrong for what only shows now,
    as an account that isn't the brand's."""
    if wanted == InboxPlan([], [], [], None):
        return []
    before, changed = await desk.rulebooks.of(brand.id), 0
    at = ""
    try:
        for rule in wanted.rules:
            at = f"rules: {rule.name}"
            await desk.rulebooks.save_rule(brand.id, rule, who)
        for route in wanted.routes:
            at = f"routes: {route.name}"
            await desk.routing.save(brand.id, route, who)
        ids = [route.id for route in wanted.routes]
        await desk.rulebooks.change(brand.id, who, "order", lambda old: in_order(old, ids), ", ".join(ids))
        if wanted.keep_days is not None:
            at = "keep_days"
            await desk.retention.set_days(brand.id, wanted.keep_days, who)
        stored = {each.id: each for each in await desk.saved_replies.of(brand.id)}
        for reply in wanted.replies:
            at, old = f"saved_replies: {reply.title}", stored.get(reply.id)
            if old is None or (old.title, old.text) != (reply.title, reply.text):
                await desk.saved_replies.save(reply.id, brand.id, reply.title, reply.text, reply.language, who)
                changed += 1
    except FieldErrors as error:
        raise Wrong([f"{brand.id}: inbox.{at} ({name}): {_said(why)}" for name, why in error.fields.items()]) from error
    except UserError as error:
        raise Wrong([f"{brand.id}: inbox.{at}: {_said(error)}"]) from error
    same = before.model_copy(update={"version": 0}) == (await desk.rulebooks.of(brand.id)).model_copy(
        update={"version": 0}
    )
    return [f"inbox of {brand.name}: {'as it was' if same and not changed else 'changed'}"]


async def exported(desk: "Desk", brand: str) -> dict[str, Any]:
    """A brand's inbox as such a part of the file."""
    book: Rulebook = await desk.rulebooks.of(brand)
    rules, routes = set(RuleFile.model_fields), set(RouteFile.model_fields)
    return {
        "rules": [each.model_dump(mode="json", include=rules) for each in book.moderation],
        "routes": [
            each.model_dump(mode="json", include=routes) | {"member": each.member.rpartition(":")[2]}
            for each in book.routes
        ],
        "saved_replies": [
            each.model_dump(mode="json", include=set(ReplyFile.model_fields))
            for each in await desk.saved_replies.of(brand)
        ],
        "keep_days": book.keep_days,
    }


def _same(one: str, other: str) -> bool:
    return one.casefold() == " ".join(other.split()).casefold()


def _twice(where: str, names: Iterable[str]) -> list[str]:
    known = [" ".join(name.split()).casefold() for name in names]
    return [f"{where}: {name!r} is there twice" for name in dict.fromkeys(known) if known.count(name) > 1]


def _said(error: UserError) -> str:
    """In English, as everything on the command line."""
    return words_for("en")(error.key, **error.args_)
