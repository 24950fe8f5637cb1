from django.db import models
from django.db.models import Q, Sum


class JournalEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The books of one's property for managers, all of them for leaders and auditors; nobody else reads books."""
        if not user.is_active or user.is_superuser:
            return self.none()
        if user.sees_every_property:
            return self
        if user.sees_whole_property:
            return self.filter(property=user.property_id)
        return self.none()

    def sealed(self):
        return self.filter(seal__isnull=False)

    def with_details(self):
        """Entries with postings and accounts: three queries, however many rows."""
        return self.select_related("seal", "property").prefetch_related("postings__account")


class PostingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The postings of the entries that this person may read."""
        if not user.is_active or user.is_superuser:
            return self.none()
        if user.sees_every_property:
            return self
        if user.sees_whole_property:
            return self.filter(property=user.property_id)
        return self.none()

    def sealed(self):
        return self.filter(entry__seal__isnull=False)

    def as_of(self, *, recorded=None, occurred=None):
        """What the books said at a moment: by when it was written, by when it happened, or both."""
        wanted = Q()
        if recorded is not None:
            wanted &= Q(entry__recorded_at__lte=recorded)
        if occurred is not None:
            wanted &= Q(entry__occurred_at__lte=occurred)
        return self.filter(wanted)

    def balance(self):
        """The sum in minor units, debits positive. For postings of one currency."""
        return self.sealed().aggregate(sum=Sum("amount"))["sum"] or 0

    def balances(self):
        """Rows of account id, code, name, kind, currency and balance (minor units), in account order; one query."""
        return (
            self.sealed()
            .values("account_id", "account__code", "account__name", "account__kind", "account__currency")
            .annotate(balance=Sum("amount"))
            .order_by("account__currency", "account__code")
        )


class AllotmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Budgets of one's property for its managers, all for who oversees or sets up."""
        if not user.is_active:
            return self.none()
        if user.sees_every_property or user.is_superuser:
            return self
        if user.sees_whole_property:
            return self.filter(property=user.property_id)
        return self.none()
