import builtins

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.dates import written
from empower.shipped import in_readers_words
from empower.stamps import ChangedAt
from empower.texts import apart

from .querysets import (
    ApiTokenQuerySet,
    DepartmentQuerySet,
    EmployeeManager,
    IdempotencyKeyQuerySet,
    PropertyQuerySet,
    RoomNightsQuerySet,
    SavedViewQuerySet,
)


class Role(models.TextChoices):
    """What a person may decide, lowest first. Auditors stand outside the ladder: they read everything, write nothing."""

    FRONTLINE = "frontline", _("frontline")
    MANAGER = "manager", _("manager")
    GENERAL_MANAGER = "general_manager", _("general manager")
    LEADER = "leader", _("leader")
    AUDITOR = "auditor", _("auditor")

    @classmethod
    def ladder(cls):
        """The deciding roles, lowest first."""
        return [cls.MANAGER, cls.GENERAL_MANAGER, cls.LEADER]


def rank(role):
    """0 for frontline, 1 manager, 2 general manager, 3 leader; -1 for who decides nothing (auditor, none)."""
    ranks = [Role.FRONTLINE, *Role.ladder()]
    return ranks.index(role) if role in ranks else -1


class Property(models.Model):
    """A hotel, branch or site. Its currency is the only one spent there; its time zone says what a day is."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, help_text=_("ISO 4217, such as USD"))
    timezone = models.CharField(max_length=64, default="UTC", help_text=_("IANA, such as America/Los_Angeles"))
    opened_at = models.DateTimeField(default=clock.now)
    updated_at = ChangedAt()

    objects = PropertyQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "properties"

    def __str__(self):
        return self.name


class Department(models.Model):
    """A team within a property."""

    property = models.ForeignKey(Property, models.PROTECT, related_name="departments")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    updated_at = ChangedAt()

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["property", "code"]
        constraints = [
            models.UniqueConstraint(fields=["property", "code"], name="a_department_code_is_unique_in_its_property")
        ]

    def __str__(self):
        return in_readers_words(self.name)

    def with_its_property(self):
        """Where departments of several houses stand beside each other."""
        return str(
            _("%(department)s, %(property)s") % {"department": apart(self), "property": apart(self.property.name)}
        )


class RoomNights(models.Model):
    """How many rooms of a property were occupied in the night that began on a local day, as the property reported it.

    What delight is told by: a full house has more occasions than an empty one. A wrong number is corrected in place; what
    it was before stands in the log.
    """

    property = models.ForeignKey(Property, models.PROTECT, related_name="room_nights")
    day = models.DateField(help_text=_("the property's local day on which the night began"))
    occupied = models.PositiveIntegerField(help_text=_("rooms, those that were given for nothing too"))
    reported_by = models.ForeignKey("Employee", models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(default=clock.now, help_text=_("last, if it was corrected"))

    objects = RoomNightsQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "property"]
        verbose_name_plural = "room nights"
        constraints = [
            models.UniqueConstraint(fields=["property", "day"], name="a_property_has_one_number_of_rooms_for_a_day")
        ]

    def __str__(self):
        named = {"property": apart(self.property.name), "day": written(self.day, "18 Nov 2026")}
        return str(_("%(property)s, %(day)s") % named)


class Employee(AbstractBaseUser, PermissionsMixin):
    """A person who may act: the user model. Belongs to one property and department; leaders and auditors to none.

    A service account (``is_service``) is the row by which another system acts under a name of its own: it has a role and
    a place as a person has, signs with tokens alone, and decides nothing. It is made as one, and never becomes a person.
    """

    username = models.CharField(max_length=150, unique=True)
    code = models.CharField(
        max_length=64, unique=True, help_text=_("the staff number: stable, and what files refer to")
    )
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    property = models.ForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="employees")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="employees")
    joined_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text=_("may open the admin"))
    is_service = models.BooleanField(
        _("service account"),
        default=False,
        help_text=_("another system: it signs with tokens alone and decides nothing"),
    )
    language = models.CharField(max_length=8, blank=True)
    updated_at = ChangedAt()

    objects = EmployeeManager()

    #: Not stored: how this one came in, for as long as this object lives. Set by the way in (`ledger.sign_in`).
    signed_with_pin = False

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["code", "name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="who_works_at_a_property_has_one_and_who_oversees_all_has_none",
                condition=Q(role__in=["frontline", "manager", "general_manager"], property__isnull=False)
                | Q(role__in=["leader", "auditor", ""], property__isnull=True),
            ),
            # "!" begins what Django stores where there is no password.
            models.CheckConstraint(
                name="a_service_account_has_no_password",
                condition=Q(is_service=False) | Q(password__startswith="!"),  # noqa: S106 - no password at all
            ),
            models.CheckConstraint(
                name="a_service_account_sets_nothing_up",
                condition=Q(is_service=False) | Q(is_superuser=False, is_staff=False),
            ),
        ]

    def __str__(self):
        return self.name

    @builtins.property
    def sees_every_property(self):
        """Leaders and auditors: they belong to no property and oversee all."""
        return self.role in (Role.LEADER, Role.AUDITOR)

    @builtins.property
    def sees_whole_property(self):
        """A property's managers and general managers, who came in with their password: what colleagues gave and wrote,
        and the books. Six digits on a shared phone open what is the frontline's.
        """
        return self.role in (Role.MANAGER, Role.GENERAL_MANAGER) and not self.signed_with_pin

    @builtins.property
    def rank(self):
        """As `rank`; never above frontline for a service account, nor for who came in by a PIN: a person decides."""
        if self.is_superuser:
            return -1
        if self.is_service or self.signed_with_pin:
            return min(rank(self.role), rank(Role.FRONTLINE))
        return rank(self.role)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]


class ApiToken(models.Model):
    """What another system signs its requests with. Only a digest of the secret is stored; the secret is shown once."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100)
    lookup = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the secret, hexadecimal"))
    scopes = models.JSONField(default=list)
    made_with = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offspring",
        help_text=_("the token that signed for this one: taken back, it takes this one along"),
    )
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.name


class SavedView(models.Model):
    """The address of a list of the desk as somebody narrowed it. ``query`` holds codes, ids and days: no search, which
    could be a guest's name. ``property`` is the owner's at the time: whom it is shared with.
    """

    owner = models.ForeignKey(Employee, models.PROTECT, related_name="saved_views")
    property = models.ForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="+")
    page = models.CharField(max_length=100, help_text=_("which list: spending_spend"))
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text=_("the filters and the order, as the address says them"))
    is_shared = models.BooleanField(default=False, help_text=_("with those who open the desk at the same property"))
    created_at = models.DateTimeField(default=clock.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="a_person_s_views_of_a_list_have_names")
        ]

    def __str__(self):
        return self.name


class IdempotencyKey(models.Model):
    """A write that was answered, so that its retry gets the same answer and no second effect. For money it never expires.

    ``fingerprint`` is a keyed hash of method, path and body; ``answer`` may hold personal data and is emptied on erasure,
    after which a replay returns the bare ids.
    """

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    object_type = models.CharField(max_length=50, blank=True)
    object_id = models.BigIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_default=Now())

    objects = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employee", "key"], name="one_answer_for_each_person_and_key")]
