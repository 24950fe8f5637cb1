"""Stories, thanks and improvements by the API: the same services, by the same words."""

from datetime import timedelta

import pytest

from empower import clock
from empower.audit.models import AuditEvent
from empower.recognition.models import Improvement, Story, Thanks
from empower.recognition.services import give_thanks, nominate_story, open_improvement
from tests.api.conftest import Caller, api, fields  # noqa: F401 - a fixture

from .happenings import resolved

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database

TEXT = "A bath next door within ten minutes, and tea on the tray."


def a_story(api, by=None, **told):  # noqa: F811
    incident = resolved(api.scene)
    return (by or api.tomas).post("stories/", {"incident": str(incident.pk), "text": TEXT} | told)


def work(api, by=None, **told):  # noqa: F811
    wish = {
        "category": "room_not_ready", "aim": "A second check at two", "owner": api.scene.maria.code,
        "due_on": (clock.now() + timedelta(days=30)).date().isoformat(),
    }  # fmt: skip
    return (by or api.omar).post("improvements/", wish | told)


def test_a_story_from_its_nomination_to_the_line_up(api):  # noqa: F811
    made = a_story(api)
    assert made.status_code == 201
    told = made.json()
    assert (told["status"], told["nominated_by"], told["property"]) == ("nominated", api.scene.tomas.code, "LAX")
    assert made["ETag"] == '"1"'
    path = f"stories/{told['id']}/"
    assert api.tomas.patch(path, {"text": "Better."}).status_code == 428
    changed = api.tomas.patch(path, {"text": "Better."}, etag='"1"')
    assert (changed.status_code, changed.json()["version"], changed["ETag"]) == (200, 2, '"2"')
    assert api.tomas.patch(path, {"text": "Best."}, etag='"1"').status_code == 412
    assert api.tomas.post(f"{path}choose/").status_code == 403
    chosen = api.omar.post(f"{path}choose/", {"version": 2})
    assert (chosen.status_code, chosen.json()["status"]) == (200, "chosen")
    assert chosen.json()["told_on"]
    withdrawn = api.omar.post(f"{path}withdraw/")
    assert (withdrawn.status_code, withdrawn.json()["withdrawn_by"]) == (200, api.scene.omar.code)
    assert api.omar.post(f"{path}withdraw/").status_code == 409
    assert Story.objects.get().version == 4


def test_a_name_in_a_story_is_a_fault_of_its_text(api):  # noqa: F811
    answer = a_story(api, text="Mrs Jones was glad.")
    assert (answer.status_code, fields(answer)) == (400, {"text": ["names_a_guest"]})
    assert a_story(api, text="Mrs Jones was glad.", guest_agreed=True).status_code == 201


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"text": "x"}, 400, {"incident": ["required"]}),
        ({"incident": "999999", "text": 5}, 400, {"text": ["invalid"], "incident": ["does_not_exist"]}),
        ({"incident": "999999", "text": "x"}, 404, {"incident": ["does_not_exist"]}),
        ({"text": "x", "status": "chosen"}, 400, {"status": ["unknown_field"], "incident": ["required"]}),
    ],
)
def test_what_is_wrong_is_named(api, body, status, named):  # noqa: F811
    answer = api.tomas.post("stories/", body)
    assert (answer.status_code, fields(answer)) == (status, named)


def test_ones_own_story_and_a_taken_day_are_said(api):  # noqa: F811
    own = a_story(api, by=api.maria)
    assert (own.status_code, own.json()["code"]) == (403, "own_story")
    first, second = (a_story(api).json()["id"] for _ in range(2))
    api.omar.post(f"stories/{first}/choose/")
    taken = api.omar.post(f"stories/{second}/choose/")
    assert (taken.status_code, taken.json()["code"], taken.json()["state"]) == (409, "day_taken", {"story_id": first})


def test_a_retried_story_is_one(api):  # noqa: F811
    incident = resolved(api.scene)
    body = {"incident": str(incident.pk), "text": TEXT}
    first, again = (api.tomas.post("stories/", body, key="k1") for _ in range(2))
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Story.objects.count() == 1


def test_a_card_is_written_read_and_taken_back(api):  # noqa: F811
    incident = resolved(api.scene)
    body = {"incident": str(incident.pk), "receiver": api.scene.maria.code, "text": "You ran."}
    made = api.tomas.post("thanks/", body)
    assert (made.status_code, made.json()["given_by"]) == (201, api.scene.tomas.code)
    assert [one["text"] for one in api.maria.get("thanks/").json()["results"]] == ["You ran."]
    assert api.paul.get("thanks/").json()["results"] == []
    again = api.tomas.post("thanks/", body)
    assert (again.status_code, fields(again)) == (409, {"receiver": ["thanked_before"]})
    self = api.tomas.post("thanks/", body | {"receiver": api.scene.tomas.code})
    assert (self.status_code, self.json()["code"]) == (403, "yourself")
    unknown = api.tomas.post("thanks/", body | {"receiver": "nobody"})
    assert (unknown.status_code, fields(unknown)) == (400, {"receiver": ["does_not_exist"]})
    assert api.maria.post(f"thanks/{made.json()['id']}/withdraw/").status_code == 403
    back = api.tomas.post(f"thanks/{made.json()['id']}/withdraw/")
    assert (back.status_code, back.json()["text"]) == (200, "")
    assert api.maria.get(f"thanks/{made.json()['id']}/").status_code == 404
    assert Thanks.objects.count() == 1


