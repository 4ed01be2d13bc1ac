"""What this machine remembers of the store from outside of it, held against the store as it is now."""

import asyncio
import logging
from pathlib import Path

from bot.desk.custody import Seen
from bot.desk.desk import Desk
from bot.domain.custody import Custody, Mark
from bot.errors import StoreError
from bot.store import restored, witness

log = logging.getLogger(__name__)


def remembered(data: Path, team: str) -> Seen:
    """What was seen of this workspace's store last, by any process with this data folder."""
    put_back = restored.noted(data)
    try:
        seen = witness.read(data)
    except StoreError as error:
        log.error("nobody remembers where the record ended: %s", error)
        seen = None
    if seen is None or seen.team != team:
        return Seen(restored=put_back)
    mark = Mark(number=seen.number, hash=seen.hash)
    return Seen(mark=mark, at=seen.at, admins=seen.admins, alerts=seen.alerts, restored=put_back)


async def examine(desk: Desk, data: Path) -> Custody:
    """Before anything is published, and whenever the store was away. Raises StoreUnavailable."""
    seen = await asyncio.to_thread(remembered, data, desk.store.team)
    custody = await desk.custody.examine(seen)
    if seen.restored:
        await asyncio.to_thread(restored.forget, data)
    if custody.missing:
        log.error(
            "nothing is published: %s, the record ended at %d, the store at %d",
            custody.gap,
            custody.seen.number,
            custody.found.number,
        )
    return custody
