"""The review of rules: they stand below, and what is under way when one changes is told here."""

from django.contrib import admin

from empower.policies.admin.rules import PolicyDesk
from empower.policies.models import Policy

from ..queries.rule_changes import under_way


@admin.register(Policy)
class PolicyReview(PolicyDesk):
    def under_way(self, preview):
        return under_way(preview)
