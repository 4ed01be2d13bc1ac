"""`vocero doctor`: looks at everything that has to be right, and says of what isn't how it is put right."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from redis.asyncio import Redis

from bot import journal
from bot.desk.desk import Desk
from bot.domain.brands import Account, AccountState
from bot.endpoints import plain
from bot.errors import ConfigurationError, StoreError
from bot.house import House, open_house
from bot.network import AuthFailed, NetworkError
from bot.offline import opened
from bot.settings import Settings
from bot.slack.asking import SlackError, SlackRefused
from bot.slack.checkup import Checkup
from bot.store import restored, witness
from bot.store.audit import AuditLog
from bot.store.backup import last_backup
from bot.store.client import NoAnswer, unanswered
from bot.store.inspection import Finding, Weight, inspect
from bot.store.keys import KEY_FILE
from bot.store.migrations import Migration, kinds_of
from bot.store.rotation import Rotation

GOOD, FAILED = 0, 1
CLOCK = 60.0
"""Seconds that clocks may differ: Slack refuses signatures that are five minutes old."""
ROOM, LEAST = 1e9, 1e8
"""Bytes free on the disk below which it is a warning, and wrong."""
BACKUP = timedelta(days=7)


class Verdict(StrEnum):
    """How something is."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


OK, WARN, WRONG = Verdict.OK, Verdict.WARN, Verdict.WRONG


@dataclass(frozen=True)
class Line:
    """One thing that was looked at, and what to do about it where it isn't right."""

    verdict: Verdict
    about: str
    said: str


async def run(settings: Settings) -> int:
    """Look, and print a line for each thing; 1 where something is wrong. What one thing that is wrong keeps from being
    looked at is left out, and everything else is still looked at."""
    sound = True
    async for line in examined(settings):
        _say(journal.redact(f"{line.verdict:<5}  {line.about}: {line.said}"))
        sound &= line.verdict is not WRONG
    return GOOD if sound else FAILED


async def examined(settings: Settings) -> AsyncIterator[Line]:
    """Every line, in the order in which one would put things right."""
    yield Line(OK, "Settings", "complete.")
    joined = False
    async for line in _slack(settings):
        joined |= (line.about, line.verdict) == ("Slack", OK)
        yield line
    try:
        async for line in _inside(settings) if joined else _store_alone(settings):
            yield line
    except (ConfigurationError, StoreError) as error:
        for sentence in _sentences(error):
            yield Line(WRONG, "Store", sentence)


def _sentences(error: ConfigurationError | StoreError) -> Sequence[str]:
    if isinstance(error, ConfigurationError):
        return error.sentences
    return [unanswered(error) if isinstance(error, NoAnswer) else str(error)]


async def _inside(settings: Settings) -> AsyncIterator[Line]:
    async with open_house(settings) as house:
        brands, accounts = await house.desk.brands.all(), await house.desk.accounts.all()
        yield Line(OK, "Store", f"up. {len(brands)} brands, {len(accounts)} accounts.")
        for part in (
            _store(house.store.client, house.findings, settings),
            _keys(house, settings),
            _record(house, settings),
            _brands(house, settings),
        ):
            async for line in part:
                yield line


async def _store_alone(settings: Settings) -> AsyncIterator[Line]:
    """Without Slack nobody knows whose records to look at."""
    if settings.redis_url is None and not settings.vocero_data.is_dir():
        yield Line(OK, "Store", f"none yet; {settings.vocero_data} is made at the first start.")
        return
    given = {"VOCERO_DATA": str(settings.vocero_data), "REDIS_URL": plain(settings.redis_url)}
    async with opened(given) as client:
        findings = await inspect(client)
        yield Line(OK, "Store", "up. What it holds can't be looked at until Slack says who we are.")
        async for line in _store(client, findings, settings):
            yield line


