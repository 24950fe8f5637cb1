import builtins

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.shipped import in_readers_words
from empower.staff.models import Department, Employee, Property
from empower.stamps import ChangedAt
from empower.texts import together

from .querysets import FollowUpQuerySet, GuestQuerySet, IncidentGuestQuerySet, IncidentQuerySet, PhotoQuerySet


class CauseKind(models.TextChoices):
    """MR. BIV: the five kinds of defect that The Ritz-Carlton's staff are taught to look for."""

    MISTAKE = "mistake", _("mistake")
    REWORK = "rework", _("rework")
    BREAKDOWN = "breakdown", _("breakdown")
    INEFFICIENCY = "inefficiency", _("inefficiency")
    VARIATION = "variation", _("variation")


class Category(models.Model):
    """A cause, in a small tree. Any node may be chosen."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=20, choices=CauseKind)
    icon = models.CharField(max_length=32, blank=True, help_text=_("a name in the icon sprite"))
    is_active = models.BooleanField(default=True)
    updated_at = ChangedAt()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "categories"

    def __str__(self):
        return in_readers_words(self.name)


class Touchpoint(models.Model):
    """Where the guest met us. A list that a group may add to."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    updated_at = ChangedAt()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return in_readers_words(self.name)


class GuestKind(models.TextChoices):
    GUEST = "guest", _("guest")
    COLLEAGUE = "colleague", _("colleague")


class Guest(models.Model):
    """Whom an incident touches. Everything personal here is erasable; the row and its id stay for the sums.

    A merged record points to the one that stands (never to another merged one).
    """

    property = models.ForeignKey(Property, models.PROTECT, related_name="guests")
    kind = models.CharField(max_length=20, choices=GuestKind, default=GuestKind.GUEST)
    colleague = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="as_guest")
    name = models.CharField(max_length=200)
    room = models.CharField(max_length=20, blank=True)
    arrival = models.DateField(null=True, blank=True)
    departure = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    recorded_at = models.DateTimeField(default=clock.now)
    updated_at = ChangedAt()
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["property", "name"], name="guest_property_name"),
            models.Index(fields=["updated_at"], name="guest_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_colleague_links_to_an_employee_and_a_guest_to_none",
                condition=Q(kind="colleague", colleague__isnull=False) | Q(kind="guest", colleague__isnull=True),
            ),
            models.UniqueConstraint(
                name="a_colleague_has_one_standing_record_at_a_property",
                fields=["property", "colleague"],
                condition=Q(merged_into__isnull=True, erased_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_guest_leaves_after_arriving",
                condition=Q(arrival__isnull=True) | Q(departure__isnull=True) | Q(departure__gte=F("arrival")),
            ),
        ]

    def __str__(self):
        return self.name or str(_("an erased guest"))

    @builtins.property
    def standing_id(self):
        """The id of the record that stands for this person: its own, or that of the one it was merged into."""
        return self.merged_into_id or self.pk


class IncidentKind(models.TextChoices):
    RECOVERY = "recovery", _("recovery")
    DELIGHT = "delight", _("delight")


class IncidentStatus(models.TextChoices):
    OPEN = "open", _("open")
    RESOLVED = "resolved", _("resolved")
    VOID = "void", _("void")


class Outcome(models.TextChoices):
    """How it ended for a guest, best first; of several guests the incident shows the worst."""

    DELIGHTED = "delighted", _("delighted")
    RECOVERED = "recovered", _("recovered")
    UNKNOWN = "unknown", _("unknown")
    LOST = "lost", _("lost")

    @classmethod
    def worst(cls, outcomes):
        """The worst of these: lost, then unknown, then recovered, then delighted; '' when there is none."""
        order = list(cls)
        return max((o for o in outcomes if o), key=order.index, default="")


