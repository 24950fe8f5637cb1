"""The ledger: accounts, allotments, entries and their postings. Double entry, integer minor units, written once.

An entry is written with its postings and then closed by a seal, whose trigger checks that it balances; a sealed entry
takes no further posting. Balances read sealed entries only. A correction is a new entry that refers to the old one.
Encumbrance accounting beside the real accounts: allotment − held − spent = available.
"""
