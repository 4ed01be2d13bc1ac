"""A thread that notices when the loop is stuck: writes down where, and in the one-process mode says so in Slack.

Nothing else can: whatever runs on the loop is stuck with it.
"""

import faulthandler
import logging
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.desk.desk import Desk
from bot.engine.storekeeping import Listener, lasting
from bot.slack.outcry import Outcry
from bot.text.times import moment
from bot.text.words import words_for

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that one turn of the loop may take."""
LOOK = 0.5


class Loopwatch:
    """turned: when the loop last turned (monotonic). outcry: None where another process speaks.

    listeners: whom to tell; they are read while the loop still turns.
    """

    def __init__(
        self, turned: Callable[[], float], outcry: Outcry | None = None, *, patience: float = PATIENCE
    ) -> None:
        self._turned = turned
        self._outcry = outcry
        self._patience = patience
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loopwatch", daemon=True)
        self.listeners: Sequence[Listener] = ()

    def start(self) -> None:
        """Until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """The loop ends in order."""
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(LOOK):
            last = self._turned()
            if time.monotonic() - last > self._patience:
                self._stuck(last)

    def _stuck(self, last: float) -> None:
        since = datetime.now(UTC) - timedelta(seconds=time.monotonic() - last)
        reference = secrets.token_hex(4)
        log.error("the loop is stuck, reference %s:\n%s", reference, stacks(), extra={"reference": reference})
        said = {where: placed for where, placed in self._each("watchdog.frozen", since, reference=reference) if placed}
        while not self._over.wait(LOOK) and self._turned() == last:
            continue
        if self._over.is_set():
            return
        lasted = datetime.now(UTC) - since
        log.error("the loop turns again after %.0f s, reference %s", lasted.total_seconds(), reference)
        for listener in self.listeners:
            if self._outcry is not None and listener.where in said:
                self._outcry.edit(said[listener.where], self._text(listener, "✅", "watchdog.thawed", since, lasted))

    def _each(self, key: str, since: datetime, *, reference: str) -> list[tuple[str, tuple[str, str] | None]]:
        if self._outcry is None:
            return []
        told = []
        for listener in self.listeners:
            words = words_for(listener.locale)
            when = moment(since, listener.zone, words, datetime.now(UTC))
            placed = self._outcry.post(listener.where, f"⚠️ {words(key, when=when, reference=reference)}")
            if placed is None:
                log.error("somebody could not be told that the loop is stuck", extra={"channel": listener.where})
            told.append((listener.where, placed))
        return told

    def _text(self, listener: Listener, sign: str, key: str, since: datetime, lasted: timedelta) -> str:
        words = words_for(listener.locale)
        when = moment(since, listener.zone, words, datetime.now(UTC))
        return f"{sign} {words(key, when=when, lasted=lasting(lasted, words))}"


def stacks() -> str:
    """Where every thread is at this moment: names of files and functions, no values."""
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        return file.read()


async def on_duty_or_alerts(desk: Desk) -> Sequence[Listener]:
    """The alerts channels of all real brands, and whoever is on duty in one."""
    told: dict[str, Listener] = {}
    for brand in await desk.brands.all():
        if not brand.practice:
            channel = brand.channel("alerts")
            told[channel] = Listener(channel, brand.language, brand.zone)
    for brand in await desk.brands.all():
        for who in (await desk.duty.watch(brand)).members if not brand.practice else ():
            member = await desk.member(who)
            told[f"@{who}"] = Listener(f"@{who}", member.locale, member.zone)
    return list(told.values())
