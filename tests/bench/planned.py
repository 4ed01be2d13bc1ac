"""Approved posts that wait for their time, as records: what many days of people's work would have left."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.brands import Account
from bot.domain.deliveries import Delivery
from bot.domain.posts import Post, PostStatus, Revision

TEXT = "Mañana abrimos a las ocho: café de especialidad, pan recién hecho y la prensa del día. ¿Te guardamos mesa?"


def planned(number: int, account: Account, due: datetime, *, approved: datetime) -> tuple[Post, Delivery]:
    """A post and its one delivery, whose id is `d…`."""
    revision = Revision(number=1, text=f"{TEXT} ({number})", accounts=(account.id,), by="T:ANA", at=approved)
    post = Post(
        id=f"p{number}",
        brand=account.brand,
        author="T:ANA",
        status=PostStatus.APPROVED,
        approved=revision.hash,
        revisions=(revision,),
        due=due,
        created_at=approved,
        changed_at=approved,
        correlation=f"c{number}",
    )
    delivery = Delivery(
        id=f"d{number}",
        brand=account.brand,
        account=account.id,
        network=account.network,
        generation=account.generation,
        post=post.id,
        revision=1,
        hash=revision.hash,
        due=due,
        attention=due,
        created_at=approved,
        approved_by="T:BRUNO",
        correlation=post.correlation,
    )
    return post, delivery


def spread(accounts: Sequence[Account], count: int, first: datetime, every: timedelta) -> list[tuple[Post, Delivery]]:
    """So many, the accounts taking turns."""
    return [
        planned(n, accounts[n % len(accounts)], first + n * every, approved=first - timedelta(days=1))
        for n in range(count)
    ]
