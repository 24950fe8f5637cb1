"""Where nothing is ever sent unless the operator allows it, in whatever spelling it comes."""

import socket
import time

import pytest
from django.core.exceptions import ValidationError

from empower.notices.services import change_webhook, create_webhook, deliver_webhooks, ping_webhook
from empower.notices.services.addresses import check_url, may_send_to, target_of
from tests.notices.conftest import OPEN_URL

pytestmark = pytest.mark.long("postgresql")  # what leaves the house, not the database

#: Addresses of the open internet, by the example that each line is an edge of.
OPEN = [
    "93.184.215.14", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
    "223.255.255.255", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:829::200e", "64:ff9b::808:808",
    "::ffff:8.8.8.8",
]  # fmt: skip
CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0", "127.0.0.1",
    "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.8", "192.0.2.1",
    "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a00:1::",
    "2002:c0a8:101::1", "2001::1", "2001:0:7f00:1::8080:8080", "2001:db8::1", "3fff::1", "5f00::1", "100::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_an_open_address_may_be_sent_to(address):
    assert may_send_to(address)


@pytest.mark.parametrize("address", CLOSED)
def test_a_private_or_reserved_address_may_not(address):
    assert not may_send_to(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "0", "10.1",
        "0xa9fea9fe", "2852039166", "169.254.169.254", "192.168.257", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]", "[::]", "[fe80::1]", "[64:ff9b::7f00:1]", "localhost", "LOCALHOST", "localhost.",
        "a.localhost", "printer.local", "metadata.google.internal", "router.home.arpa",
    ],
)  # fmt: skip
def test_a_local_host_is_refused_however_it_is_spelled(host):
    with pytest.raises(ValidationError) as refused:
        check_url(f"https://{host}/hook")
    [fault] = refused.value.error_dict["url"]
    assert fault.code == "private_address"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://93.184.215.14/", "scheme"),
        ("ftp://93.184.215.14/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://93.184.215.14:25/_MAIL", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//93.184.215.14/", "scheme"),
        ("hooks.example/x", "scheme"),
        ("https://user:secret@93.184.215.14/", "credentials"),
        ("https://93.184.215.14@127.0.0.1/", "credentials"),
        ("https://@93.184.215.14/", "credentials"),
        ("https://93.184.215.14/#x", "fragment"),
        ("https://", "invalid"),
        ("https:///x", "invalid"),
        ("https://:443/", "invalid"),
        ("https://93.184.215.14:0/", "invalid"),
        ("https://93.184.215.14:65536/", "invalid"),
        ("https://93.184.215.14:x/", "invalid"),
        ("https://93.184.215.14:-1/", "invalid"),
        ("https://[fe80::1%25eth0]/", "invalid"),
        ("https://[::1/", "invalid"),
        ("https://[v1.x]/", "invalid"),
        ("https://127%2e0.0.1/", "invalid"),
        ("https://exa mple.com/", "invalid"),
        ("https://example.com/\r\nX-Evil: 1", "invalid"),
        ("https://example.com\\@127.0.0.1/", "invalid"),
        ("https://ⓛocalhost/", "invalid"),
        ("https://bücher.example/", "invalid"),
        ("https://..example.com/", "invalid"),
        (f"https://{'a' * 254}/", "invalid"),
        ("https://example.com/" + "x" * 2000, "too_long"),
        ("https://example.com/\0", "null_characters"),
        ("", "required"),
        (None, "invalid"),
        (5, "invalid"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_by_name(url, code):
    with pytest.raises(ValidationError) as refused:
        check_url(url)
    [fault] = refused.value.error_dict["url"]
    assert fault.code == code


def test_any_port_and_any_path_will_do():
    target = target_of("https://hooks.example:8443/a%20b/;c?d=e&f")
    assert (target.host, target.port, target.netloc) == ("hooks.example", 8443, "hooks.example:8443")
    assert target.path == "/a%20b/;c?d=e&f"
    assert target_of("https://hooks.example?x").path == "/?x"


# --- names, and what they lead to ---------------------------------------------------------------------------------


def answering(*answers):
    """A resolver that gives each of ``answers`` (lists of addresses) in turn, and the last for ever."""
    asked = []

    def resolve(host, port, **options):
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    resolve.asked = asked
    return resolve


def test_a_name_is_refused_if_any_of_its_addresses_is_private():
    with pytest.raises(ValidationError):
        check_url("https://hooks.example/", resolve=answering(["93.184.215.14", "10.0.0.1"]))
    with pytest.raises(ValidationError):
        check_url("https://hooks.example/", resolve=answering(["fe80::1%eth0"]))
    check_url("https://hooks.example/", resolve=answering(["93.184.215.14", "8.8.8.8"]))


def test_a_name_that_nobody_knows_here_is_taken_and_asked_for_again_when_it_is_sent(scene):
    unknown = answering(None)
    check_url("https://hooks.example/", resolve=unknown)
    webhook, _secret = create_webhook(actor=scene.chen, url="https://hooks.example/", event_types=["*"])
    delivery = ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks(resolve=unknown)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_reason) == ("waiting", "host_not_found")
    assert unknown.asked == ["hooks.example", "hooks.example"]


def test_a_resolver_that_hangs_is_not_waited_for(scene):
    import threading

    never = threading.Event()

    def hangs(host, port, **options):
        never.wait(60)
        return []

    webhook, _secret = create_webhook(actor=scene.chen, url="https://hooks.example/", event_types=["*"])
    delivery = ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks(resolve=hangs, time_out=0.2)
    never.set()
    delivery.refresh_from_db()
    assert delivery.last_reason == "host_not_found"


def test_a_name_that_has_become_private_is_sent_nothing(scene, receiver, settings):
    """Rebinding between saving and sending: the receiver stands on this machine, and hears nothing."""
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    rebinding = answering(["93.184.215.14"], ["127.0.0.1"])
    url = f"http://hooks.example:{receiver.port}/"
    check_url(url, resolve=rebinding)
    webhook, _secret = create_webhook(actor=scene.chen, url=url, event_types=["*"])
    delivery = ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks(resolve=rebinding)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_reason) == ("waiting", "private_address")
    assert receiver.heard == []


