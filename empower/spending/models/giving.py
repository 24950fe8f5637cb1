"""What is given, asked for and taken back, and what one may still give."""

import builtins

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.incidents.models import Guest, Incident
from empower.journal.models import JournalEntry
from empower.policies.models import Policy, Scope
from empower.shipped import in_readers_words
from empower.staff.models import Department, Employee, Property, Role
from empower.stamps import ChangedAt
from empower.texts import together

from ..querysets import ApprovalQuerySet, RequestLinkQuerySet, SpendQuerySet


class PaidFrom(models.TextChoices):
    """What pays for a gesture: the account that is credited."""

    FOLIO_CREDIT = "folio_credit", _("folio credit")
    PETTY_CASH = "petty_cash", _("petty cash")
    PAYABLE = "payable", _("payable")
    STOCK = "stock", _("stock")


class Gesture(models.Model):
    """An entry of the catalogue of things one can give. ``cost_ratio`` is in basis points of what the guest sees."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    account = models.CharField(
        max_length=64,
        validators=[RegexValidator(r"\A[^\s:;\x00-\x1f]+\Z", _("One word, without a colon or a space."))],
        help_text=_("the expense account, below recovery or delight"),
    )
    paid_from = models.CharField(max_length=20, choices=PaidFrom, default=PaidFrom.FOLIO_CREDIT)
    cost_ratio = models.PositiveIntegerField(default=10_000, help_text=_("basis points: 10000 costs what it shows"))
    is_free = models.BooleanField(default=False)
    icon = models.CharField(max_length=32, blank=True)
    is_active = models.BooleanField(default=True)
    updated_at = ChangedAt()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="a_free_gesture_costs_nothing", condition=Q(is_free=False) | Q(cost_ratio=0)),
            models.CheckConstraint(name="a_gesture_costs_at_most_what_it_shows", condition=Q(cost_ratio__lte=10_000)),
        ]

    def __str__(self):
        return in_readers_words(self.name)


class Authority(models.Model):
    """What was given in one scope, in minor units: a projection of the spends, which `verify` recomputes.

    ``own`` is what the employee gave of their own accord, ``approved`` what an approver decided, ``excused`` what an
    import found above the limit with no approver. ``key`` names the scope: see `key_of`.
    """

    class Kind(models.TextChoices):
        INCIDENT = Scope.INCIDENT.value, _("employee, guest and incident")
        GUEST_DAY = Scope.GUEST_DAY.value, _("employee, guest and local day")
        CAP = "cap", _("guest and incident, over all employees")

    scope = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    own_limit = models.BigIntegerField(default=0)
    own = models.BigIntegerField(default=0)
    approved = models.BigIntegerField(default=0)
    excused = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(fields=["scope", "key", "currency"], name="one_authority_for_each_scope"),
            models.CheckConstraint(name="own_acts_never_exceed_the_limit", condition=Q(own__lte=F("own_limit"))),
            models.CheckConstraint(
                name="an_authority_is_never_negative",
                condition=Q(own_limit__gte=0, own__gte=0, approved__gte=0, excused__gte=0),
            ),
        ]

    def __str__(self):
        return f"{self.scope} {self.key}"

    @classmethod
    def key_of(cls, scope, *, employee_id=None, guest_id, incident_id=None, day=None):
        """``employee:guest:incident``, ``employee:guest:2026-11-21``, or ``guest:incident`` for a cap over all."""
        if scope == cls.Kind.CAP:
            return f"{guest_id}:{incident_id}"
        return f"{employee_id}:{guest_id}:{incident_id if scope == Scope.INCIDENT else day.isoformat()}"


class SpendStatus(models.TextChoices):
    POSTED = "posted", _("posted")
    PENDING = "pending", _("waiting")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    REVERSED = "reversed", _("reversed")


class Judged(models.TextChoices):
    """Which counter of the authority an act raised."""

    OWN = "own", _("of their own accord")
    APPROVED = "approved", _("approved")
    EXCUSED = "excused", _("imported above the limit")
    UNLIMITED = "unlimited", _("imported from before there was a policy")


class Spend(models.Model):
    """What one employee gave to one guest on one incident. Minor units of ``currency``, the property's own.

    ``amount`` is what the guest sees and what uses the authority, ``cost`` what it costs the house and what is booked.
    ``asked_amount`` is what was asked for, where an approver gave less. ``limit_in_force`` is the limit that it was
    judged by, kept for ever. The note and the reason are erasable.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="spends")
    guest = models.ForeignKey(Guest, models.PROTECT, related_name="spends")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="spends")
    property = models.ForeignKey(Property, models.PROTECT, related_name="spends")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="spends")
    gesture = models.ForeignKey(Gesture, models.PROTECT, related_name="spends")
    status = models.CharField(max_length=20, choices=SpendStatus)
    amount = models.BigIntegerField()
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    asked_amount = models.BigIntegerField(null=True, blank=True)
    reversed_amount = models.BigIntegerField(default=0)
    reversed_cost = models.BigIntegerField(default=0)
    judged_as = models.CharField(max_length=20, choices=Judged, blank=True)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="spends")
    limit_in_force = models.BigIntegerField(null=True, blank=True)
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, related_name="spends")
    cap = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, related_name="capped_spends")
    scope_day = models.DateField(null=True, blank=True, help_text=_("the property's local day of the request"))
    note = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text=_("why it is asked for"))
    promised_for = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    occurred_at = models.DateTimeField(help_text=_("when it was given or asked for"))
    recorded_at = models.DateTimeField(default=clock.now)
    posted_at = models.DateTimeField(null=True, blank=True)
    split_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="rest")
    external_id = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = ChangedAt()

    objects = SpendQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [
            models.Index(fields=["property", "-occurred_at"], name="spend_property_occurred"),
            models.Index(fields=["employee", "-occurred_at"], name="spend_employee_occurred"),
            models.Index(fields=["status"], name="spend_waiting", condition=Q(status="pending")),
            # What was asked for counts on the day on which it was granted.
            models.Index(fields=["property", "posted_at"], name="spend_granted", condition=Q(judged_as="approved")),
            models.Index(fields=["updated_at"], name="spend_changed"),
            models.Index(
                fields=["property", "promised_for"], name="spend_promised", condition=Q(promised_for__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="a_spend_is_not_negative", condition=Q(amount__gte=0, cost__gte=0)),
            models.CheckConstraint(
                name="a_spend_costs_at_most_what_it_shows_unless_history_says_so",
                condition=~Q(external_id="") | Q(cost__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="an_act_is_judged_in_one_of_the_known_ways",
                condition=Q(judged_as__in=["", "own", "approved", "excused", "unlimited"]),
            ),
            models.CheckConstraint(
                name="no_more_is_reversed_than_was_given",
                condition=Q(reversed_amount__gte=0, reversed_cost__gte=0)
                & Q(reversed_amount__lte=F("amount"))
                & Q(reversed_cost__lte=F("cost")),
            ),
            models.CheckConstraint(
                name="a_reversed_spend_is_reversed_whole",
                condition=~Q(status="reversed") | Q(reversed_amount=F("amount"), reversed_cost=F("cost")),
            ),
            models.CheckConstraint(
                name="what_counts_says_how_and_when",
                condition=Q(status__in=["posted", "reversed"], posted_at__isnull=False) & ~Q(judged_as="")
                | Q(status__in=["pending", "declined", "withdrawn", "expired"], posted_at__isnull=True, judged_as=""),
            ),
            models.CheckConstraint(
                name="an_own_act_is_within_the_limit_it_was_judged_by",
                condition=~Q(judged_as="own") | Q(limit_in_force__isnull=False, amount__lte=F("limit_in_force")),
            ),
            models.UniqueConstraint(
                fields=["property", "external_id"],
                condition=~Q(external_id=""),
                name="a_property_imports_a_spend_once",
            ),
        ]

    def __str__(self):
        return together((self.gesture, self.pk))

    @builtins.property
    def standing_amount(self):
        """What stands of the amount after reversals, minor units."""
        return self.amount - self.reversed_amount

    @builtins.property
    def standing_cost(self):
        """What stands of the cost after reversals, minor units."""
        return self.cost - self.reversed_cost


class Reversal(models.Model):
    """One time something was taken back from a spend, whole or in part, and why. Minor units; the reason is erasable."""

    spend = models.ForeignKey(Spend, models.PROTECT, related_name="reversals")
    amount = models.BigIntegerField()
    cost = models.BigIntegerField()
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    reversed_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    reversed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["reversed_at", "pk"]
        constraints = [
            models.CheckConstraint(name="a_reversal_is_not_negative", condition=Q(amount__gte=0, cost__gte=0))
        ]

    def __str__(self):
        return f"reversal {self.pk}"


class ApprovalStatus(models.TextChoices):
    OPEN = "open", _("open")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    ANSWERED = "answered", _("you already may")
    TO_CONFIRM = "to_confirm", _("a verbal yes, to confirm")
    CONFIRMED = "confirmed", _("confirmed")
    DENIED = "denied", _("denied")


class Approval(models.Model):
    """One request for one spend, and its one answer.

    ``tier`` is the lowest role that may decide; ``asked_role`` whom the clock points to now, which rises when nobody
    answers. ``total`` is the cumulative total in the scope that chose the tier, in minor units.
    """

    spend = models.OneToOneField(Spend, models.PROTECT, related_name="approval")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="requests")
    property = models.ForeignKey(Property, models.PROTECT, related_name="approvals")
    status = models.CharField(max_length=20, choices=ApprovalStatus)
    tier = models.CharField(max_length=20, choices=Role, blank=True)
    asked_role = models.CharField(max_length=20, choices=Role, blank=True)
    with_deputy = models.BooleanField(default=False, help_text=_("the role did not answer: its deputy is asked"))
    total = models.BigIntegerField(default=0)
    left_when_asked = models.BigIntegerField(default=0)
    requested_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    question = models.TextField(blank=True)
    question_asked_at = models.DateTimeField(null=True, blank=True, help_text=_("the clock stands still since"))
    question_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    named = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="named_in")
    decided_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="decisions")
    decided_for = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("in whose place a deputy decided"),
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_amount = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text=_("which the employee reads"))
    version = models.PositiveIntegerField(default=1)
    updated_at = ChangedAt()

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        indexes = [
            models.Index(
                fields=["property", "requested_at"],
                name="approval_queue",
                condition=Q(status__in=["open", "to_confirm"]),
            ),
            models.Index(fields=["property", "-requested_at"], name="approval_property_requested"),
            models.Index(fields=["updated_at"], name="approval_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="nobody_decides_on_their_own_spend",
                condition=(Q(decided_by__isnull=True) | ~Q(decided_by=F("employee")))
                & (Q(named__isnull=True) | ~Q(named=F("employee")))
                & (Q(decided_for__isnull=True) | ~Q(decided_for=F("employee"))),
            ),
            models.CheckConstraint(
                name="a_decision_says_who_and_when",
                condition=Q(
                    status__in=["approved", "declined", "confirmed", "denied"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(status__in=["open", "withdrawn", "expired", "answered", "to_confirm"], decided_by__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.pk}"


class RequestLink(models.Model):
    """A link in a mail that shows one request once, without a guest, to whoever opens it. To answer one signs in."""

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="links")
    recipient = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the secret, hexadecimal"))
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = RequestLinkQuerySet.as_manager()

    def __str__(self):
        return f"link to request {self.approval_id}"
