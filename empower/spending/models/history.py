"""What came from history files: each row that is in, and the files that were handed in at the desk."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.incidents.models import Incident
from empower.journal.models import JournalEntry
from empower.staff.models import Employee, Property

from ..querysets import HistoryImportQuerySet
from .giving import Spend


class HistoryRow(models.Model):
    """One row of a history file that is in: what makes importing it again change nothing.

    ``digest`` is the salted hash of what the row said, which tells a repetition from a conflict. Written once, but for
    the salt: it goes when the guest is erased, and then nothing can be guessed from the digest. ``amount`` is the row's
    own, minor units, negative for a credit; a credit has no spend, and an ``entry`` where some was left over.
    """

    property = models.ForeignKey(Property, models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=200)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="history_rows")
    spend = models.OneToOneField(Spend, models.PROTECT, null=True, blank=True, related_name="history_row")
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["property", "external_id"], name="a_property_imports_a_row_once"),
            models.CheckConstraint(
                name="a_row_that_moves_money_says_which",
                condition=Q(amount__isnull=True, currency="") | Q(amount__isnull=False) & ~Q(currency=""),
            ),
        ]

    def __str__(self):
        return f"row {self.pk}"


class ImportState(models.TextChoices):
    """Where a file stands. What is `due` is the background worker's to do; what is under way has a worker's name on it."""

    REHEARSAL_DUE = "rehearsal_due", _("waits to be rehearsed")
    REHEARSING = "rehearsing", _("is being rehearsed")
    REHEARSED = "rehearsed", _("rehearsed: waits for your yes")
    IMPORT_DUE = "import_due", _("waits to be imported")
    IMPORTING = "importing", _("is being imported")
    DONE = "done", _("imported")
    DROPPED = "dropped", _("put aside")


class HistoryImport(models.Model):
    """A history file that somebody handed in at the desk: rehearsed, looked at, imported.

    Its content is in the parts, which go when it is done; what stays is its digest and figures, without a guest's name.
    ``foreseen`` and ``result`` are the figures of the rehearsal and of the import, sums in minor units by currency.
    """

    uploaded_by = models.ForeignKey(Employee, models.PROTECT, related_name="history_imports")
    uploaded_at = models.DateTimeField(default=clock.now)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the file, in hex"))
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    rows = models.PositiveIntegerField(help_text=_("rows in the file, good or bad"))
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.REHEARSAL_DUE)
    foreseen = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True, help_text=_("when a worker last said that it is at it"))
    started_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HistoryImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import of history")
        verbose_name_plural = _("imports of history")
        constraints = [
            models.CheckConstraint(
                name="an_import_of_history_is_begun_by_somebody",
                condition=Q(state__in=["import_due", "importing", "done"], started_by__isnull=False)
                | Q(state__in=["rehearsal_due", "rehearsing", "rehearsed", "dropped"]),
            )
        ]

    def __str__(self):
        return f"{self.pk}"


class HistoryImportPart(models.Model):
    """A piece of the file, or of the rejects: they hold guests' names, and are deleted (the file when its import is done
    or given up, the rejects after seven days). Beside the figures, so that every machine that works here reads them.
    """

    class Of(models.TextChoices):
        FILE = "file", _("the file")
        REJECTS = "rejects", _("what was not imported")

    history_import = models.ForeignKey(HistoryImport, models.CASCADE, related_name="parts")
    of = models.CharField(max_length=8, choices=Of)
    number = models.PositiveIntegerField()
    content = models.BinaryField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["history_import", "of", "number"], name="a_piece_of_a_file_is_there_once")
        ]

    def __str__(self):
        return f"{self.of} {self.number} of {self.history_import_id}"
