"""Thanks on pages: written from an incident, read by the one they are for."""

import pytest

from empower.recognition.models import Thanks
from empower.recognition.services import give_thanks
from empower.staff.services import hire_employee
from tests.pages.conftest import as_, once, text_of  # noqa: F401 - a fixture

from .happenings import resolved

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database


@pytest.fixture
def incident(scene):
    return resolved(scene)


def test_a_card_is_written_from_the_incident_and_read_by_the_colleague(as_, scene, incident):  # noqa: F811
    client = as_(scene.tomas)
    assert f"/incidents/{incident.pk}/thank/" in client.get(f"/incidents/{incident.pk}/").content.decode()
    answer = client.post(
        f"/incidents/{incident.pk}/thank/", once(receiver=scene.maria.pk, text="You ran for the shoes."), follow=True
    )
    assert "Your thanks are with them." in text_of(answer)
    mine = text_of(as_(scene.maria).get("/thanks/"))
    assert "Tomas You ran for the shoes." in mine
    assert "To Maria" in text_of(client.get("/thanks/"))
    assert "You ran" not in text_of(as_(scene.omar).get("/thanks/"))


def test_frontline_finds_it_among_the_places(as_, scene):  # noqa: F811
    page = as_(scene.maria).get("/thanks/")
    assert 'href="/thanks/" aria-current="page"' in page.content.decode()
    assert "When a colleague thanks you, it comes to stand here." in text_of(page)


def test_a_double_tap_is_one_card(as_, scene, incident):  # noqa: F811
    client, form = as_(scene.tomas), once(receiver=scene.maria.pk, text="You ran.")
    answers = [client.post(f"/incidents/{incident.pk}/thank/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Thanks.objects.count() == 1


def test_what_is_wrong_stands_beside_its_field(as_, scene, incident):  # noqa: F811
    client = as_(scene.tomas)
    where = f"/incidents/{incident.pk}/thank/"
    for fields, said, status in (
        ({"receiver": "", "text": "x"}, "Choose a colleague.", 400),
        ({"receiver": scene.maria.pk, "text": ""}, "Say what for, in a few words.", 400),
        ({"receiver": scene.tomas.pk, "text": "x"}, "An active colleague who works at the property.", 400),
        ({"receiver": scene.paul.pk, "text": "x"}, "An active colleague who works at the property.", 400),
    ):
        answer = client.post(where, once(**fields))
        assert (answer.status_code, said in text_of(answer)) == (status, True), said
    give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="You ran.")
    again = client.post(where, once(receiver=scene.maria.pk, text="x"))
    assert again.status_code == 409
    assert "You have thanked them for this already." in text_of(again)
    assert Thanks.objects.count() == 1


def test_one_may_choose_colleagues_and_leaders_by_name_and_no_system(as_, scene, incident):  # noqa: F811
    hire_employee(
        actor=None, username="pms", code="pms", name="PMS", role="frontline", property=scene.lax, is_service=True
    )
    form = as_(scene.tomas).get(f"/incidents/{incident.pk}/thank/").context["form"]
    assert [str(one) for one in form.fields["receiver"].queryset] == ["Chen", "Grace", "Maria", "Omar"]


@pytest.mark.parametrize(("name", "status"), [("paul", 404), ("ada", 403), ("admin", 404)])
def test_who_does_not_work_there_writes_none(as_, scene, incident, name, status):  # noqa: F811
    client = as_(getattr(scene, name))
    assert client.get(f"/incidents/{incident.pk}/thank/").status_code == status
    answer = client.post(f"/incidents/{incident.pk}/thank/", once(receiver=scene.maria.pk, text="x"))
    assert answer.status_code == status
    assert not Thanks.objects.exists()


def test_ones_own_card_is_taken_back_and_nobody_elses(as_, scene, incident):  # noqa: F811
    card = give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="You ran.")
    assert as_(scene.maria).post(f"/thanks/{card.pk}/withdraw/", once()).status_code == 404
    client = as_(scene.tomas)
    assert "Your card is taken back." in text_of(client.post(f"/thanks/{card.pk}/withdraw/", once(), follow=True))
    assert client.post(f"/thanks/{card.pk}/withdraw/", once()).status_code == 409
    assert "You ran" not in text_of(as_(scene.maria).get("/thanks/"))


def test_the_superuser_sees_none(as_, scene):  # noqa: F811
    assert as_(scene.admin).get("/thanks/").status_code == 403


def test_a_longer_list_asks_no_more_queries(as_, scene, django_assert_max_num_queries):  # noqa: F811
    for _ in range(6):
        give_thanks(actor=scene.tomas, incident=resolved(scene), receiver=scene.maria, text="You ran.")
    client = as_(scene.maria)
    client.get("/thanks/")
    with django_assert_max_num_queries(8):
        client.get("/thanks/")


def test_words_are_shown_and_not_obeyed(as_, scene, incident):  # noqa: F811
    give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="<script>alert(1)</script>\nline two")
    body = as_(scene.maria).get("/thanks/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>line two" in body
