"""Policy trials through the service and the API: what they answer, who runs and reads them, what they write."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.audit.models import AuditEvent
from empower.audit.services import first_fault, sequence_waiting_events
from empower.incidents.services import log_incident, merge_guests
from empower.insights.models import PolicyTrial
from empower.insights.services import run_policy_trial, share_policy_trial, trials
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Gesture
from empower.spending.services import (
    approve_spend,
    decline_spend,
    give_spend,
    resolve_incident,
    reverse_spend,
    void_incident,
)
from empower.statistics import wilson
from tests import factories as make
from tests.api.conftest import Caller, fields
from tests.remembered import remembered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # what is said of the figures; tests/insights/test_figures.py asks both engines for them


def incident_of(who, department=None):
    return log_incident(actor=who, property=who.property, guests=[{"name": "Somebody"}], department=department)


def give(who, amount, incident=None, *, guest=None, gesture="refund"):
    incident = incident or incident_of(who)
    return give_spend(
        actor=who, incident=incident, guest=guest or incident.guests.get(), gesture=Gesture.objects.get(code=gesture),
        amount=amount, currency=who.property.currency,
    )  # fmt: skip


@pytest.fixture
def house(scene):
    """LAX, limit 2,000.00: one incident of 500.00 and 0.01, lost; one of 500.01, recovered; one of 2,000.01, asked for and
    approved after ten minutes, open; one of 3,000.00, declined after twenty, delighted.
    """
    return remembered("what is tried", lambda: _house(scene))


def _house(scene):
    now = clock.now()
    days = SimpleNamespace(day=clock.local_day(now, scene.lax.timezone), scene=scene)
    two, one = incident_of(scene.maria), incident_of(scene.tomas)
    give(scene.maria, 50_000, two)
    give(scene.maria, 1, two)
    give(scene.tomas, 50_001, one)
    with clock.standing_at(now):
        asked = give(scene.maria, 200_001)
        declined = give(scene.tomas, 300_000)
    with clock.standing_at(now + timedelta(minutes=10)):
        approve_spend(actor=scene.omar, approval=asked.approval, reason="Of course.")
    with clock.standing_at(now + timedelta(minutes=20)):
        decline_spend(actor=scene.omar, approval=declined.approval, reason="Not this time.")
        resolve_incident(actor=scene.maria, incident=two, outcome="lost")
        resolve_incident(actor=scene.tomas, incident=one, outcome="recovered")
        resolve_incident(actor=scene.tomas, incident=declined.incident, outcome="delighted")
    return days


def run(house, *variants, by=None, **more):
    wish = {"name": "Half", "begins_on": house.day, "ends_on": house.day + timedelta(days=1)} | more
    variants = [one if isinstance(one, dict) else {"limit": one} for one in variants]
    return run_policy_trial(actor=by or house.scene.omar, variants=variants, **wish)


def told(result):
    return {name: result[name]["numerator"] for name in ("at_once", "waiting", "spared", "newly_waiting")}


def test_a_trial_says_what_would_have_waited_to_the_cent(house):
    answer = run(house, 50_000, 50_001, 200_001).answer
    low, one_more, high = answer["variants"]
    assert told(low) == {"at_once": 1, "waiting": 4, "spared": 0, "newly_waiting": 2}
    assert told(one_more) == {"at_once": 3, "waiting": 2, "spared": 0, "newly_waiting": 0}
    assert told(high) == {"at_once": 4, "waiting": 1, "spared": 1, "newly_waiting": 0}
    assert told(answer["baseline"]) == {"at_once": 3, "waiting": 2, "spared": 0, "newly_waiting": 0}
    assert low["waiting"] == {
        "value": 0.8, "numerator": 4, "denominator": 5, "n": 5, "interval": list(wilson(4, 5)),
    }  # fmt: skip
    assert answer["happened"]["waiting"]["numerator"] == 2
    assert [one["acts"] for one in answer["rules_in_force"]] == [5]


def test_it_says_what_lay_above_and_whom_one_would_have_asked(house):
    low = run(house, 50_000).answer["variants"][0]
    assert (low["amount_at_once"], low["amount_waiting"]) == (50_000, 1 + 50_001 + 200_001 + 300_000)
    # What was still there to give counts off what waits: all of it had been given to the first guest.
    assert low["amount_above"] == 1 + 1 + 150_001 + 250_000
    asked = {role: one["numerator"] for role, one in low["asked_of"].items()}
    # 0.01 on top of 500.00 and 500.01 reach the manager's 1,250.00; 2,000.01 and 3,000.00 the general manager's 6,250.00.
    assert asked == {"manager": 2, "general_manager": 2, "leader": 0}
    assert low["asked_of"]["manager"]["denominator"] == 4


def test_it_says_for_how_long_from_real_decisions_and_nothing_where_there_were_none(house):
    waits = run(house, {"limit": 50_000, "answer_within_minutes": 10}).answer["variants"][0]["waiting_time"]
    assert (waits["n"], waits["median"], waits["p90"]) == (2, 900, 1140)
    assert (waits["in_time"]["numerator"], waits["in_time"]["denominator"]) == (1, 2)
    gina = house.scene.gina
    give(house.scene.paul, 100)
    none = run(house, 50, by=gina).answer["variants"][0]["waiting_time"]
    assert (none["n"], none["median"], none["p90"]) == (0, None, None)
    assert none["in_time"]["value"] is None


def test_a_wait_that_came_to_it_is_as_long_as_half_the_requests_took_there_at_that_hour(scene):
    """Seven at night is another wait than three in the afternoon; an hour at which nobody asked takes the whole day's."""
    begins = clock.day_bounds(clock.local_day(clock.now(), scene.lax.timezone), scene.lax.timezone)[0]
    for hour, minutes in ((15, 4), (15, 6), (19, 60)):
        with clock.standing_at(begins - timedelta(days=1, hours=-hour)):
            asked = give(scene.maria, 300_000)
        with clock.standing_at(begins - timedelta(days=1, hours=-hour, minutes=-minutes)):
            approve_spend(actor=scene.omar, approval=asked.approval, reason="Of course.")
    house = SimpleNamespace(scene=scene, day=clock.local_day(begins, scene.lax.timezone) - timedelta(days=1))
    for hour, seconds, at_their_hour in ((15.9, 300, 1), (19, 300 + 3600, 2), (4, 300 + 3600 + 360, 2)):
        with clock.standing_at(begins - timedelta(days=1) + timedelta(hours=hour)):
            give(scene.tomas, 60_000)
        low, high = run(house, 50_000, 300_000).answer["variants"]
        assert low["extra_waiting"]["seconds"] == seconds
        assert low["extra_waiting"]["at_their_hour"] == at_their_hour
        assert low["spared_time"] == {"seconds": 0, "acts": 0}
        assert high["spared_time"] == {"seconds": 70 * 60, "acts": 3}
        assert high["extra_waiting"]["seconds"] == 0


