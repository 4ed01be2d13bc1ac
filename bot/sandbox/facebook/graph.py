"""Finds the object and the edge that a Graph request names, and hands it to who knows them."""

from typing import Any

from bot.sandbox import world
from bot.sandbox.facebook import errors, names
from bot.sandbox.facebook.access import Ask
from bot.sandbox.facebook.comments import Comments
from bot.sandbox.facebook.errors import GraphError
from bot.sandbox.facebook.fields import arguments
from bot.sandbox.facebook.messages import SCOPE, Messages
from bot.sandbox.facebook.objects import Objects
from bot.sandbox.facebook.posts import Publishing
from bot.sandbox.facebook.service import NETWORK, Facebook
from bot.sandbox.public import Item, Medium

# assumed: no more than these of what a page can tell and count.
HOOK_FIELDS = names.names("feed mention messages message_reactions messaging_postbacks ratings")
METRICS = {
    "post": names.names("post_media_view post_clicks post_reactions_by_type_total post_activity_by_action_type"),
    "page": names.names("page_media_view page_follows page_post_engagements page_views_total"),
}
TIMELINES = {
    "feed": "(kind = 'post' OR kind = 'mention') AND published",
    "posts": "kind = 'post' AND published",
    "published_posts": "kind = 'post' AND published",
    "tagged": "kind = 'mention'",
}


