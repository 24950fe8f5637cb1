"""A real server in a process of its own, and the addresses to reach it at."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

from tests.own_database import CHECKOUT, OwnDatabase


@dataclass
class Served:
    """``url`` has no slash at its end; ``database`` is the OwnDatabase the server reads and writes."""

    url: str
    database: OwnDatabase
    log: str

    def said(self):
        """What the server has written to its log so far."""
        with open(self.log) as file:
            return file.read()


@contextmanager
def serving(database, folder, *, workers=2, threads=4, **environment):
    """gunicorn on a free port of 127.0.0.1, with ``environment`` added to its own."""
    # The socket is made here and handed down: no other process can take the port in between.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        listener.set_inheritable(True)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        log = folder / "server.log"
        with open(log, "w") as out:
            server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "ledger.wsgi", "--bind", f"fd://{listener.fileno()}"]
                + ["--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread"]
                + ["--graceful-timeout", "2", "--no-control-socket", "--preload"],
                env=database.environment | environment,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=[listener.fileno()],
            )
        try:
            _wait_for(url, server, log)
            yield Served(url=url, database=database, log=str(log))
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(url, server, log):
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=10).close()
            return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
            raise RuntimeError(f"the server answers {answer.code}:\n{log.read_text()}") from None
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()}") from None
            time.sleep(0.1)
