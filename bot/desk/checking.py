"""What the checks say about a post or an answer: the brand's rules, and what each account's network would refuse."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain import checks
from bot.domain.brands import Account, Brand
from bot.domain.checks import Answered, Earlier, Finding, Subject
from bot.domain.checks.repetition import REFUSES_SAME
from bot.domain.deliveries import Delivery
from bot.domain.people import Relationship
from bot.domain.posts import CONVERTED, LIFE, Act, Picture, Post, PostStatus, Revision
from bot.domain.records import score
from bot.domain.saved_replies import left_in
from bot.domain.signing import signed
from bot.domain.variants import every_text
from bot.errors import FieldErrors, UserError
from bot.network import Capability, MediaFacts, Provider

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_FIELDS = {"too_long": "text", "empty": "text", "no_alt": "alt", "alt_too_long": "alt"}
SINCE = timedelta(days=90)
"""How far back an account's posts are compared."""
NEAREST = 60
"""Posts of an account that are compared, before and after: the nearest ones; and as many of its last answers."""
LATELY = timedelta(hours=6)
"""How far back our answers are compared; X doesn't say for how long it refuses the same text."""


async def findings(
    desk: "Desk", post: Post, brand: Brand, *, channel: str = "", approving: bool = True
) -> Sequence[Finding]:
    """All that is found in the current revision, blockers first; nothing where nobody decides about it any more."""
    if (post.status, Act.APPROVE) not in LIFE:
        return []
    revision = post.current
    accounts = await desk.store.find_many(Account, revision.accounts)
    texts = list(every_text(revision))
    subject = Subject(
        texts=texts,
        brand=brand,
        now=desk.now(),
        accounts=accounts,
        names={account.id: _name(account, desk.providers[account.network]) for account in accounts},
        revision=revision,
        due=post.due,
        approving=approving,
        channel_brand=await desk.brands.name_of_channel(channel or post.channel),
        others=await others(desk, accounts, post),
        links=await desk.links.known(texts),
        facts=await desk.facts.doubted(brand.id),
        leans=await desk.facts.leaned(revision, brand.id),
        disclosure=revision.disclosure,
        heads={account.id: desk.disclosing.head(account, revision.texts(account.id)[0]) for account in accounts},
        related=await desk.disclosing.named(brand, accounts, texts),
    )
    found = checks.found(subject)
    for account in accounts:
        found += _on(account, desk.providers[account.network], revision)
    if revision.comment.strip() and not any(revision.comment in revision.texts(each.id)[1:] for each in accounts):
        found.append(Finding(key="check.comment_nowhere", blocks=False, field="comment"))
    return checks.ordered(found)


async def answer_findings(
    desk: "Desk",
    brand: Brand,
    account: Account,
    text: str,
    *,
    public: str = "",
    answered: Answered | None = None,
    disclosure: Relationship = Relationship.NONE,
) -> Sequence[Finding]:
    """What the brand's rules say about an answer, blockers first; its length is the network's own rule. `public`: the
    same with its signature, to be compared with what the account answered lately; "" for not at all. `answered`: whom
    everybody will see it answer. `disclosure`: it is no answer but a post's new words, which have to tell that."""
    if not text.strip():
        return []
    names = {account.id: _name(account, desk.providers[account.network])}
    links = await desk.links.known([text])
    subject = Subject(
        texts=(text,),
        brand=brand,
        now=desk.now(),
        accounts=(account,),
        names=names,
        others=await answers_before(desk, account) if public else {},
        signed=public,
        links=links,
        facts=await desk.facts.doubted(brand.id),
        answered=answered,
        disclosure=disclosure,
        heads={account.id: desk.disclosing.head(account, text)},
    )
    return checks.ordered(checks.found(subject))


async def answers_before(desk: "Desk", account: Account) -> Mapping[str, Sequence[Earlier]]:
    """Our public answers on an account in the last hours, by its id, oldest first. Nothing where the network takes the
    same text twice."""
    if account.network not in REFUSES_SAME:
        return {}
    low = score(desk.now() - LATELY)
    key = desk.store.key("index", f"live:{account.id}")
    ids = await desk.store.client.zrange(key, "+inf", low, desc=True, byscore=True, offset=0, num=NEAREST)
    found = await desk.store.find_many(Delivery, [str(id_) for id_ in reversed(ids)])
    said = [each for each in found if each.reply is not None and not each.reply.to]
    return {account.id: [_answer(each) for each in said]}


def _answer(delivery: Delivery) -> Earlier:
    text = delivery.reply.text if delivery.reply else ""
    return Earlier(post=delivery.id, text=text, at=delivery.settled_at or delivery.due, live=True)


