"""What is stored of the log: the event, its place in the queue, its position; the tree over them and what was signed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from empower.audit.querysets import AuditEventQuerySet, CheckpointQuerySet


class AuditEvent(models.Model):
    """One line: who did what to what, when, before and after. Written once.

    The columns repeat a part of ``body`` so that the log can be searched; ``body`` is what is hashed, and
    ``first_fault`` compares the two. Ids are plain: the line outlives what it speaks of.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    append_only = True

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(help_text=_("When, by the server's clock, in UTC."))
    actor_id = models.BigIntegerField(
        null=True, blank=True, help_text=_("The employee who acted; empty is the system.")
    )
    verb = models.CharField(max_length=64, help_text="spend.approved")
    outcome = models.CharField(max_length=8, choices=Outcome)
    subject_type = models.CharField(max_length=64, blank=True, help_text=_("What kind of thing: spend."))
    subject_id = models.BigIntegerField(null=True, blank=True)
    property_id = models.BigIntegerField(null=True, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True, help_text=_("The employee whom it concerns."))
    body = models.TextField(help_text=_("The canonical JSON of all of it, before and after included: what is hashed."))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of 0x00 and the body (an RFC 9162 leaf), in hex."))

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_event_was_accepted_or_refused", condition=models.Q(outcome__in=["accepted", "refused"])
            )
        ]
        indexes = [
            models.Index(fields=["actor_id", "id"], name="audit_event_by_actor"),
            models.Index(
                fields=["about_id", "id"], name="audit_event_by_about", condition=models.Q(about_id__isnull=False)
            ),
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_event_by_subject"),
            models.Index(fields=["property_id", "id"], name="audit_event_by_property"),
        ]

    def __str__(self):
        return f"{self.verb} ({self.get_outcome_display()})"


class Unsealed(models.Model):
    """The queue: an event that has no position yet. The only table here whose rows go."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True, related_name="unsealed")

    class Meta:
        verbose_name_plural = "unsealed"

    def __str__(self):
        return f"event {self.event_id}, waiting"


class Position(models.Model):
    """Where an event stands in the log: 0, 1, 2 ... with no gap. A table of its own: the event stays untouched."""

    append_only = True

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="position")

    class Meta:
        constraints = [models.CheckConstraint(name="a_position_is_not_negative", condition=models.Q(position__gte=0))]

    def __str__(self):
        return f"{self.position}"


class TreeNode(models.Model):
    """The root of a complete subtree of 2**level events: all that a proof needs, so that none reads the log.

    Two rows an event, in the end. ``number`` says level and index in one (`proof.merkle.number_of`), in the order in
    which appending makes them: a row more is always the next number, at the right edge of its index.
    """

    append_only = True

    number = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField(max_length=32, help_text=_("The RFC 9162 hash of the subtree."))

    class Meta:
        constraints = [models.CheckConstraint(name="a_node_has_a_number", condition=models.Q(number__gte=0))]

    def __str__(self):
        return f"node {self.number}"


class Checkpoint(models.Model):
    """A signed statement: so many events, and this is the root over them. Written once.

    The columns repeat the note, so that it can be searched; the note is what is signed. ``sealed_at`` is not: when a
    statement was made is proven by whoever received it then.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField(help_text=_("When it was signed, by the server's clock, in UTC."))
    size = models.BigIntegerField(unique=True, help_text=_("How many events it covers: positions 0 to size - 1."))
    root = models.CharField(max_length=64, help_text=_("The RFC 9162 root over them, in hex."))
    note = models.TextField(help_text=_("The C2SP checkpoint, signed with Ed25519: this is what counts."))

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="a_checkpoint_covers_an_event", condition=models.Q(size__gte=1))]

    def __str__(self):
        return f"checkpoint of {self.size} events"