def test_who_was_never_answered_makes_the_wait_no_shorter(house):
    """Two were, after 10 and 20 minutes; six more wait for longer than that, and half of eight had no answer."""
    for _one in range(6):
        with clock.standing_at(clock.now() - timedelta(hours=1)):
            give(house.scene.maria, 300_000)
    waits = run(house, {"limit": 1, "answer_within_minutes": 15}).answer["variants"][0]["waiting_time"]
    assert (waits["n"], waits["median"]) == (8, None)
    assert (waits["in_time"]["numerator"], waits["in_time"]["denominator"]) == (1, 8)


def test_an_answer_from_before_these_times_were_told_is_read_all_the_same(house, client):
    trial = run(house, 50_000)
    for result in (trial.answer["baseline"], *trial.answer["variants"]):
        del result["spared_time"], result["extra_waiting"]
    trial.save()
    told = Caller(house.scene.omar).get(f"policy-trials/{trial.pk}/").json()
    assert told["variants"][0]["result"]["extra_waiting"] is None
    client.force_login(house.scene.omar)
    assert "not told of an earlier trial" in client.get(f"/insights/trials/{trial.pk}/").content.decode()


def test_it_says_how_those_incidents_ended_beside_the_others(house):
    ends = run(house, 50_001).answer["variants"][0]["outcomes"]
    assert (ends["waiting"]["incidents"], ends["waiting"]["delighted"], ends["waiting"]["open"]) == (2, 1, 1)
    assert (ends["at_once"]["incidents"], ends["at_once"]["lost"], ends["at_once"]["recovered"]) == (2, 1, 1)
    assert ends["at_once"]["made_right"]["value"] == 0.5
    void = give(house.scene.maria, 70_000)
    reverse_spend(actor=house.scene.omar, spend=void, reason="Logged twice.")
    void_incident(actor=house.scene.omar, incident=void.incident, reason="Logged twice.")
    assert run(house, 50_001).answer["variants"][0]["outcomes"]["waiting"]["incidents"] == 2


