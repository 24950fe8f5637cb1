"""Who may how much: limits, scopes, tiers, deputies. A policy is dated, versioned and never edited.

The most specific version in force at the moment of the act applies, and the act keeps which one it was: a rule that
changes tomorrow makes nothing done today false.
"""
