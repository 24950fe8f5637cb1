"""Webhooks on the review desk: seen, tried, sent again; the secret is on no page."""

import pytest

from empower.notices.models import Delivery, Webhook
from empower.notices.services import create_webhook, deliver_webhooks, ping_webhook
from tests.admin.conftest import desk  # noqa: F401

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


@pytest.mark.parametrize(
    ("name", "opens"), [("omar", 403), ("ada", 403), ("grace", 200), ("chen", 200), ("admin", 200)]
)
def test_who_opens_it(desk, scene, webhook, name, opens):  # noqa: F811
    browser = desk(getattr(scene, name))
    ping_webhook(actor=None, webhook=webhook)
    assert browser.lists(Webhook).status_code == browser.lists(Delivery).status_code == opens


def test_a_general_manager_sees_none_of_another_house(desk, scene, webhook):  # noqa: F811
    delivery = ping_webhook(actor=None, webhook=webhook)
    browser = desk(scene.grace)
    for row in (webhook, delivery):
        assert browser.lists(type(row)).context["cl"].result_count == 0
        assert browser.see(row)["Location"] == "/admin/"


def test_the_secret_is_on_no_page(desk, scene, webhook):  # noqa: F811
    browser = desk(scene.chen)
    delivery = ping_webhook(actor=scene.chen, webhook=webhook)
    deliver_webhooks()
    for page in (browser.lists(Webhook), browser.see(webhook), browser.lists(Delivery), browser.see(delivery)):
        assert page.status_code == 200
        assert not [
            word for word in (webhook.secret, webhook.salt, webhook.secret_digest) if word in page.content.decode()
        ]
    assert b"webhook.ping" in page.content


def test_tried_sent_again_and_retired(desk, scene, receiver, webhook):  # noqa: F811
    browser = desk(scene.chen)
    assert "in line" in browser.said(browser.answer("ping", webhook))[-1]
    delivery = Delivery.objects.get()
    deliver_webhooks()
    assert b"Send again" in browser.see(delivery).content
    assert "in line" in browser.said(browser.answer("replay", delivery))[-1]
    deliver_webhooks()
    assert len(receiver.heard) == 2
    assert "retired" in browser.said(browser.answer("retire", webhook))[-1]
    assert "not active" in browser.said(browser.answer("replay", delivery))[-1]


def test_another_house_s_message_is_not_sent_again(desk, scene, receiver):  # noqa: F811
    webhook, _secret = create_webhook(actor=scene.chen, url=receiver.url, event_types=["*"], property=scene.nyc)
    delivery = ping_webhook(actor=None, webhook=webhook)
    deliver_webhooks()
    browser = desk(scene.grace)
    assert browser.said(browser.answer("replay", delivery)) == ["Nothing here to do this to any more."]
    delivery.refresh_from_db()
    assert delivery.status == "delivered"
