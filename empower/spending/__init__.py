"""The heart: what one can give, what was given, what one may still give, and who decides above that.

A spend within the authority is posted at once. Above it the whole spend waits, or is split in two. One conditional
statement keeps the limit, and a CHECK in the database keeps it again; what an approver decides counts beside the
authority, not against it.
"""
