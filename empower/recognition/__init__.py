"""What leaders do with what they learn: stories told at the line-up, thanks between colleagues, work on causes that recur.

A story has names taken out, a card of thanks is read by the one who is thanked, and nobody is counted against another.
An improvement says how often its cause occurred before it began and after it was done, and over how many days.
"""
