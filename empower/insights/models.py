import builtins

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.models import Department, Employee, Property, Role
from empower.stamps import ChangedAt

from .querysets import PolicyTrialQuerySet


class PolicyTrial(models.Model):
    """A question to history, "what if the limit had been …?", kept with its answer as it was that day.

    History goes on (a late decision, a reversal, an import), so the same question may be answered otherwise later: that
    is a new trial. No property: all of the currency that its author saw. Sums in ``variants`` and ``answer`` are minor
    units; an empty ``answer`` is one that is hidden. ``position`` is the last of the audit log's at that moment.
    """

    name = models.CharField(max_length=200)
    author = models.ForeignKey(Employee, models.PROTECT, related_name="policy_trials")
    is_shared = models.BooleanField(default=False, help_text=_("with everyone who may run one there"))
    property = models.ForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="policy_trials")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=Role, blank=True)
    currency = models.CharField(max_length=3)
    begins_on = models.DateField()
    ends_on = models.DateField()
    variants = models.JSONField()
    answer = models.JSONField(default=dict, blank=True)
    position = models.BigIntegerField(null=True, blank=True)
    computed_at = models.DateTimeField(default=clock.now)
    updated_at = ChangedAt()

    objects = PolicyTrialQuerySet.as_manager()

    class Meta:
        ordering = ["-computed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_trial_ends_no_earlier_than_it_begins", condition=Q(ends_on__gte=F("begins_on"))
            ),
            models.CheckConstraint(
                name="a_trial_of_a_department_names_its_property",
                condition=Q(department__isnull=True) | Q(property__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.pk}"

    @builtins.property
    def is_hidden(self):
        """Whether fewer than five people are behind it, so that nothing is told."""
        return not self.answer


class RollUp(models.Model):
    """What happened at one property (or at all: 0) on a local day or in a longer span, told apart by one thing.

    A sum of the facts, kept so that a report costs with days and not with spends; made anew from the facts at any time,
    to the same sums. ``facet``: by what (nothing, department, category ...); ``part``: incidents, use, acts, requests,
    values, people or books; see `queries.rollups`.
    """

    class Grain(models.TextChoices):
        DAY = "day"
        THIRD = "third"  # of a month
        MONTH = "month"
        YEAR = "year"
        NEWS = "news"  # of a day: what is to be added to the day, and to each longer span with it

    house = models.BigIntegerField(help_text=_("the property's id; 0 is all of them"))
    grain = models.CharField(max_length=5, choices=Grain)
    facet = models.CharField(max_length=12)
    part = models.CharField(max_length=12)
    begins_on = models.DateField()
    tally = models.TextField(help_text=_("canonical JSON of whole numbers"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["house", "facet", "part", "grain", "begins_on"], name="a_roll_up_is_kept_once"
            )
        ]

    def __str__(self):
        return f"{self.house} {self.grain} {self.begins_on} {self.facet} {self.part}"
