"""A trial of a random history against a slow, plain recomputation of all that it says; and that it writes nothing else."""

from datetime import date, timedelta

import pytest
from django.apps import apps

from empower import clock
from empower.insights.models import PolicyTrial
from empower.insights.services import run_policy_trial
from empower.staff.models import Property
from tests.insights.history import A_PAST
from tests.insights.plainly_tried import PlainTrial

pytestmark = pytest.mark.django_db

SEEDS = [3, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(12) if seed != 3)]

RULES = (
    {"limit": 50_000},
    {"limit": 28_571, "scope": "guest_day", "manager_up_to": 60_000, "general_manager_up_to": 300_000},
    {"limit": 300_000, "cap": 200_000},
    {"limit": 500_000, "scope": "guest_day", "cap": 0, "answer_within_minutes": 20},
)

DAYS = [(date(2026, 9, 1), date(2026, 12, 31)), (date(2026, 10, 3), date(2026, 10, 26))]


def as_plain(result):
    """The same members as `PlainTrial.figures`, of an answer's part."""
    shares = {name: result[name]["numerator"] for name in ("at_once", "waiting", "spared", "newly_waiting")}
    sums = {name: result[name] for name in ("acts", "amount_at_once", "amount_waiting", "amount_above")}
    ends = {
        f"ends_{name}": {how: told[how] for how in ("recovered", "delighted", "lost", "unknown", "open")}
        for name, told in result["outcomes"].items()
    }
    asked = {role: share["numerator"] for role, share in result["asked_of"].items()}
    times = {name: result[name]["seconds"] for name in ("spared_time", "extra_waiting")}
    return shares | sums | ends | times | {"asked_of": asked}


@pytest.mark.parametrize("seed", SEEDS)
def test_all_that_a_trial_says_is_what_a_plain_recomputation_says(cast, live, seed):
    now = live(**A_PAST | {"seed": seed}).now + timedelta(minutes=7)
    seen = {}
    with clock.standing_at(now):
        for currency in ("USD", "EUR", "JPY"):
            houses = sorted(Property.objects.filter(currency=currency).values_list("code", flat=True))
            for begins, ends in DAYS:
                trial = run_policy_trial(
                    actor=cast.chen, name="Plain", currency=currency, begins_on=begins, ends_on=ends,
                    variants=list(RULES),
                )  # fmt: skip
                for rule, result in zip(trial.variants, trial.answer["variants"], strict=True):
                    plain = PlainTrial(houses=houses, begins=begins, ends=ends, rule=rule, now=now).figures()
                    assert as_plain(result) == plain, (currency, begins, rule)
                    for name in ("waiting", "spared", "newly_waiting", "extra_waiting", "spared_time"):
                        seen[name] = seen.get(name, 0) + (plain[name] or 0)
    assert all(seen.values()), seen


def test_it_adds_a_row_to_no_table_but_its_own_and_the_logs(cast, live):
    with clock.standing_at(live(**A_PAST).now):
        before = _rows()
        run_policy_trial(
            actor=cast.chen, name="Plain", currency="USD", begins_on=DAYS[0][0], ends_on=DAYS[0][1],
            variants=[{"limit": 1}],
        )  # fmt: skip
        after = _rows()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"insights.PolicyTrial", "audit.AuditEvent", "audit.Unsealed"}
    assert PolicyTrial.objects.count() == 1


def _rows():
    """{model: all of its rows, as they are}."""
    return {
        model._meta.label: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }
