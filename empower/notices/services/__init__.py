"""Webhooks: set up, fed from the log, delivered. E-mail: put in line, written, sent once."""

from .addresses import check_url
from .changing import change_webhook, create_webhook, retire_webhook, rotate_secret
from .delivering import deliver_webhooks, keep_delivering
from .dispatching import dispatch_events
from .forgetting import forget_old_deliveries
from .mail_kinds import Letter, MailKind, register_mail
from .mailing import keep_mailing, mail_leaves, queue_mails, send_mails
from .reading import read_log, skip_log
from .refusing import choose_mail, wants_mail
from .replaying import ping_webhook, replay_delivery
from .signing import secret_just_made
from .stopping import find_stop, stop_mail, stop_url

__all__ = [
    "Letter",
    "MailKind",
    "change_webhook",
    "check_url",
    "choose_mail",
    "create_webhook",
    "deliver_webhooks",
    "dispatch_events",
    "find_stop",
    "forget_old_deliveries",
    "keep_delivering",
    "keep_mailing",
    "mail_leaves",
    "ping_webhook",
    "queue_mails",
    "read_log",
    "register_mail",
    "replay_delivery",
    "retire_webhook",
    "rotate_secret",
    "secret_just_made",
    "send_mails",
    "skip_log",
    "stop_mail",
    "stop_url",
    "wants_mail",
]
