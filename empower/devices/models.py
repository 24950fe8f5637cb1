import builtins

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.models import Employee, Property

from .querysets import PinQuerySet, SharedDeviceQuerySet


class Tried(models.Model):
    """What may be guessed at: wrong tries in a row, and until when nobody may try again."""

    failures = models.PositiveSmallIntegerField(default=0, help_text=_("since the last success or rest"))
    rests = models.PositiveSmallIntegerField(
        default=0, help_text=_("in a row: each is twice as long as the one before")
    )
    rests_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @builtins.property
    def is_resting(self):
        return self.rests_until is not None and self.rests_until > clock.now()


class SharedDevice(Tried):
    """A phone that goes from hand to hand. The secret is in its cookie and nowhere else; here is a digest of it."""

    property = models.ForeignKey(Property, models.PROTECT, related_name="shared_devices")
    name = models.CharField(max_length=60, help_text=_("where it lies: Front desk 2"))
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the secret, hexadecimal"))
    enrolled_at = models.DateTimeField(default=clock.now)
    enrolled_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SharedDeviceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("shared phone")
        verbose_name_plural = _("shared phones")

    def __str__(self):
        return self.name


class Pin(Tried):
    """How a person signs in on a shared phone of their property; or the code on paper with which they choose a PIN.

    ``secret`` and ``code`` are slow hashes of a keyed one: six digits in a copy of the database would be found in hours.
    ``version`` rises with each of them: a session that began under an earlier one is over.
    """

    employee = models.OneToOneField(Employee, models.PROTECT, related_name="pin")
    secret = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=200, blank=True)
    code_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    code_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_code_is_somebodys_and_ends",
                condition=Q(code="") | Q(code_by__isnull=False, code_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_pin_was_set_at_some_moment", condition=Q(secret="") | Q(set_at__isnull=False)
            ),
        ]

    def __str__(self):
        return f"PIN of {self.employee_id}"

    @builtins.property
    def is_set(self):
        return bool(self.secret)

    @builtins.property
    def has_code(self):
        return bool(self.code) and self.code_until > clock.now()
