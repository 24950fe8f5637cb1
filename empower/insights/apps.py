from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "empower.insights"
    label = "insights"
    verbose_name = "Insights"
