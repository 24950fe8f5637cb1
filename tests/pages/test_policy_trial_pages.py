"""The pages of policy trials: begun as the rule in force, run by who may, refused by field, read beside it, shared."""

from datetime import timedelta

import pytest

from empower import clock
from empower.incidents.services import log_incident
from empower.insights.models import PolicyTrial
from empower.insights.services import run_policy_trial
from empower.policies.models import Policy
from empower.policies.services import write_policy
from empower.spending.models import Gesture
from empower.spending.services import approve_spend, give_spend
from tests.pages.conftest import once, text_of

# The questions behind these pages are asked on both engines in tests/insights/test_policy_trials.py.
pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]

NEW, LIST = "/insights/trials/new/", "/insights/trials/"


def give(who, amount):
    incident = log_incident(actor=who, property=who.property, guests=[{"name": "Somebody"}])
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
        amount=amount, currency=who.property.currency,
    )  # fmt: skip


@pytest.fixture
def house(scene):
    """At LAX: 500.00, 500.01, and 2,000.01, which waits."""
    for amount in (50_000, 50_001, 200_001):
        give(scene.maria, amount)
    return scene


def wish(scene, **told):
    today = clock.local_day(clock.now(), scene.lax.timezone)
    days = {"from": today - timedelta(days=1), "to": today + timedelta(days=1)}
    return once(**days, name="Half", limit_1="500.00", scope_1="incident") | told


def run(scene, by=None, **told):
    today = clock.local_day(clock.now(), scene.lax.timezone)
    how = {"name": "Theirs", "begins_on": today - timedelta(days=1), "ends_on": today, "variants": [{"limit": 50_000}]}
    return run_policy_trial(actor=by or scene.omar, **how | told)


def value(answer, field):
    return answer.context["form"][field].value()


def test_it_begins_as_the_rule_in_force_at_one_s_property(as_, scene):
    answer = as_(scene.omar).get(NEW)
    rule = [value(answer, f"{name}_1") for name in ("limit", "manager_up_to", "general_manager_up_to", "cap")]
    assert rule == ["2000.00", "5000.00", "25000.00", None]
    assert value(answer, "answer_within_minutes_1") == 15
    assert "property" not in answer.context["form"].fields
    assert [used for _number, used, _fields in answer.context["form"].rules] == [True, False, False, False]


def test_a_leaders_begins_as_the_rule_that_all_of_the_currency_have_and_empty_where_they_differ(as_, scene):
    answer = as_(scene.chen).get(NEW)
    assert [value(answer, name) for name in ("property", "limit_1", "manager_up_to_1")] == [
        "*USD",
        "2000.00",
        "5000.00",
    ]
    assert "It begins as the rule that stands today." in text_of(answer)
    write_policy(actor=scene.chen, code="default-LAX", property=scene.lax, currency="USD", limit=30_000)
    answer = as_(scene.chen).get(NEW)
    assert not value(answer, "limit_1")
    assert "Say what you want to try" in text_of(answer)
    assert value(as_(scene.chen).get(NEW, {"property": "LAX"}), "limit_1") == "300.00"


def test_a_run_is_kept_and_stands_beside_the_rule_in_force(as_, house):
    answer = as_(house.omar).post(NEW, wish(house, limit_3="2000.01"), follow=True)
    trial = PolicyTrial.objects.get()
    assert answer.redirect_chain[-1][0] == f"/insights/trials/{trial.pk}/"
    assert [rule["limit"] for rule in trial.variants] == [50_000, 200_001]
    assert (trial.author, trial.property, trial.is_shared) == (house.omar, house.lax, False)
    words = text_of(answer)
    assert "In force default-LAX, version 1 $500 employee, guest and incident $2,000.01" in words
    assert "In fact 2 of 3 acts posted at once" in words
    assert "Waited for a yes In force 33% 1 of 3 95 % interval (6% to 79%) $500 67% 2 of 3" in words
    assert "Not a saving: people act differently under another limit." in words
    # 0.01 above of the second, 1,500.01 above of the third.
    assert "Of that, above the limit In force $0.01 of $2,000.01 $500 $1,500.02 of $2,500.02" in words
    assert "Somebody" not in words


def test_a_sum_of_time_says_over_how_many_acts(as_, scene):
    now = clock.now()
    with clock.standing_at(now - timedelta(hours=2)):
        spends = [give(scene.maria, 300_000), give(scene.maria, 300_000)]
        give(scene.maria, 60_000)
    with clock.standing_at(now - timedelta(hours=2) + timedelta(minutes=5, seconds=38)):
        for spend in spends:
            approve_spend(actor=scene.omar, approval=spend.approval, reason="Of course.")
    words = text_of(as_(scene.omar).post(NEW, wish(scene, limit_1="3000.00", limit_2="500.00"), follow=True))
    assert "Spared out of what needed a yes in fact In force 0% 0 of 2 95 % interval (0% to 66%) $3,000 100%" in words
    assert "The deciders' time with them from asking to the answer, as it really took In force 0 s 0 acts" in words
    assert "$3,000 11 min 2 acts" in words
    assert "$500 6 min 1 act; 1 by their own hour" in words


