"""Deliveries are no facts of the house: the log has those. What has ended is kept for a while, to be looked at."""

from datetime import timedelta

from django.db import transaction

from empower import clock

from ..models import Attempt, Delivery, Mail

KEPT_FOR = timedelta(days=90)


def forget_old_deliveries(*, batch=1000):
    """Deletes what was delivered or given up and is older than 90 days, with its attempts, mail too. Returns how many.

    ``batch`` to a transaction; three queries each.
    """
    forgotten = 0
    old = Delivery.objects.filter(created_at__lt=clock.now() - KEPT_FOR).exclude(status=Delivery.Status.WAITING)
    while True:
        with transaction.atomic():
            ids = list(old.order_by("pk").values_list("pk", flat=True)[:batch])
            Attempt.objects.filter(delivery__in=ids).delete()
            Delivery.objects.filter(pk__in=ids).delete()
        forgotten += len(ids)
        if len(ids) < batch:
            break
    mails = Mail.objects.filter(created_at__lt=clock.now() - KEPT_FOR).exclude(status=Mail.Status.WAITING)
    return forgotten + mails.delete()[0]