async def _slack(settings: Settings) -> AsyncIterator[Line]:
    checkup = Checkup(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        bot = await checkup.bot()
    except SlackError as error:
        mend = f"{settings.slack_api_url} must be reachable"
        if isinstance(error, SlackRefused):
            mend = "copy SLACK_BOT_TOKEN anew from OAuth & Permissions"
        yield Line(WRONG, "Slack", f"auth.test: {error.error}; {mend}.")
        return
    yield Line(OK, "Slack", f"joined as team {bot.team}, by {settings.mode}.")
    if bot.scopes is None:
        yield Line(WARN, "Scopes", "Slack doesn't list them: compare OAuth & Permissions with `vocero manifest`.")
    elif bot.missing:
        for scope, why in bot.missing.items():
            yield Line(WRONG, "Scopes", f"{scope} is missing ({why}): add it in OAuth & Permissions, then reinstall.")
    else:
        yield Line(OK, "Scopes", "all that are used.")
    if settings.slack_app_token is not None and settings.mode == "socket":
        try:
            await checkup.sockets(settings.slack_app_token.get_secret_value())
        except SlackRefused as error:
            yield Line(WRONG, "Socket Mode", f"{error.error}: SLACK_APP_TOKEN needs the scope connections:write.")
        except SlackError as error:
            yield Line(WARN, "Socket Mode", f"Slack does not answer now ({error.error}).")
        else:
            yield Line(OK, "Socket Mode", "SLACK_APP_TOKEN is accepted.")
    if bot.ahead is not None:
        yield _clock("Slack's", bot.ahead)


def _clock(whose: str, ahead: float) -> Line:
    if abs(ahead) <= CLOCK:
        return Line(OK, "Clock", f"within {max(abs(ahead), 1):.0f} s of {whose}.")
    way = "behind" if ahead > 0 else "ahead of"
    return Line(WRONG, "Clock", f"{abs(ahead):.0f} s {way} {whose}: let this machine set its clock by NTP.")


async def _store(client: Redis, findings: Sequence[Finding], settings: Settings) -> AsyncIterator[Line]:
    for finding in findings:
        yield _found(finding)
    before = datetime.now(UTC)
    seconds, micro = await client.time()
    yield _clock("the store's", seconds + micro / 1e6 - before.timestamp())
    counted = await Migration(client, kinds_of()).count()
    if counted.newer:
        kinds = ", ".join(counted.newer)
        yield Line(WRONG, "Store", f"written by a newer Vocero ({kinds}): start that version.")
    if counted.written:
        yield Line(
            WARN, "Store", "holds records of older shapes: `vocero store migrate` writes them in the present one."
        )
    if settings.redis_url is not None:
        return
    data = settings.vocero_data
    free = shutil.disk_usage(data).free
    verdict = OK if free >= ROOM else WARN if free >= LEAST else WRONG
    yield Line(verdict, "Disk", f"{free / 1e9:.1f} GB free{'' if verdict is OK else ': make room'}.")
    last = last_backup(data)
    if last is None or datetime.now(UTC) - last > BACKUP:
        when = f"was on {last:%Y-%m-%d}" if last else "never was"
        yield Line(WARN, "Backup", f"the last one {when}: run `vocero store backup FOLDER` once a day.")
    else:
        yield Line(OK, "Backup", f"the last one was on {last:%Y-%m-%d %H:%M} UTC.")


def _found(finding: Finding) -> Line:
    verdict = {Weight.NOTE: WARN, Weight.ALARM: WRONG, Weight.REFUSE: WRONG}[finding.weight]
    return Line(verdict, "Store", finding.sentence)


async def _keys(house: House, settings: Settings) -> AsyncIterator[Line]:
    vault = house.desk.vault
    count = await Rotation(house.store.client, vault).count()
    where = "VOCERO_KEY" if settings.vocero_key else str(settings.vocero_data / KEY_FILE)
    missing = set(count.by_key) - set(vault.names)
    if missing:
        named = ", ".join(sorted(missing))
        yield Line(WRONG, "Key", f"{named} is missing: put it into {where}, or connect the accounts again.")
        return
    older = sum(number for name, number in count.by_key.items() if name != vault.names[0])
    if older:
        yield Line(WARN, "Key", f"{older} are sealed with an older key: run `vocero keys rotate`.")
    else:
        yield Line(OK, "Key", f"{vault.names[0]} in {where} seals everything.")


async def _record(house: House, settings: Settings) -> AsyncIterator[Line]:
    custody = await house.desk.custody.now()
    waits = "publishing waits until an admin confirms it in Slack"
    if custody.missing:
        yield Line(WRONG, "Record", f"the store isn't the one that was left ({custody.gap}): {waits}.")
    elif restored.noted(settings.vocero_data):
        yield Line(WARN, "Record", f"a backup was put back: {waits}.")
    try:
        seen = witness.read(settings.vocero_data)
    except StoreError as error:
        yield Line(WRONG, "Witness", f"{error} Remove it if the store is the right one.")
        return
    head = await AuditLog(house.store).head()
    if seen is None:
        yield Line(OK, "Witness", "none yet; the worker writes it.")
    elif seen.team == house.team and seen.number > head.number and not custody.accepts(seen.at):
        yield Line(WRONG, "Witness", f"saw entry {seen.number}, the record ends at {head.number}: was a store lost?")
    else:
        yield Line(OK, "Witness", f"saw entry {seen.number} of {head.number}.")


async def _brands(house: House, settings: Settings) -> AsyncIterator[Line]:
    desk, checkup = house.desk, Checkup(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    for brand in await desk.brands.all():
        rooms = dict.fromkeys(brand.channel(name) for name in ("review", "inbox", "alerts", "digest"))
        for channel in rooms:
            if line := await _channel(checkup, channel, brand.name):
                yield line
        for account in await desk.accounts.of(brand.id):
            yield await _account(desk, account) if account.by_hand is None else _by_hand(account)


async def _channel(checkup: Checkup, channel: str, brand: str) -> Line | None:
    try:
        room = await checkup.room(channel)
    except SlackRefused as error:
        return Line(WRONG, "Channel", f"{channel} of {brand}: {error.error}; choose another in Home, Settings.")
    except SlackError as error:
        return Line(WARN, "Channel", f"{channel} of {brand}: Slack does not answer now ({error.error}).")
    if room.archived:
        return Line(WRONG, "Channel", f"#{room.name} of {brand} is archived: choose another in Home, Settings.")
    if not room.member:
        return Line(WRONG, "Channel", f"#{room.name} of {brand}: the bot is no member, write /invite there.")
    return Line(OK, "Channel", f"#{room.name} of {brand}.")


def _by_hand(account: Account) -> Line:
    about = f"Account {account.title(account.network)} {account.name}"
    return Line(OK, about, "published by hand: there is no access to look at.")


async def _account(desk: Desk, account: Account) -> Line:
    about = f"Account {account.network} {account.name}"
    again = "reconnect it in Home, Settings"
    if account.state is not AccountState.ACTIVE:
        return Line(WRONG, about, f"{account.state}; {again}.")
    try:
        connector = desk.accounts.open(account)
    except (ConfigurationError, StoreError) as error:
        return Line(WRONG, about, f"{error}")
    try:
        async with asyncio.timeout(30):
            identity, access = await connector.whoami(), await connector.access()
    except AuthFailed:
        return Line(WRONG, about, f"its access was refused; {again}.")
    except (NetworkError, TimeoutError) as error:
        return Line(WARN, about, f"the network does not answer now ({type(error).__name__}).")
    finally:
        await connector.aclose()
    if identity.id != account.remote_id:
        return Line(WRONG, about, f"its keys open another account; {again}.")
    needed = desk.providers[account.network].limits.messages_need
    withheld = bool(needed and access.may and needed not in access.may)
    lacks = withheld or await desk.private.lacks(account) is not None
    said = f"active, but private messages can't be read: {needed} is missing; {again}." if lacks else "active."
    return Line(WARN if lacks else OK, about, said)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
