"""What the proof is made of, with no row in sight: the tree's arithmetic, the signed note, the key, and the file outside.

A stranger's copy of the same arithmetic is docs/verify_audit.py, written apart so that one may check the other.
"""
