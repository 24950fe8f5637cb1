from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.models import Department, Employee, Property

from .querysets import AllotmentQuerySet, JournalEntryQuerySet, PostingQuerySet


class AccountKind(models.TextChoices):
    ASSET = "asset", _("asset")
    LIABILITY = "liability", _("liability")
    EXPENSE = "expense", _("expense")
    BUDGET = "budget", _("budget")


class Account(models.Model):
    """One account of the ledger, of one currency. Codes are colon-separated, as hledger and beancount read them.

    Written once: another currency here would change what every sum of its postings says.
    """

    append_only = True

    code = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=AccountKind)
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ["currency", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "currency"], name="an_account_has_one_currency")]

    def __str__(self):
        return f"{self.code} {self.currency}"


class Allotment(models.Model):
    """Money set aside for a property (or a department of it) and a period: the empowerment budget. Minor units.

    Written once, as its entry is; what stands of it is asked of the books, where it can be withdrawn.
    """

    append_only = True

    property = models.ForeignKey(Property, models.PROTECT, related_name="allotments")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="allotments")
    begins_on = models.DateField()
    ends_on = models.DateField(help_text=_("the last day, inclusive, by the property's calendar"))
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_on", "property"]
        constraints = [
            models.CheckConstraint(name="an_allotment_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="an_allotment_ends_after_it_begins", condition=Q(ends_on__gte=F("begins_on"))),
        ]

    def __str__(self):
        return f"{self.property} {self.begins_on} – {self.ends_on}"


class EntryKind(models.TextChoices):
    ALLOTMENT = "allotment", _("allotment")
    HOLD = "hold", _("hold")
    RELEASE = "release", _("release")
    SPEND = "spend", _("spend")
    REVERSAL = "reversal", _("reversal")
    CREDIT = "credit", _("unmatched credit")


class JournalEntry(models.Model):
    """A balanced set of postings in one currency, written once. Incident and spend stand above: plain ids."""

    append_only = True

    kind = models.CharField(max_length=20, choices=EntryKind)
    property = models.ForeignKey(Property, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    occurred_at = models.DateTimeField(help_text=_("when the act it books was done"))
    recorded_at = models.DateTimeField(default=clock.now)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    spend_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    allotment = models.ForeignKey(Allotment, models.PROTECT, null=True, blank=True, related_name="entries")

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "journal entries"
        indexes = [
            models.Index(fields=["property", "recorded_at"], name="entry_property_recorded"),
            models.Index(fields=["occurred_at"], name="entry_occurred"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_mirror_refers_to_what_it_mirrors",
                condition=Q(kind__in=["reversal", "release"], reverses__isnull=False)
                | Q(kind__in=["allotment", "hold", "spend", "credit"], reverses__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["spend_id", "kind"], condition=Q(kind__in=["hold", "spend"]), name="a_spend_is_booked_once"
            ),
            models.CheckConstraint(
                name="an_allotment_has_its_entry", condition=~Q(kind="allotment") | Q(allotment__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display().capitalize()} {self.pk}"


class Posting(models.Model):
    """One leg of an entry: debits positive, credits negative, minor units of the account's currency. Written once."""

    append_only = True

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()
    # Found by the index of property and account below, which saves the table one of its own.
    property = models.ForeignKey(Property, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    incident_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["property", "account"], name="posting_property_account")]
        constraints = [models.CheckConstraint(name="a_posting_moves_money", condition=~Q(amount=0))]

    def __str__(self):
        return f"{self.account_id}: {self.amount}"


class EntrySeal(models.Model):
    """Closes an entry. Its trigger refuses one that does not balance, mixes currencies or has fewer than two postings."""

    append_only = True

    entry = models.OneToOneField(JournalEntry, models.PROTECT, primary_key=True, related_name="seal")
    sealed_at = models.DateTimeField(default=clock.now)
