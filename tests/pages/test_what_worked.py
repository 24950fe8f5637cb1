"""While giving: what a gesture achieved is said of the cause that was chosen, and of eight cases at least."""

import json
import re

import pytest
from django.core.cache import cache

from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.spending.queries import gestures_that_worked
from empower.spending.services import give_spend, resolve_incident

from .conftest import gesture, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # pages: their words, not the database


def cases(scene, cause, *outcomes, amount=4_000, code="meal"):
    """One incident each, a gift on it, ended so; "" leaves it open."""
    for outcome in outcomes:
        incident = log_incident(
            actor=scene.maria,
            property=scene.lax,
            guests=[{"name": "Somebody"}],
            category=Category.objects.get(code=cause),
        )
        guest = incident.guests.get()
        give_spend(
            actor=scene.maria, incident=incident, guest=guest, gesture=gesture(code), amount=amount, currency="USD"
        )
        if outcome:
            resolve_incident(actor=scene.maria, incident=incident, outcome=outcome)


def worked(scene):
    codes = dict(Category.objects.values_list("pk", "code"))
    told = gestures_that_worked(property=scene.lax, user=scene.maria)
    return {pk and codes[pk]: of.get(gesture("meal").pk) for pk, of in told.items()}


def test_seven_cases_say_nothing_and_eight_do(scene):
    cases(scene, "room_noise", *["recovered"] * 6, "lost")
    assert worked(scene) == {}
    cases(scene, "room_noise", "lost")
    noise = worked(scene)["room_noise"]
    assert noise == {"n": 8, "known": 8, "good": 6, "usual": 4_000}


def test_a_cause_counts_for_those_above_it_and_for_no_other(scene):
    cases(scene, "room_noise", *["recovered"] * 8, amount=2_000)
    cases(scene, "room_not_ready", *["lost"] * 8, amount=6_000)
    told = worked(scene)
    assert (told["room_noise"]["good"], told["room_not_ready"]["good"]) == (8, 0)
    assert (told["room"]["n"], told["room"]["good"], told["room"]["usual"]) == (16, 8, 4_000)
    assert set(told) == {None, "room", "room_noise", "room_not_ready"}


def test_of_too_few_known_ends_only_what_is_usual_is_said(scene):
    cases(scene, "room_noise", *["recovered"] * 7, "unknown")
    assert worked(scene)["room_noise"] == {"n": 8, "known": None, "good": None, "usual": 4_000}


def test_the_tiles_say_it_of_the_cause_alone(as_, scene):
    cases(scene, "room_noise", *["recovered"] * 7, "lost")
    cases(scene, "room_not_ready", "recovered", amount=90_000)
    cache.clear()
    client = as_(scene.maria)
    page = client.get("/incidents/log/")
    assert "ended well" not in text_of(page)
    assert "usually $40" in text_of(page)
    script = re.search(r'<script id="worked" type="application/json">(.*?)</script>', page.content.decode())[1]
    assert json.loads(script) == {"room": {"meal": [8, 9, 4_000]}, "room_noise": {"meal": [7, 8, 4_000]}}
    again = client.post("/incidents/log/", {"category": "room", "exactly": "room_noise", "once": "x"})
    assert "7 of 8 ended well" in text_of(again)
    noisy, unready = (
        log_incident(
            actor=scene.maria, property=scene.lax, guests=[scene.jones], category=Category.objects.get(code=code)
        )
        for code in ("room_noise", "room_not_ready")
    )
    assert "7 of 8 ended well" in text_of(client.get(f"/incidents/{noisy.pk}/give/"))
    rare = text_of(client.get(f"/incidents/{unready.pk}/give/"))
    assert "ended well" not in rare
    assert "usually $40" in rare
