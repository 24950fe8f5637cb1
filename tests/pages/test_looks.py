"""Whoever looks a colleague up is told to them: one line for each request, by every door, in words."""

import pytest
from django.test import Client

from empower.audit.models import AuditEvent
from empower.staff.services import note_record_opened
from tests import factories as make

from .conftest import text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database


def looks(employee):
    return AuditEvent.objects.filter(verb="employee.viewed", about_id=employee.pk).count()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/admin/staff/employee/{id}/change/", "opened your record"),
        ("/admin/spending/spend/?employee={id}", "what you gave"),
        ("/incidents/?owner={code}", "incidents by your name"),
        ("/api/v1/employees/{id}/", "opened your record"),
        ("/api/v1/employees/?code={code}", "people, by your name"),
        ("/api/v1/spends/?employee={code}", "what you gave"),
        ("/api/v1/approvals/?employee={code}", "your requests"),
        ("/api/v1/incidents/?owner={code}", "incidents by your name"),
        ("/api/v1/journal/entries/?employee={code}", "the journal, by your name"),
    ],
)
def test_each_door_tells_once_for_each_request(as_, scene, path, said):
    grace = as_(scene.grace)
    url = path.format(id=scene.maria.pk, code=scene.maria.code)
    assert grace.get(url).status_code == 200, url
    assert looks(scene.maria) == 1
    page = text_of(as_(scene.maria).get("/me/"))
    assert f"Grace General manager · {said}" in page
    grace.get(url)
    assert looks(scene.maria) == 2


@pytest.mark.parametrize(
    "path", ["/admin/staff/employee/", "/admin/spending/spend/", "/incidents/", "/api/v1/employees/", "/devices/"]
)
def test_a_list_alone_tells_nobody(as_, scene, path):
    as_(scene.grace).get(path)
    assert not AuditEvent.objects.filter(verb="employee.viewed").exists()


def test_ones_own_look_is_no_event(as_, scene):
    as_(scene.grace).get(f"/api/v1/employees/{scene.grace.pk}/")
    assert looks(scene.grace) == 0


def test_all_of_them_are_on_pages_and_cost_the_same(as_, scene, django_assert_num_queries):
    for _ in range(3):
        for _ in range(15):
            person = scene.omar
            note_record_opened(actor=person, employee=scene.maria, how="filtered:spends")
        note_record_opened(actor=make.ManagerFactory(property=scene.lax), employee=scene.maria, how="opened")
    client = as_(scene.maria)
    first = text_of(client.get("/me/"))
    assert first.count("what you gave") + first.count("opened your record") == 5
    assert "All of them" in first
    with django_assert_num_queries(8):  # the same for the lines of one and of all
        page = client.get("/me/record/")
    assert "Page 1 of 3" in text_of(page)
    assert text_of(client.get("/me/record/?page=3")).count("what you gave") in range(5, 9)
    assert "what you gave" not in text_of(as_(scene.tomas).get("/me/record/"))


def test_a_stranger_reads_nobodys(scene):
    assert Client().get("/me/record/").url.startswith("/accounts/login/")
