"""Connecting accounts: sealed, by admins, one brand each, and practice by itself."""

import pytest

from bot.desk.desk import Desk
from bot.domain.brands import AccountState, Brand, Channels
from bot.errors import NotAllowed, UserError
from bot.network import Identity
from tests.desk.conftest import Team

KEYS = {"token": "very-secret-token"}
WHO = Identity("42", "agora", "Café Ágora")


async def test_keys_are_sealed_and_reconnecting_keeps_the_account(desk: Desk, people: Team) -> None:
    first = await desk.accounts.connect("agora", "letters", KEYS, WHO, people.admin)
    assert "very-secret-token" not in first.sealed + repr(first)
    await desk.accounts.died(first.id, "expired")
    again = await desk.accounts.connect("agora", "letters", KEYS, WHO, people.admin)
    assert (again.id, again.state) == (first.id, AccountState.ACTIVE)
    raw = await desk.store.client.hgetall(desk.store.key("account", first.id))
    assert "very-secret-token" not in str(raw)


async def test_only_admins_connect_and_a_profile_has_one_brand(desk: Desk, people: Team) -> None:
    with pytest.raises(NotAllowed):
        await desk.accounts.connect("agora", "letters", KEYS, WHO, people.bruno)
    await desk.accounts.connect("agora", "letters", KEYS, WHO, people.admin)
    with pytest.raises(UserError, match="account_of_other_brand"):
        await desk.accounts.connect("northwind", "letters", KEYS, WHO, people.admin)


async def test_practice_and_real_accounts_never_share_a_brand(desk: Desk, people: Team) -> None:
    practice = Brand(id="ensayo", name="Ensayo", practice=True, channels=Channels(review="C-ensayo"))
    await desk.brands.create(practice, people.admin)
    with pytest.raises(UserError, match="practice_apart"):
        await desk.accounts.connect("ensayo", "letters", KEYS, WHO, people.admin)
    assert list(desk.connecting.networks(practice)) == []
    assert list(desk.connecting.networks(await desk.brand("agora"))) == ["letters"]
