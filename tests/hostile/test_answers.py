"""Answers that attack: endless, blown up, in pieces, slow, or of nobody; never more is taken than was asked for."""

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.network.fetching import AnswerRefused, Fetcher, TooSlow, Unreachable
from tests.hostile.servers import HOME, Answer, Names, plain, raw_server, web


def flood(head: bytes, piece: bytes) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    """An answer without end."""

    async def written(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()

    return written


async def drip(writer: asyncio.StreamWriter) -> None:
    """Part of a header, and then nothing until the other side goes."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-")
    await writer.drain()
    await writer.wait_closed()


async def half(writer: asyncio.StreamWriter) -> None:
    """A body that stops."""
    writer.write(plain(b"x" * 1000)[:-500])
    await writer.drain()
    await writer.wait_closed()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
GZIP = b"Content-Encoding: gzip\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(50_000_000))
TWICE = gzip.compress(BOMB)
REFUSED: dict[str, Answer] = {
    "another type": plain(b"x", kind=b"application/octet-stream"),
    "no type": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
    "a large one, announced": plain(b"x" * 200_000),
    "a large one, in pieces": OK + CHUNKED + b"40000\r\n" + b"x" * 262144 + b"\r\n0\r\n\r\n",
    "a bomb": plain(BOMB, b"Content-Encoding: gzip"),
    "a bomb, deflated": plain(zlib.compress(bytes(50_000_000)), b"Content-Encoding: deflate"),
    "packed twice": plain(TWICE, b"Content-Encoding: gzip, gzip"),
    "packed twice, in two lines": plain(TWICE, b"Content-Encoding: gzip", b"Content-Encoding: gzip"),
    "packed by what we didn't ask for": plain(b"\x0b", b"Content-Encoding: br"),
    "packed by nobody": plain(b"x", b"Content-Encoding: zstd"),
    "no gzip": plain(b"hello", b"Content-Encoding: gzip"),
    "half a gzip": plain(gzip.compress(b"hello" * 99)[:-9], b"Content-Encoding: gzip"),
    "a header of 1 MB": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n",
    "a status line of 1 MB": b"HTTP/1.1 200 " + b"a" * 1_000_000 + b"\r\n\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "a length below nothing": OK + b"Content-Length: -1\r\n\r\nx",
    "bad chunks": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED.keys())
async def test_answers_that_are_not_taken(answer: Answer) -> None:
    async with web({"/": answer}) as site:
        tracemalloc.start()
        try:
            with pytest.raises(AnswerRefused):
                await site.fetcher.fetch(site.url(), most=100_000, seconds=20)
            assert tracemalloc.get_traced_memory()[1] < 8_000_000
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    "endless",
    [
        flood(OK + b"\r\n", b"x" * 4096),
        flood(OK + CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        flood(OK + GZIP, BOMB[:20_000]),
        flood(OK + GZIP + b"\x1f\x8b\x08\x08" + bytes(6), b"a" * 4096),  # a name inside gzip's header, for ever
        flood(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        flood(b"HTTP/1.1 200 OK\r\nX-A: ", b"a" * 4096),
    ],
    ids=["body", "chunks", "gzip", "gzip's header", "headers", "a header"],
)
async def test_answers_without_end(endless: Answer) -> None:
    async with web({"/": endless}) as site:
        with pytest.raises(AnswerRefused):
            await site.fetcher.fetch(site.url(), most=100_000, seconds=20)


@pytest.mark.parametrize("slow", [drip, half], ids=["header", "body"])
async def test_slow_answers_end_with_the_time_given(slow: Answer) -> None:
    async with web({"/": slow}) as site:
        with pytest.raises(TooSlow):
            await site.fetcher.fetch(site.url(), seconds=0.2)


async def test_a_name_server_that_hangs_ends_with_the_time_given() -> None:
    async def hang(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(TooSlow):
        await Fetcher(resolve=hang).fetch("http://x.example.com/", seconds=0.05)


async def test_who_is_not_there_or_hangs_up() -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with web({"/": hang_up}) as site:
        with pytest.raises(Unreachable):
            await site.fetcher.fetch(site.url())
        url, fetcher = site.url(), site.fetcher
    with pytest.raises(Unreachable):
        await fetcher.fetch(url)


async def test_a_certificate_of_nobody_is_not_believed(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, "site.example.com"))
    async with raw_server({"/": plain(b"x")}, ssl=context) as server:
        fetcher = Fetcher(resolve=Names({"site.example.com": [[HOME]]}), allow={f"{HOME}:{server.port}"})
        with pytest.raises(Unreachable):
            await fetcher.fetch(f"https://site.example.com:{server.port}/")
        assert server.asked == []


def self_signed(folder: Path, host: str) -> Path:
    """A key and its certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False).sign(
        key, hashes.SHA256()
    )
    plain_pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(key.private_bytes(*plain_pem) + certificate.public_bytes(serialization.Encoding.PEM))
    return path
