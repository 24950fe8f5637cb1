from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "empower.policies"
    label = "policies"
    verbose_name = "Policies"
