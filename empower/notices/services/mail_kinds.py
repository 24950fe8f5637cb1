"""The kinds of mail that there are: who writes each, and who may want it. Each app above registers its own."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """What is sent: no guest's name or room anywhere in it."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class MailKind:
    """``write(mail)`` gives the `Letter`, in the language that is active then, or None: it is not needed any more.

    ``says`` is the line on the own page, ``is_for(employee)`` whether this person ever gets it. ``is_asked_for``: it comes
    to who said yes, and says how to end it; others come until somebody says no.
    """

    name: str
    says: str
    is_for: Callable
    write: Callable
    is_asked_for: bool = False


#: By name.
MAIL_KINDS = {}


def register_mail(kind):
    """A second time the same name takes the place of the first."""
    MAIL_KINDS[kind.name] = kind
