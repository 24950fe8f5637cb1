from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.incidents.models import Category, Incident
from empower.staff.models import Department, Employee, Property
from empower.stamps import ChangedAt

from .querysets import ImprovementQuerySet, StoryQuerySet, ThanksQuerySet


class StoryStatus(models.TextChoices):
    NOMINATED = "nominated", _("nominated")
    CHOSEN = "chosen", _("chosen")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Story(models.Model):
    """A resolved incident worth telling, in words without names. Chosen for one day's line-up at its property."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="stories")
    property = models.ForeignKey(Property, models.PROTECT, related_name="stories")
    status = models.CharField(max_length=20, choices=StoryStatus, default=StoryStatus.NOMINATED)
    text = models.TextField(blank=True)
    guest_agreed = models.BooleanField(
        default=False, help_text=_("the guest agreed to be named: only then may a name or a room stand in the text")
    )
    told_on = models.DateField(null=True, blank=True, help_text=_("the property's local day of the line-up"))
    nominated_by = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField(default=clock.now)
    chosen_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    chosen_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = ChangedAt()

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["-nominated_at", "-pk"]
        verbose_name_plural = "stories"
        constraints = [
            models.UniqueConstraint(
                name="a_line_up_tells_one_story_a_day", fields=["property", "told_on"], condition=Q(status="chosen")
            ),
            models.UniqueConstraint(
                name="an_incident_is_one_story_at_a_time",
                fields=["incident"],
                condition=Q(status__in=["nominated", "chosen"]),
            ),
            models.CheckConstraint(
                name="a_chosen_story_says_its_day_and_who_chose_it",
                condition=Q(status="chosen", told_on__isnull=False, chosen_by__isnull=False)
                | Q(status__in=["nominated", "withdrawn"]),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.pk}"


class Thanks(models.Model):
    """A colleague's card to an employee, tied to an incident. Taken back, its words are emptied."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="thanks")
    property = models.ForeignKey(Property, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(Employee, models.PROTECT, related_name="thanks_given")
    receiver = models.ForeignKey(Employee, models.PROTECT, related_name="thanks_received")
    text = models.TextField(blank=True)
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    updated_at = ChangedAt()

    objects = ThanksQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-pk"]
        verbose_name = _("card of thanks")
        verbose_name_plural = _("thanks")
        constraints = [
            models.CheckConstraint(name="nobody_thanks_themself", condition=~Q(given_by=F("receiver"))),
            models.UniqueConstraint(
                name="one_card_for_each_colleague_and_incident",
                fields=["incident", "given_by", "receiver"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.pk}"


class ImprovementStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Improvement(models.Model):
    """Work on a cause that recurs, at a property or one of its departments; the branch below the cause is meant too.

    ``compared_from`` is where the time before it begins, with which the time after it is compared. Its words speak of a
    cause, never of a guest.
    """

    property = models.ForeignKey(Property, models.PROTECT, related_name="improvements")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="improvements")
    category = models.ForeignKey(Category, models.PROTECT, related_name="improvements")
    status = models.CharField(max_length=20, choices=ImprovementStatus, default=ImprovementStatus.OPEN)
    aim = models.TextField(help_text=_("what is to change"))
    owner = models.ForeignKey(Employee, models.PROTECT, related_name="improvements")
    due_on = models.DateField()
    compared_from = models.DateTimeField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("done, or dropped"))
    what_was_done = models.TextField(blank=True, help_text=_("or why it was dropped"))
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    updated_at = ChangedAt()

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_improvement_is_open_or_has_ended",
                condition=Q(status="open", ended_at__isnull=True)
                | Q(status__in=["done", "dropped"], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_improvement_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
            models.CheckConstraint(
                name="an_improvement_is_compared_with_the_time_before_it", condition=Q(compared_from__lt=F("began_at"))
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.pk}"
