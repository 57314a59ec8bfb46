"""The Temporal dev server: on loopback, on ports of its own, with a store that survives."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from loadstone.dev.temporal import TemporalServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TemporalServer]:
    made = TemporalServer(tmp_path, ui=True)
    made.start()
    yield made
    made.kill()


def test_every_port_is_on_loopback(server: TemporalServer) -> None:
    assert server.process is not None
    found = psutil.Process(server.process.pid).net_connections()
    listening = {each.laddr for each in found if each.status == psutil.CONN_LISTEN}
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert {server.port, server.ui_port} <= {address.port for address in listening}


def test_it_comes_back_on_its_ports_after_a_kill(server: TemporalServer) -> None:
    address = server.address
    server.kill()
    assert not server.is_ready()
    server.start()
    assert (address, True) == (server.address, server.is_ready())


def test_without_a_folder_it_leaves_nothing_behind() -> None:
    server = TemporalServer(None)
    server.start()
    log = server.log
    server.kill()
    server.stop()
    assert not log.exists()
