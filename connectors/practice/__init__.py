"""Practice: a network of our own with a simulated audience, where the same key is the same post."""

from bot.network import Provider
from connectors.practice.provider import Practice

PROVIDER: Provider = Practice()
