"""What exists by existing: connectors and handlers are found in their folders, nobody lists them."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType

import connectors
import handlers
from bot.network import Provider
from bot.network.assisted import ASSISTED
from bot.slack.router import Router


def _modules(package: ModuleType) -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")]
    return [importlib.import_module(name) for name in sorted(names)]


def find_providers() -> Mapping[str, Provider]:
    """Every network: a connector exists by existing in `connectors`."""
    found: dict[str, Provider] = {}
    for module in _modules(connectors):
        provider: Provider = module.PROVIDER
        found[provider.name] = provider
    return found


def find_networks() -> Mapping[str, Provider]:
    """Every network that an account can be on: those with a connector, and those where a person publishes by hand."""
    return {**ASSISTED, **find_providers()}


def find_router() -> Router:
    """Everything that the handlers registered, in one table."""
    router = Router()
    for module in _modules(handlers):
        mine = getattr(module, "router", None)
        if isinstance(mine, Router):
            router.include(mine)
    return router
