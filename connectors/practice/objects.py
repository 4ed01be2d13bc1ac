"""The practice network's objects as they arrive."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel


class Account(BaseModel):
    """`GET /practice/accounts/{id}`."""

    id: str
    name: str
    handle: str = ""
    picture: str | None = None


class Post(BaseModel):
    """One of our posts or replies."""

    id: str
    url: str | None = None
    replies: int | None = None


class Posts(BaseModel):
    """`GET …/posts?key=`."""

    posts: list[Post]


class Person(BaseModel):
    """A simulated reader."""

    id: str
    name: str


class Picture(BaseModel):
    """A picture that a reader attached."""

    url: str


class Received(BaseModel):
    """Something in the inbox; it comes again when its author changes it or takes it back."""

    id: str
    kind: str
    author: Person
    text: str
    at: AwareDatetime
    post: str
    reply_to: str | None = None
    url: str | None = None
    deleted: bool = False
    edited: bool = False
    hidden: bool = False
    changed: AwareDatetime
    media: list[Picture] = []


class Inbox(BaseModel):
    """`GET …/inbox?after=`."""

    items: list[Received]
    cursor: str
    more: bool = False


class Own(BaseModel):
    """Something that the account itself wrote."""

    id: str
    url: str | None = None
    text: str
    at: AwareDatetime


class Outbox(BaseModel):
    """`GET …/sent?after=`."""

    items: list[Own]
    cursor: str


class Hidden(BaseModel):
    """A comment was hidden or shown."""

    hidden: bool


class Liked(BaseModel):
    """A comment is liked, or not any more."""

    liked: bool


class Deleted(BaseModel):
    """It is gone."""

    deleted: Literal[True]
