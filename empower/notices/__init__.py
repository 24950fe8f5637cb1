"""What leaves the house: webhooks, told to other systems of what was done, and e-mail to people.

A ``Webhook`` is an address of somebody's and the types of events it wants. The dispatcher reads the log by its positions
(``Reading`` remembers how far) and writes a ``Delivery`` for each webhook that wants an event, in the transaction in which
its position moves: no event is passed over and none is dispatched twice. The sender takes deliveries that are due under a
lease, posts them signed as the Standard Webhooks specification says, and notes each ``Attempt``: at least once, since a
worker may be killed between sending and noting. A receiver knows a message it had before by its ``webhook-id``.

Nothing personal leaves: what is told comes from the log, which has nothing personal in it. Nothing is sent to a private
address unless the operator allows it; which address a name has is looked up, checked and connected to in one go.

``Mail`` is one e-mail to one person about one matter, once: a reader of the log higher up (`read_log`) puts it in line in
the transaction in which its position moves; its kind (`register_mail`) writes the words when it is sent, or says that it is
not needed any more. Nothing of them is kept. Whoever does not want a kind says so on their own page.
"""
