"""What the demo makes: four houses, sixty people, eighteen months, and every turn that a history can take."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count, F, Sum

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import FollowUp, Guest, Incident, IncidentGuest
from empower.insights.demo.cast import ACCOUNTS
from empower.insights.verification.running import verify
from empower.journal.models import Allotment
from empower.policies.models import Policy
from empower.policies.queries import policy_in_force
from empower.recognition.queries.line_up import line_up
from empower.spending.models import Approval, Spend
from empower.spending.queries import standing
from empower.staff.models import Employee, Property
from tests.insights.demonstration import NOW, kept, make
from tests.own_database import copied

pytestmark = pytest.mark.long("postgresql")  # what is asked of it is asked of the services there, many times


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small demo, on a database that this module reads and leaves as it is; what the command printed."""
    with django_db_blocker.unblock():
        demo, told = kept()
        with copied(tmp_path_factory.mktemp("demo"), of=demo):
            yield told["printed"]


# --- houses and people --------------------------------------------------------------------------------------------


def test_four_houses_stand_each_in_its_currency_and_time_zone(made):
    assert list(Property.objects.order_by("code").values_list("code", "currency", "timezone")) == [
        ("KYO", "JPY", "Asia/Tokyo"),
        ("LAX", "USD", "America/Los_Angeles"),
        ("NYC", "USD", "America/New_York"),
        ("PAR", "EUR", "Europe/Paris"),
    ]


def test_sixty_people_work_there_and_the_administrator_decides_nothing(made):
    assert Employee.objects.filter(is_active=True).exclude(role="").count() == 60
    assert list(Employee.objects.filter(is_superuser=True).values_list("username", "role")) == [("admin", "")]


@pytest.mark.parametrize(
    ("username", "role", "house"),
    [
        ("maria", "frontline", "LAX"),
        ("omar", "manager", "LAX"),
        ("grace", "general_manager", "LAX"),
        ("chen", "leader", None),
        ("ada", "auditor", None),
        ("paul", "frontline", "NYC"),
        ("gina", "general_manager", "NYC"),
        ("admin", "", None),
    ],
)
def test_a_demo_account_is_who_it_says_and_signs_in_under_debug_alone(made, settings, username, role, house):
    person = Employee.objects.get(username=username)
    assert (person.role, person.property and person.property.code) == (role, house)
    settings.DEBUG = False
    assert authenticate(None, username=username, password="demo") is None
    settings.DEBUG = True
    assert authenticate(None, username=username, password="demo") == person


def test_nobody_else_can_sign_in(made):
    others = Employee.objects.exclude(username__in=ACCOUNTS)
    assert [one.username for one in others if one.has_usable_password()] == []


def test_the_command_tells_what_it_made_and_keeps_the_password_to_debug(made):
    assert all(currency in made for currency in ("USD", "EUR", "JPY"))
    assert all(f"  {username}" in made for username in ACCOUNTS)
    assert "with the password" not in made


def test_a_second_time_changes_nothing(made):
    events = AuditEvent.objects.count()
    assert "here already" in make(scale=1)
    assert AuditEvent.objects.count() == events


# --- money and time -----------------------------------------------------------------------------------------------


def test_money_was_given_in_each_currency(made):
    sums = Spend.objects.acts().values_list("currency").annotate(sum=Sum("cost")).order_by("currency")
    assert [currency for currency, sum in sums if sum > 0] == ["EUR", "JPY", "USD"]


def test_it_lasts_eighteen_months_and_nothing_lies_ahead(made):
    spans = Incident.objects.order_by("occurred_at").values_list("occurred_at", flat=True)
    assert spans.first() < datetime(2025, 7, 10, tzinfo=UTC)
    assert spans.last() > NOW - timedelta(hours=2)
    assert Incident.objects.filter(recorded_at__gt=NOW).count() == 0
    assert Spend.objects.filter(recorded_at__gt=NOW).count() == 0
    assert AuditEvent.objects.filter(at__gt=NOW).count() == 0


