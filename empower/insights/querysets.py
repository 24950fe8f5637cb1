from django.db import models
from django.db.models import Q


class PolicyTrialQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those that were shared, of where one may run trials: one's own property, as its manager; all
        for leaders and auditors.
        """
        if not user.is_active or user.is_superuser or not (user.sees_every_property or user.sees_whole_property):
            return self.none()
        here = self if user.sees_every_property else self.filter(property=user.property_id)
        return here.filter(Q(author=user) | Q(is_shared=True))

    def with_details(self):
        """Trials as lists and pages show them: one query, however many rows."""
        return self.select_related("author", "property", "department")
