"""A network that can stop: a go-between for TCP that holds back what passes."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Network(socketserver.ThreadingTCPServer):
    """Passes bytes between whoever connects and ``address`` ("http://host:port")."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.target = (parts.hostname, parts.port)
        self.flows = threading.Event()
        self.flows.set()
        super().__init__(("127.0.0.1", 0), _Connection)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Nothing gets through, and nobody is told; afterwards everything arrives late."""
        self.flows.clear()
        try:
            yield
        finally:
            self.flows.set()


class _Connection(socketserver.BaseRequestHandler):
    server: Network

    def handle(self) -> None:
        with socket.create_connection(self.server.target) as target:
            back = threading.Thread(target=self._pass, args=(target, self.request), daemon=True)
            back.start()
            self._pass(self.request, target)
            back.join()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.server.flows.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextmanager
def network(address: str) -> Iterator[Network]:
    """A network to ``address``, flowing at first."""
    with Network(address) as between:
        threading.Thread(target=between.serve_forever, daemon=True).start()
        try:
            yield between
        finally:
            between.flows.set()
            between.shutdown()
