"""The product as an app: what a device reads of it, what it may keep, and what its outbox is told."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from empower import clock
from empower.incidents.models import Incident
from empower.incidents.services import close_incident, erase_guest
from empower.spending.models import Spend

from .conftest import once, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database

LOG = "/incidents/log/"


def draft(scene, person=None, **fields):
    """A draft as the outbox sends it, with the headers of whose it is."""
    sent = once(guest=str(scene.jones.pk), category="room", gesture="refund", amount="150.00", do="give") | fields
    return sent, {"headers": {"Draft-Of": str((person or scene.maria).pk), "Draft-Sent": "later"}}


# --- installing it -------------------------------------------------------------------------------------------------


def test_the_manifest_is_there_for_anybody_and_names_icons_that_are_there(db):
    client = Client()
    answer = client.get("/manifest.webmanifest")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert answer["Cache-Control"] == "no-cache"
    assert (told["display"], told["start_url"], told["scope"]) == ("standalone", LOG, "/")
    assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])
    for icon in told["icons"]:
        assert client.get(icon["src"]).status_code == 200


def test_the_worker_is_at_the_root_never_old_and_under_the_strict_policy(db):
    client = Client()
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Service-Worker-Allowed"] == "/"
    policy = answer["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
    assert "unsafe" not in policy
    shell = json.loads(answer.content.decode().partition("self.shell = ")[2].partition(";\n")[0])
    for file in shell["files"]:
        assert client.get(file).status_code == 200, file


def test_a_changed_file_makes_a_new_worker(db, monkeypatch, tmp_path):
    from empower.spending.views import phone

    before = Client().get("/sw.js").content
    assert Client().get("/sw.js").content == before
    (tmp_path / "look.css").write_text("/* other */")
    found = phone.finders.find
    monkeypatch.setattr(phone.finders, "find", lambda name: str(tmp_path / name) if name == "look.css" else found(name))
    assert Client().get("/sw.js").content != before


# --- what may be kept ----------------------------------------------------------------------------------------------


def test_a_page_is_marked_for_its_person_and_a_time_only_when_the_worker_asks(as_, scene):
    client = as_(scene.maria)
    assert "Keep-For" not in client.get(LOG)
    answer = client.get(LOG, headers={"Keeping": "page"})
    assert answer["Keep-For"] == str(scene.maria.pk)
    now = clock.now().timestamp()
    assert now < int(answer["Keep-Until"]) <= now + 12 * 3600 + 5
    assert answer["Cache-Control"] == "no-store"


def test_a_page_is_kept_no_longer_than_its_session(as_, scene):
    client = as_(scene.maria)
    session = client.session
    session.set_expiry(60)
    session.save()
    answer = client.get(LOG, headers={"Keeping": "page"})
    assert int(answer["Keep-Until"]) <= clock.now().timestamp() + timedelta(seconds=61).total_seconds()


def test_the_page_of_what_waits_holds_no_name_when_nobody_is_signed_in(db):
    answer = Client().get("/phone/", headers={"Keeping": "page"})
    assert answer.status_code == 200
    assert "Keep-For" not in answer
    assert "data-person" not in answer.content.decode()


def test_a_kept_page_takes_no_word_from_the_next_one(as_, scene):
    client = as_(scene.maria)
    client.post(LOG, draft(scene)[0])
    assert "$150, is given" not in text_of(client.get(LOG, headers={"Keeping": "page"}))
    assert "$150, is given" in text_of(client.get(LOG))


# --- the outbox ----------------------------------------------------------------------------------------------------


def test_the_outbox_learns_who_is_signed_in_and_each_has_a_key_of_their_own(as_, scene):
    told = [as_(person).get("/phone/outbox/").json() for person in (scene.maria, scene.paul, scene.maria)]
    assert [one["person"] for one in told] == [str(scene.maria.pk), str(scene.paul.pk), str(scene.maria.pk)]
    assert told[0]["keys"] == told[2]["keys"] != told[1]["keys"]
    assert Client().get("/phone/outbox/").json() == {"person": ""}


def test_the_token_it_is_given_is_what_a_sending_needs(scene):
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.maria)
    fields, headers = draft(scene)
    assert client.post(LOG, fields, **headers).status_code == 403
    headers["headers"]["X-CSRFToken"] = client.get("/phone/outbox/").json()["token"]
    assert client.post(LOG, fields, **headers).json()["status"] == "done"


def test_a_draft_is_carried_out_once_and_told_with_its_key(as_, scene):
    client, (fields, headers) = as_(scene.maria), draft(scene)
    first, second = client.post(LOG, fields, **headers).json(), client.post(LOG, fields, **headers).json()
    incident = Incident.objects.get()
    assert first == second
    assert first["once"] == fields["once"]
    assert first["url"] == f"/incidents/{incident.pk}/"
    assert first["photos_url"] == f"/incidents/{incident.pk}/photos/"
    assert first["says"] == "Refund, $150, is given. You may still give $1,850."
    assert Spend.objects.count() == 1


def test_what_used_up_the_limit_itself_is_known_again_when_it_is_sent_again(as_, scene):
    client, (fields, headers) = as_(scene.maria), draft(scene, amount="1500")
    assert client.post(LOG, fields, **headers).json()["status"] == "done"
    incident = Incident.objects.get()
    url = f"/incidents/{incident.pk}/give/"
    fields, headers = draft(scene, amount="500")
    for _ in range(2):
        assert client.post(url, fields, **headers).json()["status"] == "done"
    assert client.post(url, fields).status_code == 302
    assert [spend.amount for spend in Spend.objects.order_by("pk")] == [150_000, 50_000]


def test_what_was_done_before_the_incident_was_closed_is_done(as_, scene, incident):
    client, (fields, headers) = as_(scene.maria), draft(scene)
    url = f"/incidents/{incident.pk}/give/"
    assert client.post(url, fields, **headers).json()["status"] == "done"
    close_incident(actor=scene.tomas, incident=incident)
    assert client.post(url, fields, **headers).json()["status"] == "done"
    other, headers = draft(scene)
    answer = client.post(url, other, **headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")
    assert answer.json()["url"] == f"/incidents/{incident.pk}/"
    assert Spend.objects.count() == 1


def test_a_draft_of_a_guest_who_was_erased_since_it_arrived_is_done(as_, scene):
    client, (fields, headers) = as_(scene.maria), draft(scene)
    client.post(LOG, fields, **headers)
    erase_guest(actor=scene.grace, guest=scene.jones)
    assert client.post(LOG, fields, **headers).json()["status"] == "done"
    assert Spend.objects.count() == 1


def test_above_what_is_left_it_is_told_what_would_be_right_and_nothing_is_done(as_, scene, incident):
    client = as_(scene.maria)
    url = f"/incidents/{incident.pk}/give/"
    client.post(url, draft(scene, amount="1800")[0])
    fields, headers = draft(scene, amount="500", shown="200000")
    answer = client.post(url, fields, **headers)
    told = answer.json()
    assert (answer.status_code, told["status"]) == (409, "choose")
    assert told["says"] == "You may still give $200 here, not $500."
    assert [one["label"] for one in told["answers"]] == [
        "Give $200, ask for $300",
        "Give $200 only",
        "Ask for all $500",
    ]
    assert Spend.objects.count() == 1
    # The key was not used up: the right answer goes out under the same one.
    assert client.post(url, fields | told["answers"][0]["fields"], **headers).json()["status"] == "done"
    assert [(spend.status, spend.amount) for spend in Spend.objects.order_by("pk")[1:]] == [
        ("posted", 20_000),
        ("pending", 30_000),
    ]


def test_another_persons_draft_is_not_sent_in_ones_own_name(as_, scene):
    fields, headers = draft(scene, scene.tomas)
    answer = as_(scene.maria).post(LOG, fields, **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "somebody_else")
    assert not Incident.objects.exists()


def test_nobody_is_asked_to_sign_in_by_a_status_not_by_a_page(scene):
    fields, headers = draft(scene)
    answer = Client().post(LOG, fields, **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_what_can_not_be_is_to_mend(as_, scene):
    fields, headers = draft(scene, guest=str(scene.smith.pk))
    answer = as_(scene.maria).post(LOG, fields, **headers)
    assert (answer.status_code, answer.json()["status"]) == (400, "mend")
    assert "not at your property" in answer.json()["says"]


def test_the_key_of_another_sending_is_told_apart(as_, scene):
    client, (fields, headers) = as_(scene.maria), draft(scene)
    client.post(LOG, fields, **headers)
    answer = client.post(LOG, fields | {"amount": "160"}, **headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert Spend.objects.count() == 1


def test_an_incident_of_another_house_is_not_there(as_, scene, incident):
    fields, headers = draft(scene, scene.paul)
    answer = as_(scene.paul).post(f"/incidents/{incident.pk}/give/", fields, **headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_there")
