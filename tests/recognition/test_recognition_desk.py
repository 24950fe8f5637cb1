"""Stories are chosen on the desk, and work on causes begins and ends there."""

from datetime import timedelta

import pytest

from empower import clock
from empower.incidents.models import Category
from empower.recognition.models import Improvement, Story, Thanks
from empower.recognition.services import give_thanks, nominate_story, open_improvement
from tests.admin.conftest import address, desk  # noqa: F401 - a fixture

from .happenings import resolved

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database


@pytest.fixture
def story(scene):
    return nominate_story(actor=scene.tomas, incident=resolved(scene), text="A bath next door.")


@pytest.fixture
def work(scene):
    return open_improvement(
        actor=scene.omar,
        property=scene.lax,
        category=Category.objects.get(code="room_not_ready"),
        aim="A second check",
        owner=scene.maria,
        due_on=(clock.now() + timedelta(days=30)).date(),
    )


def test_a_story_is_chosen_and_withdrawn(desk, scene, story):  # noqa: F811
    browser = desk(scene.omar)
    assert b"A bath next door." in browser.see(story).content
    browser.answer("choose", story, told_on="")
    story.refresh_from_db()
    assert (story.status, story.chosen_by) == ("chosen", scene.omar)
    browser.answer("withdraw", story)
    assert Story.objects.get().status == "withdrawn"


def test_an_auditor_reads_stories_and_another_house_sees_none(desk, scene, story):  # noqa: F811
    auditor = desk(scene.ada)
    assert b"A bath next door." in auditor.see(story).content
    auditor.answer("choose", story, told_on="")
    assert b"A bath" not in desk(scene.gina).lists(Story).content
    assert desk(scene.admin).lists(Story).status_code == 403
    story.refresh_from_db()
    assert story.status == "nominated"


def test_a_card_is_taken_back_by_a_manager(desk, scene):  # noqa: F811
    card = give_thanks(actor=scene.tomas, incident=resolved(scene), receiver=scene.maria, text="You ran.")
    desk(scene.omar).answer("take_back", card)
    assert Thanks.objects.get().text == ""


def test_work_on_a_cause_begins_changes_and_ends(desk, scene):  # noqa: F811
    browser = desk(scene.omar)
    told = {
        "property": scene.lax.pk, "category": Category.objects.get(code="room_not_ready").pk, "aim": "A second check",
        "owner": scene.maria.pk, "due_on": f"{clock.now() + timedelta(days=30):%Y-%m-%d}", "once": "this form",
    }  # fmt: skip
    for _ in range(2):
        assert browser.post(address(Improvement, "add"), told).status_code == 302
    work = Improvement.objects.get()
    change = {"aim": "Two checks", "owner": scene.tomas.pk, "due_on": told["due_on"]}
    assert browser.post(address(work, "change", work.pk), change).status_code == 302
    work.refresh_from_db()
    assert (work.aim, work.owner) == ("Two checks", scene.tomas)
    browser.answer("done", work, what_was_done="A second check at two.")
    work.refresh_from_db()
    assert work.status == "done"


def test_what_is_wrong_stands_beside_its_field(desk, scene):  # noqa: F811
    told = {
        "property": scene.lax.pk, "category": Category.objects.get(code="room_not_ready").pk, "aim": "x",
        "owner": scene.maria.pk, "due_on": "2020-01-01",
    }  # fmt: skip
    answer = desk(scene.omar).post(address(Improvement, "add"), told)
    assert list(answer.context["adminform"].form.errors) == ["due_on"]
    elsewhere = desk(scene.omar).post(address(Improvement, "add"), told | {"property": scene.nyc.pk})
    assert "property" in elsewhere.context["adminform"].form.errors
    assert not Improvement.objects.exists()


def test_work_is_dropped_with_a_reason_and_an_auditor_changes_nothing(desk, scene, work):  # noqa: F811
    auditor = desk(scene.ada)
    assert auditor.get(address(Improvement, "add")).status_code == 403
    assert auditor.post(address(work, "change", work.pk), {"aim": "x"}).status_code == 403
    browser = desk(scene.omar)
    assert browser.answer("drop", work, reason="").status_code == 400
    browser.answer("drop", work, reason="The wing is closed.")
    work.refresh_from_db()
    assert (work.status, work.what_was_done) == ("dropped", "The wing is closed.")


@pytest.mark.long("postgresql")
def test_every_page_opens(desk, scene, story, work):  # noqa: F811
    card = give_thanks(actor=scene.tomas, incident=story.incident, receiver=scene.maria, text="You ran.")
    for name in ("omar", "grace", "chen", "ada"):
        browser = desk(getattr(scene, name))
        for row in (story, work, card):
            assert browser.lists(type(row)).status_code == 200
            assert browser.see(row).status_code == 200
