"""What the log answers beside its rows: what is wrong with it, and the proofs that something is in it."""