def test_one_run_is_one_trial_however_often_it_is_sent(as_, house):
    client, sent = as_(house.omar), wish(house)
    assert client.post(NEW, sent).headers["Location"] == client.post(NEW, sent).headers["Location"]
    assert PolicyTrial.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "told", "says"),
    [
        ("name", {"name": ""}, "Give it a name."),
        ("limit_1", {"limit_1": ""}, "Say which limit to try."),
        ("limit_1", {"limit_1": "five"}, "Write the amount with digits and a point"),
        ("limit_1", {"limit_1": "5.001"}, "USD has 2 decimals"),
        ("limit_2", {"limit_2": "-1"}, "The amount can't be negative."),
        ("cap_3", {"limit_3": "1", "cap_3": "x"}, "Write the amount with digits and a point"),
        ("manager_up_to_4", {"limit_4": "9.00", "manager_up_to_4": "8.00"}, "The tiers rise"),
        ("answer_within_minutes_1", {"answer_within_minutes_1": "0"}, "Minutes, from 1"),
        ("answer_within_minutes_1", {"answer_within_minutes_1": "soon"}, "Whole minutes."),
        ("to", {"to": "2020-01-01"}, "The last day comes before the first."),
        ("from", {"from": "1066-10-14"}, "A year from 1900"),
        ("from", {"from": "yesterday"}, "Write the day as in"),
        ("role", {"role": "cook"}, "“cook” is no code here."),
        ("scope_1", {"scope_1": "week"}, "“week” is no code here."),
        ("department", {"department": "99999"}, "Choose one that is there."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(as_, scene, field, told, says):
    answer = as_(scene.omar).post(NEW, wish(scene, **told))
    assert answer.status_code == 400
    assert says in " ".join(answer.context["form"].errors[field])
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not PolicyTrial.objects.exists()


def test_all_that_is_wrong_is_told_at_once(as_, scene):
    told = {
        "name": "",
        "to": "2020-01-01",
        "limit_1": "9.00",
        "manager_up_to_1": "8.00",
        "answer_within_minutes_1": "0",
    }
    answer = as_(scene.omar).post(NEW, wish(scene, limit_2="x", **told))
    assert set(answer.context["form"].errors) == {
        "name", "to", "manager_up_to_1", "answer_within_minutes_1", "limit_2",
    }  # fmt: skip


def test_too_much_history_is_refused_by_its_first_day(as_, house, monkeypatch):
    monkeypatch.setattr("empower.insights.services.trials.MOST_SPENDS", 2)
    answer = as_(house.omar).post(NEW, wish(house))
    assert answer.status_code == 409
    assert "more than 2 spends" in " ".join(answer.context["form"].errors["from"])


def test_a_department_elsewhere_is_no_choice(as_, scene):
    answer = as_(scene.omar).post(NEW, wish(scene, department=scene.nyc_desk.pk))
    assert "department" in answer.context["form"].errors


def test_a_leader_tries_it_at_one_property_or_at_all_of_a_currency(as_, house):
    give(house.paul, 70_000)
    client = as_(house.chen)
    assert client.post(NEW, wish(house, property="*USD")).status_code == 302
    assert client.post(NEW, wish(house, property="NYC")).status_code == 302
    found = [(one.property, one.currency, one.answer["baseline"]["acts"]) for one in PolicyTrial.objects.order_by("pk")]
    assert found == [(None, "USD", 4), (house.nyc, "USD", 1)]
    wrong = client.post(NEW, wish(house, property="*GBP"))
    assert "property" in wrong.context["form"].errors
    nowhere = client.post(NEW, wish(house, property="*USD", department=house.lax_desk.pk))
    assert "names its property too" in " ".join(nowhere.context["form"].errors["property"])
    there = client.post(NEW, wish(house, property="NYC", department=house.lax_desk.pk))
    assert "belongs to another property" in " ".join(there.context["form"].errors["department"])


def test_the_rule_that_stands_is_filled_in_and_what_else_was_typed_is_kept(as_, scene):
    write_policy(
        actor=scene.chen, code="desk", property=scene.lax, department=scene.lax_desk, currency="USD", limit=30_000
    )
    client = as_(scene.omar)
    answer = client.post(
        NEW, wish(scene, fill="yes", department=scene.lax_desk.pk, limit_2="77.00", name="Mine", to="2026-03-04")
    )
    assert answer.status_code == 200
    assert not answer.context["form"].errors
    filled = [value(answer, name) for name in ("limit_1", "limit_2", "name", "to", "department")]
    assert filled == ["300.00", "77.00", "Mine", "2026-03-04", str(scene.lax_desk.pk)]
    assert not PolicyTrial.objects.exists()


def test_a_trial_is_opened_again_with_its_values_to_change_one(as_, house):
    trial = run(house, variants=[{"limit": 50_000, "scope": "guest_day", "cap": 90_000}, {"limit": 1}])
    answer = as_(house.omar).get(NEW, {"trial": trial.pk})
    names = ("name", "limit_1", "scope_1", "cap_1", "manager_up_to_1", "limit_2", "limit_3")
    assert [value(answer, one) for one in names] == ["Theirs", "500.00", "guest_day", "900.00", "1250.00", "0.01", None]
    assert f"/insights/trials/new/?trial={trial.pk}" in as_(house.omar).get(f"{LIST}{trial.pk}/").content.decode()


def test_only_its_author_sees_it_until_it_is_shared(as_, house):
    trial = run(house)
    page, share = f"{LIST}{trial.pk}/", f"{LIST}{trial.pk}/share/"
    assert as_(house.grace).get(page).status_code == 404
    assert as_(house.grace).get(NEW, {"trial": trial.pk}).status_code == 404
    assert as_(house.grace).post(share, once(shared="yes")).status_code == 404
    assert as_(house.omar).post(share, once(shared="yes"), follow=True).status_code == 200
    assert "from Omar" in text_of(as_(house.grace).get(LIST)) or trial.name in text_of(as_(house.grace).get(LIST))
    assert as_(house.grace).get(page).status_code == 200
    assert as_(house.chen).get(page).status_code == 200
    assert as_(house.gina).get(page).status_code == 404
    assert as_(house.grace).post(share, once(shared="no")).status_code == 403
    as_(house.omar).post(share, once(shared="no"))
    assert as_(house.grace).get(page).status_code == 404


@pytest.mark.parametrize("who", ["maria", "admin"])
def test_who_answers_for_nothing_tries_nothing(as_, house, who):
    trial = run(house, shared=True)
    client = as_(getattr(house, who))
    assert [client.get(page).status_code for page in (LIST, NEW, f"{LIST}{trial.pk}/")] == [403, 403, 403]
    assert client.post(NEW, wish(house)).status_code == 403
    assert client.post(f"{LIST}{trial.pk}/share/", once(shared="no")).status_code == 404


def test_an_auditor_runs_one_too(as_, house):
    assert as_(house.ada).post(NEW, wish(house, property="LAX")).status_code == 302


def test_of_a_team_of_few_nothing_is_told(as_, house):
    answer = as_(house.omar).post(NEW, wish(house, department=house.lax_desk.pk), follow=True)
    assert "Too few people to show figures" in text_of(answer)
    assert "67%" not in text_of(answer)


def test_where_nothing_happened_it_says_so(as_, scene):
    words = text_of(as_(scene.omar).post(NEW, wish(scene), follow=True))
    assert "Waited for a yes In force n/a out of none $500 n/a out of none" in words


def test_a_list_asks_no_more_for_more_trials(as_, house, django_assert_max_num_queries):
    client = as_(house.omar)
    run(house)
    client.get(LIST)
    with django_assert_max_num_queries(12) as one:
        client.get(LIST)
    for number in range(4):
        run(house, name=f"Try {number}")
    with django_assert_max_num_queries(len(one)):
        client.get(LIST)


def test_the_dashboard_and_the_desk_lead_to_it(as_, scene):
    assert LIST in as_(scene.omar).get("/insights/").content.decode()
    assert '<a href="/insights/" aria-current="page">' in as_(scene.omar).get(NEW).content.decode()
    assert LIST not in as_(scene.maria).get("/insights/").content.decode()
    policy = Policy.objects.get(code="default-LAX")
    page = as_(scene.chen).get(f"/admin/policies/policy/{policy.pk}/change/").content.decode()
    assert f"{NEW}?property=LAX&amp;scope_1=incident&amp;answer_within_minutes_1=15&amp;limit_1=2000.00" in page
    assert NEW not in as_(scene.admin).get(f"/admin/policies/policy/{policy.pk}/change/").content.decode()
    draft = {
        "code": "default-LAX", "property": scene.lax.pk, "currency": "USD", "scope": "guest_day", "limit": "1500.00",
        "answer_within_minutes": 20, "expires_after_minutes": 600,
    }  # fmt: skip
    answer = as_(scene.chen).post("/admin/policies/policy/add/", draft)
    link = answer.context["try_first"]
    opened = as_(scene.chen).get(link)
    rule = [value(opened, name) for name in ("property", "limit_1", "scope_1", "manager_up_to_1")]
    assert rule == ["LAX", "1500.00", "guest_day", "3750.00"]