def test_what_was_given_before_the_first_day_has_used_the_limit_up_and_is_not_told(scene):
    now = clock.now()
    with clock.standing_at(now - timedelta(days=3)):
        incident = incident_of(scene.maria)
        give(scene.maria, 60_000, incident)
    give(scene.maria, 40_001, incident)
    house = SimpleNamespace(scene=scene, day=clock.local_day(now, scene.lax.timezone))
    for limit, waits in ((100_001, 0), (100_000, 1)):
        result = run(house, limit).answer["variants"][0]
        assert (result["acts"], result["waiting"]["numerator"]) == (1, waits)


def test_the_days_are_the_propertys_and_a_guests_day_ends_at_its_midnight(scene):
    midnight = clock.day_bounds(clock.local_day(clock.now(), scene.lax.timezone), scene.lax.timezone)[0]
    guest = scene.jones
    for moment in (midnight - timedelta(seconds=1), midnight):
        with clock.standing_at(moment):
            incident = log_incident(actor=scene.maria, property=scene.lax, guests=[guest])
            give(scene.maria, 30_000, incident, guest=guest)
    house = SimpleNamespace(scene=scene, day=clock.local_day(midnight, scene.lax.timezone))
    wish = {"limit": 59_999, "scope": "guest_day"}
    both = run(house, wish, begins_on=house.day - timedelta(days=1)).answer["variants"][0]
    assert (both["acts"], both["waiting"]["numerator"]) == (2, 0)
    assert run(house, wish).answer["variants"][0]["acts"] == 1
    with clock.standing_at(midnight + timedelta(hours=1)):
        give(scene.maria, 30_000, log_incident(actor=scene.maria, property=scene.lax, guests=[guest]), guest=guest)
    assert run(house, wish).answer["variants"][0]["waiting"]["numerator"] == 1
    assert run(house, wish | {"limit": 60_000}).answer["variants"][0]["waiting"]["numerator"] == 0


def test_two_records_of_one_guest_are_one(scene):
    house = SimpleNamespace(scene=scene, day=clock.local_day(clock.now(), scene.lax.timezone))
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones, scene.rivera])
    for guest in (scene.jones, scene.rivera):
        give(scene.maria, 30_000, incident, guest=guest)
    assert run(house, 59_999).answer["variants"][0]["waiting"]["numerator"] == 0
    merge_guests(actor=scene.omar, kept=scene.jones, merged=scene.rivera)
    assert run(house, 59_999).answer["variants"][0]["waiting"]["numerator"] == 1


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["maria", "gina", "admin", "louis"])
def test_frontline_another_house_and_the_superuser_run_none_of_lax(house, person):
    with pytest.raises(NotPermitted) as refused:
        run(house, 50_000, by=getattr(house.scene, person), property=house.scene.lax)
    assert refused.value.code == "elsewhere"
    assert not PolicyTrial.objects.exists()
    refusal = AuditEvent.objects.get(verb="policy_trial.run")
    assert (refusal.outcome, refusal.property_id) == ("refused", house.scene.lax.pk)


def test_managers_leaders_and_auditors_run_them(house):
    scene = house.scene
    for person in (scene.omar, scene.grace):
        assert run(house, 50_000, by=person).property == scene.lax
    for person in (scene.chen, scene.ada):
        assert run(house, 50_000, by=person, property=scene.lax).answer["baseline"]["acts"] == 5
        assert run(house, 50_000, by=person, currency="USD").answer["baseline"]["acts"] == 5
        assert run(house, 50_000, by=person, currency="EUR").answer["baseline"]["acts"] == 0


