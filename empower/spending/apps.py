from django.apps import AppConfig


class SpendingConfig(AppConfig):
    name = "empower.spending"
    label = "spending"
    verbose_name = "Spending"

    def ready(self):
        from . import erasure

        erasure.hand_over()
