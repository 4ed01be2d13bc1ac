"""`GET /2/tweets/search/recent`: the posts of the last seven days, by the few operators that are asked for here."""

import re
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.public import Item
from bot.sandbox.x import shapes
from bot.sandbox.x.auth import Caller
from bot.sandbox.x.problems import invalid
from bot.sandbox.x.service import EPOCH_MS, X
from bot.sandbox.x.text import NETWORK, mentioned
from bot.sandbox.x.timelines import answered, bounds, within
from bot.sandbox.x.view import wanted

DAYS = 7
LONGEST = 512  # assumed: what a self-serve app may ask for
_TERM = re.compile(r"(?P<no>-)?(?:@(?P<at>\w{1,15})|(?P<name>from|quotes_of_tweet_id):(?P<value>\w{1,19}))")


@dataclass(frozen=True)
class Term:
    """One condition: `name` is `@`, `from` or `quotes_of_tweet_id`."""

    name: str
    value: str
    negated: bool


def parsed(query: str) -> list[list[Term]]:
    """Groups that all must hold, each by any of its terms: `(a OR b) -c`. Raises Problem for what isn't such a query.

    assumed: the sentence. X knows many more operators; whoever needs one adds it here.
    """
    wrong = invalid(f"There were errors processing your request: no viable alternative at input [{query}]", query=query)
    groups: list[list[Term]] = []
    if not query.strip() or len(query) > LONGEST:
        raise wrong
    for part in re.findall(r"\([^()]*\)|[^\s()]+", query):
        terms = [_TERM.fullmatch(one) for one in part.strip("()").split(" OR ")]
        if not all(terms):
            raise wrong
        groups.append([Term(one["name"] or "@", one["value"] or one["at"], bool(one["no"])) for one in terms if one])
    if all(term.negated for group in groups for term in group):
        raise wrong  # a query can't consist of negations alone
    return groups


class Search:
    """The route."""

    def __init__(self, x: X) -> None:
        self.x = x

    def mount(self, app: web.Application) -> None:
        """Before `/2/tweets/{id}`, whose pattern would take it."""
        app.router.add_get("/2/tweets/search/recent", self.x.route("search", self.recent, app_only=True))

    async def recent(self, request: web.Request, caller: Caller) -> web.Response:
        """Newest first, 10 to 100 a page; others' posts cost $0.005 each."""
        query = request.query
        want = wanted(query, shapes.SEARCH)
        groups = parsed(query.get("query", ""))
        oldest = self.x.sandbox.now() - DAYS * 86_400
        since = query.get("since_id", "")
        if since.isdigit() and int(since) < int(oldest * 1000 - EPOCH_MS) << 22:
            raise invalid(  # assumed: the sentence
                f"'since_id' must be a tweet id created within the last {DAYS} days.",
                since_id=since,
            )
        low, high = bounds(query, page="next_token" if "next_token" in query else "pagination_token")
        found = self._found(groups, oldest, low)
        fitting = [item for item in found if int(item.latest) < high and within(item, query)]
        return answered(self.x, request, caller, fitting, want, smallest=10, price="read")

    def _found(self, groups: list[list[Term]], oldest: float, low: int) -> list[Item]:
        named = {term.value.lower() for group in groups for term in group if term.name == "@" and not term.negated}
        accounts = [one.id for one in self.x.accounts.values() if one.handle.lower() in named]
        condition = "network = ? AND at >= ? AND CAST(latest AS INTEGER) > ?"
        args: tuple[object, ...] = (NETWORK, oldest, low)
        if accounts:  # the index knows who was mentioned; without it a storm is rendered for every page
            condition += " AND id IN (SELECT item FROM x_mentions WHERE account = ?)"
            args = (*args, accounts[0])
        newest = self.x.public.where(condition, *args, order="CAST(latest AS INTEGER) DESC")
        sure = accounts[0] if accounts else ""
        return [item for item in newest if all(any(self._holds(item, term, sure) for term in g) for g in groups)]

    def _holds(self, item: Item, term: Term, sure: str) -> bool:
        match term.name:
            case "@":
                known = sure and self.x.accounts[sure].handle.lower() == term.value.lower()
                holds = bool(known) or term.value.lower() in mentioned(self.x.public, item)
            case "from":
                author = self.x.public.person(NETWORK, item.author)
                holds = term.value.lower() in (author.id, author.handle.lower())
            case _:
                quoted = self.x.lookup(item.extra["quoted"]) if "quoted" in item.extra else None
                holds = quoted is not None and term.value in self.x.view.versions(quoted)
        return holds != term.negated
