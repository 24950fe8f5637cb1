"""A database of a test's own, for what must really commit: several threads, several processes, a server.

Django's TransactionTestCase empties every table after the test, and ours refuse to be emptied. So such a test gets a
fresh copy of the migrated test database instead, and no trigger is ever disabled.
"""

import os
import subprocess
import sys
import tempfile
import traceback
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.core.management import ManagementUtility
from django.db import connection, connections

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

    def fork_manage(self, *arguments):
        """The same in a fork of this process: one of its own, with its output, its exit and its connection, and with
        all that is loaded here, the settings of the moment among it. A new one takes a second to begin.
        """
        connections.close_all()  # a forked connection is nobody's
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                os._exit(_managed(arguments, out, err))
            _child, status = os.waitpid(child, 0)
            told = []
            for file in (out, err):
                file.seek(0)
                told.append(file.read())
        return subprocess.CompletedProcess(arguments, os.waitstatus_to_exitcode(status), *told)

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


def _managed(arguments, out, err):
    """Runs the command with its output in these files; answers what the process exits with."""
    for file, place in ((out, 1), (err, 2)):
        os.dup2(file.fileno(), place)
    sys.stdout, sys.stderr = out, err
    try:
        ManagementUtility(["manage.py", *map(str, arguments)]).execute()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    for file in (out, err):
        file.flush()
    return code


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