def test_a_trial_is_its_authors_until_it_is_shared_with_who_may_run_one_there(house):
    scene = house.scene
    trial = run(house, 50_000)

    def seen_by():
        people = (scene.omar, scene.grace, scene.chen, scene.ada, scene.maria, scene.gina, scene.admin)
        return [one.username for one in people if PolicyTrial.objects.visible_to(one).filter(pk=trial.pk)]

    assert seen_by() == ["omar"]
    with pytest.raises(NotPermitted, match="whoever ran it"):
        share_policy_trial(actor=scene.grace, trial=trial, shared=True)
    for _twice in range(2):
        share_policy_trial(actor=scene.omar, trial=trial, shared=True)
    assert seen_by() == ["omar", "grace", "chen", "ada"]
    assert AuditEvent.objects.filter(verb="policy_trial.shared", outcome="accepted").count() == 1
    of_all = run(house, 50_000, by=scene.chen, currency="USD", shared=True)
    assert PolicyTrial.objects.visible_to(scene.ada).filter(pk=of_all.pk).exists()
    assert not PolicyTrial.objects.visible_to(scene.grace).filter(pk=of_all.pk).exists()


def test_a_team_of_four_is_hidden_and_so_is_the_one_that_the_totals_would_give_away(scene):
    house = SimpleNamespace(scene=scene, day=clock.local_day(clock.now(), scene.lax.timezone))
    for department, people in ((scene.lax_desk, 4), (scene.lax_dining, 5)):
        for _one in range(people):
            give(make.EmployeeFactory(property=scene.lax, department=department), 100)
    for department in (scene.lax_desk, scene.lax_dining):
        trial = run(house, 50, department=department)
        assert trial.is_hidden
        assert trial.answer == {}
    spa = make.DepartmentFactory(property=scene.lax, code="spa")
    for _one in range(6):
        give(make.EmployeeFactory(property=scene.lax, department=spa), 100)
    assert run(house, 50, department=spa).answer["variants"][0]["waiting"]["numerator"] == 6
    assert run(house, 50, department=scene.lax_dining).is_hidden
    assert run(house, 50, role="frontline").answer["variants"][0]["acts"] == 15
    assert run(house, 50, role="manager").answer["variants"] != []
    give(scene.omar, 100)
    assert run(house, 50, role="manager").is_hidden
    assert not run(house, 50).is_hidden


# --- what it writes -----------------------------------------------------------------------------------------------


def test_it_writes_its_own_record_and_an_event_without_its_name(house):
    sequence_waiting_events()
    position = AuditEvent.objects.count() - 1
    with CaptureQueriesContext(connection) as asked:
        trial = run(house, 50_000, name="What Ms Jones would have got")
    written = {query["sql"].split()[2].strip('"') for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))}
    assert written == {"insights_policytrial", "audit_auditevent", "audit_unsealed"}
    event = AuditEvent.objects.get(verb="policy_trial.run")
    assert "Jones" not in event.body
    assert json.loads(event.body)["after"]["variants"] == [
        {
            "answer_within_minutes": 15, "cap": None, "general_manager_up_to": 625_000, "limit": 50_000,
            "manager_up_to": 125_000, "scope": "incident",
        }
    ]  # fmt: skip
    assert first_fault() is None
    trial.refresh_from_db()
    assert (trial.position, trial.author, trial.is_shared) == (position, house.scene.omar, False)


def test_the_answer_is_that_of_the_day_it_was_asked(house):
    before = run(house, 50_000)
    give(house.scene.maria, 70_000)
    after = run(house, 50_000)
    before.refresh_from_db()
    assert [one.answer["baseline"]["acts"] for one in (before, after)] == [5, 6]


