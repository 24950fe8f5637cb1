"""The audit log: who did what to what, when, before and after; and the proof that nobody rewrote it.

Ground floor. Everyone above writes here, so nothing here knows them: actors, subjects, properties and the people
concerned are plain ids, and the log outlives what it speaks of.

``AuditEvent`` is the line, its ``body`` the canonical JSON, its ``digest`` the RFC 6962 leaf hash of that. A business
transaction inserts one, and a row in the queue ``Unsealed``: two inserts, no lock, nobody waits for anybody.
A sequencer empties the queue in batches and gives each event its ``Position``. It asks "what is waiting?", never
"what has an id above the last one?": ids are dealt before the commit, so a late commit has a small id, and the second
question would lose it for ever.

The positions are the one clock for readers: a roll-up, a webhook, a mail remembers the position that it has read, and
adds the unsealed tail.

Accepted commands are recorded in their own transaction, refused ones in another after the roll-back, and malformed
input not at all: nobody may flood a log that can't be pruned. Nothing personal is in it.

Over the positions lies the Merkle tree of RFC 9162: its nodes, the roots of complete subtrees, are written once
(``TreeNode``), so that a proof reads a few of them and never the log. ``seal_log`` grows it and signs a ``Checkpoint`` of
it, which a file outside the database remembers first: what does not go on from there is not signed. ``proof`` holds the
arithmetic, the note, the key and that file; docs/proof.md says what is proven, and what is not.
"""