def test_a_name_is_asked_for_once_for_each_sending_and_connected_to_where_it_was_checked(scene, receiver):
    """Rebinding between checking and connecting: nobody asks a second time, so there is no second answer to believe."""
    resolve = answering(["127.0.0.1"], ["203.0.113.1"])
    url = f"http://hooks.example:{receiver.port}/"
    webhook, _secret = create_webhook(actor=scene.chen, url=url, event_types=["*"])
    delivery = ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks(resolve=resolve)
    delivery.refresh_from_db()
    assert delivery.status == "delivered"
    assert len(resolve.asked) == 1
    assert receiver.heard[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_the_next_address_is_tried_where_one_can_not_be_connected_to(scene, receiver):
    resolve = answering(["127.0.0.2", "127.0.0.1"])
    url = f"http://hooks.example:{receiver.port}/"
    webhook, _secret = create_webhook(actor=scene.chen, url=url, event_types=["*"])
    ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks(resolve=resolve)
    assert len(receiver.heard) == 1


def test_multicast_is_never_sent_to_even_with_the_operators_leave(settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    assert may_send_to("127.0.0.1")
    assert may_send_to("10.0.0.1")
    assert not any(may_send_to(address) for address in ("224.0.0.1", "ff02::1", "0.0.0.0", "::", "255.255.255.255"))
    check_url("https://localhost/")


# --- TLS ----------------------------------------------------------------------------------------------------------


def sent_over_tls(scene, receiver, host, **options):
    resolve = answering(["127.0.0.1"])
    webhook, _secret = create_webhook(actor=scene.chen, url=f"https://{host}:{receiver.port}/", event_types=["*"])
    delivery = ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks(resolve=resolve, **options)
    delivery.refresh_from_db()
    return delivery.status, delivery.last_reason


def test_the_certificate_is_that_of_the_name_and_the_name_is_said(scene, tls_receiver):
    assert sent_over_tls(scene, tls_receiver, "hooks.example") == ("delivered", "")
    assert tls_receiver.sni == "hooks.example"


def test_another_name_s_certificate_is_not_believed(scene, tls_receiver):
    assert sent_over_tls(scene, tls_receiver, "other.example") == ("waiting", "tls")
    assert tls_receiver.heard == []


def test_an_unknown_authority_is_not_believed(scene, tls_receiver, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert sent_over_tls(scene, tls_receiver, "hooks.example") == ("waiting", "tls")
    assert tls_receiver.heard == []


def test_a_receiver_without_tls_is_no_receiver_of_https(scene, receiver):
    assert sent_over_tls(scene, receiver, "hooks.example") == ("waiting", "tls")
    assert receiver.heard == []


def test_a_change_of_the_address_is_checked_like_a_new_one(scene):
    webhook, _secret = create_webhook(actor=scene.chen, url=OPEN_URL, event_types=["*"])
    with pytest.raises(ValidationError):
        change_webhook(actor=scene.chen, webhook=webhook, url="https://127.0.0.1/")
    webhook.refresh_from_db()
    assert webhook.url == OPEN_URL


def test_a_slow_receiver_is_hung_up_on_over_tls_too(scene, tls_receiver):
    def drip(handler):
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 50:
            handler.wfile.write(bytes([letter]))
            time.sleep(0.1)

    tls_receiver.answer = drip
    began = time.monotonic()
    assert sent_over_tls(scene, tls_receiver, "hooks.example", time_out=0.5) == ("waiting", "timeout")
    assert time.monotonic() - began < 30


def test_a_receiver_that_never_shakes_hands_is_hung_up_on(scene, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    with socket.create_server(("127.0.0.1", 0)) as silent:
        webhook, _secret = create_webhook(
            actor=scene.chen, url=f"https://127.0.0.1:{silent.getsockname()[1]}/", event_types=["*"]
        )
        delivery = ping_webhook(actor=scene.chen, webhook=webhook)
        began = time.monotonic()
        deliver_webhooks(time_out=0.5)
    assert time.monotonic() - began < 30
    delivery.refresh_from_db()
    assert (delivery.status, delivery.last_reason) == ("waiting", "timeout")


def test_no_name_is_looked_up_while_a_transaction_waits(scene):
    """A service is one: it takes any name, reads any number, and asks nobody."""
    create_webhook(actor=scene.chen, url="https://a-name-that-nobody-was-asked-for.example/", event_types=["*"])
    for url in ("https://0x7f.1/", "https://localhost/"):
        with pytest.raises(ValidationError):
            create_webhook(actor=scene.chen, url=url, event_types=["*"])