def test_the_queries_do_not_grow_with_what_there_is_nor_with_the_rules(house):
    def asked(*variants):
        with CaptureQueriesContext(connection) as found:
            run(house, *variants)
        return len(found)

    before = asked(50_000)
    for amount in (100, 200_001, 7):
        give(house.scene.maria, amount)
    assert asked(50_000, 60_000, 70_000, {"limit": 1, "scope": "guest_day", "cap": 2}) == before
    assert before <= 16


def test_too_many_spends_are_a_refusal_that_says_how_many_may_be(house, monkeypatch):
    monkeypatch.setattr(trials, "MOST_SPENDS", 5)
    run(house, 50_000)
    monkeypatch.setattr(trials, "MOST_SPENDS", 4)
    with pytest.raises(NotPossible) as refused:
        run(house, 50_000)
    assert (refused.value.code, refused.value.state) == ("too_many", {"most": 4})
    assert PolicyTrial.objects.count() == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"begins_on": "2026-01-01"}, "from"),
        ({"role": "king"}, "role"),
        ({"shared": "yes"}, "shared"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_what_is_malformed_is_named(house, wish, field):
    with pytest.raises(ValidationError) as refused:
        run(house, 50_000, **wish)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("variants", "field"),
    [
        ([], "variants"),
        ([1, 2, 3, 4, 5], "variants"),
        ([{}], "variants.0.limit"),
        ([1, -1], "variants.1.limit"),
        ([{"limit": 1, "colour": "red"}], "variants.0.limit"),
        ([{"limit": 1, "scope": "week"}], "variants.0.scope"),
        ([{"limit": 10, "manager_up_to": 9}], "variants.0.tiers"),
        ([{"limit": 10, "general_manager_up_to": 24}], "variants.0.tiers"),
        ([{"limit": 1, "cap": -1}], "variants.0.cap"),
        ([{"limit": 1, "answer_within_minutes": 0}], "variants.0.answer_within_minutes"),
    ],
)
def test_a_rule_that_is_none_is_named(house, variants, field):
    with pytest.raises(ValidationError) as refused:
        run(house, *variants)
    assert list(refused.value.message_dict) == [field]


# --- by the API ---------------------------------------------------------------------------------------------------


def body(house, **more):
    ends = house.day + timedelta(days=1)
    return {"name": "What if", "from": house.day.isoformat(), "to": ends.isoformat()} | more


def test_a_trial_by_the_api_is_made_read_listed_and_shared(house):
    omar, grace = Caller(house.scene.omar), Caller(house.scene.grace)
    made = omar.post("policy-trials/", body(house, limit="500.00"), key="k1")
    assert made.status_code == 201, made.content
    trial = made.json()
    (variant,) = trial["variants"]
    assert (trial["property"], trial["currency"], trial["hidden"], trial["shared"]) == ("LAX", "USD", False, False)
    assert (variant["limit"], variant["scope"], variant["cap"]) == ("500.00", "incident", None)
    assert [(one["role"], one["up_to"]) for one in variant["tiers"]] == [
        ("manager", "1250.00"), ("general_manager", "6250.00"), ("leader", None),
    ]  # fmt: skip
    assert variant["result"]["waiting"]["numerator"] == 4
    assert variant["result"]["amount_waiting"] == "5500.03"
    assert trial["baseline"]["result"]["waiting"]["numerator"] == 2
    assert trial["baseline"]["happened"]["at_once"]["numerator"] == 3
    assert any("not a saving" in one for one in trial["assumptions"])
    again = omar.post("policy-trials/", body(house, limit="500.00"), key="k1")
    assert (again.json(), again["Idempotent-Replayed"]) == (trial, "true")
    assert PolicyTrial.objects.count() == 1
    path = f"policy-trials/{trial['id']}/"
    assert omar.get(path).json() == trial
    assert grace.get(path).status_code == 404
    assert grace.post(f"{path}share/", {"shared": True}).status_code == 404
    assert omar.post(f"{path}share/", {"shared": True}).json()["shared"] is True
    assert [one["id"] for one in grace.get("policy-trials/", shared="true").json()["results"]] == [trial["id"]]
    assert grace.post(f"{path}share/", {"shared": False}).status_code == 403
    assert grace.get("policy-trials/", author=house.scene.grace.code).json()["results"] == []


