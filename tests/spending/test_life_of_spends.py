"""Any sequence of giving, deciding and taking back, against a plain oracle that knows one rule at a time."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from empower.journal.models import Posting
from empower.refusals import Refused
from empower.spending.models import Authority, Spend
from empower.spending.services import (
    approve_spend,
    decline_spend,
    resolve_incident,
    reverse_spend,
    withdraw_spend,
)

pytestmark = pytest.mark.django_db

LIMIT = 200_000

amounts = st.one_of(
    st.integers(0, 260_000), st.sampled_from([1, LIMIT - 1, LIMIT, LIMIT + 1, 500_000, 500_001, 2_500_001])
)
acts = st.tuples(
    st.sampled_from(["give", "split", "ask", "approve", "less", "decline", "withdraw", "reverse", "part", "resolve"]),
    st.integers(0, 7),
    amounts,
    st.sampled_from(["maria", "omar", "grace", "chen", "paul", "tomas"]),
)


@contextmanager
def forgotten():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def act_on(desk, act):
    verb, which, amount, who = act
    actor = getattr(desk.scene, who)
    spends = list(Spend.objects.order_by("pk"))
    chosen = spends[which % len(spends)] if spends else None
    if verb in ("give", "split", "ask"):
        gesture = "meal" if which % 2 else "refund"
        desk.give(amount, gesture=gesture, actor=actor, split=verb == "split", ask=verb == "ask")
    elif verb == "resolve":
        resolve_incident(actor=actor, incident=desk.incident, outcome="recovered")
    elif chosen is None:
        return
    elif verb in ("approve", "less", "decline"):
        if hasattr(chosen, "approval"):
            if verb == "decline":
                decline_spend(actor=actor, approval=chosen.approval, reason="no")
            else:
                less = amount if verb == "less" else None
                approve_spend(actor=actor, approval=chosen.approval, reason="yes", amount=less)
    elif verb == "withdraw":
        withdraw_spend(actor=actor, spend=chosen)
    else:
        reverse_spend(actor=actor, spend=chosen, reason="back", amount=amount if verb == "part" else None)


# The desk is made once; what an example does is rolled back.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=st.lists(acts, min_size=1, max_size=14))
def test_whatever_happens_the_counters_the_books_and_the_limit_agree(desk, history):
    with forgotten():
        for act in history:
            try:
                act_on(desk, act)
            except (Refused, ValidationError):
                pass  # a refusal is an answer; what matters is what it left behind
        check(desk)


def check(desk):
    spends = list(Spend.objects.select_related("authority", "gesture"))
    for authority in Authority.objects.all():
        inside = [s for s in spends if s.authority_id == authority.pk]
        for counter in ("own", "approved"):
            standing = sum(s.amount - s.reversed_amount for s in inside if s.judged_as == counter)
            assert getattr(authority, counter) == standing, counter
        assert authority.own <= authority.own_limit == LIMIT or authority.own == 0
    for spend in spends:
        if spend.judged_as == "own":
            assert spend.amount <= LIMIT
        if spend.judged_as == "approved":
            assert spend.approval.decided_by_id not in (None, spend.employee_id)
        booked = Posting.objects.filter(entry__spend_id=spend.pk, account__kind="expense").balance()
        counts = spend.status in ("posted", "reversed")
        assert booked == (spend.cost - spend.reversed_cost if counts else 0)
        held = Posting.objects.filter(entry__spend_id=spend.pk, account__code="budget:held").balance()
        assert held == (spend.cost if spend.status == "pending" else 0)
    assert Posting.objects.aggregate(sum=Sum("amount"))["sum"] in (None, 0)
    if desk.incident.__class__.objects.get(pk=desk.incident.pk).status == "resolved":
        assert not any(s.status == "pending" for s in spends)


def test_the_oracle_notices_a_counter_that_is_one_cent_off(desk):
    desk.give(15_000)
    Authority.objects.update(own=15_001)
    with pytest.raises(AssertionError):
        check(desk)
