from django.apps import AppConfig


class SpendingConfig(AppConfig):
    name = "empower.spending"
    label = "spending"
    verbose_name = "Spending"
