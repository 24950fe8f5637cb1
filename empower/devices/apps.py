from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "empower.devices"
    label = "devices"
    verbose_name = "Shared phones"
