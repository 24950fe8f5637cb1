"""Webhooks: set up, fed from the log, delivered."""

from .addresses import check_url
from .changing import change_webhook, create_webhook, retire_webhook, rotate_secret
from .delivering import deliver_webhooks, keep_delivering
from .dispatching import dispatch_events
from .forgetting import forget_old_deliveries
from .replaying import ping_webhook, replay_delivery
from .signing import secret_just_made

__all__ = [
    "change_webhook",
    "check_url",
    "create_webhook",
    "deliver_webhooks",
    "dispatch_events",
    "forget_old_deliveries",
    "keep_delivering",
    "ping_webhook",
    "replay_delivery",
    "retire_webhook",
    "rotate_secret",
    "secret_just_made",
]
