"""A database of a test's own, for what must really commit: several threads, several processes, a server.

Django's TransactionTestCase empties every table after the test, and ours refuse to be emptied. So such a test gets a
fresh copy of the migrated test database instead, and no trigger is ever disabled.
"""

import os
import sqlite3
import subprocess
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass
class OwnDatabase:
    """``url`` is a DATABASE_URL that any process can use; ``environment`` all that a process of ours needs."""

    url: str
    cache: Path

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "PORT", "ALLOWED_HOSTS"}}
        return kept | {
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "EMPOWER_TEST_SHARED_CACHE": str(self.cache),
            "PYTHONPATH": str(CHECKOUT),
        }

    def run_manage(self, *arguments, check=False, timeout=300, **environment):
        """Runs ``manage.py arguments``; answers the CompletedProcess (returncode, stdout, stderr as text)."""
        return subprocess.run(
            [sys.executable, CHECKOUT / "manage.py", *map(str, arguments)],
            env=self.environment | environment,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=check,
            timeout=timeout,
        )

    def start_manage(self, *arguments, **environment):
        """The same without waiting: a Popen, whose end is the caller's business (kill -9, several at once)."""
        return subprocess.Popen(
            [sys.executable, CHECKOUT / "manage.py", *map(str, arguments)],
            env=self.environment | environment,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def copied(folder):
    """Inside the block the default connection, of every thread, is to a fresh copy of the test database."""
    if connection.in_atomic_block:
        raise RuntimeError("own_database can't be used inside a transaction: take off django_db and the db fixture")
    connections.close_all()
    original = connection.settings_dict["NAME"]
    copy, url, drop = (_copy_file if connection.vendor == "sqlite" else _copy_on_server)(original, folder)
    try:
        _point_at(copy)
        yield OwnDatabase(url=url, cache=folder / "cache")
    finally:
        connections.close_all()
        _point_at(original)
        drop()


def _point_at(name):
    # The wrapper of this thread, and the settings that another thread's will be made from.
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def _copy_file(original, folder):
    copy = folder / "own.sqlite3"
    with sqlite3.connect(original) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()

    def drop():
        for file in folder.glob("own.sqlite3*"):
            file.unlink()

    return str(copy), f"sqlite:///{copy}", drop


def _copy_on_server(original, folder):
    copy = f"own_{uuid.uuid4().hex[:16]}"
    told = connection.settings_dict
    # A copy is refused while anyone is connected to its source: a thread of an earlier test may have been left behind.
    _on_server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [original])
    _on_server(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    password = f":{quote(told['PASSWORD'], safe='')}" if told["PASSWORD"] else ""
    url = f"postgres://{told['USER']}{password}@{told['HOST']}:{told['PORT'] or 5432}/{copy}"
    return copy, url, lambda: _on_server(f'DROP DATABASE "{copy}" WITH (FORCE)')


def _on_server(statement, parameters=None):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, parameters)
