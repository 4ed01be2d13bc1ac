"""What a page publishes: posts, photos, their edits and their end."""

from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import world
from bot.sandbox.facebook import errors, names
from bot.sandbox.facebook.access import Ask
from bot.sandbox.facebook.errors import GraphError
from bot.sandbox.facebook.service import NETWORK, Facebook
from bot.sandbox.pictures import measure
from bot.sandbox.public import Item, Medium

MAX_MESSAGE = 63_206
MAX_PHOTO = 10 << 20
SOONEST, LATEST = 600, 30 * 86_400  # assumed: thirty days; older pages say six months
UNPUBLISHED_LIFE = 86_400  # assumed: a temporary photo that no post took is gone after a day


class Publishing:
    """Writes of a page on its own timeline."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook, self.public = facebook, facebook.public

    def feed(self, ask: Ask, page: world.Account) -> dict[str, Any]:
        """`POST /{page}/feed`."""
        ask.check(names.FEED)
        message, link = _message(ask), ask.params.get("link", "")
        if link and urlsplit(link).scheme not in ("http", "https"):  # assumed: the code
            raise GraphError(1500, "(#1500) The url you supplied is invalid")
        photos = [self._photo(one, page) for one in ask.listed("attached_media")]
        if len({photo.id for photo in photos}) != len(photos):
            raise errors.parameter("Param attached_media must not repeat a photo")
        if not message and not link and not photos:
            raise errors.parameter("Missing message or attachment")
        if photos and link:
            raise errors.parameter("link and attached_media can not be used together")
        at, published = self._when(ask)
        if message or link:
            self._not_again(page, message, link, [photo.id for photo in photos])
        item = self._publish(page, message, at, published, photos, {"link": link} if link else {})
        return {"id": item.id}

    def _publish(
        self, page: world.Account, message: str, at: float, published: bool, photos: list[Medium], extra: dict[str, Any]
    ) -> Item:
        ident = f"{page.id}_{self.facebook.number(self.facebook.sandbox.now())}"
        item = Item(
            network=NETWORK,
            id=ident,
            account=page.id,
            kind="post",
            author=page.id,
            text=message,
            at=at,
            media=tuple(photo.id for photo in photos),
            published=published,
            extra=extra,
        )
        item = self.public.add(item)
        for photo in photos:
            self._keep(photo, extra={**photo.extra, "post": ident})
        if published:
            self.facebook.tell_post(item, "add")
        return item

    def _keep(self, photo: Medium, extra: dict[str, Any]) -> None:
        self.public.keep_medium(
            Medium(photo.id, NETWORK, photo.account, photo.name, photo.type, photo.bytes, photo.alt, photo.at, extra)
        )

    def _photo(self, given: Any, page: world.Account) -> Medium:
        ident = str(given.get("media_fbid", "")) if isinstance(given, dict) else ""
        photo = self.public.medium(ident)
        gone = (
            photo is not None
            and photo.extra["temporary"]
            and (self.facebook.sandbox.now() > photo.at + UNPUBLISHED_LIFE)
        )
        if photo is None or photo.network != NETWORK or photo.account != page.id or gone:
            raise errors.parameter(f"Invalid parameter: media_fbid {ident} is not an unpublished photo of this page")
        if photo.extra.get("post"):
            text = "Invalid parameter"
            raise GraphError(100, text, subcode=1366051, title="These Photos Were Already Posted")
        return photo

    def _when(self, ask: Ask) -> tuple[float, bool]:
        """Scheduled posts lie in the future until their time comes."""
        now = self.facebook.sandbox.now()
        published = ask.flag("published", default=True)
        planned = ask.params.get("scheduled_publish_time")
        if planned is None:
            return now, published
        if published:
            raise errors.parameter("You cannot specify a scheduled publish time on a published post")
        if not planned.isdigit() or not now + SOONEST <= int(planned) <= now + LATEST:
            raise errors.parameter("The specified scheduled publish time is invalid.")
        return float(planned), True

    def _not_again(self, page: world.Account, message: str, link: str, photos: list[str]) -> None:
        """Only the post just before counts."""
        before = self.public.where(
            "network = ? AND author = ? AND kind = 'post' AND published", NETWORK, page.id, order="at DESC", limit=1
        )
        for item in before:
            if item.text == message and item.extra.get("link", "") == link and list(item.media) == photos:
                raise errors.duplicate()

    def photo(self, ask: Ask, page: world.Account) -> dict[str, Any]:
        """`POST /{page}/photos`: a picture, visible at once unless published=false."""
        ask.check(names.PHOTOS)
        if "url" in ask.params:
            # The sandbox reaches no other host; the real service would fetch the address. assumed: the codes.
            raise GraphError(324, "(#324) Missing or invalid image file", subcode=2069019)
        data, name = _file(ask.files)
        picture = measure(data)
        if picture is None:
            raise GraphError(324, "(#324) Missing or invalid image file", subcode=2069019)
        if len(data) > MAX_PHOTO:
            raise GraphError(100, "Invalid parameter", subcode=1366046, title="Photos Should Be Smaller Than 10 MB")
        published = ask.flag("published", default=True)
        caption = ask.params.get("caption", ask.params.get("message", ask.params.get("name", "")))
        now = self.facebook.sandbox.now()
        ident = self.facebook.number(now)
        temporary = ask.flag("temporary", default=False)
        extra = {"width": picture.width, "height": picture.height, "caption": caption, "temporary": temporary}
        alt = ask.params.get("alt_text_custom", "")
        medium = Medium(ident, NETWORK, page.id, name, picture.type, data, alt, now, extra)
        self.public.keep_medium(medium)
        if not published:
            return {"id": ident}
        return {"id": ident, "post_id": self._publish(page, caption, now, True, [medium], {}).id}

    def edit(self, ask: Ask, item: Item) -> dict[str, Any]:
        """`POST /{post}`."""
        ask.check(names.EDIT_POST)
        if ask.page is None or item.author != ask.page.id:
            raise errors.not_yours()
        changed = {}
        if "message" in ask.params:
            changed["text"] = _message(ask)
        if "is_published" in ask.params:
            changed["published"] = str(int(ask.flag("is_published", default=True)))
        if not changed:
            raise errors.parameter("Nothing to change")
        item = self.public.write(item, **changed)
        self.facebook.tell_post(item, "edited")
        return {"success": True}

    def remove(self, ask: Ask, item: Item) -> dict[str, Any]:
        """`DELETE /{post}`: its comments go with it."""
        ask.check()
        if ask.page is None or item.author != ask.page.id:
            raise errors.not_yours()
        self.public.delete(item, below=True)
        self.facebook.tell_post(item, "remove")
        return {"success": True}


def _message(ask: Ask) -> str:
    message = ask.params.get("message", "").strip()
    if len(message) > MAX_MESSAGE:
        raise errors.parameter(f"Param message must be at most {MAX_MESSAGE} characters")
    return message


def _file(files: dict[str, web.FileField]) -> tuple[bytes, str]:
    if not files:
        raise GraphError(324, "(#324) Requires upload file")
    one = next(iter(files.values()))
    return one.file.read(), one.filename
