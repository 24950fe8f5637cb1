"""Shared phones: the ones that lie at a desk or on a trolley and go from hand to hand.

A manager enrols a phone; it keeps a long random secret in a cookie, of which only a digest is stored. On such a phone,
and nowhere else, a person of its property signs in by staff number and PIN (``Pin``). Whoever has no password is given
a code on paper by a manager, and chooses the PIN with it on the phone itself. Wrong tries are counted for the person and
for the phone, each before the PIN is looked at, so that no number of tries at once gets beyond the limit.

Whoever came in by a PIN does what the frontline does: they write down, give, look at their own page. What a password
guards (requests of others, the desk, tokens, deputies, other phones) stays shut: six digits typed in a corridor, where
others look on, are not somebody's word for 25,000. A session ends after ten minutes of nothing, with the browser, by
"Hand over", and at once when the phone is revoked.
"""
