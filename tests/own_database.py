"""A database of a test's own, for what must really commit: several threads, several processes, a server.

Django's TransactionTestCase empties every table after the test, and ours refuse to be emptied. So such a test gets a
fresh copy of the migrated test database instead, and no trigger is ever disabled.
"""

import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests import made_once

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

    def run_manage(self, *arguments, check=False, timeout=600, **environment):
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
def copied(folder, *, of=None):
    """Inside the block the default connection, of every thread, is to a fresh copy of the migrated database.

    Or of the database ``of``, which nobody may be connected to.
    """
    if connection.in_atomic_block:
        raise RuntimeError("own_database can't be used inside a transaction: take off django_db and the db fixture")
    original = of or made_once.migrated()
    if connection.vendor == "sqlite":
        copy = str(folder / "own.sqlite3")
        url = f"sqlite:///{copy}"
    else:
        copy = f"own_{uuid.uuid4().hex[:16]}"
        told = connection.settings_dict
        password = f":{quote(told['PASSWORD'], safe='')}" if told["PASSWORD"] else ""
        url = f"postgres://{told['USER']}{password}@{told['HOST']}:{told['PORT'] or 5432}/{copy}"
    made_once.copy(original, copy)
    try:
        with made_once.pointed_at(copy):
            yield OwnDatabase(url=url, cache=folder / "cache")
    finally:
        made_once.drop(copy)
