"""The journal by itself: each entry sealed and balanced in its currency, and zero in all for each currency."""

from django.db.models import Count, F, Sum

from empower.journal.models import EntryKind, JournalEntry, Posting

from .faults import CHUNK, Fault, side_by_side


def entries_are_sealed():
    entry = JournalEntry.objects.filter(seal__isnull=True).order_by("pk").only("pk").first()
    return entry and Fault("entry_not_sealed", f"Journal entry {entry.pk} was never closed.")


def entries_have_postings():
    entry = JournalEntry.objects.filter(postings__isnull=True).order_by("pk").only("pk").first()
    return entry and Fault("entry_without_postings", f"Journal entry {entry.pk} has no posting.")


def entries_balance():
    rows = (
        Posting.objects.order_by()
        .values("entry_id")
        .annotate(sum=Sum("amount"), postings=Count("pk"))
        .exclude(sum=0, postings__gte=2)
        .order_by("entry_id")
    )
    row = rows.first()
    return row and Fault(
        "entry_not_balanced",
        f"Journal entry {row['entry_id']} has {row['postings']} postings that sum to {row['sum']} minor units, not to 0.",
    )


def postings_are_in_their_currency():
    posting = (
        Posting.objects.exclude(account__currency=F("entry__currency"))
        .order_by("pk")
        .values("pk", "entry_id", "account__currency", "entry__currency")
        .first()
    )
    return posting and Fault(
        "posting_in_another_currency",
        f"Posting {posting['pk']} of journal entry {posting['entry_id']} is on an account in "
        f"{posting['account__currency']}, the entry is in {posting['entry__currency']}.",
    )


def entries_are_in_their_propertys_currency():
    entry = (
        JournalEntry.objects.exclude(currency=F("property__currency"))
        .order_by("pk")
        .values("pk", "currency", "property__code", "property__currency")
        .first()
    )
    return entry and Fault(
        "entry_in_another_currency",
        f"Journal entry {entry['pk']} is in {entry['currency']}, its property {entry['property__code']} spends in "
        f"{entry['property__currency']}.",
    )


def postings_belong_to_their_entrys_property():
    posting = Posting.objects.exclude(property=F("entry__property")).order_by("pk").values("pk", "entry_id").first()
    return posting and Fault(
        "posting_of_another_property",
        f"Posting {posting['pk']} carries another property than its journal entry {posting['entry_id']}.",
    )


def currencies_sum_to_zero():
    row = (
        Posting.objects.order_by()
        .values("account__currency")
        .annotate(sum=Sum("amount"))
        .exclude(sum=0)
        .order_by("account__currency")
        .first()
    )
    return row and Fault(
        "currency_not_balanced",
        f"All postings in {row['account__currency']} sum to {row['sum']} minor units, not to 0.",
    )


def mirrors_are_no_larger():
    """No entry is taken back by more than it booked: compared by their debit sides."""
    taken_back = JournalEntry.objects.filter(reverses__isnull=False).order_by().values("reverses")
    booked = _debits(Posting.objects.filter(entry__in=taken_back), "entry_id")
    taken = _debits(Posting.objects.filter(entry__reverses__isnull=False), "entry__reverses")
    for entry, mine, back in side_by_side(booked, taken):
        if (back or 0) > (mine or 0):
            return Fault(
                "reversed_more_than_booked",
                f"Journal entry {entry} booked {mine or 0} minor units on its debit side; {back} were taken back.",
            )
    return None


def _debits(postings, key):
    rows = postings.filter(amount__gt=0).order_by().values(key).annotate(sum=Sum("amount")).order_by(key)
    return rows.values_list(key, "sum").iterator(chunk_size=CHUNK)


def credits_stand_alone():
    entry = JournalEntry.objects.filter(kind=EntryKind.CREDIT, spend_id__isnull=False).order_by("pk").only("pk").first()
    return entry and Fault("credit_of_a_spend", f"Journal entry {entry.pk} is an unmatched credit, but names a spend.")
