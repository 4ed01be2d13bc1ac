"""How outsiders write on Facebook: comments below posts, posts of their own that mention a page."""

from bot.sandbox.facebook.comments import Comments
from bot.sandbox.facebook.messages import Messages
from bot.sandbox.facebook.service import NETWORK, Facebook
from bot.sandbox.pictures import Picture
from bot.sandbox.public import Item, Medium, Person


class FacebookOutside:
    """Every change is told to the page's webhooks."""

    def __init__(self, facebook: Facebook) -> None:
        self.facebook, self.comments = facebook, Comments(facebook)
        self.messages = Messages(facebook)

    def comment(
        self, account: str, answered: Item | None, author: Person, text: str, at: float, media: tuple[str, ...] = ()
    ) -> Item:
        """Without a post: the outsider's own post, tagged with the page."""
        if answered is not None:
            return self.comments.add(answered, author.id, text, at, media)
        ident = f"{author.id}_{self.facebook.number(at)}"
        item = Item(
            network=NETWORK,
            id=ident,
            account=account,
            kind="mention",
            author=author.id,
            text=text,
            at=at,
            media=media,
        )
        item = self.facebook.public.add(item)
        self.facebook.tell_mention(item, "add", at)
        return item

    def picture(self, account: str, data: bytes, size: Picture, name: str, alt: str) -> str:
        """A photo in a comment or a post of their own."""
        now = self.facebook.sandbox.now()
        extra = {"width": size.width, "height": size.height, "caption": "", "temporary": False, "post": "theirs"}
        ident = self.facebook.number(now)
        self.facebook.public.keep_medium(Medium(ident, NETWORK, account, name, size.type, data, alt, now, extra))
        return ident

    def write(self, account: str, author: Person, text: str, media: tuple[str, ...] = ()) -> str:
        """A private message to the page; its id."""
        return str(self.messages.say(account, author, text, media)["id"])

    def withhold(self, account: str, scopes: list[str]) -> None:
        """The page's people gave the app everything but these."""
        self.facebook.withhold(account, scopes)

    def publish(self, account: str, answered: Item | None, text: str, at: float) -> Item:
        """By hand, in the page's own name."""
        if answered is not None:
            return self.comments.add(answered, account, text, at)
        ident = f"{account}_{self.facebook.number(at)}"
        item = Item(network=NETWORK, id=ident, account=account, kind="post", author=account, text=text, at=at)
        item = self.facebook.public.add(item)
        self.facebook.tell_post(item, "add")
        return item

    def edit(self, item: Item, text: str) -> Item:
        """The id stays."""
        item = self.facebook.public.write(item, text=text)
        self._tell(item, "edited")
        return item

    def remove(self, item: Item) -> None:
        """What stands below goes too."""
        self.facebook.public.delete(item, below=True)
        self._tell(item, "remove")

    def _tell(self, item: Item, verb: str) -> None:
        if item.kind == "comment":
            self.facebook.tell_comment(item, verb)
        else:
            self.facebook.tell_mention(item, verb)

    def expire(self, account: str, restore: bool, at: float | None = None) -> None:
        """The page token ends: code 190, subcode 463."""
        self.facebook.expire(account, restore=restore, at=at)