async def refuse_unfit(
    desk: "Desk",
    brand: Brand,
    account: Account,
    text: str,
    *,
    sign: str = "",
    private: bool = False,
    post: Revision | None = None,
) -> None:
    """Raises FieldErrors for an answer that the brand doesn't want said, in which a variable was left, or that the
    network would refuse with its signature `sign`: whether it is new, changed or private. post: it is no answer but
    takes the place of that revision's first text, whose pictures stay."""
    provider, exact = desk.providers[account.network], signed(text, sign)
    if left := left_in(text):
        raise FieldErrors({"text": UserError("error.variable_left", names=", ".join(left))})
    if private and (most := provider.limits.message_length) and len(exact.strip()) > most:
        raise FieldErrors({"text": UserError("error.private_too_long", limit=most)})
    if private and not text.strip():
        raise FieldErrors({"text": UserError("error.field_required")})
    if not private:
        media = [_facts(picture) for picture in post.pictures] if post else []
        for problem in provider.check(exact, media, is_reply=post is None):
            if problem.blocks:
                told = UserError(f"check.{problem.kind.value}", account=account.name, **problem.args)
                raise FieldErrors({"text": told})
    disclosure = post.disclosure if post else Relationship.NONE
    for found in await answer_findings(desk, brand, account, text, disclosure=disclosure):
        if found.blocks:
            raise FieldErrors({"text": UserError(found.key, **found.args)})


async def others(desk: "Desk", accounts: Sequence[Account], post: Post) -> Mapping[str, Sequence[Earlier]]:
    """What else is, or may become, public on each account around now, oldest first."""
    store, now = desk.store, desk.now()
    low, high = score(now - SINCE), score(now)
    async with store.client.pipeline(transaction=False) as pipe:
        for account in accounts:
            index = store.key("index", f"plan:{account.id}")
            pipe.zrevrangebyscore(index, high, low, start=0, num=NEAREST)
            pipe.zrangebyscore(index, f"({high}", "+inf", start=0, num=NEAREST)
        rows: list[list[str]] = await pipe.execute() if accounts else []
    by_account = {account.id: [*rows[2 * n], *rows[2 * n + 1]] for n, account in enumerate(accounts)}
    wanted = dict.fromkeys(id_ for ids in by_account.values() for id_ in ids if id_ != post.id)
    known = {each.id: each for each in await store.find_many(Post, wanted)}
    return {
        account: sorted((_earlier(known[id_], account, now) for id_ in ids if id_ in known), key=lambda each: each.at)
        for account, ids in by_account.items()
    }


def _earlier(post: Post, account: str, now: datetime) -> Earlier:
    at = post.due or post.changed_at
    text = "\n".join(post.current.texts(account))
    live = post.status is PostStatus.APPROVED and at <= now
    return Earlier(post=post.id, text=text, at=at, kind=post.current.kind, live=live)


def _name(account: Account, provider: Provider) -> str:
    return f"{account.title(provider.title)} {account.name}"


def _on(account: Account, provider: Provider, revision: Revision) -> Iterator[Finding]:
    """What one account's network would refuse, of a thread segment by segment; pictures go with the first."""
    named = {"account": _name(account, provider)}
    first, *rest = revision.texts(account.id)
    own = f"own:{account.id}" if account.id in revision.own else ""
    media = [_facts(picture) for picture in revision.pictures]
    for problem in provider.check(first, media):
        kind, args = problem.kind.value, {**named, **problem.args}
        field = _FIELDS.get(kind, "picture")
        where = own if own and field == "text" else field
        yield Finding(key=f"check.{kind}", blocks=problem.blocks, field=where, args=args)
    if Capability.THREAD in provider.capabilities:
        total = len(rest) + 1
        for number, segment in enumerate(rest, start=2):
            args = {**named, "segment": number, "total": total}
            yield from _following(provider, segment, "thread", own or "thread", args)
        return
    if Capability.FIRST_COMMENT in provider.capabilities and rest and rest[-1] == revision.comment:
        yield from _following(provider, rest.pop(), "comment", "comment", named)
    if rest:
        yield Finding(key="check.no_thread", blocks=True, field=own or "accounts", args=named)


def _facts(picture: Picture) -> MediaFacts:
    """Of a picture as it will be: what is to be converted has no size yet."""
    if not picture.blob and picture.type in CONVERTED:
        return MediaFacts(picture.name, CONVERTED[picture.type], 0, picture.alt)
    return MediaFacts(picture.name, picture.type, picture.size, picture.alt)


def _following(provider: Provider, text: str, kind: str, field: str, args: Mapping[str, object]) -> Iterator[Finding]:
    """What the network would refuse of what follows the post: a thread's next segment, or our first comment."""
    for problem in provider.check(text, (), is_reply=kind == "comment"):
        told = {**args, **problem.args}
        yield Finding(key=f"check.{kind}_{problem.kind.value}", blocks=problem.blocks, field=field, args=told)
