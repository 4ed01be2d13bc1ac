"""Pictures beside the records: stored by the SHA-256 of their bytes, so the same picture is kept once."""

import base64
import hashlib

from bot.errors import StoreError
from bot.store.records import Store


class Blobs:
    """Bytes by hash, as text (Base64), because the one client of the store speaks text."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def put(self, content: bytes) -> str:
        """Store bytes; answers their hash in hex."""
        name = hashlib.sha256(content).hexdigest()
        await self._store.client.set(self._store.key("blob", name), base64.b64encode(content).decode("ascii"))
        return name

    async def get(self, name: str) -> bytes:
        """The bytes; raises StoreError when there are none."""
        text = await self._store.client.get(self._store.key("blob", name))
        if text is None:
            raise StoreError(f"no blob {name}")
        return base64.b64decode(str(text))
