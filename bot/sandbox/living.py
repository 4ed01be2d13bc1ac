"""An audience that lives: people come by, comment, ask, answer, change their mind, quote, like, write in private.

Every act is drawn from a seed and the number of the act, which the database keeps: the same world tells the same story,
and a second start goes on where the first stopped. Silent where the pace is 0.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from random import Random

from aiohttp import web

from bot.sandbox import phrases, world
from bot.sandbox.crowd import NEIGHBOURS, Neighbour, Temper
from bot.sandbox.facebook.outside import FacebookOutside
from bot.sandbox.outside import Outside
from bot.sandbox.pictures import measure
from bot.sandbox.public import Item, Person, Public
from bot.sandbox.snaps import snap
from bot.sandbox.storage import row
from bot.sandbox.x.outside import XOutside

SEED = "plaza"
TICK = 0.5
TRADES = {"Café Ágora": ("café", "es"), "Northwind Books": ("books", "en"), "Ensayo": ("café", "es")}
"""What a brand sells, and what most of its people speak."""
TEMPERS = {Temper.KIND: 45, Temper.CURIOUS: 29, Temper.CROSS: 22, Temper.TROLL: 4}
AT_HOME = 0.85  # of those who come by speak the brand's own language
FRESH = 2 * 86_400.0  # seconds for which a post is talked about
RECENT = 3_600.0  # … and for which somebody remembers what they said
FIRST = (0.1, 1.6)  # when those who see a new post first say something, in paces after it
EARLY = 3  # so many of them
REMEMBERED = 600  # things said that aren't said again
TRIES = 40

Doing = Callable[[Random, world.Account], str | None]


class Living:
    """`pace`: seconds between two acts on the average. `step` does what is due; `run` does so until cancelled."""

    def __init__(
        self, public: Public, accounts: tuple[world.Account, ...], networks: Mapping[str, Outside], pace: float
    ) -> None:
        self.public, self.networks, self.pace = public, networks, pace
        self.accounts = tuple(account for account in accounts if account.brand in TRADES)
        self._next: float | None = None
        self._early: list[tuple[float, str, str]] = []
        self._seen = public.now()
        public.db.executescript(
            """
            CREATE TABLE IF NOT EXISTS living (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS living_said (n INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT UNIQUE);
            """
        )

    # Time

    def mount(self, app: web.Application) -> None:
        """Lives as long as the application; `POST /audience/pace {seconds}` changes the pace, 0 is silence."""
        app.router.add_post("/audience/pace", self.change)
        app.cleanup_ctx.append(self._running)

    async def change(self, request: web.Request) -> web.Response:
        """`POST /audience/pace {seconds}` -> `{ok, seconds}` (an addition)."""
        try:
            seconds = (await request.json()).get("seconds")
        except (ValueError, AttributeError):
            seconds = None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= 86_400:
            return web.json_response({"ok": False, "error": "seconds must be a number from 0 to 86400"}, status=400)
        self.pace, self._next = float(seconds), None
        return web.json_response({"ok": True, "seconds": self.pace})

    async def _running(self, _: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(TICK)
            self.step()

    def step(self) -> list[str]:
        """What is due now; answers what was done, for whoever looks."""
        now = self.public.now()
        if self.pace <= 0:
            self._next, self._early, self._seen = None, [], now
            return []
        self._notice(now)
        done = []
        for when, network, ident in [one for one in self._early if one[0] <= now]:
            self._early.remove((when, network, ident))
            post = self.public.find(network, ident)
            if post is not None:
                done.append(self._on(post))
        if self._next is None:
            self._next = now + self.pace * self._chance().uniform(0.3, 1.0)
        elif now >= self._next:
            done.append(self.act())
            self._next = now + self.pace * self._chance().uniform(0.5, 1.5)
        return done

    def _notice(self, now: float) -> None:
        """New posts are talked about at once."""
        new = self.public.where("kind = 'post' AND published AND at > ?", self._seen)
        self._seen = now
        for post in new:
            chance = Random(f"{SEED}:{post.network}:{post.id}")
            for _ in range(EARLY):
                self._early.append((now + self.pace * chance.uniform(*FIRST), post.network, post.id))

    def _chance(self) -> Random:
        """The chance of the next act."""
        found = row(self.public.db, "SELECT value FROM living WHERE name = 'acts'")
        return Random(f"{SEED}:{found['value'] if found else 0}")

    # What happens

    def act(self) -> str:
        """One thing happens; what."""
        chance = self._begun()
        account = chance.choice(self.accounts)
        if chance.random() < 0.7 and (done := self._answers(chance)):
            return done
        kinds: list[tuple[float, Doing]] = [
            (0.05, self._edits), (0.07, self._takes_back), (0.12, self._quotes), (0.18, self._writes_privately),
            (0.26, self._likes), (0.36, self._shows),
        ]  # fmt: skip
        roll = chance.random()
        for most, doing in kinds:
            if roll < most and (done := doing(chance, account)):
                return done
        return self._comments(chance, account)

    def _begun(self) -> Random:
        chance = self._chance()
        self.public.db.execute(
            "INSERT INTO living VALUES ('acts', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
        )
        return chance

    def _on(self, post: Item) -> str:
        """Somebody comments on a new post."""
        chance = self._begun()
        account = next((one for one in self.accounts if (one.network, one.id) == (post.network, post.account)), None)
        if account is None:
            return "nothing"
        who = self._somebody(chance, account)
        self._say(chance, account, who, post, phrases.said)
        return f"{who.name} comments on what is new"

    def _comments(self, chance: Random, account: world.Account) -> str:
        who, post = self._somebody(chance, account), self._post(chance, account)
        self._say(chance, account, who, post if chance.random() < 0.7 else None, phrases.said)
        return f"{who.name} comments"

    def _shows(self, chance: Random, account: world.Account) -> str | None:
        who, network = self._somebody(chance, account), self.networks[account.network]
        if who.temper in {Temper.CROSS, Temper.TROLL}:
            return None
        data = snap(chance, _trade(account))
        size = measure(data)
        assert size is not None
        picture = network.picture(account.id, data, size, "foto.png", "")
        self._say(chance, account, who, self._post(chance, account), phrases.with_picture, (picture,))
        return f"{who.name} shows a picture"

    def _answers(self, chance: Random) -> str | None:
        """Somebody whom an account answered lately, and who said nothing since."""
        since = self.public.now() - RECENT
        for account in chance.sample(self.accounts, len(self.accounts)):
            crowd = self._crowd(account.network)
            ours = self.public.where(
                "network = ? AND account = ? AND author = ? AND parent IS NOT NULL AND at > ?",
                *(account.network, account.id, account.id, since),
                order="at DESC, n DESC",
            )
            for answer in ours:
                asked = self.public.find(account.network, str(answer.parent))
                who = crowd.get(asked.author) if asked else None
                if who is None or any(crowd.get(one.author) == who for one in self.public.replies(answer)):
                    continue
                text = phrases.answered(chance, who, _trade(account), answer.text)
                self._speak(account, who, answer, text)
                return f"{who.name} answers"
        return None

    def _edits(self, chance: Random, account: world.Account) -> str | None:
        mine = self._lately(chance, account)
        if mine is None or mine.extra.get("versions"):
            return None
        who = self._crowd(account.network)[mine.author]
        text = mine.text + phrases.added(chance, who, _trade(account))
        self.networks[account.network].edit(mine, text)
        return f"{who.name} edits"

    def _takes_back(self, chance: Random, account: world.Account) -> str | None:
        mine = self._lately(chance, account)
        if mine is None or self.public.replies(mine):
            return None
        self.networks[account.network].remove(mine)
        return f"{self._crowd(account.network)[mine.author].name} takes it back"

    def _quotes(self, chance: Random, account: world.Account) -> str | None:
        network, post = self.networks[account.network], self._post(chance, account)
        if not isinstance(network, XOutside) or post is None:
            return None
        who = self._somebody(chance, account)
        text = self._fresh(chance, who, account, phrases.said)
        network.quote(account.id, post, self._person(account, who), text, self.public.now())
        return f"{who.name} quotes"

    def _writes_privately(self, chance: Random, account: world.Account) -> str | None:
        network, who = self.networks[account.network], self._somebody(chance, account)
        if not isinstance(network, FacebookOutside) or who.temper is Temper.TROLL:
            return None
        network.write(account.id, self._person(account, who), self._fresh(chance, who, account, phrases.in_private))
        return f"{who.name} writes in private"

    def _likes(self, chance: Random, account: world.Account) -> str | None:
        post = self._post(chance, account)
        if account.network != "facebook" or post is None:
            return None  # the other networks' counts aren't made of people here
        person = self._person(account, self._somebody(chance, account))
        likers = [one for one in post.extra.get("liked_by", []) if one != person.id]
        self.public.note(post, extra={**post.extra, "liked_by": [*likers, person.id]})
        return f"{person.name} likes"

    # Who, on what, with which words

    def _somebody(self, chance: Random, account: world.Account) -> Neighbour:
        home = TRADES[account.brand][1]
        language = home if chance.random() < AT_HOME else {"es": "en", "en": "es"}[home]
        (temper,) = chance.choices(list(TEMPERS), list(TEMPERS.values()))
        fit = [one for one in NEIGHBOURS if (one.language, one.temper) == (language, temper)]
        return chance.choice(fit)

    def _person(self, account: world.Account, who: Neighbour) -> Person:
        return self.public.outsider(account.network, who.name)

    def _crowd(self, network: str) -> Mapping[str, Neighbour]:
        return {self.public.outsider(network, one.name).id: one for one in NEIGHBOURS}

    def _post(self, chance: Random, account: world.Account) -> Item | None:
        """One of the account's newest posts, the newest most often."""
        newest = self.public.where(
            "network = ? AND account = ? AND kind = 'post' AND published AND at > ?",
            *(account.network, account.id, self.public.now() - FRESH),
            order="at DESC, n DESC",
            limit=4,
        )
        return newest[min(int(chance.random() ** 2 * len(newest)), len(newest) - 1)] if newest else None

    def _lately(self, chance: Random, account: world.Account) -> Item | None:
        """Something that somebody of them said there within the hour."""
        crowd = self._crowd(account.network)
        said = self.public.where(
            "network = ? AND account = ? AND author <> ? AND at > ?",
            *(account.network, account.id, account.id, self.public.now() - RECENT),
        )
        mine = [one for one in said if one.author in crowd and one.kind != "quote"]
        return chance.choice(mine) if mine else None

    def _say(
        self,
        chance: Random,
        account: world.Account,
        who: Neighbour,
        post: Item | None,
        compose: Callable[[Random, Neighbour, str], str],
        media: tuple[str, ...] = (),
    ) -> None:
        self._speak(account, who, post, self._fresh(chance, who, account, compose), media)

    def _speak(
        self, account: world.Account, who: Neighbour, answered: Item | None, text: str, media: tuple[str, ...] = ()
    ) -> None:
        network, person = self.networks[account.network], self._person(account, who)
        network.comment(account.id, answered, person, text, self.public.now(), media)

    def _fresh(
        self, chance: Random, who: Neighbour, account: world.Account, compose: Callable[[Random, Neighbour, str], str]
    ) -> str:
        """Words that nobody said lately."""
        db = self.public.db
        text = compose(chance, who, _trade(account))
        for _ in range(TRIES):
            if row(db, "SELECT 1 FROM living_said WHERE text = ?", text) is None:
                break
            text = compose(chance, who, _trade(account))
        db.execute("INSERT OR IGNORE INTO living_said (text) VALUES (?)", (text,))
        db.execute("DELETE FROM living_said WHERE n <= (SELECT MAX(n) FROM living_said) - ?", (REMEMBERED,))
        return text


def _trade(account: world.Account) -> str:
    return TRADES[account.brand][0]
