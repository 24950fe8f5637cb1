"""Who may read the log. Writing has no permission: whoever may act is recorded, and nobody writes to it by hand."""

from empower.audit.querysets import reads_the_whole_log


def can_read_the_whole_log(user):
    """Auditors and leaders. Everybody else reads their own lines, by ``visible_to``."""
    return reads_the_whole_log(user)
