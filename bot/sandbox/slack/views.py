"""Modals and Home: the stack of each person, what is entered in it, hashes and external ids."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import world
from bot.sandbox.slack.fields import initial, stateful, still_fits
from bot.sandbox.slack.kit.finish import finished, texts
from bot.sandbox.slack.terms import Json, SlackError, new_id, short_id
from bot.sandbox.storage import packed, rows

DEEPEST = 3
LARGEST = 250_000

State = dict[str, dict[str, Json]]


@dataclass
class View:
    """One view on one person's screen.

    body: as the app sent it, finished. values: what is entered. errors: what the app said about inputs, by block
    id. problem: what Slack says when the app answered wrongly. channel: where it was opened from.
    """

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    channel: str | None = None
    values: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def blocks(self) -> list[Json]:
        """What it shows."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def modal(self) -> bool:
        """Whether it is a modal, not Home."""
        return bool(self.body["type"] == "modal")


class Views:
    """Modals live in memory; Homes also in sqlite."""

    def __init__(self, db: sqlite3.Connection, now: Callable[[], float], tell: Callable[[str, str], None]) -> None:
        self.db = db
        self.now = now
        self.tell = tell
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        db.execute("CREATE TABLE IF NOT EXISTS slack_homes (user TEXT PRIMARY KEY, view TEXT NOT NULL)")
        for one in rows(db, "SELECT user, view FROM slack_homes"):
            self.homes[one["user"]] = View(**json.loads(one["view"]))

    def stack(self, user: str) -> list[View]:
        """The open modals of a person, top last."""
        return self.stacks.get(user, [])

    def top(self, user: str) -> View | None:
        """The modal that a person sees."""
        return self.stack(user)[-1] if self.stack(user) else None

    def get(self, view_id: str) -> View | None:
        """An open modal or a Home, by id."""
        every = [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]
        return next((view for view in every if view.id == view_id), None)

    def external(self, external_id: str) -> View | None:
        """An open modal or a Home, by the id that the app gave it."""
        every = [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]
        return next((view for view in every if view.body.get("external_id") == external_id), None)

    def open(self, user: str, body: Json, channel: str | None) -> View:
        """A new first modal. assumed: it takes the place of those that were open."""
        view = self._new(user, body, channel)
        self.stacks[user] = [view]
        self.tell("views", user)
        return view

    def push(self, below: View, body: Json) -> View:
        """A modal on top; raises push_limit_reached for a fourth and not_found when the one below isn't the top."""
        stack = self.stack(below.user)
        if below not in stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        view = self._new(below.user, body, below.channel)
        view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        self.tell("views", below.user)
        return view

    def update(self, view: View, body: Json, wanted: str | None = None) -> None:
        """Redraws a view; raises hash_conflict when it isn't the one that the app saw.

        What a person has entered stays where block_id, action_id and type stay the same, as in Slack; a new
        initial value is then ignored.
        """
        if wanted is not None and wanted != view.hash:
            raise SlackError("hash_conflict")
        self._unique(body, view)
        kept = view.values
        view.body = _finished(body)
        view.hash = self._hash()
        view.values = _initial(view, kept)
        view.errors, view.problem = {}, ""
        self._keep(view)

    def publish(self, user: str, body: Json, wanted: str | None) -> View:
        """Draws a person's Home; it keeps its id."""
        view = self.homes.get(user)
        if view is None:
            if wanted is not None:
                raise SlackError("hash_conflict")
            view = self._new(user, body, None)
            self.homes[user] = view
            self._keep(view)
        else:
            self.update(view, body, wanted)
        return view

    def close(self, view: View) -> list[View]:
        """Takes a modal and those on top of it away, or all of them when it asks for that; says which, top first."""
        stack = self.stack(view.user)
        if view not in stack:
            return []
        at = 0 if view.body.get("clear_on_close") else stack.index(view)
        gone = stack[at:]
        del stack[at:]
        self.tell("views", view.user)
        return gone[::-1]

    def clear(self, user: str) -> list[View]:
        """Takes all of a person's modals away, top first."""
        gone = self.stacks.pop(user, [])
        self.tell("views", user)
        return gone[::-1]

    def enter(self, view: View, block_id: str, action_id: str, state: Json) -> None:
        """Keeps what a person entered; the app's complaint about that input goes away."""
        view.values.setdefault(block_id, {})[action_id] = state
        view.errors.pop(block_id, None)
        self._keep(view)

    def outward(self, view: View) -> Json:
        """The view as the app sees it."""
        body = view.body
        shape: Json = {
            "id": view.id, "team_id": world.TEAM_ID, "type": body["type"], "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""), "callback_id": body.get("callback_id", ""),
            "state": {"values": view.values}, "hash": view.hash, "title": body.get("title"),
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False), "close": body.get("close"),
            "submit": body.get("submit"), "previous_view_id": view.previous, "root_view_id": view.root,
            "app_id": world.APP_ID, "external_id": body.get("external_id", ""),
            "app_installed_team_id": world.TEAM_ID, "bot_id": world.BOT_ID,
        }  # fmt: skip
        if not view.modal:
            shape["title"] = {"type": "plain_text", "text": "View Title", "emoji": True}
        return shape

    def _new(self, user: str, body: Json, channel: str | None) -> View:
        self._unique(body, None)
        view_id = new_id("V")
        view = View(view_id, user, _finished(body), self._hash(), view_id, channel=channel)
        view.values = _initial(view, {})
        return view

    def _unique(self, body: Json, own: View | None) -> None:
        external = body.get("external_id")
        holder = self.external(external) if external else None
        if holder is not None and holder is not own:
            raise SlackError("duplicate_external_id")

    def _hash(self) -> str:
        return f"{int(self.now())}.{short_id()}{short_id()}"

    def _keep(self, view: View) -> None:
        if view.modal:
            self.tell("views", view.user)
            return
        self.db.execute("INSERT OR REPLACE INTO slack_homes VALUES (?, ?)", (view.user, packed(view.__dict__)))
        self.tell("home", view.user)


def too_large(body: Any) -> bool:
    """Whether a view is over 250 kB."""
    return len(json.dumps(body).encode()) > LARGEST


def _finished(body: Json) -> Json:
    return {**texts(body), "blocks": finished(body["blocks"])}


def _initial(view: View, kept: State) -> State:
    values: State = {}
    for block, element in stateful(view.blocks):
        before = kept.get(block["block_id"], {}).get(element["action_id"])
        state = before if before and still_fits(element, before) else initial(element, view.channel)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values
