"""The guarded fetcher: it opens what is public and written plainly, once, and takes no more than it asked for."""

import gzip
import json
import zlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.errors import VoceroError
from bot.network.fetching import (
    AddressRefused,
    AnswerRefused,
    Fetched,
    Fetcher,
    FetchError,
    NotPublic,
    Unreachable,
)
from tests.hostile.servers import HOME, OTHER, Answer, Names, moved, plain, raw_server, web


async def nowhere(host: str, port: int) -> Sequence[str]:
    """A name server that must not be asked."""
    raise AssertionError(f"{host} was looked up")


# What is opened


async def test_a_page_is_fetched() -> None:
    async with web({"/a?b=1": plain(b"<p>caf\xc3\xa9", kind=b"Text/HTML; charset=utf-8")}) as site:
        found = await site.fetcher.fetch(site.url("/a?b=1#part"))
        assert found == Fetched(site.url("/a?b=1"), 200, "text/html", b"<p>caf\xc3\xa9", found.headers)
        assert b"host: site.example.com:" in site.server.asked[0].lower()
        assert b"cookie" not in site.server.asked[0].lower()


async def test_packed_pages_are_unpacked() -> None:
    text = b"hola " * 1000
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "/gzip": (b"gzip", gzip.compress(text)),
        "/zlib": (b"deflate", zlib.compress(text)),
        "/raw": (b"Deflate", raw.compress(text) + raw.flush()),
    }
    answers: dict[str, Answer] = {p: plain(b, b"Content-Encoding: " + e) for p, (e, b) in packed.items()}
    async with web(answers) as site:
        for path in packed:
            assert (await site.fetcher.fetch(site.url(path))).content == text


async def test_head_and_statuses_bring_no_content() -> None:
    missing = plain(b"x" * 100, status=b"404 Not Found", kind=b"image/png")
    async with web({"/": plain(b"", kind=b"video/mp4"), "/missing": missing}) as site:
        assert (await site.fetcher.fetch(site.url(), method="HEAD")).type == "video/mp4"
        found = await site.fetcher.fetch(site.url("/missing"))
        assert (found.status, found.content) == (404, b"")


async def test_three_redirects_are_followed_and_each_is_looked_up() -> None:
    answers: dict[str, Answer] = {"/0": moved("/1", b"301 Moved"), "/1": moved("2"), "/3": plain(b"here")}
    async with web(answers, other_example_com=[[HOME]]) as site:
        site.server.answers = {**answers, "/2": moved(site.url("/3", "other.example.com"), b"308 Moved")}
        found = await site.fetcher.fetch(site.url("/0"))
        assert (found.url, found.content) == (site.url("/3", "other.example.com"), b"here")
        assert site.names.asked == ["site.example.com"] * 3 + ["other.example.com"]
        site.server.answers = {"/0": moved("/0")}
        site.server.asked.clear()
        with pytest.raises(AnswerRefused, match="redirects"):
            await site.fetcher.fetch(site.url("/0"))
        assert len(site.server.asked) == 4


async def test_a_signed_post_goes_to_one_place_only() -> None:
    async with web({"/hook": moved("/elsewhere", b"307 Moved"), "/elsewhere": plain(b"")}) as site:
        sent = {"Content-Type": "application/json", "X-Vocero-Signature": "abc"}
        found = await site.fetcher.fetch(site.url("/hook"), method="POST", body=b'{"a":1}', headers=sent)
        assert (found.status, found.content) == (307, b"")
        (request,) = site.server.asked
        assert request.endswith(b'\r\n\r\n{"a":1}')
        assert b"X-Vocero-Signature: abc" in request
        with pytest.raises(ValueError, match="HEAD"):
            await site.fetcher.fetch(site.url(), method="HEAD", headers=sent)
        with pytest.raises(ValueError, match="POST"):
            await site.fetcher.fetch(site.url(), body=b"x")


async def test_a_signed_get_goes_to_one_place_only() -> None:
    async with web({"/picture": moved("/elsewhere"), "/elsewhere": plain(b"")}) as site:
        found = await site.fetcher.fetch(site.url("/picture"), headers={"Authorization": "OAuth abc"})
        assert (found.status, found.content) == (302, b"")
        (request,) = site.server.asked
        assert b"Authorization: OAuth abc" in request


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("http://CAFÉ.example.com/ä", "xn--caf-dma.example.com"),
        ("  http://site.example.com.:80/ ", "site.example.com"),
        ("http://ＳＩＴＥ.example.com", "site.example.com"),
    ],
)
async def test_names_are_asked_for_in_one_spelling(typed: str, host: str) -> None:
    names = Names()
    with pytest.raises(Unreachable, match="no address"):
        await Fetcher(resolve=names).fetch(typed)
    assert names.asked == [host]


