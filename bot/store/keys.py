"""The keys themselves: a ring of those that seal and open, the checking halves of older ones, and the file they lie in.

A line of the file (or a part of VOCERO_KEY) is a key of 32 bytes in base64, or `check.<name>.<base64>`: what is left of
a key that nothing is sealed with any more. What it signed can still be checked, and nothing can be opened with it.
"""

import base64
import binascii
import hashlib
import hmac
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ConfigurationError

KEY_FILE = "secret.key"

_CHECK = "check"
_KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """Those that seal and open, the first of which seals; and the checking halves of older ones, by name."""

    ring: Sequence[bytes] = field(repr=False)
    checks: Mapping[str, bytes] = field(repr=False, default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The ring's names, which tell nothing of the keys."""
        return tuple(map(name_of, self.ring))

    def led_by(self, key: bytes) -> "Keys":
        """The same with a new key in front."""
        return Keys((key, *self.ring), self.checks)

    def without(self, names: Sequence[str]) -> "Keys":
        """Nothing can be opened any more with these, what they signed can be checked."""
        gone = {name_of(key): signing_half(key) for key in self.ring if name_of(key) in names}
        return Keys(tuple(key for key in self.ring if name_of(key) not in gone), {**self.checks, **gone})

    def lines(self) -> list[str]:
        """As they are written, one each."""
        checks = (f"{_CHECK}.{name}.{_text(half)}" for name, half in self.checks.items())
        return [*map(_text, self.ring), *checks]


class KeyFile:
    """The file `secret.key` of a data folder: a line for each key, 0600, made with a new key on first use."""

    def __init__(self, data: Path) -> None:
        self.path = data / KEY_FILE
        self._seen: tuple[int, int] | None = None

    def read(self) -> Keys:
        """What it holds. Raises ConfigurationError for a file that others may read, or that holds no key."""
        path = self.path
        try:
            if not path.exists():
                _make(path)
            found = path.stat()
            if found.st_mode & 0o077:
                raise ConfigurationError(f"{path} can be read by other users: run chmod 600 on it.")
            lines = path.read_text("ascii").split()
        except OSError as error:
            raise ConfigurationError(f"The key {path} can't be used: {error.strerror}.") from error
        except UnicodeDecodeError:
            lines = []
        if not lines:
            raise ConfigurationError(f"{path} holds no key: put the saved one back, or remove the file to begin anew.")
        self._seen = (found.st_ino, found.st_mtime_ns)
        return parse(lines, str(path))

    def fresh(self) -> Keys | None:
        """What it holds now, None while it is the file that was read last. Raises ConfigurationError."""
        try:
            found = self.path.stat()
        except OSError as error:
            if self._seen is None:
                return None  # said once; the keys that we have still open everything
            self._seen = None
            raise ConfigurationError(f"The key {self.path} can't be used: {error.strerror}.") from error
        return None if (found.st_ino, found.st_mtime_ns) == self._seen else self.read()

    def write(self, keys: Keys) -> None:
        """Replace it, whole and durably: after a crash it is the old one or the new one. Raises ConfigurationError."""
        try:
            draft = _draft(self.path, keys.lines())
            try:
                draft.replace(self.path)
                _sync(self.path.parent)
            finally:
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigurationError(f"The key {self.path} can't be written: {error.strerror}.") from error


def new_key() -> bytes:
    """A fresh one."""
    return os.urandom(_KEY_BYTES)


def parse(lines: Sequence[str], source: str) -> Keys:
    """Keys as `Keys.lines` writes them. Raises ConfigurationError, in which `source` says where they stand."""
    ring, checks = [], {}
    for line in map(str.strip, lines):
        kind, _, rest = line.partition(".")
        name, _, text = rest.partition(".") if kind == _CHECK else ("", "", line)
        try:
            raw = base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raw = b""
        if len(raw) != _KEY_BYTES:
            raise ConfigurationError(f"{source} must hold keys of {_KEY_BYTES} bytes in base64.")
        if name:
            checks[name] = raw
        else:
            ring.append(raw)
    if not ring:
        raise ConfigurationError(f"{source} holds no key that seals.")
    return Keys(tuple(ring), checks)


def _make(path: Path) -> None:
    """Writes a new key whole and durably, unless somebody else was first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, [_text(new_key())])
    try:
        os.link(draft, path)
        _sync(path.parent)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _draft(path: Path, lines: Sequence[str]) -> Path:
    """A file beside it for us alone, with these lines on the disk."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{KEY_FILE}.")  # 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def name_of(key: bytes) -> str:
    """Eight hex digits that tell a key from others."""
    return hashlib.sha256(b"vocero key name\0" + key).hexdigest()[:8]


def signing_half(key: bytes) -> bytes:
    """What a key signs with, and all that checks what it signed."""
    return hmac.digest(key, b"vocero signing", "sha256")


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")
