"""A colleague nominates, a manager chooses, the line-up tells one story a day, and no guest is named."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.audit.services import first_fault
from empower.incidents.services import change_guest, erase_guest, log_incident, merge_guests, reopen_incident
from empower.recognition.models import Story
from empower.recognition.permissions import can_change_story, can_choose, can_nominate
from empower.recognition.queries import story_of_the_day
from empower.recognition.services import change_story, choose_story, nominate_story, withdraw_story
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Gesture
from empower.spending.services import give_spend

from .happenings import resolved

pytestmark = pytest.mark.django_db

TEXT = "The shower ran cold; within ten minutes there was a bath next door and tea on the tray."


def nominated(scene, incident=None, *, by="tomas", **told):
    return nominate_story(actor=getattr(scene, by), incident=incident or resolved(scene), **{"text": TEXT} | told)


def code(refused):
    return refused.value.code


def field_codes(refused):
    return {name: [one.code for one in errors] for name, errors in refused.value.error_dict.items()}


# --- nominate -----------------------------------------------------------------------------------------------------


def test_a_colleague_nominates_what_was_resolved(scene):
    story = nominated(scene)
    assert (story.status, story.property, story.nominated_by) == ("nominated", scene.lax, scene.tomas)
    event = AuditEvent.objects.get(verb="story.nominated")
    assert "shower" not in event.body
    assert event.property_id == scene.lax.pk
    assert first_fault() is None


def test_nobody_nominates_their_own(scene):
    incident = resolved(scene)
    with pytest.raises(NotPermitted) as refused:
        nominated(scene, incident, by="maria")
    assert code(refused) == "own_story"
    assert not Story.objects.exists()


def test_who_gave_on_it_does_not_nominate_it_either(scene):
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
    give_spend(
        actor=scene.tomas, incident=incident, guest=scene.jones, gesture=Gesture.objects.get(code="apology"),
        amount=0, currency="USD",
    )  # fmt: skip
    from empower.incidents.services import close_incident

    close_incident(actor=scene.maria, incident=incident)
    with pytest.raises(NotPermitted) as refused:
        nominated(scene, incident)
    assert code(refused) == "own_story"
    assert nominated(scene, incident, by="omar")


@pytest.mark.parametrize("name", ["paul", "gina", "ada", "admin"])
def test_who_does_not_work_there_nominates_nothing(scene, name):
    incident = resolved(scene)
    assert not can_nominate(getattr(scene, name), incident)
    with pytest.raises(NotPermitted) as refused:
        nominated(scene, incident, by=name)
    assert code(refused) == "elsewhere"


@pytest.mark.parametrize("name", ["tomas", "omar", "grace", "chen"])
def test_who_works_there_and_leaders_nominate(scene, name):
    assert nominated(scene, by=name)


def test_what_is_open_or_void_is_no_story(scene):
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
    with pytest.raises(NotPossible) as refused:
        nominated(scene, incident)
    assert code(refused) == "not_resolved"


def test_an_incident_is_one_story_until_that_is_withdrawn(scene):
    story = nominated(scene)
    with pytest.raises(NotPossible) as refused:
        nominated(scene, story.incident, by="omar")
    assert code(refused) == "told_already"
    withdraw_story(actor=scene.tomas, story=story)
    assert nominated(scene, story.incident, by="omar")
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(status="nominated")


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5_001, None, "a\x00b"])
def test_a_story_has_words(scene, text):
    with pytest.raises(ValidationError) as refused:
        nominated(scene, text=text)
    assert list(refused.value.error_dict) == ["text"]


@pytest.mark.parametrize("text", ["We thanked Mrs Jones.", "It was jones again.", "Room {room} had no water."])
def test_a_guests_name_or_room_is_refused_unless_they_agreed(scene, text):
    incident, text = resolved(scene), text.format(room=scene.jones.room)
    with pytest.raises(ValidationError) as refused:
        nominated(scene, incident, text=text)
    assert field_codes(refused) == {"text": ["names_a_guest"]}
    assert not Story.objects.exists()
    assert nominated(scene, incident, text=text, guest_agreed=True).text == text


def test_the_name_of_the_record_that_stands_is_kept_out_too(scene):
    incident = resolved(scene)
    change_guest(actor=scene.maria, guest=scene.rivera, name="Alma Rivera")
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    with pytest.raises(ValidationError):
        nominated(scene, incident, text="Alma was glad.")


@pytest.mark.parametrize("agreed", ["yes", 1, None])
def test_agreed_is_yes_or_no(scene, agreed):
    with pytest.raises(ValidationError) as refused:
        nominated(scene, guest_agreed=agreed)
    assert list(refused.value.error_dict) == ["guest_agreed"]


# --- change and withdraw ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "may"),
    [("tomas", True), ("omar", True), ("grace", True), ("chen", True), ("maria", False), ("gina", False),
     ("ada", False), ("admin", False)],
)  # fmt: skip
def test_who_nominated_it_and_managers_change_and_withdraw(scene, name, may):
    story, actor = nominated(scene), getattr(scene, name)
    assert can_change_story(actor, story) is may
    if may:
        assert change_story(actor=actor, story=story, text="Told better.").version == 2
        assert withdraw_story(actor=actor, story=story).withdrawn_by == actor
        return
    for act in (
        lambda: change_story(actor=actor, story=story, text="x"),
        lambda: withdraw_story(actor=actor, story=story),
    ):
        with pytest.raises(NotPermitted):
            act()
    story.refresh_from_db()
    assert (story.text, story.status) == (TEXT, "nominated")


def test_a_guest_who_no_longer_agrees_takes_the_name_along(scene):
    story = nominated(scene, text="Mrs Jones was glad.", guest_agreed=True)
    with pytest.raises(ValidationError):
        change_story(actor=scene.tomas, story=story, guest_agreed=False)
    changed = change_story(actor=scene.tomas, story=story, guest_agreed=False, text="She was glad.")
    assert not changed.guest_agreed
    event = AuditEvent.objects.get(verb="story.changed")
    assert '"fields":["guest_agreed","text"]' in event.body
    assert "glad" not in event.body


def test_a_stale_or_withdrawn_story_is_not_changed(scene):
    story = nominated(scene)
    change_story(actor=scene.tomas, story=story, text="Better.")
    for act in (
        lambda: change_story(actor=scene.tomas, story=story, text="x", version=1),
        lambda: choose_story(actor=scene.omar, story=story, version=1),
        lambda: withdraw_story(actor=scene.omar, story=story, version=1),
    ):
        with pytest.raises(NotPossible) as refused:
            act()
        assert code(refused) == "stale"
    withdraw_story(actor=scene.tomas, story=story)
    for act in (
        lambda: change_story(actor=scene.tomas, story=story, text="x"),
        lambda: choose_story(actor=scene.omar, story=story),
        lambda: withdraw_story(actor=scene.omar, story=story),
    ):
        with pytest.raises(NotPossible) as refused:
            act()
        assert code(refused) == "withdrawn"


def test_only_words_are_changed(scene):
    with pytest.raises(ValidationError) as refused:
        change_story(actor=scene.omar, story=nominated(scene), status="chosen")
    assert list(refused.value.error_dict) == ["status"]


# --- choose -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "may"),
    [("omar", True), ("grace", True), ("chen", True), ("tomas", False), ("maria", False), ("gina", False),
     ("ada", False), ("admin", False)],
)  # fmt: skip
def test_managers_choose(scene, name, may):
    story, actor = nominated(scene), getattr(scene, name)
    assert can_choose(actor, story) is may
    if may:
        choose_story(actor=actor, story=story)
        assert story_of_the_day(scene.lax) == story
        return
    with pytest.raises(NotPermitted):
        choose_story(actor=actor, story=story)
    assert story_of_the_day(scene.lax) is None


def test_the_day_is_the_propertys(scene):
    # 07:00 UTC is still yesterday in Los Angeles.
    with clock.standing_at(datetime(2026, 6, 2, 6, 59, tzinfo=UTC)):
        story = choose_story(actor=scene.omar, story=nominated(scene))
        assert story.told_on == date(2026, 6, 1)
        assert story_of_the_day(scene.lax) == story
    with clock.standing_at(datetime(2026, 6, 2, 7, 0, tzinfo=UTC)):
        assert story_of_the_day(scene.lax) is None
        with pytest.raises(ValidationError) as refused:
            choose_story(actor=scene.omar, story=story, told_on=date(2026, 6, 1))
        assert list(refused.value.error_dict) == ["told_on"]


def test_a_line_up_tells_one_story_a_day(scene):
    first, second = nominated(scene), nominated(scene, resolved(scene, scene.rivera))
    choose_story(actor=scene.omar, story=first)
    with pytest.raises(NotPossible) as refused:
        choose_story(actor=scene.grace, story=second)
    assert (code(refused), refused.value.state) == ("day_taken", {"story_id": first.pk})
    choose_story(actor=scene.grace, story=second, told_on=first.told_on + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=second.pk).update(told_on=first.told_on)
    withdraw_story(actor=scene.omar, story=first)
    assert choose_story(actor=scene.grace, story=second, told_on=first.told_on).told_on == first.told_on


def test_another_house_tells_its_own(scene):
    # A day to come in both houses: in the small hours New York is a day ahead of Los Angeles.
    day = clock.now().date() + timedelta(days=1)
    here = choose_story(actor=scene.omar, story=nominated(scene), told_on=day)
    there = nominate_story(actor=scene.gina, incident=resolved(scene, scene.smith, by="paul"), text=TEXT)
    choose_story(actor=scene.gina, story=there, told_on=day)
    assert story_of_the_day(scene.lax, day) == here
    assert story_of_the_day(scene.nyc, day) == there


def test_what_was_opened_again_is_not_told(scene):
    story = nominated(scene)
    reopen_incident(actor=scene.maria, incident=story.incident)
    with pytest.raises(NotPossible) as refused:
        choose_story(actor=scene.omar, story=story)
    assert code(refused) == "not_resolved"


def test_a_name_that_was_put_right_since_keeps_the_story_back(scene):
    story = nominated(scene, text="The tea was on the tray before Alma had asked.")
    change_guest(actor=scene.maria, guest=scene.jones, name="Alma Jones")
    with pytest.raises(ValidationError) as refused:
        choose_story(actor=scene.omar, story=story)
    assert field_codes(refused) == {"text": ["names_a_guest"]}


def test_an_erased_guest_takes_the_words_along(scene):
    story, told = nominated(scene), nominated(scene, resolved(scene))
    choose_story(actor=scene.omar, story=told)
    erase_guest(actor=scene.grace, guest=scene.jones)
    for one in (story, told):
        one.refresh_from_db()
        assert one.text == ""
    assert story_of_the_day(scene.lax) is None
    with pytest.raises(NotPossible) as refused:
        choose_story(actor=scene.omar, story=story)
    assert code(refused) == "erased"


# --- who sees -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sees"),
    [("tomas", True), ("maria", True), ("omar", True), ("chen", True), ("ada", True), ("paul", False),
     ("gina", False), ("admin", False)],
)  # fmt: skip
def test_the_stories_of_ones_house(scene, name, sees):
    story = nominated(scene)
    assert (story in Story.objects.visible_to(getattr(scene, name))) is sees
