"""What happened, and to whom: guests, incidents, their causes, how they ended, and whether anyone looked in later.

Four moments are kept apart: when it occurred, when the guest reported it, when we recorded it, when it was resolved.
Personal data lives in the guest and in the free-text fields named in `erasure.ERASABLE`, and can be emptied there
without breaking a sum or a proof.
"""
