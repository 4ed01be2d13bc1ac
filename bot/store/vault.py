"""Accounts' credentials at rest: sealed with AES-256-GCM, each bound to what it belongs to.

A sealed text is `v1.<key's name>.<base64 of nonce and ciphertext>`. The first key of the ring seals, all of them open,
so a key is changed by putting the new one in front. A sealed text moved to another record doesn't open there.

A key that nothing is sealed with any more leaves its checking half: what it signed can still be checked.
"""

import base64
import binascii
import hmac
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigurationError, StoreError
from bot.store.keys import KEY_FILE, KeyFile, Keys, name_of, parse, signing_half

__all__ = ["KEY_FILE", "Vault", "open_vault"]

log = logging.getLogger(__name__)

_FORMAT = "v1"
_NONCE_BYTES = 12  # random; NIST SP 800-38D 8.3 allows 2**32 seals under one key


class Vault:
    """A ring of keys. `names` tells them apart without telling anything of them; the first seals.

    fresh: answers keys that were changed since it was asked last, None while they are the same.
    """

    def __init__(
        self,
        keys: Sequence[bytes],
        checks: Mapping[str, bytes] | None = None,
        *,
        fresh: Callable[[], Keys | None] = lambda: None,
    ) -> None:
        if not keys:
            raise ValueError("a vault needs a key")
        self._fresh = fresh
        self._take(Keys(keys, checks or {}))

    def __repr__(self) -> str:
        return f"<Vault of {len(self._ring)} keys>"

    def _take(self, keys: Keys) -> None:
        self._ring = {name_of(key): AESGCM(key) for key in keys.ring}
        self._signing = {**keys.checks, **{name_of(key): signing_half(key) for key in keys.ring}}
        self._names = tuple(self._ring)

    def _look(self) -> None:
        """Keys are changed under a running process; what can't be read leaves those that we have."""
        try:
            keys = self._fresh()
        except ConfigurationError as error:
            log.error("the keys stay as they were: %s", error)
            return
        if keys is not None:
            self._take(keys)

    @property
    def names(self) -> tuple[str, ...]:
        """The ring's names, the first is the one that seals."""
        self._look()
        return self._names

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
            self._look()
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

    def sign(self, text: str) -> str:
        """`<key's name>.<HMAC-SHA-256 in hex>`, made with a key of its own that is derived from the first one."""
        name = self.names[0]
        return f"{name}.{self._mac(name, text)}"

    def signed(self, text: str, mac: str) -> bool:
        """Whether `sign` made it for this text. Raises ConfigurationError if the key that made it isn't in the ring."""
        name = mac.partition(".")[0]
        if name not in self._signing:
            self._look()
        if name not in self._signing:
            raise ConfigurationError(f"The record was sealed with another key ({name}): put it back into VOCERO_KEY.")
        return hmac.compare_digest(f"{name}.{self._mac(name, text)}", mac)

    def _mac(self, name: str, text: str) -> str:
        return hmac.digest(self._signing[name], text.encode(), "sha256").hex()

    def is_current(self, sealed: str) -> bool:
        """Whether the first key sealed it; if not, it can be sealed anew."""
        return sealed.startswith(f"{_FORMAT}.{self.names[0]}.")


def open_vault(data: Path, keys: str | None = None) -> Vault:
    """The vault of `keys` (base64, with commas), else of the file `secret.key` in `data`, made on first use.

    Several processes may come here first at once: all get the same key. Raises ConfigurationError for a key that is
    none, or a file that others may read.
    """
    if keys:
        found = parse(keys.split(","), "VOCERO_KEY")
        return Vault(found.ring, found.checks)
    file = KeyFile(data)
    found = file.read()
    return Vault(found.ring, found.checks, fresh=file.fresh)


def _bound(about: str) -> bytes:
    return f"vocero {_FORMAT}\0{about}".encode()


def _damaged(about: str) -> StoreError:
    return StoreError(f"The sealed credentials of {about} are damaged or belong to something else.")
