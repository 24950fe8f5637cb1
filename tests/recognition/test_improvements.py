"""Work on a cause: who does it, when it ends, and how often the cause came before and after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import Category
from empower.incidents.services import annul_incident, log_incident
from empower.recognition.models import Improvement
from empower.recognition.permissions import can_open_improvement, can_work_on
from empower.recognition.queries import rate_after, rate_before
from empower.recognition.services import change_improvement, drop_improvement, finish_improvement, open_improvement
from empower.refusals import NotPermitted, NotPossible

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def cause(code="room_not_ready"):
    return Category.objects.get(code=code)


def begun(scene, *, by="omar", at=BEGAN, **told):
    told = {
        "property": scene.lax, "category": cause(), "aim": "Rooms are checked before three", "owner": scene.maria,
        "due_on": date(2026, 7, 1),
    } | told  # fmt: skip
    with clock.standing_at(at):
        return open_improvement(actor=getattr(scene, by), **told)


def happened(scene, at, *, code="room_not_ready", guest=None, **facts):
    guest = guest or scene.jones
    with clock.standing_at(at):
        return log_incident(actor=None, property=guest.property, guests=[guest], category=code and cause(code), **facts)


def counted(improvement):
    return Improvement.objects.with_counts().get(pk=improvement.pk)


def ended(scene, improvement, at=BEGAN + 30 * DAY):
    with clock.standing_at(at):
        return finish_improvement(actor=scene.omar, improvement=improvement, what_was_done="A second check at two.")


# --- its life -----------------------------------------------------------------------------------------------------


def test_work_on_a_cause_begins(scene):
    improvement = begun(scene)
    assert (improvement.status, improvement.began_at, improvement.owner) == ("open", BEGAN, scene.maria)
    event = AuditEvent.objects.get(verb="improvement.opened")
    assert "checked" not in event.body
    assert event.about_id == scene.maria.pk


@pytest.mark.parametrize(
    ("name", "may"),
    [("omar", True), ("grace", True), ("chen", True), ("maria", False), ("gina", False), ("ada", False),
     ("admin", False)],
)  # fmt: skip
def test_managers_begin_it(scene, name, may):
    assert can_open_improvement(getattr(scene, name), scene.lax.pk) is may
    if may:
        assert begun(scene, by=name)
        return
    with pytest.raises(NotPermitted):
        begun(scene, by=name)
    assert not Improvement.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda scene: {"aim": " "}, "aim"),
        (lambda scene: {"owner": scene.paul}, "owner"),
        (lambda scene: {"owner": scene.ada}, "owner"),
        (lambda scene: {"owner": None}, "owner"),
        (lambda scene: {"department": scene.nyc_desk}, "department"),
        (lambda scene: {"category": None}, "category"),
        (lambda scene: {"due_on": date(2026, 5, 31)}, "due_on"),
        (lambda scene: {"due_on": "tomorrow"}, "due_on"),
        (lambda scene: {"began_at": BEGAN + timedelta(microseconds=1)}, "began_at"),
        (lambda scene: {"began_at": BEGAN - timedelta(days=366, microseconds=1)}, "began_at"),
        (lambda scene: {"began_at": datetime(2026, 5, 1)}, "began_at"),
    ],
)
def test_what_is_wrong_is_named(scene, wrong, field):
    with pytest.raises(ValidationError) as refused:
        begun(scene, **wrong(scene))
    assert list(refused.value.error_dict) == [field]


@pytest.mark.parametrize(
    ("name", "may"),
    [("maria", True), ("omar", True), ("grace", True), ("chen", True), ("tomas", False), ("gina", False),
     ("ada", False), ("admin", False)],
)  # fmt: skip
def test_its_owner_and_managers_work_on_it(scene, name, may):
    improvement, actor = begun(scene), getattr(scene, name)
    assert can_work_on(actor, improvement) is may
    acts = (
        lambda: change_improvement(actor=actor, improvement=improvement, due_on=date(2026, 8, 1)),
        lambda: finish_improvement(actor=actor, improvement=improvement, what_was_done="A second check."),
    )
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(NotPermitted):
                act()
    improvement.refresh_from_db()
    assert improvement.status == ("done" if may else "open")


def test_an_owner_hands_it_on(scene):
    improvement = begun(scene)
    change_improvement(actor=scene.maria, improvement=improvement, owner=scene.tomas)
    with pytest.raises(NotPermitted):
        change_improvement(actor=scene.maria, improvement=improvement, owner=scene.maria)


@pytest.mark.parametrize("field", ["category", "property", "department", "status", "began_at"])
def test_what_is_measured_stays(scene, field):
    with pytest.raises(ValidationError) as refused:
        change_improvement(actor=scene.omar, improvement=begun(scene), **{field: None})
    assert list(refused.value.error_dict) == [field]


def test_what_has_ended_is_left_alone(scene):
    improvement = ended(scene, begun(scene))
    for act in (
        lambda: change_improvement(actor=scene.omar, improvement=improvement, aim="x"),
        lambda: drop_improvement(actor=scene.omar, improvement=improvement, reason="x"),
        lambda: finish_improvement(actor=scene.omar, improvement=improvement, what_was_done="x"),
    ):
        with pytest.raises(NotPossible) as refused:
            act()
        assert refused.value.code == "ended"


def test_a_stale_version_changes_nothing(scene):
    improvement = begun(scene)
    change_improvement(actor=scene.omar, improvement=improvement, aim="Better", version=1)
    with pytest.raises(NotPossible) as refused:
        change_improvement(actor=scene.omar, improvement=improvement, aim="Best", version=1)
    assert (refused.value.code, refused.value.state) == ("stale", {"version": 2})


@pytest.mark.parametrize("words", ["", " ", None])
def test_an_end_says_what_was_done_or_why(scene, words):
    improvement = begun(scene)
    for field, act in (
        ("what_was_done", lambda: finish_improvement(actor=scene.omar, improvement=improvement, what_was_done=words)),
        ("reason", lambda: drop_improvement(actor=scene.omar, improvement=improvement, reason=words)),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert list(refused.value.error_dict) == [field]


def test_it_is_done_between_its_beginning_and_now(scene):
    improvement = begun(scene)
    wish = {"actor": scene.omar, "improvement": improvement, "what_was_done": "A second check."}
    with clock.standing_at(BEGAN + DAY):
        for at in (BEGAN - timedelta(microseconds=1), BEGAN + DAY + timedelta(microseconds=1)):
            with pytest.raises(ValidationError) as refused:
                finish_improvement(**wish, done_at=at)
            assert list(refused.value.error_dict) == ["done_at"]
        assert finish_improvement(**wish, done_at=BEGAN).ended_at == BEGAN


def test_the_database_keeps_state_and_end_together(scene):
    improvement = begun(scene)
    for wrong in ({"status": "done"}, {"ended_at": BEGAN}, {"status": "done", "ended_at": BEGAN - DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Improvement.objects.filter(pk=improvement.pk).update(**wrong)


# --- before and after ---------------------------------------------------------------------------------------------


def test_before_is_ninety_days_to_the_microsecond(scene):
    moment = timedelta(microseconds=1)
    improvement = begun(scene)
    for at in (BEGAN - 90 * DAY - moment, BEGAN - 90 * DAY, BEGAN - moment, BEGAN):
        happened(scene, at)
    rate = rate_before(counted(improvement))
    assert (rate.numerator, rate.denominator, rate.n) == (2, 90, 2)
    assert rate.value == pytest.approx(2 / 3)
    low, high = rate.interval
    assert low < rate.value < high


def test_after_is_since_it_was_done(scene):
    moment = timedelta(microseconds=1)
    improvement = begun(scene)
    assert rate_after(counted(improvement)) is None
    done = BEGAN + 30 * DAY
    for at in (done - moment, done, done + 5 * DAY):
        happened(scene, at)
    ended(scene, improvement, done)
    with clock.standing_at(done + 60 * DAY):
        rate = rate_after(counted(improvement))
    assert (rate.numerator, rate.denominator, rate.value) == (2, 60, 1)


def test_nothing_is_said_before_a_whole_day_has_passed(scene):
    improvement = ended(scene, begun(scene), BEGAN)
    with clock.standing_at(BEGAN + DAY - timedelta(seconds=1)):
        rate = rate_after(counted(improvement))
        assert (rate.value, rate.interval) == (None, None)
    with clock.standing_at(BEGAN + DAY):
        rate = rate_after(counted(improvement))
        assert (rate.value, rate.interval[0]) == (0, 0)
        assert rate.interval[1] == pytest.approx(30 * 3.69, rel=0.01)  # the exact limit of none seen is 3.69


def test_dropped_work_has_no_after(scene):
    improvement = begun(scene)
    with clock.standing_at(BEGAN + DAY):
        drop_improvement(actor=scene.maria, improvement=improvement, reason="The wing is closed.")
    assert rate_after(counted(improvement)) is None


def test_only_its_cause_and_those_below_count_and_no_void_ones(scene):
    parent = Category.objects.exclude(children=None).first()
    child = parent.children.first()
    improvement = begun(scene, category=parent)
    at = BEGAN - DAY
    happened(scene, at, code=parent.code)
    happened(scene, at, code=child.code)
    happened(scene, at, code=None)
    happened(scene, at, code=Category.objects.exclude(pk=parent.pk).filter(parent=None).first().code)
    with clock.standing_at(at):
        annul_incident(actor=None, incident=happened(scene, at, code=child.code), reason="Twice")
    happened(scene, at, code=parent.code, guest=scene.smith)
    assert rate_before(counted(improvement)).numerator == 2


def test_a_departments_work_counts_its_own(scene):
    here, everywhere = begun(scene, department=scene.lax_desk), begun(scene)
    happened(scene, BEGAN - DAY, department=scene.lax_desk)
    happened(scene, BEGAN - DAY, department=scene.lax_dining)
    happened(scene, BEGAN - DAY)
    assert rate_before(counted(here)).numerator == 1
    assert rate_before(counted(everywhere)).numerator == 3


def test_days_of_which_there_are_no_records_are_not_counted_as_quiet(scene):
    from tests.factories import EmployeeFactory, GuestFactory, PropertyFactory

    with clock.standing_at(BEGAN - 10 * DAY):
        house = PropertyFactory(code="ROM")
        guest = GuestFactory(property=house)
        owner = EmployeeFactory(property=house)
    improvement = begun(scene, by="chen", property=house, owner=owner)
    happened(scene, BEGAN - 5 * DAY, guest=guest)
    rate = rate_before(counted(improvement))
    assert (rate.numerator, rate.denominator, rate.value) == (1, 10, 3)
    # A history that is imported reaches further back.
    with clock.standing_at(BEGAN):
        log_incident(actor=None, property=house, guests=[guest], occurred_at=BEGAN - 40 * DAY)
    assert rate_before(counted(improvement)).denominator == 40


def test_a_list_counts_in_one_query_however_long(scene, django_assert_num_queries):
    for _ in range(3):
        begun(scene)
    happened(scene, BEGAN - DAY)
    with django_assert_num_queries(1):
        rates = [rate_before(one).numerator for one in Improvement.objects.visible_to(scene.omar).with_details()]
    assert rates == [1, 1, 1]


@pytest.mark.parametrize(
    ("name", "sees"),
    [("maria", True), ("tomas", True), ("omar", True), ("chen", True), ("ada", True), ("paul", False),
     ("gina", False), ("admin", False)],
)  # fmt: skip
def test_the_work_of_ones_house(scene, name, sees):
    assert (begun(scene) in Improvement.objects.visible_to(getattr(scene, name))) is sees
