from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "empower.staff"
    label = "staff"
    verbose_name = "Staff"