class Graph:
    """The table of routes."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook = facebook
        self.publishing, self.comments = Publishing(facebook), Comments(facebook)
        self.messages = Messages(facebook)

    async def answer(self, ask: Ask, version: str) -> Any:
        """The JSON body; raises GraphError."""
        objects = Objects(self.facebook, version)
        match ask.path:
            case ["debug_token"] if ask.method == "GET":
                return self._debug(ask)
            case [app, "subscriptions"] if app == world.FACEBOOK_APP_ID:
                return await self._callback(ask)
        if ask.page is None:
            # assumed: the code.
            raise GraphError(210, "(#210) A page access token is required to request this resource.", status=403)
        if self.facebook.is_expired(ask.page.id):
            raise errors.expired()
        match ask.path:
            case ["me", *edge]:
                return self._page(ask, ask.page, edge, objects)
            case [ident, *edge] if ident in self.facebook.pages:
                return self._page(ask, self.facebook.pages[ident], edge, objects)
            case [ident, *edge]:
                return self._object(ask, ask.page, ident, edge, objects)
        raise GraphError(100, "Unsupported get request.", kind="GraphMethodException")

    # Pages

    def _page(  # noqa: PLR0911  one return per route
        self, ask: Ask, page: world.Account, edge: list[str], objects: Objects
    ) -> Any:
        own = ask.page is not None and ask.page.id == page.id
        if ask.method != "GET" and not own:
            raise errors.not_yours()
        match ask.method, edge:
            case "GET", []:
                ask.check(frozenset({"account_linking_token"}))
                return objects.draw(page, ask.params.get("fields"))
            case "GET", [name] if name in TIMELINES:
                if not own:
                    raise errors.permission("pages_read_engagement")
                ask.check(names.ARGUMENTS[name])
                condition = f"network = ? AND account = ? AND {TIMELINES[name]}"
                base = f"/{objects.version}/{page.id}/{name}"
                return objects.listing(condition, (NETWORK, page.id), ask.params, base, newest=True)
            case "GET", ["insights"] if own:
                return self._insights(ask, page.id, "page")
            case "POST", ["feed"]:
                return self.publishing.feed(ask, page)
            case "POST", ["photos"]:
                return self.publishing.photo(ask, page)
            case "POST", ["messages"]:
                return self._message(ask, page)
            case "GET", ["conversations"] if own:
                return self.messages.conversations(ask, page, f"/{objects.version}/{page.id}/conversations")
            case _, ["subscribed_apps"] if own:
                return self._subscribed(ask, page)
        raise errors.not_there("/".join([page.id, *edge]), ask.method)

    def _message(self, ask: Ask, page: world.Account) -> Any:
        """An answer to a comment's author, or in a conversation."""
        recipient = ask.json("recipient")
        if isinstance(recipient, dict) and "comment_id" in recipient:
            sent = self.comments.message(ask, page)
            text = str(ask.json("message")["text"]).strip()
            self.messages.keep(page.id, sent["recipient_id"], page.id, text)
            return sent
        return self.messages.send(ask, page)

    def _subscribed(self, ask: Ask, page: world.Account) -> Any:
        hooks = self.facebook.hooks
        if ask.method == "GET":
            fields = hooks.fields(page.id)
            app = {"name": "Vocero", "id": world.FACEBOOK_APP_ID, "subscribed_fields": fields}
            return {"data": [app] if fields else []}
        ask.check(frozenset({"subscribed_fields"}))
        given = ask.params.get("subscribed_fields", "").strip("[]").replace('"', "").replace("'", "")
        fields = [one.strip() for one in given.split(",") if one.strip()]
        if ask.method == "POST" and (not fields or set(fields) - HOOK_FIELDS):
            raise errors.parameter(f"Param subscribed_fields must be one of {sorted(HOOK_FIELDS)}")
        if "messages" in fields and SCOPE not in self.facebook.scopes(page.id):
            raise errors.permission(SCOPE)
        hooks.subscribe(page.id, fields if ask.method == "POST" else [])
        return {"success": True}

    # Posts, comments, photos

    def _object(  # noqa: PLR0911  one return per route
        self, ask: Ask, page: world.Account, ident: str, edge: list[str], objects: Objects
    ) -> Any:
        item = self.facebook.item(ident)
        person = self.messages.person(page, ident)
        if person is not None and (ask.method, edge) == ("GET", ["messages"]):
            return self.messages.messages(ask, page, person, f"/{objects.version}/{ident}/messages")
        if item is None:
            medium = self.facebook.public.medium(ident)
            if medium and medium.network == NETWORK and medium.account == page.id and ask.method == "GET" and not edge:
                return self._photo(ask, medium, objects)
            raise errors.not_there(ident, ask.method)
        if item.account != page.id:
            raise errors.permission("pages_read_engagement") if ask.method == "GET" else errors.not_yours()
        match ask.method, edge:
            case "GET", []:
                ask.check()
                return objects.draw(item, ask.params.get("fields"))
            case "POST", []:
                return self.comments.edit(ask, item) if item.kind == "comment" else self.publishing.edit(ask, item)
            case "DELETE", []:
                return self.comments.remove(ask, item) if item.kind == "comment" else self.publishing.remove(ask, item)
            case "GET", ["comments"]:
                ask.check(names.ARGUMENTS["comments"])
                arguments({name: ask.params[name] for name in names.CHOICES if name in ask.params}, names.LIST_COMMENTS)
                return objects.comments(item, ask.params)
            case "POST", ["comments"]:
                return self.comments.create(ask, item, page)
            case "GET", [("likes" | "reactions") as name]:
                ask.check(names.ARGUMENTS[name])
                return objects.likes(item, ask.params)
            case (("POST" | "DELETE"), ["likes"]):
                return self.comments.like(ask, item, page)
            case "GET", ["insights"] if item.kind == "post":
                return self._insights(ask, item.id, "post")
        raise errors.not_there("/".join([ident, *edge]), ask.method)

    def _photo(self, ask: Ask, medium: Medium, objects: Objects) -> Any:
        ask.check()
        return objects.draw(medium, ask.params.get("fields"))

    def _insights(self, ask: Ask, ident: str, kind: str) -> Any:
        """One unknown metric fails the whole call. Assumed figures, always the same for the same object."""
        ask.check(names.INSIGHTS, names.PAGED)
        metrics = ask.params.get("metric", "").strip("[]").replace('"', "").split(",")
        if set(metrics) - set(METRICS[kind]):
            raise errors.parameter("The value must be a valid insights metric")
        seen = int(ident[-2:]) + len(self._below(ident))
        data = []
        for metric in metrics:
            values: list[dict[str, Any]] = [
                {"value": {} if metric.endswith("_total") or metric.endswith("_type") else seen}
            ]
            period = ask.params.get("period", "lifetime")
            one = {"name": metric, "period": period, "values": values, "title": metric, "description": ""}
            data.append({**one, "id": f"{ident}/insights/{metric}/{period}"})
        return {"data": data, "paging": {}}

    def _below(self, ident: str) -> list[Item]:
        return self.facebook.public.where("network = ? AND root = ?", NETWORK, ident)

    # The app

    def _debug(self, ask: Ask) -> Any:
        """`GET /debug_token`: asked with the app's token, or about oneself."""
        ask.check(frozenset({"input_token", "method"}))  # `method` is the verb, where a form can only say POST
        token = ask.params.get("input_token", "")
        if ask.page is not None and token != ask.page.token:
            raise GraphError(
                100, "(#100) You must provide an app access token, or a user access token that is an owner"
            )
        page = self.facebook.by_token.get(token)
        if page is None or self.facebook.is_expired(page.id):
            subcode = 463 if page else None
            error = {"code": 190, "message": "Error validating access token."} | (
                {"subcode": subcode} if subcode else {}
            )
            return {"data": {"error": error, "is_valid": False, "scopes": []}}
        return {
            "data": {
                "app_id": world.FACEBOOK_APP_ID,
                "type": "PAGE",
                "application": "Vocero",
                "data_access_expires_at": 0,
                # assumed: 0 for a page token made from a long-lived one.
                "expires_at": int(self.facebook.ends_at(page.id) or 0),
                "is_valid": True,
                "issued_at": 1760000000,
                "profile_id": page.id,
                "scopes": self.facebook.scopes(page.id),
            }
        }

    async def _callback(self, ask: Ask) -> Any:
        """`POST /{app}/subscriptions`: the callback must repeat a challenge first."""
        ask.check(frozenset({"object", "callback_url", "fields", "verify_token", "include_values"}))
        if ask.page is not None or ask.method != "POST":
            # assumed: the codes.
            raise GraphError(15, "(#15) This method must be called with an app access_token")
        wanted = {name: ask.params.get(name, "") for name in ("object", "callback_url", "fields", "verify_token")}
        if wanted["object"] != "page" or not all(wanted.values()):
            raise errors.parameter("object, callback_url, fields and verify_token are required")
        if not await self.facebook.hooks.call_back(wanted["callback_url"], wanted["fields"], wanted["verify_token"]):
            raise GraphError(2200, "(#2200) Callback verification failed with the following errors: wrong challenge")
        return {"success": True}
