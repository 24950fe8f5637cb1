"""What the server turns down before Django sees it: a problem document like every other, and no word of it in the log."""

import json
import socket
from urllib.parse import urlsplit

HEADERS = b"Host: localhost\r\nConnection: close\r\n"


def send(served, request):
    """``(status, content type, document)`` of what the server answers to these bytes."""
    place = urlsplit(served.url)
    with socket.create_connection((place.hostname, place.port), timeout=120) as line:
        line.sendall(request)
        said = b""
        while piece := line.recv(65536):
            said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    status, *headers = head.decode().split("\r\n")
    types = [value.split(": ")[1] for value in headers if value.lower().startswith("content-type")]
    return int(status.split()[1]), types[0], json.loads(body)


def test_what_cannot_be_read_is_told_as_every_error_and_not_logged(served):
    asked = {
        414: b"GET /api/v1/guests/?search=" + b"Haddad" * 2000 + b" HTTP/1.1\r\n" + HEADERS + b"\r\n",
        431: b"GET /api/v1/me/ HTTP/1.1\r\n" + HEADERS + b"Cookie: Haddad=" + b"x" * 9000 + b"\r\n\r\n",
        400: b"Haddad\r\n\r\n",
    }
    for status, request in asked.items():
        answered, form, document = send(served, request)
        assert (answered, form, document["status"]) == (status, "application/problem+json", status)
        assert set(document) == {"type", "title", "status", "detail", "code", "errors"}
    assert "can't be read" in served.said()
    assert "Haddad" not in served.said()

    fits = b"GET /api/v1/guests/?colour=" + b"x" * 8000 + b" HTTP/1.1\r\n" + HEADERS + b"\r\n"
    assert send(served, fits)[2]["code"] == "not_authenticated"
