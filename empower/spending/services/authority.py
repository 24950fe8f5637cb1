"""The counters that keep the limit: raised by one conditional statement in the transaction of the act.

Always: make the row first, then raise it (a lock on a missing row locks nothing). The row of the scope comes before the
row of the cap, so that two acts never wait for each other. No need: to lock or read the row before it is raised; the
statement itself refuses. Once: what an act raised, its reversals lower by no more.
"""

from django.db.models import F

from ..models import Authority, Judged


def take_authority(scope, *, employee_id, guest_id, incident_id):
    """The counter of a `ScopeRead`, held; made when missing. One query, or three."""
    key = Authority.key_of(
        scope.kind, employee_id=employee_id, guest_id=guest_id, incident_id=incident_id, day=scope.day
    )
    return _taken(scope=scope.kind, key=key, currency=scope.currency)


def take_cap(scope, *, guest_id, incident_id):
    """The counter over all employees of a guest on an incident, held; None where the rule in force has no cap. One query."""
    if scope.capped is None:
        return None
    key = Authority.key_of(Authority.Kind.CAP, guest_id=guest_id, incident_id=incident_id)
    return _taken(scope=Authority.Kind.CAP, key=key, currency=scope.currency)


def _taken(**which):
    row = Authority.objects.select_for_update().filter(**which).first()
    if row is None:
        Authority.objects.bulk_create([Authority(**which)], ignore_conflicts=True)
        row = Authority.objects.select_for_update().get(**which)
    return row


def raise_own(authority, amount, *, limit, beside=0):
    """Give ``amount`` of one's own accord, if it stays within ``limit`` (minor units). Whether it did. One statement.

    ``beside`` is what counts and is not in this row: given under merged records of the guest, under a rule of another
    scope, or before there was a cap. A free gesture
    (amount 0) is never held up, not even by a limit lowered below what was given.
    """
    if amount == 0:
        return True
    raised = Authority.objects.filter(pk=authority.pk, own__lte=limit - beside - amount)
    return raised.update(own=F("own") + amount, own_limit=limit) == 1


def put_back(authority, amount):
    """Undo a `raise_own` of this very transaction, when another limit of the same act says no."""
    Authority.objects.filter(pk=authority.pk).update(own=F("own") - amount)


def raise_beside(authority, amount, judged_as):
    """Count what an approver decided, or what an import found, beside the authority."""
    if authority is not None and amount:
        counter = str(Judged(judged_as))
        Authority.objects.filter(pk=authority.pk).update(**{counter: F(counter) + amount})


def lower(spend, amount):
    """Take back from the counters what ``amount`` of this spend raised. Two statements at most."""
    if not amount or spend.authority_id is None:
        return
    counter = str(Judged(spend.judged_as))
    Authority.objects.filter(pk=spend.authority_id).update(**{counter: F(counter) - amount})
    if spend.cap_id and spend.judged_as == Judged.OWN:
        Authority.objects.filter(pk=spend.cap_id).update(own=F("own") - amount)
