"""The counters that keep the limit: raised by one conditional statement in the transaction of the act.

Always: make the row first, then raise it (a lock on a missing row locks nothing). The row of the scope comes before the
row of the cap, so that two acts never wait for each other. No need: to lock or read the row before it is raised; the
statement itself refuses. Once: what an act raised, its reversals lower by no more.
"""

from django.db.models import F
from django.db.models.functions import Greatest

from ..models import Authority, Judged, Spend


def take_authority(scope, *, employee_id, guest_id, incident_id):
    """The counter of a `ScopeRead`, made when missing. No query when it was read, two when it was not there."""
    which = {
        "scope": scope.kind,
        "key": Authority.key_of(
            scope.kind, employee_id=employee_id, guest_id=guest_id, incident_id=incident_id, day=scope.day
        ),
        "currency": scope.currency,
    }
    read = next((row for row in scope.rows if row.key == which["key"]), None)
    if read is not None:
        return read
    Authority.objects.bulk_create([Authority(**which)], ignore_conflicts=True)
    return Authority.objects.get(**which)


def take_cap(scope, *, guest_id, incident_id):
    """The counter over all employees of a guest on an incident; None while no policy ever set a cap there.

    When a policy first wants one, it starts from what was given before: the caller holds the incident's lock, so
    nothing is given meanwhile. No query where it is there or not wanted.
    """
    cap = scope.policy.cap if scope.policy else None
    if scope.cap_row is not None or cap is None:
        return scope.cap_row
    before = Spend.objects.own().acts().filter(incident=incident_id, guest=guest_id)
    given = before.given_amount()
    row = Authority.objects.create(
        scope=Authority.Kind.CAP,
        key=Authority.key_of(Authority.Kind.CAP, guest_id=guest_id, incident_id=incident_id),
        currency=scope.currency,
        own=given,
        own_limit=max(given, cap),
    )
    before.update(cap=row)
    return row


def raise_own(authority, amount, *, limit, beside=0):
    """Give ``amount`` of one's own accord, if it stays within ``limit`` (minor units). Whether it did. One statement.

    ``beside`` is what was given under merged records of the same guest, which counts as well. A free gesture
    (amount 0) is never held up, not even by a limit lowered below what was given.
    """
    if amount == 0:
        return True
    raised = Authority.objects.filter(pk=authority.pk, own__lte=limit - beside - amount)
    return raised.update(own=F("own") + amount, own_limit=limit) == 1


def raise_cap(row, amount, *, cap):
    """The same over all employees. Where the policy of this act has no cap, it counts all the same and is never refused."""
    if row is None or amount == 0:
        return True
    if cap is None:
        Authority.objects.filter(pk=row.pk).update(
            own=F("own") + amount, own_limit=Greatest(F("own_limit"), F("own") + amount)
        )
        return True
    return raise_own(row, amount, limit=cap)


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
