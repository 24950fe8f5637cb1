"""Several workers, and workers that die: in a database of their own, with the server in another process's reach."""

import threading
import time

import pytest
from django.db import connections

from empower.notices.models import Delivery, Webhook
from empower.notices.services import create_webhook, deliver_webhooks, dispatch_events, ping_webhook
from empower.notices.services.delivering import LEASE
from tests.notices.happenings import log
from tests.scene import set_the_scene

ALLOWED = {"WEBHOOKS_ALLOW_PRIVATE": "1", "WEBHOOKS_ALLOW_HTTP": "1"}


@pytest.fixture
def house(own_database, receiver):
    scene = set_the_scene()
    scene.webhook, _secret = create_webhook(actor=scene.chen, url=receiver.url, event_types=["*"])
    return scene


def at_once(act, count=4):
    failures = []

    def run():
        try:
            act()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _time in range(count)]
    [thread.start() for thread in threads]
    [thread.join(300) for thread in threads]
    assert failures == []


@pytest.mark.races
def test_workers_at_once_send_nothing_twice(house, receiver):
    for _time in range(12):
        log(house)

    def work():
        dispatch_events(batch=3)
        deliver_webhooks()
        # One that came first may have gone before the last was dispatched.
        deliver_webhooks()

    at_once(work)
    deliver_webhooks()
    assert len(receiver.heard) == 12
    assert len(set(receiver.ids())) == 12
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}


@pytest.mark.races
def test_several_webhooks_are_sent_to_side_by_side(house, receiver):
    all_of_them = threading.Barrier(4)
    # Nobody is answered before everybody has asked.
    receiver.answer = lambda handler: (all_of_them.wait(40), handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n"))
    for _time in range(4):
        webhook, _secret = create_webhook(actor=house.chen, url=receiver.url, event_types=["*"])
        ping_webhook(actor=house.chen, webhook=webhook)
    assert deliver_webhooks(at_once=4, time_out=50) == 4
    assert set(Delivery.objects.values_list("status", flat=True)) == {"delivered"}


@pytest.mark.races
def test_a_worker_that_is_killed_between_sending_and_noting_sends_again(own_database, house, receiver):
    """Its message was heard, and nobody noted it: when the lease is over it is sent again, with the same id."""
    delivery = ping_webhook(actor=house.chen, webhook=house.webhook)
    connections.close_all()

    def kill(handler):
        # The message is here, all of it; the worker waits for our answer, and never gets it.
        worker.kill()
        worker.wait(30)

    receiver.answer = kill
    worker = own_database.start_manage("worker", "--once", **ALLOWED)
    worker.communicate(timeout=300)
    assert len(receiver.heard) == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.tries, delivery.attempts.count()) == ("waiting", 1, 0)
    receiver.answer = 204
    assert deliver_webhooks() == 0
    # A minute later, by the database's clock hand.
    Delivery.objects.update(claimed_until=delivery.claimed_until - LEASE)
    assert deliver_webhooks() == 1
    delivery.refresh_from_db()
    assert delivery.status == "delivered"
    assert len(set(receiver.ids())) == 1
    assert len(receiver.heard) == 2


@pytest.mark.long("postgresql")
def test_the_worker_does_all_of_it_and_ends_when_it_is_told_to(own_database, house, receiver):
    log(house)
    connections.close_all()
    worker = own_database.start_manage("worker", **ALLOWED)
    try:
        ends = time.monotonic() + 240
        while not receiver.heard and time.monotonic() < ends:
            time.sleep(0.05)
        assert len(receiver.heard) == 1
        log(house)
        connections.close_all()
        while len(receiver.heard) < 2 and time.monotonic() < ends:
            time.sleep(0.05)
        assert len(receiver.heard) == 2
        worker.terminate()
        _out, said = worker.communicate(timeout=60)
        assert worker.returncode == 0, said
        assert "The worker has ended" in said
        assert "Traceback" not in said
        assert "Zebulon" not in said
    finally:
        worker.kill()
    assert Webhook.objects.get().failing_since is None