def test_the_log_is_in_the_order_of_time(made):
    moments = list(AuditEvent.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_every_house_has_its_allotments_and_the_present_day_is_covered(made):
    today = NOW.date()
    covered = Allotment.objects.filter(begins_on__lte=today, ends_on__gte=today)
    assert sorted(covered.values_list("property__code", flat=True)) == ["KYO", "LAX", "NYC", "PAR"]


def test_the_books_the_limits_and_the_log_agree(made):
    assert verify().fault is None


# --- the turns ----------------------------------------------------------------------------------------------------


def test_every_end_of_a_request_is_there(made):
    told = set(Approval.objects.values_list("status", flat=True))
    assert told == {
        "open", "approved", "declined", "withdrawn", "expired", "answered", "to_confirm", "confirmed", "denied",
    }  # fmt: skip


def test_forty_guests_were_touched_by_the_power_cut_and_each_ended_in_their_own_way(made):
    dark = Incident.objects.annotate(n=Count("guests")).get(n=40)
    assert dark.spends.values("guest").distinct().count() == 40
    assert dark.spends.values("employee").distinct().count() > 5
    assert IncidentGuest.objects.filter(incident=dark).values("outcome").distinct().count() > 1


def test_a_split_is_two_spends_and_the_second_was_decided(made):
    rest = Spend.objects.get(split_from__isnull=False, status="posted", property__code="NYC")
    assert (rest.split_from.judged_as, rest.judged_as) == ("own", "approved")
    assert rest.split_from.amount == 200_000


def test_somebody_got_less_than_was_asked_for(made):
    assert Spend.objects.filter(asked_amount__gt=F("amount"), status="posted").exists()


def test_a_guest_was_lost_after_a_no(made):
    assert Incident.objects.filter(spends__status="declined", outcome="lost").exists()


def test_a_question_was_answered_and_another_waits(made):
    assert Approval.objects.exclude(reply="").filter(status="approved").exists()
    assert Approval.objects.get(status="open", question_asked_at__isnull=False).employee.username == "maria"


def test_a_deputy_decided_in_a_managers_place(made):
    approval = Approval.objects.get(decided_for__isnull=False)
    assert (approval.decided_by.role, approval.decided_for.role) == ("frontline", "manager")


def test_acts_were_taken_back_whole_and_in_part(made):
    assert Spend.objects.filter(status="reversed").exists()
    assert Spend.objects.filter(status="posted", reversed_amount__gt=0).exists()


def test_promises_were_kept_late_and_open(made):
    promised = Spend.objects.exclude(promised_for=None)
    assert promised.filter(given_at__lte=F("promised_for")).exists()
    assert promised.filter(given_at__gt=F("promised_for")).exists()
    assert promised.filter(given_at=None, promised_for__gt=NOW).exists()


def test_colleagues_are_guests_and_guests_are_looked_in_on(made):
    assert Guest.objects.filter(kind="colleague").count() == 4
    assert Incident.objects.filter(kind="delight", guests__kind="colleague").exists()
    assert FollowUp.objects.exists()


def test_two_records_became_one_and_a_guest_was_forgotten(made):
    merged = Guest.objects.get(merged_into__isnull=False)
    assert merged.merged_into.erased_at is not None
    assert merged.name == ""


def test_a_second_failure_lifted_the_limit_and_a_cap_sent_the_rest_to_a_manager(made):
    lifted = Spend.objects.get(judged_as="own", limit_in_force=500_000)
    assert lifted.amount > lifted.policy.limit
    assert Spend.objects.filter(cap__isnull=False, judged_as="own").exists()
    assert Spend.objects.filter(property__code="KYO", judged_as="approved", amount__lt=300_000).exists()


def test_an_attempt_that_was_refused_is_in_the_log(made):
    assert AuditEvent.objects.filter(outcome="refused", verb="spend.approved").exists()


def test_a_fearful_team_asks_more_than_it_acts_and_a_generous_one_never_asks(made):
    fearful = Employee.objects.filter(property__code="NYC", department__code="housekeeping")
    generous = Employee.objects.filter(property__code="PAR", department__code="dining", role="frontline")
    assert fearful.count() == generous.count() == 5
    assert Incident.objects.filter(recorded_by__in=fearful).exists()
    given = [Spend.objects.own().filter(employee__in=team, amount__gt=0).count() for team in (fearful, generous)]
    assert given[0] < given[1]
    assert Approval.objects.filter(employee__in=generous, status="answered").count() == 0


# --- rules --------------------------------------------------------------------------------------------------------


def test_rules_of_every_kind_were_written_and_one_changed_in_the_middle_of_a_month(made):
    assert list(Policy.objects.filter(code="default-PAR").values_list("limit", flat=True)) == [200_000, 15_000, 150_000]
    assert {day.day for day in Policy.objects.filter(version__gt=1).values_list("effective_from", flat=True)} == {17}
    assert Policy.objects.filter(effective_until__isnull=False, limit=300_000, property__code="NYC").exists()
    assert Policy.objects.filter(role="manager").exists()
    assert Policy.objects.filter(department__isnull=False, scope="guest_day").exists()
    assert Policy.objects.filter(cap__isnull=False, second_failure_limit__isnull=False).exists()


@pytest.mark.parametrize("username", ["maria", "omar", "grace", "paul", "gina"])
def test_los_angeles_and_new_york_keep_the_default_rule(made, username):
    person = Employee.objects.get(username=username)
    rule = policy_in_force(employee=person, property=person.property, at=NOW)
    assert rule.code == f"default-{person.property.code}"
    assert (rule.scope, rule.limit, rule.manager_up_to, rule.general_manager_up_to) == (
        "incident", 200_000, 500_000, 2_500_000,
    )  # fmt: skip


# --- now ----------------------------------------------------------------------------------------------------------


def test_omar_finds_a_queue_and_something_of_it_is_there_next_week(made):
    waiting = Approval.objects.awaiting_an_answer().filter(property__code="LAX")
    assert waiting.filter(status="open", tier="manager").count() == 5
    assert waiting.filter(status="open", tier="general_manager").count() == 1
    assert waiting.get(status="to_confirm").named.username == "omar"
    assert waiting.filter(expires_at__gt=NOW + timedelta(days=30)).count() == 1


def test_maria_has_open_incidents_of_today_and_may_still_give_on_them(made):
    maria = Employee.objects.get(username="maria")
    mine = Incident.objects.filter(owner=maria, status="open", occurred_at__gt=NOW - timedelta(hours=4))
    assert mine.count() == 5
    assert all(incident.narrative for incident in mine)
    quiet = mine.get(category__code="room_noise")
    assert standing(employee=maria, incident=quiet, guest=quiet.guests.get(), at=NOW).remaining == 200_000


def test_guests_with_an_open_incident_are_in_the_house_today(made):
    for row in IncidentGuest.objects.filter(incident__status="open").select_related("guest"):
        assert row.guest.arrival <= NOW.date() <= row.guest.departure + timedelta(days=1)


@pytest.mark.parametrize("code", ["LAX", "NYC", "PAR", "KYO"])
def test_every_house_has_a_line_up_worth_reading_aloud(made, code):
    house = Property.objects.get(code=code)
    director = Employee.objects.get(property=house, role="general_manager")
    with clock.standing_at(NOW):
        found = line_up(property=house, day=clock.local_day(NOW, house.timezone), user=director)
    assert found.story is not None
    assert found.thanks
    assert found.parties
    assert found.follow_ups
    if code == "LAX":
        assert found.promises[0].promised_for < NOW
        assert found.second_failures
