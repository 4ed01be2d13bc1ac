"""Accounts' credentials at rest: sealed with AES-256-GCM, each bound to what it belongs to.

A sealed text is `v1.<key's name>.<base64 of nonce and ciphertext>`. The first key of the ring seals, all of them open,
so a key is changed by putting the new one in front. A sealed text moved to another record doesn't open there.
"""

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigurationError, StoreError

KEY_FILE = "secret.key"

_FORMAT = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12  # random; NIST SP 800-38D 8.3 allows 2**32 seals under one key


class Vault:
    """A ring of keys. `names` tells them apart without telling anything of them; the first seals."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("a vault needs a key")
        self._ring = {_name(key): AESGCM(key) for key in keys}
        self.names = tuple(self._ring)

    def __repr__(self) -> str:
        return f"<Vault of {len(self._ring)} keys>"

    def seal(self, plain: str, about: str) -> str:
        """`plain` encrypted for the record named `about`, for instance an account's id."""
        name = self.names[0]
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + self._ring[name].encrypt(nonce, plain.encode(), _bound(about))
        return f"{_FORMAT}.{name}.{base64.b64encode(sealed).decode('ascii')}"

    def open(self, sealed: str, about: str) -> str:
        """What was sealed for `about`.

        Raises ConfigurationError if the key that sealed it is not in the ring, StoreError if the text was damaged
        or belongs to something else.
        """
        try:
            form, name, body = sealed.split(".")
            raw = base64.b64decode(body, validate=True)
        except (ValueError, binascii.Error):
            raise _damaged(about) from None
        if form != _FORMAT:
            raise _damaged(about)
        if name not in self._ring:
            raise ConfigurationError(
                f"The credentials of {about} were sealed with another key ({name}): "
                f"put that key back into VOCERO_KEY or {KEY_FILE}, or connect the account again."
            )
        try:
            plain = self._ring[name].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bound(about))
        except (InvalidTag, ValueError):
            raise _damaged(about) from None
        return plain.decode()

    def is_current(self, sealed: str) -> bool:
        """Whether the first key sealed it; if not, it can be sealed anew."""
        return sealed.startswith(f"{_FORMAT}.{self.names[0]}.")


def open_vault(data: Path, keys: str | None = None) -> Vault:
    """The vault of `keys` (base64, with commas), else of the file `secret.key` in `data`, made on first use.

    Several processes may come here first at once: all get the same key. Raises ConfigurationError for a key that is
    none, or a file that others may read.
    """
    if keys:
        return Vault(_parsed(keys.split(","), "VOCERO_KEY"))
    path = data / KEY_FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(f"{path} can be read by other users: run chmod 600 on it.")
        lines = path.read_text("ascii").split()
    except OSError as error:
        raise ConfigurationError(f"The key {path} can't be used: {error.strerror}.") from error
    except UnicodeDecodeError:
        lines = []
    if not lines:
        raise ConfigurationError(f"{path} holds no key: put the saved one back, or remove the file to begin anew.")
    return Vault(_parsed(lines, str(path)))


def _parsed(keys: Sequence[str], source: str) -> list[bytes]:
    parsed = []
    for key in keys:
        try:
            raw = base64.b64decode(key.strip(), validate=True)
        except (ValueError, binascii.Error):
            raw = b""
        if len(raw) != _KEY_BYTES:
            raise ConfigurationError(f"{source} must hold keys of {_KEY_BYTES} bytes in base64.")
        parsed.append(raw)
    return parsed


def _make(path: Path) -> None:
    """Writes a new key whole and durably, unless somebody else was first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{KEY_FILE}.")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(base64.b64encode(os.urandom(_KEY_BYTES)).decode("ascii") + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        Path(draft).unlink()


def _name(key: bytes) -> str:
    return hashlib.sha256(b"vocero key name\0" + key).hexdigest()[:8]


def _bound(about: str) -> bytes:
    return f"vocero {_FORMAT}\0{about}".encode()


def _damaged(about: str) -> StoreError:
    return StoreError(f"The sealed credentials of {about} are damaged or belong to something else.")
