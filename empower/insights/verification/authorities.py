"""The counters beside the spends: each is what its spends sum to, and no limit was passed of anybody's own accord."""

from django.db.models import F, Q, Sum

from empower.spending.models import Authority, Judged, Spend

from .faults import CHUNK, Fault, side_by_side

COUNTERS = (Judged.OWN, Judged.APPROVED, Judged.EXCUSED)


def counters_equal_their_spends():
    """Own, approved and excused of a scope; of a cap over all employees own alone, which is all that it counts."""
    scopes = Authority.objects.exclude(scope=Authority.Kind.CAP)
    caps = Authority.objects.filter(scope=Authority.Kind.CAP)
    return _compared(scopes, "authority", COUNTERS) or _compared(caps, "cap", (Judged.OWN,))


def _compared(authorities, column, counted):
    counters = (
        (pk, (values, f"{scope} {key} {currency}"))
        for pk, scope, key, currency, *values in authorities.order_by("pk")
        .values_list("pk", "scope", "key", "currency", *map(str, COUNTERS))
        .iterator(chunk_size=CHUNK)
    )
    stands = F("amount") - F("reversed_amount")
    sums = (
        (pk, values)
        for pk, *values in Spend.objects.filter(**{f"{column}__isnull": False})
        .order_by()
        .values(column)
        .annotate(**{f"sum_{judged}": Sum(stands, filter=Q(judged_as=judged), default=0) for judged in COUNTERS})
        .order_by(column)
        .values_list(column, *[f"sum_{judged}" for judged in COUNTERS])
        .iterator(chunk_size=CHUNK)
    )
    for pk, mine, spent in side_by_side(counters, sums):
        if mine is None:
            return Fault("authority_of_another_kind", f"Spends are counted in authority {pk}, which is no {column}.")
        values, scope = mine
        for judged, counter, total in zip(COUNTERS, values, spent or (0, 0, 0), strict=True):
            expected = total if judged in counted else 0
            if counter != expected:
                return Fault(
                    "authority_not_its_spends",
                    f"Authority {pk} ({scope}) counts {counter} minor units as {judged}; its spends sum to {expected}.",
                )
    return None


def counters_are_within_their_limits():
    row = Authority.objects.filter(own__gt=F("own_limit")).order_by("pk").first()
    return row and Fault(
        "limit_passed",
        f"Authority {row.pk} ({row}) counts {row.own} minor units as own, above its limit of {row.own_limit}.",
    )


def own_acts_sum_to_no_more_than_the_limit():
    """What stands of the own acts in a scope is within the limit that the last of them was judged by.

    Whatever was taken back before it had made room, and what was taken back since can only have lowered the sum. By id,
    which within a scope is the order in which the counter was raised.
    """
    rows = (
        Spend.objects.filter(judged_as=Judged.OWN, amount__gt=0, authority__isnull=False)
        .order_by("authority", "pk")
        .values_list("authority", "pk", "amount", "reversed_amount", "limit_in_force")
        .iterator(chunk_size=CHUNK)
    )
    scope = total = limit = last = None
    for authority, pk, amount, back, in_force in rows:
        if authority != scope:
            if scope is not None and total > limit:
                break
            scope, total = authority, 0
        total, limit, last = total + amount - back, in_force, pk
    if scope is not None and total > limit:
        return Fault(
            "limit_passed",
            f"The own acts in authority {scope} sum to {total} minor units; the limit at the last of them, "
            f"spend {last}, was {limit}.",
        )
    return None


def scopes_have_a_counter():
    """Whatever was judged by a policy is counted somewhere; only history from before any policy is not."""
    spend = (
        Spend.objects.filter(authority__isnull=True, judged_as__in=COUNTERS, policy__isnull=False, amount__gt=0)
        .order_by("pk")
        .values("pk", "judged_as")
        .first()
    )
    return spend and Fault(
        "spend_not_counted", f"Spend {spend['pk']} was judged as {spend['judged_as']}, and no authority counts it."
    )