def test_up_to_four_rules_stand_beside_each_other_in_their_order(house):
    rules = [
        {"limit": "500.00", "tiers": [{"role": "manager", "up_to": "500.00"}]},
        {"limit": "2000.00", "cap": "2000.00", "scope": "guest_day", "answer_within_minutes": 60},
    ]
    made = Caller(house.scene.chen).post("policy-trials/", body(house, variants=rules, property="LAX"))
    assert made.status_code == 201, made.content
    first, second = made.json()["variants"]
    assert first["tiers"][0]["up_to"] == "500.00"
    assert first["result"]["asked_of"]["general_manager"]["numerator"] == 4
    assert (second["cap"], second["scope"], second["answer_within_minutes"]) == ("2000.00", "guest_day", 60)
    # What was read may be sent again as it is told.
    tiers = second["tiers"]
    assert Caller(house.scene.omar).post("policy-trials/", body(house, limit="2000", tiers=tiers)).status_code == 201


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({}, {"limit": ["required"]}),
        ({"limit": "1.001"}, {"limit": ["too_many_decimals"]}),
        ({"limit": "1.00", "variants": [{"limit": "2.00"}]}, {"variants": ["two_ways"]}),
        ({"variants": [{"limit": "1.00"}, {"limit": "x"}]}, {"variants.1.limit": ["invalid"]}),
        ({"variants": []}, {"variants": ["invalid"]}),
        ({"limit": "1.00", "answer_within_minutes": 0}, {"answer_within_minutes": ["invalid"]}),
        ({"limit": "10.00", "tiers": [{"role": "manager", "up_to": "9.99"}]}, {"tiers": ["invalid"]}),
        ({"limit": "1.00", "tiers": [{"role": "leader", "up_to": "9.99"}]}, {"tiers.0.up_to": ["invalid"]}),
        ({"limit": "1.00", "tiers": [{"role": "leader", "up_to": None}] * 2}, {"tiers": ["twice"]}),
        ({"limit": "1.00", "colour": "red"}, {"colour": ["unknown_field"]}),
        ({"limit": "1.00", "property": "XXX"}, {"property": ["does_not_exist"]}),
        ({"limit": "1.00", "department": "moon"}, {"department": ["does_not_exist"]}),
        ({"limit": "1.00", "to": "2020-01-01"}, {"to": ["before_from"]}),
        ({"limit": "1.00", "from": "1492-10-12"}, {"from": ["invalid"]}),
        ({"limit": "1.00", "scope": "week"}, {"scope": ["invalid_choice"]}),
        ({"limit": "1.00", "currency": "EUR"}, {"currency": ["other_currency"]}),
    ],
)
def test_what_is_wrong_with_a_request_is_named(house, wish, named):
    answer = Caller(house.scene.omar).post("policy-trials/", body(house, **wish))
    assert (answer.status_code, fields(answer)) == (400, named)
    assert not PolicyTrial.objects.exists()


def test_all_that_is_wrong_with_a_request_is_told_at_once(house):
    """Of its members, of what they name, and of what only the rule as a whole can tell."""
    rules = [
        {"limit": "10.00", "tiers": [{"role": "manager", "up_to": "9.99"}], "answer_within_minutes": 0},
        {"limit": "1.001", "cap": "-1"},
    ]
    wish = {"variants": rules, "name": " ", "from": "2026-02-02", "to": "2026-01-01", "role": "king", "colour": "red"}
    answer = Caller(house.scene.omar).post("policy-trials/", body(house, department="moon", **wish))
    assert (answer.status_code, fields(answer)) == (
        400,
        {
            "name": ["required"],
            "to": ["before_from"],
            "role": ["invalid_choice"],
            "department": ["does_not_exist"],
            "colour": ["unknown_field"],
            "variants.0.tiers": ["invalid"],
            "variants.0.answer_within_minutes": ["invalid"],
            "variants.1.limit": ["too_many_decimals"],
            "variants.1.cap": ["negative"],
        },
    )
    alone = {"limit": "x", "shared": "maybe", "to": "soon"}
    nowhere = Caller(house.scene.chen).post("policy-trials/", alone)
    assert set(fields(nowhere)) == {"name", "from", "to", "shared", "currency"}
    there = Caller(house.scene.chen).post("policy-trials/", alone | {"property": "LAX"})
    assert set(fields(there)) == {"name", "from", "to", "shared", "limit"}
    assert not PolicyTrial.objects.exists()


