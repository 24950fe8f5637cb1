"""What it all says: figures, the dashboard, policy trials, `verify` and the demo.

Owns no fact: everything here can be recomputed, but the record of which trials were run and what they said that day.
"""
