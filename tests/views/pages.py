"""Records as the desk would read them, for drawing without any store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.desk.pages import Length, PostPage
from bot.domain.brands import Account, Brand, Channels, Role, Stop
from bot.domain.checks import Finding
from bot.domain.deliveries import Delivery, State, Trouble
from bot.domain.facts import Fact
from bot.domain.posts import Act, Decision, Picture, Post, PostStatus, Revision

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ANA, BRUNO, CARLA = "T1:UANA", "T1:UBRUNO", "T1:UCARLA"
NAMES: Mapping[str, str] = {ANA: "Ana", BRUNO: "Bruno", CARLA: "Carla"}
TITLES = {"x": "X", "facebook": "Facebook", "practice": "Practice"}


def brand(**more: Any) -> Brand:
    """Café Ágora, in Spanish, in Madrid."""
    given: dict[str, Any] = {
        "id": "agora",
        "name": "Café Ágora",
        "face": "☕",
        "language": "es",
        "zone": "Europe/Madrid",
        "channels": Channels(review="CREVIEW", alerts="CALERTS"),
        "roles": {ANA: frozenset({Role.AUTHOR}), BRUNO: frozenset({Role.APPROVER})},
    }
    return Brand(**given | more)


def account(network: str = "x", **more: Any) -> Account:
    """An account of the brand."""
    handles = {"x": "cafe_agora", "facebook": "cafe.agora", "practice": "ensayo"}
    given: dict[str, Any] = {
        "id": f"{network}-1",
        "brand": "agora",
        "network": network,
        "remote_id": "1",
        "handle": handles[network],
        "name": "Café Ágora",
        "sealed": "-",
        "connected_at": NOW,
    }
    return Account(**given | more)


def revision(number: int = 1, text: str = "Abrimos a las 9", **more: Any) -> Revision:
    """What Ana wrote."""
    given: dict[str, Any] = {"number": number, "text": text, "accounts": ("x-1", "facebook-1"), "by": ANA, "at": NOW}
    return Revision(**given | more)


def post(*revisions: Revision, status: PostStatus = PostStatus.IN_REVIEW, **more: Any) -> Post:
    """A post of Ana's."""
    given: dict[str, Any] = {
        "id": "p1",
        "brand": "agora",
        "author": ANA,
        "status": status,
        "revisions": revisions or (revision(),),
        "created_at": NOW,
        "changed_at": NOW,
        "version": 1,
    }
    return Post(**given | more)


def picture(**more: Any) -> Picture:
    """A picture that is fetched already."""
    given: dict[str, Any] = {"file": "F1", "name": "taza.png", "type": "image/png", "size": 9, "blob": "b1"}
    return Picture(**given | {"alt": "Una taza"} | more)


def decision(act: Act, by: str = BRUNO, **more: Any) -> Decision:
    """Bruno's."""
    given: dict[str, Any] = {"act": act, "revision": 1, "hash": "h", "by": by, "at": NOW}
    return Decision(**given | more)


def delivery(state: State = State.PLANNED, network: str = "x", trouble: str = "", **more: Any) -> Delivery:
    """The post on one account."""
    given: dict[str, Any] = {
        "id": f"p1-1-1-{network}-1",
        "brand": "agora",
        "account": f"{network}-1",
        "network": network,
        "generation": 1,
        "post": "p1",
        "revision": 1,
        "state": state,
        "due": NOW,
        "created_at": NOW,
        "approved_by": BRUNO,
        "trouble": Trouble(kind=trouble) if trouble else None,
        "version": 1,
    }
    return Delivery(**given | more)


def page(
    shown: Post | None = None,
    *deliveries: Delivery,
    findings: Sequence[Finding] = (),
    stop: Stop | None = None,
    where: Brand | None = None,
    accounts: Sequence[Account] = (),
    approvers: Sequence[str] = (BRUNO,),
    lengths: Mapping[tuple[str, ...], Sequence[Sequence[Length]]] | None = None,
    leans: Sequence[Fact] = (),
) -> PostPage:
    """A post with everything around it."""
    known = accounts or (account("x"), account("facebook"))
    return PostPage(
        post=shown or post(),
        brand=where or brand(),
        accounts={each.id: each for each in known},
        titles=TITLES,
        deliveries=deliveries,
        findings=findings,
        approvers=approvers,
        stop=stop,
        now=NOW,
        lengths=lengths or {},
        leans=leans,
    )


TOMORROW = NOW + timedelta(hours=17)
