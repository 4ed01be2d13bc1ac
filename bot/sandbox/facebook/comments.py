"""Comments on a page's posts: writing, hiding, editing, deleting, liking, and the one private reply."""

from typing import Any

from bot.sandbox import world
from bot.sandbox.facebook import errors, names
from bot.sandbox.facebook.access import Ask
from bot.sandbox.facebook.errors import GraphError
from bot.sandbox.facebook.objects import PRIVATE_REPLY_DAYS
from bot.sandbox.facebook.service import NETWORK, Facebook
from bot.sandbox.public import Item
from bot.sandbox.storage import row

MAX_MESSAGE = 8000  # assumed
SAME_PER_HOUR = 10


class Comments:
    """What a page does below its posts, and below posts that mention it."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook, self.public = facebook, facebook.public

    def create(self, ask: Ask, item: Item, page: world.Account) -> dict[str, Any]:
        """`POST /{post or comment}/comments`."""
        ask.check(names.COMMENT_ON if item.kind == "comment" else names.COMMENT_ON_POST)
        if item.account != page.id:
            raise errors.not_yours()
        message = ask.params.get("message", "").strip()
        media = self._attached(ask, page)
        if not message and not media:
            raise errors.parameter("The parameter message is required")
        if len(message) > MAX_MESSAGE:
            raise errors.parameter(f"Param message must be at most {MAX_MESSAGE} characters")
        now = self.facebook.sandbox.now()
        same = self.public.where(
            "network = ? AND author = ? AND kind = 'comment' AND text = ? AND at > ?",
            NETWORK,
            page.id,
            message,
            now - 3600,
        )
        if message and len(same) >= SAME_PER_HOUR:
            raise errors.abusive()
        return {"id": self.add(item, page.id, message, now, media).id}

    def _attached(self, ask: Ask, page: world.Account) -> tuple[str, ...]:
        ident = ask.params.get("attachment_id")
        if ident is None:
            return ()
        photo = self.public.medium(ident)
        if photo is None or photo.network != NETWORK or photo.account != page.id:
            raise errors.parameter("Invalid parameter: attachment_id")
        return (ident,)

    def add(self, answered: Item, author: str, text: str, at: float, media: tuple[str, ...] = ()) -> Item:
        """Anybody's comment. `parent` keeps what it answers; `top` the comment under which Facebook shows it."""
        root = answered.root or answered.id
        extra = {"top": self.facebook.top(answered)} if answered.kind == "comment" else {}
        item = Item(
            network=NETWORK,
            id=f"{root.rpartition('_')[2]}_{self.facebook.number(at)}",
            account=answered.account,
            kind="comment",
            author=author,
            text=text,
            at=at,
            parent=answered.id,
            root=root,
            media=media,
            extra=extra,
        )
        item = self.public.add(item)
        self.facebook.tell_comment(item, "add", at)
        return item

    def edit(self, ask: Ask, item: Item) -> dict[str, Any]:
        """`POST /{comment}`: one's own words, or is_hidden of somebody else's."""
        ask.check(names.EDIT_COMMENT)
        self._ours(ask, item)
        changed: dict[str, object] = {}
        verb = "edited"
        if "is_hidden" in ask.params:
            if item.author == item.account:
                raise errors.parameter("A page can't hide its own comment")  # assumed
            hidden = ask.flag("is_hidden", default=False)
            changed["hidden"], verb = int(hidden), "hide" if hidden else "unhide"
        if "message" in ask.params:
            if item.author != item.account:
                raise errors.not_yours()
            changed["text"] = ask.params["message"].strip()
        if not changed:
            raise errors.parameter("Nothing to change")
        self.facebook.tell_comment(self.public.write(item, **changed), verb)
        return {"success": True}

    def remove(self, ask: Ask, item: Item) -> dict[str, Any]:
        """`DELETE /{comment}`: a page may remove anybody's from its posts."""
        ask.check()
        self._ours(ask, item)
        self.public.delete(item, below=True)
        self.facebook.tell_comment(item, "remove")
        return {"success": True}

    def like(self, ask: Ask, item: Item, page: world.Account) -> dict[str, Any]:
        """`POST` and `DELETE /{object}/likes`."""
        ask.check(names.LIKE)
        if item.account != page.id:
            raise errors.not_yours()
        liked = [one for one in item.extra.get("liked_by", []) if one != page.id]
        if ask.method == "POST":
            liked.append(page.id)
        self.public.write(item, extra={**item.extra, "liked_by": liked})
        return {"success": True}

    def _ours(self, ask: Ask, item: Item) -> None:
        root = self.facebook.item(item.root) if item.root else None
        own_post = root is not None and root.author == item.account
        if ask.page is None or item.account != ask.page.id or not (own_post or item.author == ask.page.id):
            raise errors.not_yours()

    def message(self, ask: Ask, page: world.Account) -> dict[str, Any]:
        """`POST /{page}/messages` as a private reply: one per comment, within seven days."""
        ask.check(names.MESSAGES)
        recipient, message = ask.json("recipient"), ask.json("message")
        ident = str(recipient.get("comment_id", "")) if isinstance(recipient, dict) else ""
        text = str(message.get("text", "")).strip() if isinstance(message, dict) else ""
        item = self.facebook.item(ident) if ident else None
        if item is None or item.account != page.id or item.kind != "comment" or item.author == page.id:
            raise errors.parameter("No matching comment found")
        if not text or len(text) > 2000:
            raise errors.parameter("Length of param message[text] must be between 1 and 2000")
        now = self.facebook.sandbox.now()
        if now > item.at + PRIVATE_REPLY_DAYS * 86_400:
            text = "(#10) This message is sent outside of allowed window."
            raise GraphError(10, text, status=403, subcode=2018278)  # assumed: the codes
        db = self.facebook.sandbox.db
        if row(db, "SELECT 1 FROM facebook_messages WHERE comment = ?", item.id):
            raise GraphError(10900, "(#10900) Activity already replied to")  # assumed: the code
        message_id = f"m_{self.facebook.number(now)}"
        values = (message_id, page.id, item.id, item.author, text, now)
        db.execute("INSERT INTO facebook_messages VALUES (?,?,?,?,?,?)", values)
        self.public.write(item, extra={**item.extra, "private_reply": message_id})
        return {"recipient_id": item.author, "message_id": message_id}
