"""What it all says: figures, the dashboard, `verify` and the demo. Owns no fact: everything here can be recomputed."""
