"""X: API v2 through tweepy, OAuth 1.0a keys that don't expire, mentions by polling."""

from bot.network import Provider
from connectors.x.provider import X

PROVIDER: Provider = X()
