"""What is stored of webhooks and mail: to whom, about what, how it went."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from empower import clock
from empower.audit.models import AuditEvent
from empower.staff.models import Employee, Property

from .querysets import DeliveryQuerySet, MailQuerySet, WebhookQuerySet


class Webhook(models.Model):
    """An address that is told what happens. Its secret is kept nowhere: it is worked out from SECRET_KEY and ``salt``.

    A copy of the database signs nothing. ``secret_digest`` tells whether that key is still the one the secret came from.
    """

    property = models.ForeignKey(
        Property, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("empty: of all properties")
    )
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    event_types = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    salt = models.CharField(max_length=32)
    secret_digest = models.CharField(max_length=64)
    secret_number = models.PositiveIntegerField(default=1)
    secret_made_at = models.DateTimeField(default=clock.now)
    old_salt = models.CharField(max_length=32, blank=True)
    old_secret_digest = models.CharField(max_length=64, blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True, help_text=_("when a message was first given up"))
    gone_at = models.DateTimeField(null=True, blank=True, help_text=_("when it answered 410 Gone"))
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_retired_webhook_is_not_active", condition=Q(is_active=False) | Q(retired_at=None)
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name.capitalize()} {self.pk}"


class Delivery(models.Model):
    """One message to one webhook: its id and its bytes stay the same however often it is sent."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", db_index=False)
    # The unique constraint below begins with the webhook, the list's index too; nothing is looked up by its event.
    event = models.ForeignKey(
        AuditEvent, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text=_("empty: a ping"),
    )  # fmt: skip
    event_type = models.CharField(max_length=64)
    message_id = models.CharField(max_length=64, unique=True)
    payload = models.TextField()
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0, help_text=_("since it was last put in line"))
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_reason = models.CharField(max_length=32, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                name="one_delivery_for_each_webhook_event_and_type", fields=["webhook", "event", "event_type"]
            ),
            models.CheckConstraint(
                name="what_waits_is_due_at_some_moment", condition=~Q(status="waiting") | Q(due_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "due_at"], name="deliveries_that_wait", condition=Q(status="waiting")),
            models.Index(fields=["webhook", "id"], name="deliveries_of_a_webhook"),
        ]

    def __str__(self):
        return self.message_id


class Attempt(models.Model):
    """One time that a delivery was sent, and what came of it. Of the answer, the status alone is kept."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="attempts")
    began_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("of HTTP; empty: no answer"))
    reason = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"attempt {self.pk}"


class Reading(models.Model):
    """How far a reader has read the log: the position that it reads next. Moved with what it wrote, or not at all."""

    name = models.CharField(max_length=64, unique=True)
    next_position = models.BigIntegerField(default=0)

    def __str__(self):
        return self.name


class Mail(models.Model):
    """One e-mail to one person about one thing, once. Its words are written when it is sent, and are kept nowhere."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        NOT_NEEDED = "not_needed", _("not needed any more")
        GIVEN_UP = "given_up", _("given up")

    kind = models.CharField(max_length=32, help_text=_("who writes it: request"))
    recipient = models.ForeignKey(Employee, models.PROTECT, related_name="mails", db_index=False)
    about_id = models.BigIntegerField(help_text=_("what it is about, as its kind knows it"))
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=64, blank=True, help_text=_("the kind of error that it failed with last"))
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        constraints = [
            models.UniqueConstraint(
                name="one_mail_for_each_person_kind_and_matter", fields=["recipient", "kind", "about_id"]
            ),
            models.CheckConstraint(
                name="a_mail_was_sent_at_some_moment", condition=~Q(status="sent") | Q(sent_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="mails_that_wait", condition=Q(status="waiting"))]

    def __str__(self):
        return f"{self.kind} {self.about_id}"


class MailWish(models.Model):
    """A kind of mail that a person asked for: one that comes to nobody else."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="mail_wishes")
    kind = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="a_kind_of_mail_is_wished_for_once", fields=["employee", "kind"])]

    def __str__(self):
        return f"yes to {self.kind}"


class MailRefusal(models.Model):
    """A kind of mail that a person does not want."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="mail_refusals")
    kind = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="a_kind_of_mail_is_refused_once", fields=["employee", "kind"])]

    def __str__(self):
        return f"no {self.kind}"
