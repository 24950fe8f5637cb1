"""One POST to an address that was judged: no redirect, no proxy, no more than some seconds and some KB.

urllib3 rather than httpx or requests: it connects to an address that it is given, and says and verifies another name
(``server_hostname``); it brings no other library along, and reads no proxy from the environment.
"""

import socket
import ssl
import threading
import time
from http.client import HTTPException

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from .addresses import Unreachable, addresses_of

#: Seconds from the look-up to the status, all together.
TIME_OUT = 15
_CONNECT = 5
_MOST_READ = 4096


def post(*, target, payload, headers, resolve=socket.getaddrinfo, time_out=TIME_OUT):
    """(status, reason): the status of HTTP with "" or ``redirect``, ``gone``, ``http_error``; or None and why not.

    Reasons: ``host_not_found``, ``private_address``, ``connection``, ``tls``, ``timeout``, ``protocol``. Never raises
    for what the other side does. Nothing of the answer is kept.
    """
    ends = time.monotonic() + time_out
    try:
        addresses = addresses_of(target, resolve=resolve, seconds=time_out)
    except Unreachable as unreachable:
        return None, unreachable.reason
    reason = "connection"
    for address in addresses:
        left = ends - time.monotonic()
        if left <= 0:
            return None, "timeout"
        status, reason = _post_to(address, target, payload, headers, ends)
        # Another address only where this one could not be connected to: what was sent may have been heard.
        if reason != "connection_refused":
            return status, reason
    return None, "connection"


def _post_to(address, target, payload, headers, ends):
    connection = _connection_to(address, target, min(_CONNECT, ends - time.monotonic()))
    # A socket's own time-out begins anew with each byte; this one ends it, whatever it is doing.
    watch = threading.Timer(max(ends - time.monotonic(), 0.01), _cut, [connection])
    watch.daemon = True
    watch.start()
    try:
        try:
            connection.connect()
        except ssl.SSLError:
            return None, "tls"
        except ConnectTimeoutError:
            return None, "connection_refused" if time.monotonic() < ends else "timeout"
        except (NewConnectionError, ConnectionError):
            return None, "connection_refused"
        if connection.sock is not None:
            connection.sock.settimeout(max(ends - time.monotonic(), 0.01))
        connection.request(
            "POST",
            target.path,
            body=payload,
            headers={"Host": target.netloc, "User-Agent": "Empower-Webhooks/1", "Content-Type": "application/json"}
            | headers,
            preload_content=False,
            decode_content=False,
        )
        answer = connection.getresponse()
        status = answer.status
        _read_a_little(connection, answer)
        return status, _meaning(status)
    except TimeoutError:
        return None, "timeout"
    except (HTTPError, HTTPException, OSError, ValueError, AttributeError) as error:
        # Cut by the watch, a connection breaks in one of many ways.
        if time.monotonic() >= ends:
            return None, "timeout"
        if isinstance(error, ssl.SSLError):
            return None, "tls"
        return None, "protocol" if isinstance(error, HTTPException | HTTPError | ValueError) else "connection"
    finally:
        watch.cancel()
        connection.close()


def _connection_to(address, target, seconds):
    if not target.is_tls:
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host.rstrip("."),
    )


def _cut(connection):
    try:
        # Not an SSLSocket's own, which goes on in plain text once it has been shut down.
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
    except (OSError, AttributeError, TypeError):
        pass  # not connected, or closed meanwhile


def _read_a_little(connection, answer):
    """As much as lets a short answer end in peace: closed in the middle of it, the other side may see an error."""
    try:
        if connection.sock is not None:
            connection.sock.settimeout(1)
        answer.read(_MOST_READ, decode_content=False)
    except (HTTPError, HTTPException, OSError, ValueError):
        pass  # the status said all


def _meaning(status):
    if 200 <= status < 300:
        return ""
    if status == 410:
        return "gone"
    return "redirect" if 300 <= status < 400 else "http_error"
