"""Who may give, decide, correct and close. The page asks the same predicate to show a button as the service to act."""

from datetime import timedelta

from empower import clock
from empower.policies.queries import stands_in_for
from empower.staff.models import Role, rank
from empower.staff.permissions import acts_at, manages

#: An employee may take back their own act for this long without asking (product.md, `spends/{id}/reverse/`).
OWN_REVERSAL = timedelta(hours=24)


def can_give(employee, incident):
    """Who works at the incident's property, and leaders."""
    return acts_at(employee, incident.property_id)


def reaches(person, *, tier, property_id):
    """Is this person's role at or above the tier, here?"""
    at_home = person.role == Role.LEADER or person.property_id == property_id
    return person.is_active and at_home and person.rank >= rank(tier)


def decides_for(employee, *, tier, property_id, asker_id, guest_colleague_id=None):
    """In whose place this employee may decide at the tier: themself, or the person they stand in for; None: they may not.

    Never for the asker, never the asker, never whoever receives it, never a service account: a person decides. Nor by a
    PIN: six digits typed where others look on are nobody's word. One query where the own role does not reach.
    """
    if (
        not employee.is_active
        or employee.is_superuser
        or employee.is_service
        or employee.signed_with_pin
        or employee.pk in (asker_id, guest_colleague_id)
    ):
        return None
    if reaches(employee, tier=tier, property_id=property_id):
        return employee
    if not acts_at(employee, property_id):
        return None  # a deputy who has left the house, or audits it, stands in for nobody there
    for absent in stands_in_for(employee=employee):
        if absent.pk not in (asker_id, guest_colleague_id) and reaches(absent, tier=tier, property_id=property_id):
            return absent
    return None


def can_decide(employee, approval):
    """May this employee answer this open request? By its tier as it was last worked out; the service works it out again."""
    if approval.status != "open":
        return False
    return (
        decides_for(
            employee,
            tier=approval.tier,
            property_id=approval.property_id,
            asker_id=approval.employee_id,
            guest_colleague_id=approval.spend.guest.colleague_id,
        )
        is not None
    )


def confirms_for(employee, *, named_id, property_id, asker_id, guest_colleague_id=None, absent=None):
    """In whose place this employee may confirm or deny a verbal yes: the named person, or who stands in for them.

    One query where they are not the named person; none where ``absent`` says for whom they stand in.
    """
    not_ids = (asker_id, guest_colleague_id)
    if not employee.is_active or employee.is_superuser or employee.is_service or employee.pk in not_ids:
        return None
    if employee.signed_with_pin:
        return None
    if employee.pk == named_id:
        return employee
    if not acts_at(employee, property_id):
        return None
    absent = stands_in_for(employee=employee) if absent is None else absent
    return next((one for one in absent if one.pk == named_id), None)


def who_confirms(employee, approval):
    """`confirms_for` of an approval."""
    return confirms_for(
        employee,
        named_id=approval.named_id,
        property_id=approval.property_id,
        asker_id=approval.employee_id,
        guest_colleague_id=approval.spend.guest.colleague_id,
    )


def can_confirm(employee, approval):
    """May this employee say whether the verbal yes was given?"""
    return approval.status == "to_confirm" and who_confirms(employee, approval) is not None


def can_reply(employee, approval):
    """The employee who asked, while a question waits for them."""
    return (
        employee.is_active
        and approval.employee_id == employee.pk
        and approval.status == "open"
        and approval.question_asked_at is not None
    )


def can_withdraw(employee, spend):
    """The employee who asked, while it waits."""
    return employee.is_active and spend.employee_id == employee.pk and spend.status == "pending"


def may_reverse(employee, spend):
    """Whoever manages the property; the employee who gave it, within 24 hours and before it was handed over.

    What the guest has in hand is not taken back by the one who gave it: they could give it twice.
    """
    mine = spend.employee_id == employee.pk and acts_at(employee, spend.property_id)
    if manages(employee, spend.property_id) and not (mine and spend.given_at):
        return True
    return (
        mine
        and spend.given_at is None
        and spend.posted_at is not None
        and clock.now() <= spend.posted_at + OWN_REVERSAL
    )


def can_reverse(employee, spend):
    return spend.status == "posted" and may_reverse(employee, spend)


def can_hand_over(employee, spend):
    """Whoever works at the property: the one who carries the tray is not always the one who promised it."""
    return spend.status == "posted" and spend.given_at is None and acts_at(employee, spend.property_id)


def can_resolve(employee, incident):
    return incident.status == "open" and acts_at(employee, incident.property_id)


def may_void(employee, incident):
    """Who recorded or owns it, and whoever manages the property."""
    here = acts_at(employee, incident.property_id)
    return here and (
        employee.pk in (incident.recorded_by_id, incident.owner_id) or manages(employee, incident.property_id)
    )


def can_void(employee, incident):
    return incident.status != "void" and may_void(employee, incident)


def can_extend_catalogue(employee):
    """Leaders, and the superuser."""
    return employee.is_active and (employee.is_superuser or employee.role == Role.LEADER)


def can_import_history(employee):
    """Leaders, and the superuser: who sets things up. Not by a PIN, and no service account: it is a person's yes."""
    if not employee.is_active or employee.signed_with_pin or employee.is_service:
        return False
    return employee.is_superuser or employee.role == Role.LEADER
