"""What is done to the log: an event or a refusal is recorded, the queue gets its positions, the log is sealed.

Nobody else inserts here, and nobody changes what is here: the database refuses it.
"""

from ..queries.faults import describe_gaps, first_fault
from .openness import note_looked_up
from .recording import LONGEST_STRING, command, leaf_hash, record_event, whole_command
from .sealing import Sealed, grow_tree, seal_log
from .sequencing import sequence_events, sequence_waiting_events

__all__ = [
    "LONGEST_STRING",
    "Sealed",
    "command",
    "describe_gaps",
    "first_fault",
    "grow_tree",
    "leaf_hash",
    "note_looked_up",
    "record_event",
    "seal_log",
    "sequence_events",
    "sequence_waiting_events",
    "whole_command",
]
