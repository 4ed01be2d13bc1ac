"""The body of an answer, never more of it in memory than is wanted, however small it was when packed."""

import zlib

import aiohttp

from bot.network.addresses import FetchError

ANSWER_BYTES = 8 << 20
"""No answer of a network's API is as long; more is never read."""


async def whole(answer: aiohttp.ClientResponse) -> bytes:
    """The body, unpacked by the session. Raises ClientPayloadError for more than ANSWER_BYTES.

    What isn't read to its end is closed.
    """
    taken = bytearray()
    try:
        async for part in answer.content.iter_any():
            taken += part
            if len(taken) > ANSWER_BYTES:
                raise aiohttp.ClientPayloadError(f"more than {ANSWER_BYTES} bytes")
    except BaseException:
        answer.close()
        raise
    return bytes(taken)


class AnswerRefused(FetchError):
    """There is an answer, and it isn't one that we take."""


async def body_of(answer: aiohttp.ClientResponse, most: int, host: str) -> bytes:
    """The body, unpacked. Raises AnswerRefused for more than `most` bytes, wrong packing and a missing end."""
    packing = ",".join(answer.headers.getall("Content-Encoding", [])).strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise AnswerRefused(f"{host} packs its answer as we didn't ask for")
    unpack = _Unpacked(packing) if packing not in {"", "identity"} else None
    taken, received = bytearray(), 0
    try:
        async for part in answer.content.iter_any():
            received += len(part)
            taken += unpack.more(part, most + 1 - len(taken)) if unpack else part
            if max(received, len(taken)) > most:
                raise AnswerRefused(f"{host} answers with more than {most} bytes")
    except zlib.error as error:
        raise AnswerRefused(f"{host} packs its answer wrongly") from error
    if unpack and received and not unpack.whole:
        raise AnswerRefused(f"{host} answers with a part only")
    return bytes(taken)


class _Unpacked:
    """gzip, or deflate in either of the two ways that servers understand it (RFC 9110, 8.4.1.2)."""

    def __init__(self, packing: str) -> None:
        self._either = packing == "deflate"
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS if self._either else zlib.MAX_WBITS | 16)

    @property
    def whole(self) -> bool:
        """Whether the end was reached."""
        return self._unpacker.eof

    def more(self, part: bytes, room: int) -> bytes:
        """At most `room` (> 0) bytes; what follows the end is left alone. Raises zlib.error."""
        if self.whole:
            return b""
        try:
            found = self._unpacker.decompress(part, room)
        except zlib.error:
            if not self._either:
                raise
            self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            found = self._unpacker.decompress(part, room)
        self._either = False
        return found
