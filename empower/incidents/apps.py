from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "empower.incidents"
    label = "incidents"
    verbose_name = "Incidents"
