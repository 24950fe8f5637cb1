"""Photos by the API: the page's own services, a form with a file in, a JPEG of ours out."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from empower.audit.models import AuditEvent
from empower.incidents.models import Photo
from empower.incidents.services import erase_guest
from empower.incidents.services.photos import MOST_OF_AN_INCIDENT
from tests.api.conftest import Caller, address, fields
from tests.incidents.test_photos import a_photo

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database


def send(caller, incident, content=None, *, key="", **form):
    """A photo as a form."""
    if content is not None:
        form["photo"] = SimpleUploadedFile("IMG_0007.jpg", content, "image/jpeg")
    return caller.client.post(
        address(f"incidents/{incident['id']}/photos/"),
        form,
        format="multipart",
        HTTP_IDEMPOTENCY_KEY=key or uuid4().hex,
    )


def read(caller, photo, accept="*/*", **query):
    path = address(f"incidents/{photo['incident']}/photos/{photo['id']}/")
    return caller.client.get(path, query, headers={"accept": accept})


def take_down(caller, photo, key=""):
    path = address(f"incidents/{photo['incident']}/photos/{photo['id']}/")
    return caller.client.delete(path, HTTP_IDEMPOTENCY_KEY=key or uuid4().hex)


@pytest.fixture
def incident(api):
    return api.log()


@pytest.fixture
def photo(api, incident):
    return send(api.maria, incident, a_photo(gps=True, width=400, height=300)).json()


def test_a_photo_is_added_listed_and_read_without_what_the_camera_wrote(api, incident):
    made = send(api.maria, incident, a_photo(gps=True, width=400, height=300))
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["incident"], told["taken_by"], told["width"], told["height"]) == (incident["id"], "maria", 400, 300)
    assert told["removed_at"] is None
    assert api.tomas.get(f"incidents/{incident['id']}/photos/").json()["results"] == [told]
    assert made["Location"].endswith(f"/api/v1/incidents/{incident['id']}/photos/{told['id']}/")
    picture = api.tomas.client.get(made["Location"])
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert b"Leica" not in picture.content
    assert picture["Cache-Control"] == "no-store"
    assert picture["X-Content-Type-Options"] == "nosniff"
    small = read(api.tomas, told, size="small")
    assert len(small.content) < len(picture.content)
    assert read(api.tomas, told, accept="application/json").json() == told
    assert read(api.tomas, told, accept="text/html").status_code == 406
    assert fields(read(api.tomas, told, size="huge")) == {"size": ["invalid"]}


def test_the_same_key_adds_it_once_and_takes_no_other_photo(api, incident):
    first = send(api.maria, incident, a_photo(), key="once")
    again = send(api.maria, incident, a_photo(), key="once")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert again["Location"] == first["Location"]
    other = send(api.maria, incident, a_photo(colour=(0, 0, 255)), key="once")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Photo.objects.count() == 1
    assert take_down(api.maria, first.json(), key="down").status_code == 200
    assert take_down(api.maria, first.json(), key="down")["Idempotent-Replayed"] == "true"


def test_what_is_no_photo_is_named(api, incident):
    assert fields(send(api.maria, incident, b"<svg onload=alert(1)/>")) == {"photo": ["not_a_picture"]}
    assert fields(send(api.maria, incident, b"")) == {"photo": ["not_a_picture"]}
    assert fields(send(api.maria, incident)) == {"photo": ["required"]}
    assert fields(send(api.maria, incident, photo="a text")) == {"photo": ["invalid"]}
    assert fields(send(api.maria, incident, a_photo(), place="34.0")) == {"place": ["unknown_field"]}
    twice = [SimpleUploadedFile("a.jpg", a_photo(), "image/jpeg"), SimpleUploadedFile("b.jpg", a_photo(), "image/jpeg")]
    assert fields(send(api.maria, incident, photo=twice)) == {"photo": ["twice"]}
    assert not Photo.objects.exists()


def test_another_kind_of_body_is_415_and_one_too_large_413(api, incident):
    path = f"incidents/{incident['id']}/photos/"
    assert api.maria.post(path, {"photo": "x"}).status_code == 415
    assert api.maria.send(path, a_photo(), content_type="image/jpeg").status_code == 415
    too_large = send(api.maria, incident, b"\xff\xd8" + bytes(12 * 1024 * 1024))
    assert (too_large.status_code, fields(too_large)) == (413, {"photo": ["too_large"]})
    # By what the head says, before any of it is read.
    told = api.maria.send(path, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(2**40))
    assert (told.status_code, told.json()["code"]) == (413, "too_large")
    chunked = api.maria.client.generic(
        "POST", address(path), b"", "multipart/form-data; boundary=x", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert chunked.status_code == 411
    assert not Photo.objects.exists()


def test_it_is_taken_down_by_who_may_and_is_gone(api, incident, photo):
    assert take_down(api.tomas, photo).status_code == 403
    assert take_down(api.paul, photo).status_code == 404
    down = take_down(api.omar, photo)
    assert down.status_code == 200
    assert down.json()["removed_at"]
    assert read(api.maria, photo).status_code == 404
    assert read(api.maria, photo, accept="application/json").status_code == 404
    assert api.maria.get(f"incidents/{incident['id']}/photos/").json()["results"] == []
    again = take_down(api.maria, photo)
    assert (again.status_code, again.json()["code"]) == (409, "gone")
    assert AuditEvent.objects.filter(verb="photo.removed", outcome="accepted").count() == 1


def test_an_erased_guests_photo_is_gone_here_too(api, incident, photo):
    erase_guest(actor=api.scene.grace, guest=api.scene.jones.__class__.objects.get(pk=incident["guests"][0]["id"]))
    assert read(api.maria, photo).status_code == 404


def test_nobody_reads_or_adds_elsewhere_and_a_token_needs_the_scope(api, incident, photo):
    for stranger in (api.paul, api.gina):
        assert read(stranger, photo).status_code == 404
        assert stranger.get(f"incidents/{incident['id']}/photos/").status_code == 404
        assert send(stranger, incident, a_photo()).status_code == 404
    assert read(api.ada, photo).status_code == 200
    assert send(api.ada, incident, a_photo()).status_code == 403
    reader = Caller(api.scene.maria, scopes=["incidents:read"])
    assert read(reader, photo).status_code == 200
    assert send(reader, incident, a_photo()).json()["code"] == "scope_missing"
    assert take_down(reader, photo).json()["code"] == "scope_missing"
    other = api.log()
    assert read(api.maria, photo | {"incident": other["id"]}).status_code == 404
    assert take_down(api.maria, photo | {"incident": other["id"]}).status_code == 404
    assert Photo.objects.get().picture


def test_the_thirteenth_is_one_too_many(api, incident):
    for _ in range(MOST_OF_AN_INCIDENT):
        assert send(api.maria, incident, a_photo()).status_code == 201
    refused = send(api.maria, incident, a_photo())
    assert (refused.status_code, refused.json()["code"]) == (409, "enough")
