"""tweepy pointed at the sandbox by its public `session`, signing for api.twitter.com as it always does."""

from typing import Any

import aiohttp
import tweepy.asynchronous
from yarl import URL

from bot.sandbox import world

TWITTER = "https://api.twitter.com"


class Rebase:
    """A session that swaps the origin after the request is signed."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self.session, self.base = session, base

    def request(self, method: str, url: Any, **options: Any) -> Any:
        """See aiohttp."""
        there = URL(self.base + str(url)[len(TWITTER) :], encoded=True)
        return self.session.request(method, there, **options)


def tweepy_client(
    session: aiohttp.ClientSession, base: str, account: world.Account, **changed: str
) -> tweepy.asynchronous.AsyncClient:
    """A client with the account's OAuth 1.0a keys, some of them changed."""
    keys = {
        "consumer_key": world.X_CONSUMER_KEY,
        "consumer_secret": world.X_CONSUMER_SECRET,
        "access_token": account.token,
        "access_token_secret": account.secret,
    }
    client = tweepy.asynchronous.AsyncClient(**{**keys, **changed}, return_type=dict)
    client.session = Rebase(session, base)
    return client
