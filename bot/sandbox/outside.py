"""What the audience needs of a network: to let an outsider write there, change it, take it back."""

from typing import Protocol

from bot.sandbox.pictures import Picture
from bot.sandbox.public import Item, Person


class Outside(Protocol):
    """One network from the outside; each network keeps its own ids, indexes and webhooks right."""

    def comment(
        self, account: str, answered: Item | None, author: Person, text: str, at: float, media: tuple[str, ...] = ()
    ) -> Item:
        """A comment under `answered`, or without it a mention of the account; `at` may lie in the future."""

    def picture(self, account: str, data: bytes, size: Picture, name: str, alt: str) -> str:
        """Keep an outsider's picture, as the network would; its id, for `comment`."""

    def edit(self, item: Item, text: str) -> Item:
        """The outsider changes the words."""

    def remove(self, item: Item) -> None:
        """The outsider deletes it."""

    def publish(self, account: str, answered: Item | None, text: str, at: float) -> Item:
        """Somebody who has the account's password writes there, by hand or with another tool."""

    def expire(self, account: str, restore: bool, at: float | None = None) -> None:
        """The account's credentials stop working, or work again; `at`, where the network has that: until then."""
