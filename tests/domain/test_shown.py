"""Which pictures are fetched, once each, and whose copies must go."""

from datetime import UTC, datetime

from bot.domain.conversations import Conversation, Outsider, Words
from bot.domain.shown import LAST, TRIES, ShownPicture, outlived, picture_id, wanted

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def talk(*heard: Words, **more: object) -> Conversation:
    values = {
        "id": "c", "brand": "b", "account": "a", "network": "x", "heard": heard, "changed_at": NOON, "created_at": NOON,
        "person": Outsider(id="1", handle="", name="Rosa"),
    }  # fmt: skip
    return Conversation.model_validate({**values, **more})


def said(ref: str, *media: str, **more: object) -> Words:
    return Words.model_validate({"ref": ref, "kind": "comment", "text": "x", "at": NOON, "media": media, **more})


def copy(url: str, **more: object) -> ShownPicture:
    values = {"id": picture_id("c", url), "brand": "b", "conversation": "c", "ref": "1", "url": url, "at": NOON}
    return ShownPicture.model_validate({**values, **more})


def test_what_is_there_and_not_here_yet_is_fetched() -> None:
    one = talk(said("1", "https://a/1", "https://a/2", "https://a/3"), said("2", "ftp://a/4", "javascript:x"))
    assert list(wanted(one, [])) == [("1", "https://a/1"), ("1", "https://a/2")]
    assert list(wanted(one, [copy("https://a/1", file="F1")])) == [("1", "https://a/2")]
    assert list(wanted(one, [copy("https://a/1", tries=TRIES - 1)])) == [("1", "https://a/1"), ("1", "https://a/2")]
    assert list(wanted(one, [copy("https://a/1", tries=TRIES)])) == [("1", "https://a/2")]
    assert list(wanted(talk(said("1", "https://a/1"), *(said(f"n{n}") for n in range(LAST))), [])) == []
    assert list(wanted(talk(said("1", "https://a/1", gone_at=NOON)), [])) == []
    assert list(wanted(talk(said("1", "https://a/1", removed_by="T:ANA")), [])) == []


def test_copies_go_with_what_they_are_of() -> None:
    mine = [copy("https://a/1", file="F1"), copy("https://a/2", file="F2")]
    assert outlived(talk(said("1", "https://a/1", "https://a/2")), mine) == []
    assert outlived(talk(said("1", "https://a/1")), mine) == mine[1:]
    assert outlived(talk(said("1", "https://a/1", "https://a/2"), forgotten_at=NOON), mine) == mine
    blank = mine[0].without()
    assert (blank.url, blank.file) == ("", "")
    assert outlived(talk(said("1")), [blank]) == []
    assert list(wanted(talk(said("1", "https://a/1")), [blank])) == []