def test_who_oversees_several_currencies_names_one_and_a_department_names_its_house(house):
    chen = Caller(house.scene.chen)
    assert fields(chen.post("policy-trials/", body(house, limit="1"))) == {"currency": ["required"]}
    assert chen.post("policy-trials/", body(house, limit="1", currency="JPY")).json()["property"] is None
    unknown = chen.post("policy-trials/", body(house, limit="1", currency="XXX"))
    assert fields(unknown) == {"currency": ["currency"]}
    unused = chen.post("policy-trials/", body(house, limit="1", currency="CHF"))
    assert fields(unused) == {"currency": ["invalid_choice"]}
    team = chen.post("policy-trials/", body(house, limit="1", currency="USD", department="dining"))
    assert fields(team) == {"property": ["required"]}


def test_a_hidden_trial_tells_nothing_of_those_people(house):
    told = Caller(house.scene.omar).post("policy-trials/", body(house, limit="500", department="front_desk")).json()
    assert (told["hidden"], told["baseline"], told["variants"][0]["result"]) == (True, None, None)
    omar = Caller(house.scene.omar)
    assert [one["id"] for one in omar.get("policy-trials/", hidden="true").json()["results"]] == [told["id"]]
    assert omar.get("policy-trials/", hidden="false").json()["results"] == []


def test_a_token_reads_with_one_scope_and_runs_with_another(house):
    reads = Caller(house.scene.omar, scopes=["reports:read"])
    assert reads.get("policy-trials/").status_code == 200
    assert reads.post("policy-trials/", body(house, limit="1")).json()["state"] == {"scope": "reports:write"}
    assert Caller(house.scene.maria).get("policy-trials/").json()["results"] == []
    ran = Caller(house.scene.maria).post("policy-trials/", body(house, limit="1"))
    assert ran.json()["code"] == "scope_missing"
    assert Caller(house.scene.ada).post("policy-trials/", body(house, limit="1", property="LAX")).status_code == 201
    gina = Caller(house.scene.gina).post("policy-trials/", body(house, limit="1", property="LAX"))
    assert (gina.status_code, gina.json()["code"]) == (403, "elsewhere")


def test_a_list_asks_the_same_however_long(house):
    omar = Caller(house.scene.omar)
    run(house, 1)
    omar.get("policy-trials/")

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert omar.get("policy-trials/").status_code == 200
        return len(found)

    before = asked()
    run(house, 1, 2)
    run(house, 1, property=house.scene.lax)
    assert asked() == before


# --- on the desk --------------------------------------------------------------------------------------------------


def test_the_desk_shows_ones_trials_and_changes_none(house, client):
    trial = run(house, 50_000, 200_001)
    hidden = run(house, 50_000, department=house.scene.lax_desk)
    client.force_login(house.scene.omar)
    place = f"/admin/insights/policytrial/{trial.pk}/change/"
    shown = client.get(place).content.decode()
    for words in ("4 of 5 wait", "2 of 5 wait", "1 of 5 wait"):
        assert words in shown
    assert "fewer than five people" in client.get(place.replace(str(trial.pk), str(hidden.pk))).content.decode()
    assert client.post(place, {"name": "Another"}).status_code == 403
    assert client.get("/admin/insights/policytrial/add/").status_code == 403
    client.force_login(house.scene.grace)
    assert client.get(place).status_code == 302


def test_six_digits_on_a_shared_phone_run_read_and_share_none(house):
    scene, trial = house.scene, run(house, 50_000)
    scene.omar.signed_with_pin = True
    assert not PolicyTrial.objects.visible_to(scene.omar).exists()
    with pytest.raises(NotPermitted):
        run(house, 50_000)
    with pytest.raises(NotPermitted):
        share_policy_trial(actor=scene.omar, trial=trial, shared=True)
    assert PolicyTrial.objects.count() == 1