# What is never opened

LISTS = json.loads((Path(__file__).parent / "addresses.json").read_text("utf-8"))
ODD, PRIVATE, LOCAL, REDIRECTS = (LISTS[name] for name in ("odd", "private", "local", "redirects"))


@pytest.mark.parametrize("url", ODD, ids=lambda url: ascii(url)[:40])
async def test_what_is_no_plain_address_is_not_even_looked_up(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        await Fetcher(resolve=nowhere).fetch(url)
    assert isinstance(refused.value, VoceroError)


@pytest.mark.parametrize("host", PRIVATE + LOCAL)
async def test_what_is_written_as_private_is_refused(host: str) -> None:
    for url in (f"http://{host}/", f"https://{host}/a", f"http://{host}:443/"):
        with pytest.raises(NotPublic):
            await Fetcher(resolve=nowhere).fetch(url)


@pytest.mark.parametrize("address", [host.strip("[]") for host in PRIVATE if host.isascii()])
async def test_a_name_that_leads_there_is_refused_however_many_addresses_it_has(address: str) -> None:
    for found in ([address], ["8.8.8.8", address], [address, "2606:4700::1111"]):
        with pytest.raises(NotPublic, match="private"):
            await Fetcher(resolve=Names({"x.example.com": [found]})).fetch("http://x.example.com/")


@pytest.mark.parametrize("answer", [[], ["nonsense"], ["127.0.0.1/8"], ["fe80::1%eth0"], ["8.8.8.8 "]])
async def test_a_name_server_that_answers_nonsense(answer: list[str]) -> None:
    with pytest.raises(FetchError):
        await Fetcher(resolve=Names({"x.example.com": [answer]})).fetch("http://x.example.com/")


@pytest.mark.parametrize("where", REDIRECTS)
async def test_redirects_are_checked_like_what_is_typed(where: str) -> None:
    async with web({"/": moved(where)}, inside_example_com=[["10.0.0.7"]], x_example_com=[["8.8.8.8"]]) as site:
        with pytest.raises(AddressRefused):
            await site.fetcher.fetch(site.url())
        assert site.server.paths == ["/"]


async def test_a_name_that_changes_its_mind_has_no_effect() -> None:
    """Rebinding: the address that was checked is the one that is connected to, and a redirect is checked anew."""
    answers: dict[str, Answer] = {"/": plain(b"good"), "/again": moved("/")}
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(web(answers, re_example_com=[[HOME], [OTHER]]))
        inside = await stack.enter_async_context(raw_server({"/": plain(b"inside")}, OTHER, site.server.port))
        url = site.url("/", "re.example.com")
        assert (await site.fetcher.fetch(url)).content == b"good"
        assert site.names.asked == ["re.example.com"]
        with pytest.raises(NotPublic):
            await site.fetcher.fetch(url)
        site.names.answers["re.example.com"] = [[HOME], [OTHER]]
        with pytest.raises(NotPublic):
            await site.fetcher.fetch(site.url("/again", "re.example.com"))
        assert site.server.paths == ["/", "/again"]
        assert inside.asked == []


async def test_an_allowed_address_is_allowed_on_its_port_only() -> None:
    async with web({}) as site, raw_server({"/": plain(b"inside")}) as inside:
        for port in (inside.port, 80):
            with pytest.raises(AddressRefused):
                await site.fetcher.fetch(f"http://{HOME}:{port}/")
        with pytest.raises(AddressRefused):
            await Fetcher(resolve=nowhere).fetch(f"http://{HOME}:{site.server.port}/")
        assert inside.asked == []


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with web({"/": plain(b"direct")}) as site, raw_server({}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{HOME}:{proxy.port}")
        assert (await site.fetcher.fetch(site.url())).content == b"direct"
        assert proxy.asked == []


async def test_an_error_names_no_more_than_the_host() -> None:
    """The rest of an address may be a secret: a webhook's key, a client's link."""
    with pytest.raises(FetchError) as refused:
        await Fetcher(resolve=Names({"x.example.com": [["10.0.0.1"]]})).fetch(
            "http://x.example.com/bot123:secret?k=secret"
        )
    told: BaseException | None = refused.value
    while told is not None:
        assert "secret" not in str(told)
        told = told.__cause__
