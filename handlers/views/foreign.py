"""A post on an account that we did not send: how it begins, where it is, and what a person can say or do about it."""

from collections.abc import Mapping, Sequence

from bot.domain.brands import Account
from bot.domain.foreign import ForeignPost, ForeignState
from bot.slack.blocks import Block, Element, actions, confirm, context, section
from bot.slack.wire import Button
from bot.text.markup import cut, link
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import Names, account_mark
from handlers.views.stop import OpenStop


class ItWasOurs(Button, id="foreign.ours"):
    """*It was one of us*: this post alarms nobody any more."""

    foreign: str


def foreign_blocks(posts: Sequence[ForeignPost], words: Words, names: Names, *, mends: bool) -> list[Block]:
    """Each post with its link and its first words; the buttons while nobody explained it."""
    blocks: list[Block] = []
    for post in posts:
        blocks.append(section(_quoted(post)))
        if post.state is ForeignState.EXPLAINED:
            blocks.append(context(words("foreign.explained", name=names.get(post.explained_by, ""))))
        elif mends:
            blocks.append(actions(_ours(post, words), _stop(post, words)))
    return blocks


def _quoted(post: ForeignPost) -> str:
    said = relay(cut(post.words, 140), 170)
    web = post.url.startswith(("https://", "http://"))
    return "\n".join(filter(None, [f"> {said}" if said else "", link(post.url, relay(post.url, 60)) if web else ""]))


def _ours(post: ForeignPost, words: Words) -> Element:
    asks = confirm(
        words("confirm.foreign.ask"), words("confirm.foreign.text"), words("foreign.button.ours"), words("confirm.no")
    )
    return ItWasOurs(foreign=post.id).draw(words("foreign.button.ours"), confirm=asks, suffix=post.id)


def _stop(post: ForeignPost, words: Words) -> Element:
    return OpenStop(scope=post.brand).draw(words("button.stop"), style="danger", suffix=post.id)


def foreign_line(post: ForeignPost, account: Account | None, titles: Mapping[str, str], words: Words) -> str:
    """One line for a digest."""
    named = account_mark(account, titles) if account else relay(post.account, 80)
    said = relay(cut(post.words, 90), 110) or words("compose.empty_draft")
    web = post.url.startswith(("https://", "http://"))
    return f"{named}: {link(post.url, said) if web else said}"
