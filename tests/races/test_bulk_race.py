"""Bulks of the same gifts in another order, at the same instant: none stops another, and each has one effect."""

import threading

import pytest
from django.db import connections
from rest_framework.test import APIClient

from empower.incidents.services import log_incident
from empower.spending.models import Spend
from empower.staff.services import issue_token
from tests.scene import set_the_scene

pytestmark = pytest.mark.races

ROWS = 8


def test_bulks_in_another_order_do_not_wait_for_each_other(own_database):
    scene = set_the_scene()
    secrets = [issue_token(actor=scene.maria, employee=scene.maria, name="till")[1] for _ in range(2)]
    incidents = [
        log_incident(actor=scene.maria, property=scene.lax, guests=[{"name": f"Guest {number}"}]) for number in range(4)
    ]
    rows = [
        {
            "incident": str(incident.pk),
            "guest": str(incident.guests.get().pk),
            "gesture": "meal",
            "amount": "100.00",
            "currency": "USD",
        }
        for incident in incidents * (ROWS // 4)
    ]
    bodies = {
        "forwards": {"rows": rows},
        "backwards": {"rows": rows[::-1]},
        "each": {"mode": "each", "rows": rows[::-1]},
    }
    start, answers = threading.Barrier(2 * len(bodies)), []

    def send(key, secret):
        caller = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}", raise_request_exception=False)
        start.wait(300)
        answer = _asked(caller, bodies[key], key)
        while answer.status_code == 409 and answer.json()["code"] == "in_progress":  # a slow machine; as a till would
            answer = _asked(caller, bodies[key], key)
        answers.append((key, answer.status_code, [one["status"] for one in answer.json().get("results", [])]))
        connections.close_all()

    # Each twice, by two tokens of one person: the key is the person's.
    threads = [threading.Thread(target=send, args=(key, secret)) for key in bodies for secret in secrets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert sorted(answers) == sorted([(key, 200, [201] * ROWS) for key in bodies for _secret in secrets])
    assert Spend.objects.count() == 3 * ROWS


def _asked(caller, body, key):
    return caller.post("/api/v1/spends/bulk/", body, format="json", HTTP_IDEMPOTENCY_KEY=key)
