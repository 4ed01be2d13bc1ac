"""Imported once by the process that workers are forked from: whatever a worker would import, connectors and handlers
too, so that a life costs a few milliseconds."""

from bot.discovery import find_providers, find_router
from tests.faults import lives

LOADED = (find_providers(), find_router(), lives)
