"""What the database itself keeps of the journal: a seal only on a balanced entry, no posting into a sealed one."""


def register():
    """Hand the triggers to `append_only`, which installs them after every migrate."""
