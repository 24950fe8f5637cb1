"""All the checks in their order, on one moment of the database, and what was looked at."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q

from empower import append_only
from empower.audit.models import AuditEvent, Checkpoint
from empower.audit.services import first_fault, sequence_events
from empower.journal.models import JournalEntry, Posting
from empower.spending.models import Approval, Authority, Judged, Spend

from ..queries.moment import one_moment
from . import acts, authorities, books, checkpoints, judgements, telling
from .faults import Fault

#: Cheap and telling ones first: who finds the triggers gone need not read on.
CHECKS = (
    books.entries_are_sealed,
    books.entries_have_postings,
    books.entries_balance,
    books.postings_are_in_their_currency,
    books.entries_are_in_their_propertys_currency,
    books.postings_belong_to_their_entrys_property,
    books.currencies_sum_to_zero,
    books.mirrors_are_no_larger,
    books.credits_stand_alone,
    acts.spends_are_in_their_propertys_currency,
    acts.costs_are_booked,
    acts.what_waits_is_held,
    acts.reversals_sum_to_what_was_taken_back,
    acts.entries_belong_to_their_spends_property,
    acts.void_incidents_bear_nothing,
    acts.requests_and_spends_agree,
    acts.scopes_are_their_spends,
    authorities.scopes_have_a_counter,
    authorities.counters_equal_their_spends,
    authorities.counters_are_within_their_limits,
    authorities.own_acts_sum_to_no_more_than_the_limit,
    judgements.own_acts_name_their_rule,
    judgements.own_acts_were_within_a_rule_in_force,
    judgements.approved_acts_have_an_approval,
    judgements.a_yes_says_who,
    judgements.nobody_decided_for_themself,
    judgements.deciders_reached_the_tier,
    telling.spends_are_as_the_log_tells,
)


@dataclass
class Verdict:
    """``fault``: the first thing found, or None. ``counts``: what was looked at, and what is told without failing."""

    fault: Fault | None = None
    checks: int = 0
    counts: dict = field(default_factory=dict)


def verify(*, since=0):
    """Looks at everything and answers a `Verdict`; the audit log is hashed again from position ``since`` on.

    Gives waiting events their positions first, and changes nothing else. Some thirty grouped queries, memory constant
    but for a note of each imported credit and each checkpoint; ten thousand spends take seconds.
    """
    sequence_events()
    remembered = checkpoints.checkpoints_of_the_file()
    with one_moment():
        verdict = Verdict(counts=counted() | {"remembered": remembered and len(remembered)})
        for look in (
            _triggers,
            *CHECKS,
            lambda: _log(since),
            lambda: checkpoints.log_is_what_was_signed(since=since, remembered=remembered),
        ):
            verdict.checks += 1
            verdict.fault = look()
            if verdict.fault:
                break
    return verdict


def counted():
    """What there is, by name: seven queries."""
    spends = Spend.objects.aggregate(
        spends=Count("pk"),
        excused=Count("pk", filter=Q(judged_as=Judged.EXCUSED)),
        unlimited=Count("pk", filter=Q(judged_as=Judged.UNLIMITED)),
    )
    verbal = Approval.objects.aggregate(
        unconfirmed=Count("pk", filter=Q(status="to_confirm")), denied=Count("pk", filter=Q(status="denied"))
    )
    return {
        "entries": JournalEntry.objects.count(),
        "postings": Posting.objects.count(),
        "authorities": Authority.objects.count(),
        "events": AuditEvent.objects.count(),
        "checkpoints": Checkpoint.objects.count(),
        **spends,
        **verbal,
    }


def _triggers():
    lacking = append_only.missing(connection)
    return Fault("trigger_missing", f"{lacking[0]}.") if lacking else None


def _log(since):
    found = first_fault(since=since)
    return Fault(*found) if found else None
