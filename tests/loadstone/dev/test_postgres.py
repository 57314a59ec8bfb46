"""The embedded PostgreSQL: real starts, stops and crashes."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import asyncpg
import psutil
import pytest

from loadstone.dev.errors import StackError
from loadstone.dev.postgres import EmbeddedPostgres

START_AND_STAY = """
import sys, time
from pathlib import Path
from loadstone.dev.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), fsync=False)
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(folder / "postgres", fsync=False)
    made.start()
    yield made
    made.stop()


def ask(dsn: str, question: str) -> Any:
    async def go() -> Any:
        connection = await cast(Any, asyncpg).connect(dsn)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(go())


def test_it_is_postgresql_18_with_a_database_of_ours(server: EmbeddedPostgres) -> None:
    assert ask(server.dsn, "SELECT current_setting('server_version_num')::int / 10000") == 18
    assert ask(server.dsn, "SELECT current_database() || '/' || current_user") == "loadstone/loadstone"


def test_it_listens_on_loopback_only(server: EmbeddedPostgres) -> None:
    assert server.process is not None
    listening = psutil.Process(server.process.pid).net_connections()
    assert {found.laddr.ip for found in listening if found.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
    assert ask(server.dsn, "SHOW unix_socket_directories") == ""


def test_a_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(server.dsn.replace(":", ":x", 2).replace("postgresql:x//", "postgresql://"), "SELECT 1")


def test_only_the_owner_reads_the_password(server: EmbeddedPostgres) -> None:
    assert stat.S_IMODE((server.directory / "password").stat().st_mode) == 0o600


def test_it_does_not_run_as_root(server: EmbeddedPostgres) -> None:
    assert server.process is not None
    assert psutil.Process(server.process.pid).uids().real != 0


def test_data_survives_a_stop_and_a_kill(server: EmbeddedPostgres) -> None:
    ask(server.dsn, "CREATE TABLE kept AS SELECT 42 AS value")
    server.stop()
    server.start()
    ask(server.dsn, "CHECKPOINT")
    server.kill()
    server.start()
    assert ask(server.dsn, "SELECT value FROM kept") == 42


def test_two_processes_never_share_the_data(server: EmbeddedPostgres) -> None:
    other = EmbeddedPostgres(server.directory, fsync=False)
    with pytest.raises(StackError, match="Another process runs PostgreSQL"):
        other.start()
    assert ask(server.dsn, "SELECT 1") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals a child when its parent dies")
def test_it_goes_with_a_killed_parent_and_starts_again(folder: Path) -> None:
    words = [sys.executable, "-c", START_AND_STAY, str(folder / "postgres")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([orphan], timeout=10)
    assert not orphan.is_running()
    again = EmbeddedPostgres(folder / "postgres", fsync=False)
    again.start()
    assert ask(again.dsn, "SELECT 1") == 1
    again.stop()


def test_a_stale_pid_file_that_names_a_stranger_is_no_obstacle(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres", fsync=False)
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n1\n1\n\n127.0.0.1\n1 1\nready\n")
    server.start()
    assert ask(server.dsn, "SELECT 1") == 1
    server.stop()


def test_an_interrupted_initdb_is_done_again(folder: Path) -> None:
    leftover = folder / "postgres" / "data.new" / "data"
    leftover.mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(folder / "postgres", fsync=False)
    server.start()
    assert ask(server.dsn, "SELECT 1") == 1
    server.stop()


def test_the_end_of_the_log_tells_why_it_did_not_start(server: EmbeddedPostgres, folder: Path) -> None:
    other = EmbeddedPostgres(folder / "other", port=server.port, fsync=False)
    with pytest.raises(StackError, match="Address already in use"):
        other.start()
    other.stop()
