"""An assisted account: no connector reaches its network, so a person publishes by hand and says so."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pydantic import AwareDatetime

from bot.domain.records import MemberId, Value
from bot.errors import UserError

LONGEST_LINK = 2000
LONGEST_NAME = 80
_PORTS = frozenset({None, 80, 443})
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class ByHand(Value):
    """How an account is published by hand. network: its name for people, where it isn't one of our list; link: where
    the profile is. publisher: who is asked; without one whoever is on duty; deputy: who is asked instead."""

    network: str = ""
    link: str = ""
    publisher: MemberId = ""
    deputy: MemberId = ""


class Ask(Value):
    """Somebody was asked to publish one post that was due at `due`, until `until`; `reason`: why they can't; moved: it
    was given another time while they had it.

    handed: they have its pictures as files. files: the places in Slack that were made for them, in order; shared: how
    many of those are shown, so that none is shown twice.
    """

    to: MemberId
    at: AwareDatetime
    due: AwareDatetime
    until: AwareDatetime
    reason: str = ""
    moved: bool = False
    handed: bool = True
    files: tuple[str, ...] = ()
    shared: int = 0


def link_of(typed: str, hosts: Sequence[str] = ()) -> str:
    """An address as somebody typed or pasted it, "" for none; it is kept and shown, and never opened by us.

    hosts: where the network's own pages are; empty: anywhere public. Raises UserError for what can't be one.
    """
    link = typed.strip()
    if not link:
        return ""
    link = link if "://" in link else f"https://{link}"
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one
        raise UserError("error.not_a_link") from None
    odd = any(sign.isspace() or not sign.isprintable() or sign in '<>|"' for sign in link)
    web = parts.scheme in {"http", "https"} and port in _PORTS and parts.username is None and parts.password is None
    if odd or len(link) > LONGEST_LINK or not web or not _public(host):
        raise UserError("error.not_a_link")
    if hosts and not any(host == each or host.endswith(f".{each}") for each in hosts):
        raise UserError("error.other_host", host=hosts[0])
    return link


def _public(host: str) -> bool:
    """Whether it could be a name that everybody can reach: of two parts at least, and no number."""
    labels = host.split(".")
    sound = all(0 < len(label) < 64 and set(label) <= _HOST and label.strip("-") == label for label in labels)
    return sound and len(labels) > 1 and len(host) < 254 and len(labels[-1]) > 1 and not labels[-1][0].isdigit()


def next_to_ask(publishers: Sequence[MemberId], asks: Sequence[Ask], due: AwareDatetime) -> MemberId:
    """Whom to ask for a post that is due then, after those who were and couldn't; "" for nobody."""
    tried = {ask.to for ask in asks if ask.due == due and ask.reason}
    return next((member for member in publishers if member not in tried), "")
