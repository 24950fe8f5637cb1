"""That each act was judged by a rule in force at its moment, and that what passed a limit had somebody's yes."""

from datetime import timedelta

from django.db.models import Case, Exists, F, OuterRef, Q, When

from empower.policies.models import Policy
from empower.spending.models import Approval, ApprovalStatus, Judged, Spend
from empower.staff.models import Role, rank

from .faults import CHUNK, Fault, side_by_side
from .telling import decisions

#: A rule is read a moment before the act is written down; one that ended in between was still in force.
BETWEEN_READING_AND_WRITING = timedelta(minutes=1)

YES = (ApprovalStatus.APPROVED, ApprovalStatus.TO_CONFIRM, ApprovalStatus.CONFIRMED, ApprovalStatus.DENIED)


def approved_acts_have_an_approval():
    spend = (
        Spend.objects.filter(judged_as=Judged.APPROVED)
        .exclude(approval__status__in=YES)
        .order_by("pk")
        .values("pk", "approval__status")
        .first()
    )
    return spend and Fault(
        "limit_passed_without_approval",
        f"Spend {spend['pk']} counts as approved, and its request is {spend['approval__status'] or 'missing'}.",
    )


def nobody_decided_for_themself():
    own = Q(decided_by=F("employee")) | Q(named=F("employee")) | Q(decided_for=F("employee"))
    own |= ~Q(employee=F("spend__employee"))
    row = Approval.objects.filter(own).order_by("pk").values("pk", "spend_id").first()
    return row and Fault(
        "own_spend_decided",
        f"Request {row['pk']} for spend {row['spend_id']} is not decided by somebody else than its employee.",
    )


def a_yes_says_who():
    row = (
        Approval.objects.filter(status__in=YES)
        .filter(
            Q(status=ApprovalStatus.APPROVED, decided_by__isnull=True)
            | Q(status__in=YES[1:], named__isnull=True)
            | Q(status__in=[ApprovalStatus.CONFIRMED, ApprovalStatus.DENIED], decided_by__isnull=True)
        )
        .order_by("pk")
        .values("pk", "status")
        .first()
    )
    return row and Fault("yes_of_nobody", f"Request {row['pk']} is {row['status']}, and says not by whom.")


def deciders_reached_the_tier():
    """Who approved had, when they did, a role at or above the tier of the total that they approved.

    The role is the one in the event; of a deputy it is not asked, since the event says the deputy's own. What was
    imported was decided elsewhere, and is left out.
    """
    approvals = (
        (spend, rest)
        for spend, *rest in Approval.objects.filter(status=ApprovalStatus.APPROVED, spend__external_id="")
        .order_by("spend_id")
        .values_list(
            "spend_id", "pk", "total", "decided_amount", "spend__asked_amount", "decided_by", "decided_for",
            "spend__policy__manager_up_to", "spend__policy__general_manager_up_to",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    for spend, mine, told in side_by_side(approvals, decisions()):
        if mine is None:
            continue
        pk, total, given, asked, decided_by, decided_for, *tiers = mine
        if told is None:
            return Fault("approval_without_event", f"The audit log has no approval of spend {spend} (request {pk}).")
        actor, role = told
        if actor != decided_by:
            return Fault(
                "approval_by_another", f"Request {pk} says that {decided_by} approved it, the audit log says {actor}."
            )
        least = _tier(total - (asked or given) + given, tiers)
        if decided_for is None and rank(role) < rank(least):
            return Fault(
                "decided_below_tier",
                f"Request {pk} came to {total - (asked or given) + given} minor units, which a {least} decides; it was "
                f"approved by a {role or 'person without a role'}.",
            )
    return None


def _tier(total, up_to):
    manager, general_manager = up_to
    if manager is None:
        return Role.GENERAL_MANAGER
    if total <= manager:
        return Role.MANAGER
    return Role.GENERAL_MANAGER if total <= general_manager else Role.LEADER


def own_acts_were_within_a_rule_in_force():
    """The policy of an act had begun, had not ended and was the newest of its code at the act's moment, and spoke of it.

    The moment is the server's when it was written down; of imported history, when it occurred. The limit is one that
    the policy names.
    """
    acts = Spend.objects.filter(policy__isnull=False, judged_as=Judged.OWN).annotate(
        judged_at=Case(When(external_id="", then=F("recorded_at")), default=F("occurred_at"))
    )
    acts = acts.annotate(surely_after=F("judged_at") - BETWEEN_READING_AND_WRITING)
    newer = Policy.objects.filter(
        code=OuterRef("policy__code"),
        version__gt=OuterRef("policy__version"),
        effective_from__lte=OuterRef("surely_after"),
    )
    not_in_force = (
        Q(policy__effective_from__gt=F("judged_at"))
        | Q(policy__effective_until__lte=F("surely_after"))
        | Q(policy__is_withdrawn=True)
        | Exists(newer)
    )
    of_others = ~Q(policy__currency=F("currency")) | (
        Q(policy__property__isnull=False) & ~Q(policy__property=F("property"))
    )
    other_limit = ~Q(limit_in_force=F("policy__limit")) & (
        Q(policy__second_failure_limit__isnull=True) | ~Q(limit_in_force=F("policy__second_failure_limit"))
    )
    for name, wrong, words in (
        ("policy_not_in_force", not_in_force, "a policy that was not in force then"),
        ("policy_of_another", of_others, "a policy of another property or currency"),
        ("limit_not_the_policys", other_limit, "a limit that its policy does not name"),
        ("limit_passed", Q(amount__gt=F("limit_in_force")), "a limit below its own amount"),
    ):
        spend = acts.filter(wrong).order_by("pk").values("pk", "policy__code", "policy__version").first()
        if spend:
            return Fault(
                name, f"Spend {spend['pk']} was judged by {words}: {spend['policy__code']} v{spend['policy__version']}."
            )
    return None


def own_acts_name_their_rule():
    spend = (
        Spend.objects.filter(judged_as=Judged.OWN, policy__isnull=True, amount__gt=0)
        .order_by("pk")
        .values("pk")
        .first()
    )
    return spend and Fault(
        "limit_passed_without_approval", f"Spend {spend['pk']} counts as own, and no policy gave the authority for it."
    )