def test_asking_for_a_colleagues_cards_is_told_to_them(api):  # noqa: F811
    api.omar.get("thanks/")
    assert not AuditEvent.objects.filter(verb="employee.viewed").exists()
    api.omar.get("thanks/", receiver=api.scene.maria.code)
    assert AuditEvent.objects.get(verb="employee.viewed").about_id == api.scene.maria.pk
    assert api.omar.get("thanks/", ordering="receiver").status_code == 400


def test_an_improvement_from_its_beginning_to_its_end(api):  # noqa: F811
    resolved(api.scene)
    made = work(api)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["status"], told["after"], told["before"]["numerator"]) == ("open", None, 0)
    path = f"improvements/{told['id']}/"
    assert api.omar.patch(path, {"aim": "Two checks"}).status_code == 428
    assert api.omar.patch(path, {"aim": "Two checks"}, etag='"1"').json()["aim"] == "Two checks"
    assert fields(api.omar.patch(path, {"category": "noise"}, etag='"2"')) == {"category": ["unknown_field"]}
    assert fields(api.maria.post(f"{path}finish/", {"what_was_done": ""})) == {"what_was_done": ["required"]}
    done = api.maria.post(f"{path}finish/", {"what_was_done": "A second check at two."})
    assert (done.status_code, done.json()["status"]) == (200, "done")
    assert done.json()["after"]["value"] is None
    assert set(done.json()["after"]) == {"value", "numerator", "denominator", "n", "interval"}
    assert api.maria.post(f"{path}drop/", {"reason": "x"}).status_code == 409
    assert Improvement.objects.get().version == 3


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"category": "nothing"}, {"category": ["does_not_exist"]}),
        ({"owner": "nobody"}, {"owner": ["does_not_exist"]}),
        ({"department": "moon"}, {"department": ["does_not_exist"]}),
        ({"due_on": "2020-01-01"}, {"due_on": ["invalid"]}),
        ({"began_at": "2999-01-01T00:00:00Z"}, {"began_at": ["invalid"]}),
    ],
)
def test_a_wrong_improvement_is_named(api, told, named):  # noqa: F811
    answer = work(api, **told)
    assert (answer.status_code, fields(answer)) == (400, named)
    assert not Improvement.objects.exists()


def test_a_leader_names_the_property_and_frontline_begins_none(api):  # noqa: F811
    assert fields(work(api, by=api.chen)) == {"property": ["required"]}
    assert work(api, by=api.chen, property="LAX").status_code == 201
    assert work(api, by=api.maria).status_code == 403
    assert work(api, by=api.gina, property="LAX").status_code == 403


def test_a_token_without_the_scope_reads_and_writes_none(api):  # noqa: F811
    small = Caller(api.scene.omar, scopes=["incidents:read"])
    for path in ("stories/", "thanks/", "improvements/"):
        assert small.get(path).json()["state"] == {"scope": "recognition:read"}
        assert small.post(path, {}).json()["state"] == {"scope": "recognition:write"}


def test_lists_ask_the_same_however_long(api, django_assert_num_queries):  # noqa: F811
    scene = api.scene
    for _ in range(4):
        incident = resolved(scene)
        nominate_story(actor=scene.tomas, incident=incident, text=TEXT)
        give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text="You ran.")
        open_improvement(
            actor=scene.omar, property=scene.lax, category=incident.category or _cause(), aim="x", owner=scene.maria,
            due_on=(clock.now() + timedelta(days=2)).date(),
        )  # fmt: skip
    api.omar.get("me/")
    for path in ("stories/", "thanks/", "improvements/"):
        with django_assert_num_queries(2):  # the token, the list
            assert len(api.omar.get(path).json()["results"]) == 4


def _cause():
    from empower.incidents.models import Category

    return Category.objects.get(code="room_not_ready")


@pytest.mark.parametrize(
    ("path", "query", "count"),
    [
        ("stories/", {"status": "nominated,chosen"}, 1),
        ("stories/", {"status": "withdrawn"}, 0),
        ("stories/", {"search": "BATH"}, 1),
        ("stories/", {"has_told_on": "true"}, 0),
        ("stories/", {"ordering": "-nominated_at"}, 1),
        ("stories/", {"format": "csv"}, None),
        ("improvements/", {"status": "open", "category": "room_not_ready"}, 1),
        ("improvements/", {"has_ended": "true"}, 0),
        ("improvements/", {"fields": "id,before.value"}, 1),
        ("improvements/", {"format": "csv"}, None),
    ],
)
def test_lists_are_narrowed(api, path, query, count):  # noqa: F811
    a_story(api)
    work(api)
    answer = api.omar.get(path, **query)
    assert answer.status_code == 200, answer.content
    if count is not None:
        assert len(answer.json()["results"]) == count
