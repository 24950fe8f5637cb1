from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from empower.incidents.models import Incident
from empower.incidents.querysets import of_ones_property

#: How far below a cause its branch is looked for: as deep as the filters of the lists look.
_LEVELS = 4


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The stories of one's property; all for leaders and auditors; none for the superuser."""
        return of_ones_property(self, user)

    def chosen(self):
        return self.filter(status="chosen")

    def with_details(self):
        """Stories as lists and pages show them: one query."""
        return self.select_related("property", "incident__category", "nominated_by", "chosen_by", "withdrawn_by")


class ThanksQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What one wrote, and what one was written; a property's for its managers; all for leaders and auditors.

        A card that was taken back is seen by whoever wrote it and by managers, not by the one whom it thanked.
        """
        if not user.is_active or user.is_superuser or not user.role:
            return self.none()
        if user.sees_every_property:
            return self
        seen = Q(given_by=user) | Q(receiver=user, withdrawn_at=None)
        if user.sees_whole_property:
            seen |= Q(property=user.property_id)
        return self.filter(seen)

    def standing(self):
        """Not taken back."""
        return self.filter(withdrawn_at=None)

    def with_details(self):
        """Cards as lists and pages show them: one query."""
        return self.select_related("property", "incident__category", "given_by", "receiver", "withdrawn_by")


class ImprovementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The improvements of one's property; all for leaders and auditors; none for the superuser."""
        return of_ones_property(self, user)

    def open(self):
        return self.filter(status="open")

    def with_details(self):
        """With its codes, and the counts that its rates are made of: one query, however many rows."""
        return self.select_related("property", "department", "category", "owner", "recorded_by").with_counts()

    def with_counts(self):
        """``incidents_before`` (from ``compared_from`` until it began), ``incidents_after`` (since it was done), and
        ``records_begin_at``: the first of what the property has written down. Void incidents count nowhere.
        """
        before = Q(occurred_at__gte=OuterRef("compared_from"), occurred_at__lt=OuterRef("began_at"))
        after = Q(occurred_at__gte=OuterRef("ended_at"))
        first = Incident.objects.filter(property=OuterRef("property")).order_by("occurred_at").values("occurred_at")[:1]
        return self.annotate(
            incidents_before=_incidents(before),
            incidents_after=_incidents(after),
            records_begin_at=Least(Coalesce(Subquery(first), "property__opened_at"), "property__opened_at"),
        )


def _incidents(when):
    cause, path = Q(category=OuterRef("category")), "category"
    for _level in range(_LEVELS):
        path = f"{path}__parent"
        cause |= Q(**{path: OuterRef("category")})
    here = Incident.objects.not_void().filter(when, cause, property=OuterRef("property"))
    there = here.filter(department=OuterRef("department"))
    return Case(When(department=None, then=_count(here)), default=_count(there), output_field=IntegerField())


def _count(incidents):
    counted = incidents.order_by().values("property").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())
