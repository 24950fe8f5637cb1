import builtins

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.staff.models import Department, Employee, Property, Role
from empower.texts import apart

from .querysets import DeputyQuerySet, OnCallQuerySet, PolicyQuerySet


class Scope(models.TextChoices):
    """Over what the limit is summed."""

    INCIDENT = "incident", _("employee, guest and incident")
    GUEST_DAY = "guest_day", _("employee, guest and local day")


class Policy(models.Model):
    """One version of one rule. Written once: to change a rule is to write its next version; to end it, a withdrawn one.

    All sums are minor units of ``currency``. ``limit`` is what a person gives of their own accord in the scope; the tiers
    are cumulative totals: up to ``manager_up_to`` a manager decides, up to ``general_manager_up_to`` a general manager,
    above that a leader. ``cap`` is per guest and incident over all employees.
    """

    append_only = True

    code = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    property = models.ForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="policies")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="policies")
    role = models.CharField(max_length=20, choices=Role, blank=True)
    currency = models.CharField(max_length=3)
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.INCIDENT)
    limit = models.BigIntegerField()
    manager_up_to = models.BigIntegerField()
    general_manager_up_to = models.BigIntegerField()
    cap = models.BigIntegerField(null=True, blank=True)
    second_failure_limit = models.BigIntegerField(
        null=True, blank=True, help_text=_("the limit at a guest's second failure within 30 days")
    )
    answer_within_minutes = models.PositiveIntegerField(default=15, help_text=_("then it goes to the deputy, then up"))
    expires_after_minutes = models.PositiveIntegerField(default=24 * 60)
    budget_asks = models.BooleanField(default=False, help_text=_("ask when the allotment has run out"))
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True, help_text=_("a temporary raise ends by itself"))
    is_withdrawn = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["code", "version"]
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_policy_has_each_version_once"),
            models.CheckConstraint(
                name="a_limit_is_not_negative_and_tiers_rise_from_it",
                condition=Q(limit__gte=0)
                & Q(manager_up_to__gte=F("limit"))
                & Q(general_manager_up_to__gte=F("manager_up_to")),
            ),
            models.CheckConstraint(name="a_cap_is_not_negative", condition=Q(cap__isnull=True) | Q(cap__gte=0)),
            models.CheckConstraint(
                name="a_second_failure_only_lifts_the_limit",
                condition=Q(second_failure_limit__isnull=True)
                | (Q(second_failure_limit__gte=F("limit")) & Q(second_failure_limit__lte=F("manager_up_to"))),
            ),
            models.CheckConstraint(
                name="a_policy_ends_after_it_begins",
                condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
            ),
            models.CheckConstraint(
                name="a_department_policy_names_its_property",
                condition=Q(department__isnull=True) | Q(property__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.code} v{self.version}"

    @builtins.property
    def tiers(self):
        """[(role, up_to)], lowest first; the last has no upper bound."""
        return [
            (Role.MANAGER, self.manager_up_to),
            (Role.GENERAL_MANAGER, self.general_manager_up_to),
            (Role.LEADER, None),
        ]

    def tier_for(self, total):
        """The role that decides at this cumulative total (minor units): the first tier that reaches it."""
        return next(role for role, up_to in self.tiers if up_to is None or total <= up_to)


class Deputy(models.Model):
    """For a dated while one person answers in another's place. Never chains: a deputy's deputy answers nothing."""

    absent = models.ForeignKey(Employee, models.PROTECT, related_name="deputies")
    stands_in = models.ForeignKey(Employee, models.PROTECT, related_name="standing_in_for")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_at"]
        verbose_name_plural = "deputies"
        constraints = [
            models.CheckConstraint(name="nobody_is_their_own_deputy", condition=~Q(absent=F("stands_in"))),
            models.CheckConstraint(name="a_deputy_stands_in_for_a_while", condition=Q(ends_at__gt=F("begins_at"))),
        ]

    def __str__(self):
        return str(_("%(deputy)s for %(absent)s") % {"deputy": apart(self.stands_in), "absent": apart(self.absent)})


class OnCall(models.Model):
    """Whose turn it is at a property for a while: of several who may answer, the one who is told first.

    Nobody may decide more or less by it: which requests they answer is their role's word, and the tier's.
    """

    property = models.ForeignKey(Property, models.PROTECT, related_name="on_call")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="turns_on_call")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OnCallQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "pk"]
        verbose_name = _("turn on call")
        verbose_name_plural = _("on call")
        indexes = [
            models.Index(fields=["property", "ends_at"], name="on_call_now", condition=Q(revoked_at__isnull=True))
        ]
        constraints = [models.CheckConstraint(name="a_turn_on_call_ends", condition=Q(ends_at__gt=F("begins_at")))]

    def __str__(self):
        return str(_("%(name)s on call") % {"name": apart(self.employee)})
