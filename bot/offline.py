"""The store for a command that works beside the bot, or while it is stopped: no Slack is asked for anything."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import ConfigurationError
from bot.settings import DOTENV
from bot.store.client import Client
from bot.store.launcher import connect, ensure_store, stop_store, store_status


def environment() -> Mapping[str, str]:
    """What the operator set: the environment before `.env`."""
    return {name: value for name, value in {**dotenv_values(DOTENV), **os.environ}.items() if value}


def data_of(given: Mapping[str, str]) -> Path:
    """The data folder."""
    return Path(given.get("VOCERO_DATA") or ".vocero")


@asynccontextmanager
async def opened(given: Mapping[str, str]) -> AsyncIterator[Client]:
    """A client of the store that is set; our own is started for the moment if it isn't running.

    Raises ConfigurationError where there is none, StoreUnavailable.
    """
    data, url, ours = data_of(given), given.get("REDIS_URL", ""), False
    if not url:
        if not data.is_dir():
            raise ConfigurationError(f"There is no store in {data}: set VOCERO_DATA or REDIS_URL.")
        ours = store_status(data).state == "down"
        url = ensure_store(data)
    client = connect(url)
    try:
        yield client
    finally:
        await client.aclose()
        if ours:
            stop_store(data)
