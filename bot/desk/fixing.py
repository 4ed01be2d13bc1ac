"""Fix and approve: an approver changes a word, sees what differs, and signs what they made of it, in one act."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.pages import PostPage
from bot.domain import checks, posts, threads
from bot.domain.brands import Account, Brand, Standing
from bot.domain.events import PostChanged
from bot.domain.posts import Act, Post, Revision
from bot.errors import FieldErrors, UserError
from bot.journal import correlation

if TYPE_CHECKING:
    from bot.desk.desk import Desk

LONGEST = 3000
"""Characters of a text that one field of a form takes."""


class Fixing:
    """The verbs of whoever changes and approves at once."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    async def to_fix(self, id_: str, who: Standing, *, revision: int) -> PostPage:
        """The page of a post that somebody may fix now. Raises what `fix` raises, and UserError for a text that no
        field takes."""
        post = await self._desk.posts.get(id_)
        brand = await self._desk.brand(post.brand)
        posts.may_fix(post, who, brand, revision, await self._desk.duty.team())
        if len(threads.joined(post.current.segments)) > LONGEST:
            raise UserError("fixing.too_long")
        return await self._desk.pages.post(id_)

    async def look(self, id_: str, text: str, who: Standing, *, revision: int) -> PostPage:
        """The page as it would be with this text, what it was before beside it; nothing is kept. Raises what `to_fix`
        raises, FieldErrors for blockers and where nothing differs."""
        page = await self.to_fix(id_, who, revision=revision)
        new = await self._written(page.post, text, who)
        if new.hash == page.post.current.hash:
            raise FieldErrors({"text": UserError("fixing.unchanged")})
        fixed = posts.write(page.post, new, Act.SUBMIT, due=page.post.due)
        found = await self._desk.posts.findings(fixed, page.brand)
        first = next((each for each in found if each.blocks), None)
        if first is not None:
            raise FieldErrors({"text": UserError(first.key, **first.args)})
        return replace(page, post=fixed, findings=found)

    async def fix(self, id_: str, text: str, who: Standing, *, revision: int, content: str, despite: str = "") -> Post:
        """A new revision by whoever fixes it, signed for the stage that was open; with the last one it is planned.

        `content` is the hash of what was shown, `despite` the note of the stop that was. Raises UserError where it
        would be another one, NotAllowed, FieldErrors.
        """

        async def attempt() -> Post:
            old = await self._desk.posts.get(id_)
            brand: Brand = await self._desk.brand(old.brand)
            team = await self._desk.duty.team()
            posts.may_fix(old, who, brand, revision, team)
            new = await self._written(old, text, who)
            if new.hash != content:
                raise UserError("error.newer_revision")
            unsigned = posts.write(old, new, Act.SUBMIT, due=old.due)
            blocked = checks.blocked(await self._desk.posts.findings(unsigned, brand))
            fixed = posts.fix(old, new, who, brand, blocked=blocked, team=team)
            change = self._store.begin()
            change.put(fixed, old)
            await self._desk.posts.plan(change, fixed, brand, who, despite)
            change.emit(PostChanged(post=id_, act="fix", by=who.id, correlation=correlation.get()))
            about = {"brand": fixed.brand, "subject": id_, "revision": fixed.current.hash, "detail": old.author}
            entry = self._desk.entry(who.id, "post.fix", **about)
            said = {name: threads.joined(each.segments) for name, each in (("before", old.current), ("after", new))}
            change.audit(entry.model_copy(update={"evidence": said}))
            await change.commit()
            return fixed

        return await self._desk.again(attempt)

    async def _written(self, post: Post, text: str, who: Standing) -> Revision:
        """The newest revision with another text; what accounts have of their own stays."""
        first, *rest = threads.split(text) or ("",)
        old = post.current
        update = {"text": first, "thread": tuple(rest), "by": who.id, "at": self._desk.now()}
        new = old.model_copy(update=update)
        accounts = await self._store.find_many(Account, old.accounts)
        return new.model_copy(update={"adapted": self._desk.posts.adapted(new, accounts)})
