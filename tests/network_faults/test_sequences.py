"""Faults of several requests: pictures that were uploaded for nothing, refused, or never ready."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from bot.network import Connector, Draft, Media, Rejected, Transient, UnknownOutcome
from bot.network.faults import SEQUENCES
from tests.contract.networks import NETWORKS, Network
from tests.outside import Outside, networks_only


def test_every_sequence_is_decided() -> None:
    assert len(SEQUENCES) == 4
    assert all(SEQUENCES.values())


@dataclass
class Shop:
    """A network, our account there, and a post with a picture."""

    network: Network
    outside: Outside
    connector: Connector
    draft: Draft

    async def fault(self, route: str, **what: object) -> None:
        """Break the next answer of a route."""
        await self.outside.fault(target=self.network.account.network, route=route, times=1, **what)

    async def pictures(self) -> list[int]:
        """How many pictures each public post has."""
        return [len(post["media"]) for post in await self.outside.public(self.network.account.id)]


@pytest.fixture(params=sorted(NETWORKS))
async def shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shop]:
    """Each network."""
    data = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(data, "PNG")
    picture = Media("m", "taza.png", "image/png", "Una taza", data.getvalue())
    network = NETWORKS[request.param]
    async with networks_only(tmp_path) as outside:
        connector = network.open(outside.url)
        yield Shop(network, outside, connector, Draft("k1", "Con foto", media=[picture]))
        await connector.aclose()


async def test_the_picture_is_uploaded_and_the_post_fails(shop: Shop) -> None:
    """Nothing of the first attempt is visible, and the second uploads anew."""
    prepared = await shop.connector.prepare(shop.draft)
    await shop.fault(shop.network.publishing, status=400, body=shop.network.rejected.body)
    with pytest.raises(Rejected):
        await shop.connector.publish(shop.draft, prepared)
    assert await shop.pictures() == []
    await shop.connector.publish(shop.draft, await shop.connector.prepare(shop.draft))
    assert await shop.pictures() == [1]


async def test_the_picture_is_uploaded_and_the_posts_answer_is_lost(shop: Shop) -> None:
    prepared = await shop.connector.prepare(shop.draft)
    await shop.fault(shop.network.publishing, drop=True, when="after")
    with pytest.raises(UnknownOutcome):
        await shop.connector.publish(shop.draft, prepared)
    assert await shop.connector.find(shop.draft, prepared) is not None
    assert await shop.pictures() == [1]


async def test_the_picture_is_refused(shop: Shop) -> None:
    refused = shop.network.rejected
    if shop.network.uploading is None:  # it travels with the post
        await shop.fault(shop.network.publishing, status=refused.status, body=refused.body)
        with pytest.raises(Rejected):
            await shop.connector.publish(shop.draft, await shop.connector.prepare(shop.draft))
    else:
        await shop.fault(shop.network.uploading, status=refused.status, body=refused.body)
        with pytest.raises(Rejected):
            await shop.connector.prepare(shop.draft)
    assert await shop.pictures() == []


@pytest.mark.parametrize("shop", ["x"], indirect=True)
@pytest.mark.parametrize("state", ["pending", "in_progress"])
async def test_the_picture_is_never_ready(shop: Shop, state: str) -> None:
    """Only X works on uploads after it took them."""
    assert shop.network.uploading
    busy = {"data": {"id": "1", "media_key": "3_1", "processing_info": {"state": state, "check_after_secs": 5}}}
    await shop.fault(shop.network.uploading, status=200, body=busy)
    with pytest.raises(Transient):
        await shop.connector.prepare(shop.draft)
    assert await shop.pictures() == []
