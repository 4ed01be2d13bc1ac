"""Pages, posts, photos and comments as the Graph shows them, with the fields that were asked for."""

from typing import Any

from bot.sandbox import world
from bot.sandbox.facebook.fields import Field, Value, nested, parse, pick, verify
from bot.sandbox.facebook.service import NETWORK, Facebook, graph_time
from bot.sandbox.public import Item, Medium

DEFAULTS = {
    "Page": "name,id",
    "Post": "created_time,message,id",
    "Comment": "created_time,from,message,id",
    "Photo": "created_time,name,id",
}
PRIVATE_REPLY_DAYS = 7


class Objects:
    """Draws objects; `reader` is the page whose token asks."""

    def __init__(self, facebook: Facebook, version: str) -> None:
        self.facebook, self.public, self.version = facebook, facebook.public, version

    def _base(self, ident: str, edge: str) -> str:
        return f"/{self.version}/{ident}/{edge}"

    # Lists

    def listing(
        self, condition: str, args: tuple[object, ...], params: dict[str, str], base: str, *, newest: bool
    ) -> dict[str, Any]:
        """Posts or comments as `{data, paging}`, drawn with `params["fields"]`."""
        if "fields" in params:
            verify(parse(params["fields"]), "Comment" if base.endswith("/comments") else "Post")
        found, paging = self.facebook.page(condition, args, params, newest=newest, base=base)
        answer: dict[str, Any] = {"data": [self.draw(one, params.get("fields")) for one in found]}
        if paging:
            answer["paging"] = paging
        return answer

    def comments(self, item: Item, params: dict[str, str]) -> dict[str, Any]:
        """Under a post: top level, or everything with filter=stream. Under a comment: its replies."""
        args: list[object]
        if item.kind == "comment":
            condition, args = "json_extract(extra, '$.top') = ?", [item.id]
        elif params.get("filter") == "stream":
            condition, args = "kind = 'comment'", []
        else:
            condition, args = "parent = ?", [item.id]
        condition = f"network = ? AND root = ? AND {condition}"
        every: tuple[object, ...] = (NETWORK, item.root, *args)
        newest = params.get("order") == "reverse_chronological"
        answer = self.listing(condition, every, params, self._base(item.id, "comments"), newest=newest)
        if params.get("summary", "").lower() in ("true", "1", "total_count"):
            total = self.public.count(condition, *every)
            order = params.get("order", "chronological")
            answer["summary"] = {"order": order, "total_count": total, "can_comment": True}
        return answer

    def likes(self, item: Item, params: dict[str, str]) -> dict[str, Any]:
        """Likes and reactions: only pages of this world press them."""
        likers = [str(page) for page in item.extra.get("liked_by", [])]
        people = [self.public.person(NETWORK, page) for page in likers]
        data = [{"id": one.id, "name": one.name, "type": "LIKE"} for one in people]
        answer: dict[str, Any] = {"data": [] if params.get("limit") == "0" else data}
        if params.get("summary", "").lower() in ("true", "1", "total_count"):
            answer["summary"] = {"total_count": len(data), "can_like": True, "has_liked": item.account in likers}
        return answer

    # Objects

    def draw(self, thing: Item | Medium | world.Account, fields: str | None) -> dict[str, Any]:
        """Any object with the fields in a request's own words."""
        kind, values = self._values(thing)
        wanted = parse(fields or DEFAULTS[kind])
        verify(wanted, kind)
        return pick(wanted, values)

    def sub(self, thing: Item, wanted: list[Field]) -> dict[str, Any]:
        """An object inside another one."""
        _, values = self._values(thing)
        return pick(wanted or parse("id"), values)

    def _values(self, thing: Item | Medium | world.Account) -> tuple[str, dict[str, Value]]:
        if isinstance(thing, world.Account):
            return "Page", self._page(thing)
        if isinstance(thing, Medium):
            return "Photo", self._photo(thing)
        if thing.kind == "comment":
            return "Comment", self._comment(thing)
        return "Post", self._post(thing)

    def _page(self, page: world.Account) -> dict[str, Value]:
        picture = f"{self.facebook.sandbox.url}/page/logo.svg"
        shown = {"height": 50, "width": 50, "is_silhouette": False, "url": picture}
        return {
            "id": lambda _: page.id,
            "name": lambda _: page.name,
            "username": lambda _: page.handle,
            "link": lambda _: f"https://www.facebook.com/{page.handle}",
            "category": lambda _: "Local business",
            "fan_count": lambda _: 120,
            "followers_count": lambda _: 120,
            "is_published": lambda _: True,
            "picture": lambda field: nested({"data": shown}, field.fields),
        }

    def _shared(self, item: Item) -> dict[str, Value]:
        def comments(field: Field) -> dict[str, Any]:
            inner = {"fields": fields_text(field.fields)} if field.fields else {}
            return self.comments(item, {**field.args, **inner})

        return {
            "id": lambda _: item.id,
            "created_time": lambda _: graph_time(item.at),
            "message": lambda _: item.text or None,
            "from": lambda field: nested(self.facebook.person(item), field.fields),
            "permalink_url": lambda _: self.facebook.permalink(item),
            "is_hidden": lambda _: item.hidden,
            "comments": comments,
            "likes": lambda field: self.likes(item, field.args),
            "reactions": lambda field: self.likes(item, field.args),
        }

    def _post(self, item: Item) -> dict[str, Value]:
        return {
            **self._shared(item),
            "updated_time": lambda _: graph_time(item.changed),
            "is_published": lambda _: item.published,
            "is_expired": lambda _: False,
            "status_type": lambda _: "added_photos" if item.media else "mobile_status_update",
            "promotion_status": lambda _: "inactive",
            "attachments": lambda field: nested(self._attachments(item), field.fields),
            "full_picture": lambda _: self.facebook.address(item.media[0]) if item.media else None,
            "shares": lambda _: None,
            "insights": lambda _: None,
            "can_reply_privately": lambda _: False,
        }

    def _comment(self, item: Item) -> dict[str, Value]:
        ours = item.author == item.account
        top = self.facebook.top(item)
        parent = self.facebook.item(top) if top != item.id else None
        post = self.facebook.item(item.root) if item.root else None
        recent = self.facebook.sandbox.now() < item.at + PRIVATE_REPLY_DAYS * 86_400
        return {
            **self._shared(item),
            "parent": lambda field: self.sub(parent, field.fields or parse(DEFAULTS["Comment"])) if parent else None,
            "object": lambda field: self.sub(post, field.fields) if post else None,
            "comment_count": lambda _: self.public.count(
                "network = ? AND json_extract(extra, '$.top') = ?", NETWORK, item.id
            ),
            "like_count": lambda _: len(item.extra.get("liked_by", [])),
            "user_likes": lambda _: item.account in item.extra.get("liked_by", []),
            "can_hide": lambda _: not ours,
            "can_comment": lambda _: True,
            "can_like": lambda _: True,
            "can_remove": lambda _: True,
            "can_reply_privately": lambda _: not ours and recent and "private_reply" not in item.extra,
            "is_private": lambda _: False,
            "attachment": lambda field: nested(self._attachment(item.media[0]), field.fields) if item.media else None,
        }

    def _photo(self, medium: Medium) -> dict[str, Value]:
        size = {"height": medium.extra["height"], "width": medium.extra["width"]}
        return {
            "id": lambda _: medium.id,
            "created_time": lambda _: graph_time(medium.at),
            "name": lambda _: medium.extra.get("caption") or None,
            "alt_text_custom": lambda _: medium.alt or None,
            "alt_text": lambda _: medium.alt or None,
            "height": lambda _: medium.extra["height"],
            "width": lambda _: medium.extra["width"],
            "images": lambda field: nested([{**size, "source": self.facebook.address(medium.id)}], field.fields),
            "source": lambda _: self.facebook.address(medium.id),
            "link": lambda _: f"https://www.facebook.com/photo.php?fbid={medium.id}",
            "page_story_id": lambda _: medium.extra.get("post"),
        }

    def _attachment(self, ident: str) -> dict[str, Any]:
        medium = self.public.medium(ident)
        assert medium is not None
        image = {"height": medium.extra["height"], "width": medium.extra["width"], "src": self.facebook.address(ident)}
        page = f"https://www.facebook.com/photo.php?fbid={ident}"
        shown: dict[str, Any] = {"media": {"image": image}, "target": {"id": ident, "url": page}}
        if medium.alt:
            shown["description"] = medium.alt
        return {**shown, "type": "photo", "url": page}

    def _attachments(self, item: Item) -> dict[str, Any] | None:
        if len(item.media) > 1:
            album = {"data": [self._attachment(ident) for ident in item.media]}
            target = {"id": item.id, "url": self.facebook.permalink(item)}
            return {"data": [{"subattachments": album, "target": target, "title": "Photos", "type": "album"}]}
        if item.media:
            return {"data": [self._attachment(item.media[0])]}
        if link := item.extra.get("link"):
            return {"data": [{"target": {"url": link}, "title": link, "type": "share", "url": link}]}
        return None


def fields_text(fields: list[Field]) -> str:
    """A parsed list of fields, written out again."""
    parts = []
    for one in fields:
        args = "".join(f".{name}({value})" for name, value in one.args.items())
        parts.append(one.name + args + (f"{{{fields_text(one.fields)}}}" if one.fields else ""))
    return ",".join(parts)
