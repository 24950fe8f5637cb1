"""Occupied rooms: who reports them, for which nights, how they are corrected, and what stands in the log of it."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from empower import clock
from empower.audit.models import AuditEvent
from empower.refusals import NotPermitted
from empower.staff.models import RoomNights
from empower.staff.services import hire_employee, issue_token, report_room_nights
from tests.api.conftest import Caller, address, fields

pytestmark = pytest.mark.django_db

#: In Los Angeles it is still the twentieth.
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
NIGHT = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def standing():
    with clock.standing_at(NOW):
        yield


def report(actor, scene, day=NIGHT, occupied=240):
    return report_room_nights(actor=actor, property=scene.lax, day=day, occupied=occupied)


def events():
    return [
        (json.loads(body)["before"], json.loads(body)["after"])
        for body in AuditEvent.objects.filter(verb="room_nights.reported", outcome="accepted")
        .order_by("pk")
        .values_list("body", flat=True)
    ]


def service(scene, role, place="lax"):
    return hire_employee(
        actor=scene.admin, username=f"pms-{role}-{place}", code=f"pms-{role}-{place}", name="Rooms system", role=role,
        property=getattr(scene, place), is_service=True,
    )  # fmt: skip


def test_a_night_is_reported_corrected_and_each_change_is_in_the_log(scene):
    told = {"property": scene.lax.pk, "day": "2026-11-19", "occupied": 240}
    first = report(scene.grace, scene)
    assert report(scene.grace, scene) == first
    with clock.standing_at(datetime(2026, 11, 21, 7, tzinfo=UTC)):
        report(scene.admin, scene, occupied=238)
    night = RoomNights.objects.get()
    assert (night.pk, night.occupied, night.reported_by) == (first.pk, 238, scene.admin)
    assert night.reported_at == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert events() == [(None, told), (told, told | {"occupied": 238})]


def test_who_may_report_and_who_may_not(scene):
    for who in (scene.grace, scene.admin, None, service(scene, "manager"), service(scene, "general_manager")):
        report(who, scene)
    elsewhere = service(scene, "manager", "nyc"), scene.gina
    for who in (scene.maria, scene.omar, scene.chen, scene.ada, service(scene, "frontline"), *elsewhere):
        with pytest.raises(NotPermitted) as refused:
            report(who, scene, day=date(2026, 11, 18))
        assert refused.value.code == "not_your_rooms"
    scene.grace.signed_with_pin = True
    with pytest.raises(NotPermitted):
        report(scene.grace, scene, day=date(2026, 11, 18))
    assert RoomNights.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "occupied", "field"),
    [
        (date(2026, 11, 21), 1, "day"),  # it is the twentieth there
        ("2026-11-19", 1, "day"),
        (datetime(2026, 11, 19, tzinfo=UTC), 1, "day"),
        (NIGHT, -1, "occupied"),
        (NIGHT, 100_001, "occupied"),
        (NIGHT, 1.5, "occupied"),
        (NIGHT, True, "occupied"),
    ],
)
def test_what_is_no_night_and_no_number_of_rooms_is_refused_by_name(scene, day, occupied, field):
    with pytest.raises(ValidationError) as refused:
        report(scene.grace, scene, day, occupied)
    assert list(refused.value.error_dict) == [field]
    assert not RoomNights.objects.exists()


def test_tonight_can_be_told_and_an_empty_house_too(scene):
    assert report(scene.grace, scene, date(2026, 11, 20), 0).occupied == 0


# --- by the API -------------------------------------------------------------------------------------------------------


def test_a_system_reports_a_night_and_a_range_and_corrects_them(scene):
    account = service(scene, "manager")
    _token, secret = issue_token(
        actor=scene.admin, employee=account, name="rooms", scopes=["reports:read", "reports:write"]
    )
    client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")

    def post(path, body, key):
        return client.post(address(path), body, "application/json", headers={"Idempotency-Key": key})

    wish = {"property": "LAX", "day": "2026-11-19", "occupied": 240}
    made = post("room-nights/", wish, "a")
    assert made.status_code == 201
    assert {name: made.json()[name] for name in wish} == wish
    assert post("room-nights/", wish, "a").headers["Idempotent-Replayed"] == "true"
    nights = [{"property": "LAX", "day": f"2026-11-{day}", "occupied": 200 + day} for day in (17, 18, 19)]
    answer = post("room-nights/bulk/", {"rows": nights}, "b").json()
    assert (answer["made"], [one["made"]["occupied"] for one in answer["results"]]) == (3, [217, 218, 219])
    rows = client.get(address("room-nights/"), {"day_from": "2026-11-18", "ordering": "-day"}).json()["results"]
    assert [(row["day"], row["occupied"], row["reported_by"]) for row in rows] == [
        ("2026-11-19", 219, account.code),
        ("2026-11-18", 218, account.code),
    ]
    assert len(events()) == 4
    wrong = post("room-nights/bulk/", {"rows": [nights[0] | {"occupied": 1}, nights[1] | {"day": "2027-01-01"}]}, "c")
    assert wrong.status_code == 400
    assert RoomNights.objects.get(day=date(2026, 11, 17)).occupied == 217


def test_the_api_says_who_may_and_what_is_wrong(scene):
    wish = {"property": "LAX", "day": "2026-11-19", "occupied": 240}
    grace, omar = Caller(scene.grace), Caller(scene.omar)
    assert omar.post("room-nights/", wish).status_code == 403
    assert fields(grace.post("room-nights/", wish | {"property": "NYC"})) == {"property": ["does_not_exist"]}
    assert fields(grace.post("room-nights/", wish | {"day": "2026-11-22"})) == {"day": ["in_the_future"]}
    assert fields(grace.post("room-nights/", {"rooms": 3})) == {
        "property": ["required"], "day": ["required"], "occupied": ["required"], "rooms": ["unknown_field"],
    }  # fmt: skip
    assert Caller(scene.grace, ["reports:read"]).post("room-nights/", wish).status_code == 403
    assert grace.post("room-nights/", wish).status_code == 201
    assert [row["day"] for row in Caller(scene.maria).get("room-nights/").json()["results"]] == ["2026-11-19"]
    assert Caller(scene.paul).get("room-nights/").json()["results"] == []


# --- on the desk ------------------------------------------------------------------------------------------------------


def test_the_general_manager_reports_and_corrects_on_the_desk(client, scene):
    client.force_login(scene.grace)
    add = reverse("admin:staff_roomnights_add")
    told = {"property": scene.lax.pk, "day": "2026-11-19", "occupied": "240"}
    assert client.post(add, told).status_code == 302
    night = RoomNights.objects.get()
    late = client.post(add, told | {"day": "2026-11-22"})
    assert list(late.context["adminform"].form.errors) == ["day"]
    assert list(client.post(add, told | {"property": scene.nyc.pk}).context["adminform"].form.errors) == ["property"]
    change = reverse("admin:staff_roomnights_change", args=[night.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"occupied": "239"}).status_code == 302
    night.refresh_from_db()
    assert (night.occupied, night.day, night.property) == (239, NIGHT, scene.lax)
    assert len(events()) == 2


def test_others_read_it_there_and_change_nothing(client, scene):
    night = report(scene.grace, scene)
    change = reverse("admin:staff_roomnights_change", args=[night.pk])
    for name in ("omar", "chen", "ada"):
        client.force_login(getattr(scene, name))
        assert "240" in client.get(reverse("admin:staff_roomnights_changelist")).content.decode()
        assert client.get(reverse("admin:staff_roomnights_add")).status_code == 403
        assert client.post(change, {"occupied": "1"}).status_code == 403
    client.force_login(scene.gina)
    assert client.get(change).status_code in (302, 404)
    assert RoomNights.objects.get().occupied == 240