class Incident(models.Model):
    """Something that happened to one or more guests: to make right (recovery) or memorable (delight)."""

    kind = models.CharField(max_length=20, choices=IncidentKind, default=IncidentKind.RECOVERY)
    status = models.CharField(max_length=20, choices=IncidentStatus, default=IncidentStatus.OPEN)
    property = models.ForeignKey(Property, models.PROTECT, related_name="incidents")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="incidents")
    touchpoint = models.ForeignKey(Touchpoint, models.PROTECT, null=True, blank=True, related_name="incidents")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="incidents")
    severity = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(5)])
    owner = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="owned_incidents")
    narrative = models.TextField(blank=True)
    guests = models.ManyToManyField(Guest, through="IncidentGuest", related_name="incidents")
    occurred_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, help_text=_("the worst of its guests'"))
    void_reason = models.TextField(blank=True)
    external_id = models.CharField(max_length=200, blank=True, help_text=_("what the history file calls it"))
    version = models.PositiveIntegerField(default=1)
    updated_at = ChangedAt()

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        indexes = [
            models.Index(fields=["property", "-occurred_at"], name="incident_property_occurred"),
            models.Index(fields=["category", "department", "occurred_at"], name="incident_cause"),
            models.Index(fields=["property", "occurred_at"], name="incident_open", condition=Q(status="open")),
            models.Index(fields=["updated_at"], name="incident_changed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["property", "external_id"],
                condition=~Q(external_id=""),
                name="a_property_imports_an_incident_once",
            ),
            models.CheckConstraint(name="severity_is_one_to_five", condition=Q(severity__gte=1, severity__lte=5)),
            models.CheckConstraint(
                name="an_incident_occurs_before_it_is_reported", condition=Q(reported_at__gte=F("occurred_at"))
            ),
            models.CheckConstraint(
                name="a_resolved_incident_says_when",
                condition=Q(status="resolved", resolved_at__isnull=False) | ~Q(status="resolved"),
            ),
        ]

    def __str__(self):
        return together((self.category or self.get_kind_display(), self.pk))


class IncidentGuest(models.Model):
    """One guest on one incident: the feeling before and after (0-10) and how it ended for them."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="incident_guests")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="incident_guests")
    feeling_before = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    feeling_after = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)

    objects = IncidentGuestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "guest"], name="a_guest_is_on_an_incident_once"),
            models.CheckConstraint(
                name="feelings_are_zero_to_ten",
                condition=(Q(feeling_before__isnull=True) | Q(feeling_before__lte=10))
                & (Q(feeling_after__isnull=True) | Q(feeling_after__lte=10)),
            ),
        ]

    def __str__(self):
        return str(self.guest)


class Resolution(models.Model):
    """One time an incident was resolved. A reopened one keeps them all: time to resolve counts each."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="resolutions")
    resolved_at = models.DateTimeField()
    resolved_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    reopen_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["resolved_at", "pk"]


class FollowUp(models.Model):
    """A contact with the guest after the resolution."""

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        MESSAGE = "message", _("message")
        NOTE = "note", _("note in the room")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="follow_ups")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="follow_ups")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="follow_ups")
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.IN_PERSON)
    contacted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    note = models.TextField(blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["contacted_at", "pk"]


class Photo(models.Model):
    """A picture of what happened, as we drew it anew; what is left when it was erased or taken down has no picture.

    In the database and not in a folder beside it: it is written with its event or not at all, one backup holds
    everything, and to erase it is to set two columns to NULL, on every machine that serves at once.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="photos")
    taken_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    picture = models.BinaryField(null=True, help_text=_("a JPEG of ours, without what a camera writes beside it"))
    thumbnail = models.BinaryField(null=True)
    width = models.PositiveSmallIntegerField(help_text=_("of the picture, in pixels"))
    height = models.PositiveSmallIntegerField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_photo_that_was_taken_down_has_no_picture",
                condition=Q(removed_at__isnull=True) | Q(picture__isnull=True, thumbnail__isnull=True),
            ),
        ]
