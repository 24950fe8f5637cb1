"""Somebody's server that webhooks are sent to: a real one, on this machine, which answers as it is told."""

import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from empower.notices.services import create_webhook

#: An address of the open internet: nothing is sent there by these tests.
OPEN_URL = "https://93.184.215.14/hook"


@dataclass
class Heard:
    path: str
    headers: dict
    body: bytes


@dataclass
class Receiver:
    """``answer`` is what comes back: a status, or a function of the request's handler that writes it all itself."""

    answer: object = 204
    heard: list = field(default_factory=list)
    url: str = ""

    def ids(self):
        return [one.headers["webhook-id"] for one in self.heard]


def _serve(receiver, context=None):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.heard.append(Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if callable(receiver.answer):
                receiver.answer(self)
                self.close_connection = True
                return
            self.send_response(receiver.answer)
            if receiver.answer in (301, 302, 307, 308):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *arguments):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass  # it was hung up on, as it should be

    server = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    receiver.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}/hook?of=ours"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture
def receiver(settings):
    """On http://127.0.0.1, with the operator's leave for both."""
    settings.WEBHOOKS_ALLOW_PRIVATE = settings.WEBHOOKS_ALLOW_HTTP = True
    receiver = Receiver()
    server = _serve(receiver)
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """A certificate authority that this process believes."""
    import trustme

    authority = trustme.CA()
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


@pytest.fixture
def tls_receiver(settings, authority):
    """On TLS, with a certificate for hooks.example alone."""
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    receiver = Receiver()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example").configure_cert(context)
    context.sni_callback = lambda _socket, name, _context: setattr(receiver, "sni", name)
    server = _serve(receiver, context)
    yield receiver
    server.shutdown()
    server.server_close()


@pytest.fixture
def webhook(scene, receiver):
    """Of every property and every type, made by chen; ``webhook.secret`` is what chen was shown."""
    webhook, secret = create_webhook(actor=scene.chen, url=receiver.url, event_types=["*"])
    webhook.secret = secret
    return webhook
