"""Thank, ask whether we may use it, keep the yes, take it back, and make a post of what somebody agreed to."""

from typing import TYPE_CHECKING
from zlib import crc32

from bot.desk.inbox import ConversationPage
from bot.desk.posts import Content
from bot.domain import courtesy as rules
from bot.domain import people
from bot.domain.brands import Brand, Role, Standing
from bot.domain.conversations import Conversation, Words
from bot.domain.courtesy import Consent, UseState
from bot.domain.errands import ErrandState, Facet
from bot.domain.events import ConversationChanged
from bot.domain.people import Person, Relationship
from bot.domain.posts import Picture, Post
from bot.errors import AlreadyDone, UserError
from bot.journal import correlation
from bot.text.words import LANGUAGES, words_for

if TYPE_CHECKING:
    from bot.desk.desk import Desk

NAME = "{name}"
OWN_LINES = 4
"""Thank-you lines of ours in each language, for a brand that has none."""


class Courtesies:
    """The verbs of courtesy."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._store = desk.store

    # --- the words

    @staticmethod
    def language_of(talk: Conversation, brand: Brand) -> str:
        """In which language somebody is answered: in theirs, where we speak it."""
        return talk.latest.language if talk.latest.language in LANGUAGES else brand.language

    def thanks(self, brand: Brand, language: str) -> tuple[str, ...]:
        """The brand's lines in a language, or ours."""
        own = words_for(language)
        return brand.courtesies.thanks.get(language) or tuple(
            own(f"courtesy.thanks.{number}", name=NAME) for number in range(1, OWN_LINES + 1)
        )

    def question(self, brand: Brand, language: str) -> str:
        """The brand's question in a language, or ours."""
        return brand.courtesies.ask.get(language) or words_for(language)("courtesy.question", name=NAME)

    # --- opening the form

    async def to_thank(self, id_: str, reply: str, who: Standing) -> tuple[ConversationPage, str, str]:
        """What thanking somebody begins with: a line in their language, by the answer's own id, and what is liked with
        it (empty where the network has no likes, or it is liked). Raises what answering would raise."""
        page = await self._public(id_, who)
        talk, liked = page.conversation, page.moderating.of(Facet.LIKE)
        lines = self.thanks(page.brand, self.language_of(talk, page.brand))
        done = liked is not None and liked.wanted and liked.state in {ErrandState.ASKED, ErrandState.DONE}
        likes = talk.latest.ref if Facet.LIKE in page.moderating.can and not done else ""
        return page, rules.addressed(rules.one_of(lines, crc32(reply.encode())), talk.person.name), likes

    async def to_ask(self, id_: str, who: Standing) -> tuple[ConversationPage, str]:
        """What asking begins with: the brand's question in their language. Raises AlreadyDone where they were asked."""
        page = await self._public(id_, who)
        talk = page.conversation
        talk.use.step(rules.UseStep.ASK)
        question = self.question(page.brand, self.language_of(talk, page.brand))
        return page, rules.addressed(question, talk.person.name)

    async def _public(self, id_: str, who: Standing) -> ConversationPage:
        page = await self._desk.inbox.to_answer(id_, who)
        who.require(page.brand, Role.MODERATOR)  # a trainee's answer waits, and neither likes nor asks for more
        if page.conversation.private:
            raise UserError("error.only_public")
        return page

    async def like_too(self, id_: str, ref: str, who: Standing) -> None:
        """What was thanked for is liked as well; somebody who was faster did the same."""
        try:
            await self._desk.moderation.like(id_, ref, True, who)
        except AlreadyDone:
            return

    # --- their answer

    async def settle(self, id_: str, yes: bool, who: Standing) -> Conversation:
        """Somebody read their answer: the yes is kept with the person. Raises AlreadyDone, and UserError while there is
        no answer."""

        async def attempt() -> Conversation:
            old, _ = await self._looked_at(id_, who)
            said, now = answer_in(old), self._desk.now()
            usage = rules.settle(old.use, yes, said.ref if said else "", who.id, now)
            if said is None:
                raise UserError("error.use_no_answer")
            new = old.model_copy(update={"use": usage, "changed_at": now})
            change = self._store.begin()
            if yes:
                person = await self._desk.people.get(old.who)
                shown = old.said(usage.ref) or old.latest
                consent = Consent(
                    conversation=id_,
                    ref=usage.ref,
                    url=shown.url,
                    words=said.text,
                    link=said.url,
                    said_at=said.at,
                    by=who.id,
                    at=now,
                )
                change.put(people.consented(person, consent), person)
                change.audit(
                    self._desk.entry(who.id, "person.consent", brand=old.brand, subject=person.id, detail=said.ref)
                )
            await self._desk.conversations.put(change, new, old, who.id, f"use_{'yes' if yes else 'no'}", said.ref)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    async def withdraw(self, person_id: str, conversation: str, who: Standing) -> Person:
        """They took their yes back: it stays on record that they gave it, and that it is over."""

        async def attempt() -> Person:
            person, now = await self._desk.people.get(person_id), self._desk.now()
            who.require(await self._desk.brand(person.brand), Role.MODERATOR)
            new = people.unconsented(person, conversation, who.id, now)
            talk = await self._desk.conversations.get(conversation)
            change = self._store.begin()
            change.put(new, person)
            if talk.use.state is UseState.YES:
                change.put(talk.model_copy(update={"use": rules.withdraw(talk.use, who.id, now)}), talk)
            change.audit(
                self._desk.entry(
                    who.id, "person.consent_withdrawn", brand=person.brand, subject=person.id, detail=conversation
                )
            )
            event = ConversationChanged(conversation=conversation, act="use", by=who.id, correlation=correlation.get())
            change.emit(event)
            await change.commit()
            return new

        return await self._desk.again(attempt)

    # --- a post of it

    async def make_post(self, id_: str, draft: str, who: Standing) -> Post:
        """A draft of mine with their words, their pictures, whose they are and where they stand; first of all what they
        are to the brand. Raises UserError where nobody agreed, NotAllowed for somebody who writes no posts there."""
        talk = await self._desk.conversations.get(id_)
        brand = await self._desk.brand(talk.brand)
        who.require(brand, Role.AUTHOR)
        if talk.use.state is not UseState.YES:
            raise UserError("error.no_consent")
        shown = talk.said(talk.use.ref)
        if shown is None or not shown.kept:
            raise UserError("error.comment_gone")
        credit = f"📷 {_called(talk)}"
        text = "\n".join(filter(None, [self._their_words(shown, talk), "", credit, shown.url]))
        accounts = await self._desk.accounts.usual(brand.id)
        person = await self._store.find(Person, talk.who)
        tells = person.relationship if person is not None else Relationship.NONE
        content = Content(
            brand=brand.id,
            text=self._desk.disclosing.begun(brand, accounts, tells, text, _called(talk)),
            accounts=tuple(account.id for account in accounts),
            pictures=await self._pictures(talk, shown),
            disclosure=tells,
        )
        post = await self._desk.posts.save(draft, content, who)
        change = self._store.begin()
        change.audit(self._desk.entry(who.id, "conversation.make_post", brand=brand.id, subject=id_, detail=post.id))
        await change.commit()
        return post

    def _their_words(self, shown: Words, talk: Conversation) -> str:
        """Without our own handle, with which a mention begins."""
        return " ".join(word for word in shown.text.split(" ") if not word.startswith("@")).strip()

    async def _pictures(self, talk: Conversation, shown: Words) -> tuple[Picture, ...]:
        copies = await self._desk.showing.known(talk.id)
        return tuple(
            Picture(file=each.file, name="foto.png", type="image/png", size=0)
            for each in copies
            if each.file and each.ref == shown.ref
        )

    async def _looked_at(self, id_: str, who: Standing) -> tuple[Conversation, Brand]:
        talk = await self._desk.conversations.get(id_)
        brand = await self._desk.brand(talk.brand)
        who.require(brand, Role.MODERATOR)
        return talk, brand


def _called(talk: Conversation) -> str:
    """How a post names them."""
    return f"@{talk.person.handle}" if talk.person.handle else talk.person.name


def answer_in(talk: Conversation) -> Words | None:
    """What the person said last after they were asked; None while there is nothing."""
    refs = [words.ref for words in talk.heard]
    after = talk.heard[refs.index(talk.use.ref) + 1 :] if talk.use.ref in refs else ()
    return after[-1] if after else None
