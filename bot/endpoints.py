"""Where each network lives, with our app's keys there; practice is started beside the bot where nobody else runs it."""

import secrets
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.journal import register_secret
from bot.network import Endpoint
from bot.sandbox.practice import build_practice
from bot.settings import Settings
from bot.store.records import Store
from bot.store.vault import Vault
from bot.web.listening import listening

PRACTICE_ACCOUNT = "ensayo"


def plain(value: SecretStr | None) -> str:
    """A secret itself; empty for none."""
    return value.get_secret_value() if value else ""


def endpoints_of(settings: Settings, practice: Endpoint) -> Mapping[str, Endpoint]:
    """Where each network lives, with the operator's app there. Networks without app keys are left out of reach."""
    x = {
        "consumer_key": plain(settings.x_consumer_key),
        "consumer_secret": plain(settings.x_consumer_secret),
        "site": settings.x_site_url,
    }
    facebook = {
        "app_id": settings.facebook_app_id or "",
        "app_secret": plain(settings.facebook_app_secret),
        "site": settings.facebook_site_url or "",
    }
    return {
        "x": Endpoint(settings.x_api_url, x),
        "facebook": Endpoint(settings.facebook_graph_url, facebook),
        "practice": practice,
    }


@asynccontextmanager
async def own_practice(data: Path, store: Store, vault: Vault) -> AsyncIterator[Endpoint]:
    """The practice network on a free port of this machine, for day one on a real workspace.

    Its one account's key is kept in the store, sealed, so that every process of this installation opens the same
    account. data: the folder that its own records are in.
    """
    name, about = store.key("practice-key"), "practice-key"
    await store.client.set(name, vault.seal(secrets.token_urlsafe(24), about), nx=True)
    kept = str(await store.client.get(name))
    if "." not in kept:  # written when it wasn't sealed yet
        kept = vault.seal(kept, about)
        await store.client.set(name, kept)
    key = vault.open(kept, about)
    register_secret(key)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    app = build_practice(data / "practice.db", {PRACTICE_ACCOUNT: key}, url=url, names={PRACTICE_ACCOUNT: "Ensayo"})
    async with listening(app, "127.0.0.1", port):
        yield Endpoint(url, {"key": key})
