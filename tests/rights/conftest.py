"""A store for these tests alone: they look through all of it after every press, and others leave a lot in theirs."""

from collections.abc import Iterator

import pytest

from tests.conftest import fast_store


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the store."""
    with fast_store(tmp_path_factory) as url:
        yield url
