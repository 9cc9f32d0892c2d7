"""One start of the whole product for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from product import Conversation, Product, eventually, is_free, is_left


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The running product; at the end nothing of it may be left."""
    running = Product(tmp_path_factory.mktemp("product"))
    try:
        running.start()
        yield running
    finally:
        running.stop()
    groups = [process.pid for process in running.processes.values()]
    assert eventually(lambda: not any(map(is_left, groups))), "a process is left"
    assert all(map(is_free, running.ports.values())), "a port is taken"


@pytest.fixture
def conversation(product: Product) -> Conversation:
    """A conversation that has just begun, on a page of no kommune."""
    return Conversation(product.client)
