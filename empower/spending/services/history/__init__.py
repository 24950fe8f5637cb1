"""Importing what happened before: each row of a history file is one command, of the system."""

from .importing import import_history

__all__ = ["import_history"]
