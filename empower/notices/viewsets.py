"""Webhooks: made, changed, given a new secret, tried, retired; their deliveries read and sent again."""

from django.core.exceptions import ValidationError
from rest_framework.decorators import action

from empower.api_views import ReadingDoor, refuse_unless_matching, told_as_stale
from empower.staff.api_openness import TellsWhoWasLookedUp
from empower.staff.api_retries import RetriableWrites
from empower.staff.serializers import NothingToSay

from . import services
from .filters import DeliveryFilterSet, WebhookFilterSet
from .models import Delivery, Webhook
from .permissions import may_open_webhooks
from .serializers import (
    DeliverySerializer,
    NewWebhook,
    WebhookChange,
    WebhookSerializer,
    WebhookWithSecretSerializer,
    WholeDeliverySerializer,
)


class WebhookDoor(RetriableWrites, TellsWhoWasLookedUp, ReadingDoor):
    area = "webhooks"
    model = Webhook
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilterSet
    takes = {
        "create": NewWebhook,
        "partial_update": WebhookChange,
        "rotate": NothingToSay,
        "ping": NothingToSay,
        "retire": NothingToSay,
    }
    tells = {
        "create": WebhookWithSecretSerializer,
        "rotate": WebhookWithSecretSerializer,
        "ping": WholeDeliverySerializer,
    }

    def detailed(self, rows):
        return rows.select_related("property", "created_by")

    def create(self, request):
        """Have this address told what happens from now on. The secret is in this answer alone."""
        fault = self._fault_of_the_address()

        def make():
            facts = self.body()
            if fault:
                raise fault
            return services.create_webhook(actor=request.user, **facts)[0]

        return self._with_its_secret(self.once(make, status=201))

    def partial_update(self, request, pk):
        fault = self._fault_of_the_address()

        def change():
            webhook = self.get_object()
            refuse_unless_matching(request, webhook.version)
            changes = self.body(partial=True)
            if fault:
                raise fault
            with told_as_stale():
                return services.change_webhook(actor=request.user, webhook=webhook, version=webhook.version, **changes)

        return self.once(change)

    @action(detail=True, methods=["post"])
    def rotate(self, request, pk):
        """The secret is in this answer alone. Messages carry two signatures meanwhile: change at leisure."""

        def act():
            webhook = self.get_object()
            self.body()
            return services.rotate_secret(actor=request.user, webhook=webhook)[0]

        return self._with_its_secret(self.once(act))

    @action(detail=True, methods=["post"])
    def ping(self, request, pk):
        """A message of type `webhook.ping`, put in line like any other; the answer is its delivery."""

        def act():
            webhook = self.get_object()
            self.body()
            return services.ping_webhook(actor=request.user, webhook=webhook)

        return self.once(act)

    @action(detail=True, methods=["post"])
    def retire(self, request, pk):
        """For good: what waits is given up. Its deliveries can still be read."""

        def act():
            webhook = self.get_object()
            self.body()
            return services.retire_webhook(actor=request.user, webhook=webhook)

        return self.once(act)

    def _fault_of_the_address(self):
        """What is wrong with the body's ``url``, its name looked up: before any transaction, which would wait for that.

        Only for who may have webhooks: others would learn which names the house knows.
        """
        url = self.request.data.get("url") if isinstance(self.request.data, dict) else None
        if isinstance(url, str) and may_open_webhooks(self.request.user):
            try:
                services.check_url(url)
            except ValidationError as fault:
                return fault
        return None

    def _with_its_secret(self, answer):
        """After the answer was kept for retries: the secret must lie in no table, and is worked out again for an hour."""
        webhook = Webhook.objects.visible_to(self.request.user).filter(pk=answer.data["id"]).first()
        number = answer.data.get("secret_version")
        answer.data["secret"] = webhook and number and services.secret_just_made(webhook=webhook, number=number)
        return answer


class DeliveryDoor(RetriableWrites, ReadingDoor):
    """Under ``webhooks/{webhook}/``: what was sent to it, or waits."""

    area = "webhooks"
    model = Delivery
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilterSet
    takes = {"replay": NothingToSay}
    tells = {"retrieve": WholeDeliverySerializer}

    def get_queryset(self):
        return super().get_queryset().filter(webhook=self.kwargs["webhook"])

    def detailed(self, rows):
        rows = rows.select_related("webhook")
        return rows.prefetch_related("attempts") if self.action == "retrieve" else rows

    @action(detail=True, methods=["post"])
    def replay(self, request, webhook, pk):
        """The same message, with the same id, whether it arrived or was given up; one that waits is due at once."""

        def act():
            delivery = self.get_object()
            self.body()
            return services.replay_delivery(actor=request.user, delivery=delivery)

        return self.once(act)

    def retrieve(self, request, webhook, pk):
        return super().retrieve(request, pk)
