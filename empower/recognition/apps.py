from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "empower.recognition"
    label = "recognition"
    verbose_name = "Recognition"

    def ready(self):
        from . import erasure

        erasure.hand_over()
