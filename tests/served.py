"""A server, and the address to reach it at: a real one in processes of its own, or one in a thread of the test's process."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
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
                + ["--workers", str(workers), "--threads", str(threads), "--limit-request-line", "8190"]
                + ["--worker-class", "ledger.serving.Worker", "--no-control-socket", "--preload"],
                env=database.environment | environment,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=[listener.fileno()],
                start_new_session=True,
            )
        try:
            _wait_for(url, server, log)
            yield Served(url=url, database=database, log=str(log))
        finally:
            # It and its workers at once: nobody waits for an answer, and a graceful end takes seconds.
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(url, server, log):
    deadline = time.monotonic() + 240
    while True:
        try:
            urllib.request.urlopen(f"{url}/accounts/login/", timeout=120).close()
            return
        except urllib.error.HTTPError as answer:
            if answer.code < 500:
                return
            raise RuntimeError(f"the server answers {answer.code}:\n{log.read_text()}") from None
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()}") from None
            time.sleep(0.1)


@contextmanager
def serving_here(database):
    """The product in threads of this process, on the default connection: there at once, with everything loaded.

    What a page does needs no more. What several processes do to each other, or how a server is started, does.
    """
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.test.testcases import QuietWSGIRequestHandler

    from ledger.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Served(url=f"http://127.0.0.1:{server.server_port}", database=database, log=os.devnull)
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()
