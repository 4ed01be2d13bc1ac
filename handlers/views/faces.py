"""How a brand, an account and a person are shown: the same on every card and in every form."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from bot.domain.brands import Account, Brand, Member
from bot.domain.records import MemberId
from bot.text.relaying import relay, relay_plain
from bot.text.words import Words

Names = Mapping[MemberId, str]
"""Members' names, ready for mrkdwn. A name rings nobody; a mention does."""


def brand_face(brand: Brand) -> str:
    """`☕ Café Ágora`, for plain text."""
    return relay_plain(f"{brand.face} {brand.name}", 150)


def face_mark(brand: Brand) -> str:
    """`☕`, for mrkdwn: an admin may have typed anything."""
    return relay(brand.face, 40)


def account_name(account: Account, titles: Mapping[str, str]) -> str:
    """`X @cafe_agora`, for plain text: the network always stands beside the name."""
    title = account.title(titles.get(account.network, account.network))
    return relay_plain(f"{title} @{account.handle}" if account.handle else f"{title} {account.name}", 150)


def account_label(account: Account, titles: Mapping[str, str]) -> str:
    """`X @cafe_agora — Café Ágora`, for plain text."""
    short = account_name(account, titles)
    told = account.name.casefold() in {account.handle.casefold(), ""}
    return short if told or not account.handle else f"{short} — {relay_plain(account.name, 80)}"


def account_mark(account: Account, titles: Mapping[str, str]) -> str:
    """`X @cafe_agora`, for mrkdwn."""
    return relay(account_name(account, titles), 120)


def mention(member: MemberId) -> str:
    """Rings the member wherever it is posted for the first time."""
    return f"<@{member.rpartition(':')[2]}>"


def named(member: Member) -> str:
    """A member's name for mrkdwn; a mention where Slack told us none."""
    return relay(member.name, 80) or mention(member.id)


async def names_of(find: Callable[[MemberId], Awaitable[Member]], members: Iterable[MemberId]) -> Names:
    """The names of members, each asked for once."""
    return {id_: named(await find(id_)) for id_ in dict.fromkeys(members) if ":" in id_}


def practice_mark(brand: Brand, words: Words) -> list[str]:
    """What tells practice from the real thing, on everything that shows it."""
    return [f"🧪 {words('brand.practice')}"] if brand.practice else []
