"""What the database itself keeps of the journal: a seal only on a balanced entry, no posting into a sealed one.

Nor into one that is still to come: it could wait for the number that the next entry gets, and join it when that one is
sealed. The foreign key is asked only by commit, and not at all of a client of SQLite that leaves it off.

On SQLite an entry without a seal can be committed; it counts nowhere, since balances read sealed entries only.
"""

from empower import append_only

#: What a seal answers for, in the order in which it is asked. The messages are the same on both engines.
_UNKNOWN = "no such entry to seal"
_TOO_FEW = "an entry has two postings or more"
_NO_INTEGER = "a posting is a whole number of minor units"
_MIXED = "an entry has one currency, which its accounts have too"
_ELSEWHERE = "an entry is of one property, which its postings have too"
_UNBALANCED = "an entry sums to zero"
_TOO_MUCH = "no more is reversed than was booked"
_NOWHERE = "no such entry to post to"
_SEALED = "a sealed entry takes no further posting"
_UNSEALED = "an entry is sealed by commit"

# What stands of the original after all its mirrors lies between nothing and the original, account by account. A spend
# that was paid out of what was held gives back to available: there is nothing left to hold it for.
# The original and its mirrors are found by two indexes, not by one join with an OR: before a table was ever analysed, and
# an import fills it within one transaction, such a join reads all of it for each seal.
_ACCOUNT = (
    "CASE WHEN a.code = 'budget:held' AND (SELECT kind FROM journal_journalentry WHERE id = {original}) = 'spend' "
    "THEN 'budget:available' ELSE a.code END"
)
_BOOKED = "SUM(CASE WHEN e.id = {original} THEN p.amount ELSE 0 END)"
_REVERSED_TOO_MUCH = f"""
    SELECT 1
    FROM (
            SELECT id FROM journal_journalentry WHERE id = {{original}}
            UNION ALL SELECT id FROM journal_journalentry WHERE reverses_id = {{original}}
        ) e
        JOIN journal_posting p ON p.entry_id = e.id
        JOIN journal_account a ON a.id = p.account_id
    WHERE e.id = NEW.entry_id OR EXISTS (SELECT 1 FROM journal_entryseal s WHERE s.entry_id = e.id)
    GROUP BY {_ACCOUNT}, a.currency
    HAVING abs(SUM(p.amount)) > abs({_BOOKED}) OR SUM(p.amount) * {_BOOKED} < 0
"""

_LEGS = "FROM journal_posting p LEFT JOIN journal_account a ON a.id = p.account_id WHERE p.entry_id = NEW.entry_id"
_ENTRY = "(SELECT {} FROM journal_journalentry WHERE id = NEW.entry_id)"


def _raise(message, condition):
    return f"    SELECT RAISE(ABORT, '{message}') WHERE {condition};\n"


_SQLITE_SEAL = (
    "CREATE TRIGGER journal_seal_closes_only_what_balances BEFORE INSERT ON journal_entryseal\nBEGIN\n"
    + _raise(_UNKNOWN, f"{_ENTRY.format('id')} IS NULL")
    + _raise(_TOO_FEW, f"(SELECT count(*) {_LEGS}) < 2")
    # A column of SQLite takes any kind of value: half a cent, or a text.
    + _raise(_NO_INTEGER, f"EXISTS (SELECT 1 {_LEGS} AND typeof(p.amount) <> 'integer')")
    + _raise(_MIXED, f"EXISTS (SELECT 1 {_LEGS} AND a.currency IS NOT {_ENTRY.format('currency')})")
    + _raise(_ELSEWHERE, f"EXISTS (SELECT 1 {_LEGS} AND p.property_id IS NOT {_ENTRY.format('property_id')})")
    + _raise(_UNBALANCED, f"(SELECT SUM(p.amount) {_LEGS}) <> 0")
    + _raise(
        _TOO_MUCH,
        f"{_ENTRY.format('reverses_id')} IS NOT NULL AND EXISTS ("
        + _REVERSED_TOO_MUCH.format(original=_ENTRY.format("reverses_id"))
        + ")",
    )
    + "END"
)

_SQLITE_POSTING = f"""
CREATE TRIGGER journal_posting_enters_no_sealed_entry BEFORE INSERT ON journal_posting
BEGIN
{_raise(_NOWHERE, f"{_ENTRY.format('id')} IS NULL")}
{_raise(_SEALED, "EXISTS (SELECT 1 FROM journal_entryseal WHERE entry_id = NEW.entry_id)")}
END
"""


def _function(name, body):
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $refuse$\n{body}\n$refuse$"


# The lock is taken before what was reversed is read, so that two mirrors of one entry see each other. An advisory one:
# a role that may only insert here can't lock the row.
_POSTGRESQL_SEAL = _function(
    "journal_seal_only_what_balances",
    f"""
DECLARE
    sealed journal_journalentry%ROWTYPE;
    legs bigint; strangers bigint; elsewhere bigint; total numeric; fault text;
BEGIN
    SELECT * INTO sealed FROM journal_journalentry WHERE id = NEW.entry_id;
    SELECT count(*), count(*) FILTER (WHERE a.currency IS DISTINCT FROM sealed.currency),
        count(*) FILTER (WHERE p.property_id <> sealed.property_id), sum(p.amount)
    INTO legs, strangers, elsewhere, total
    {_LEGS};
    IF sealed.id IS NULL THEN fault := '{_UNKNOWN}';
    ELSIF legs < 2 THEN fault := '{_TOO_FEW}';
    ELSIF strangers > 0 THEN fault := '{_MIXED}';
    ELSIF elsewhere > 0 THEN fault := '{_ELSEWHERE}';
    ELSIF total <> 0 THEN fault := '{_UNBALANCED}';
    ELSIF sealed.reverses_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('journal_journalentry.reverses', sealed.reverses_id));
        IF EXISTS ({_REVERSED_TOO_MUCH.format(original="sealed.reverses_id")}) THEN fault := '{_TOO_MUCH}'; END IF;
    END IF;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION '%', fault USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

_POSTGRESQL_POSTING = _function(
    "journal_refuse_posting_into_sealed",
    f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM journal_journalentry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION '{_NOWHERE}' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM journal_entryseal WHERE entry_id = NEW.entry_id) THEN
        RAISE EXCEPTION '{_SEALED}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
""",
)

_POSTGRESQL_UNSEALED = _function(
    "journal_refuse_unsealed",
    f"""
BEGIN
    IF NOT EXISTS (SELECT 1 FROM journal_entryseal WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION '{_UNSEALED}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
""",
)


def register():
    """Hand the triggers to `append_only`, which installs them after every migrate."""
    append_only.register(
        "journal_seal",
        "journal_entryseal",
        sqlite_sql=[_SQLITE_SEAL],
        postgresql_sql=[
            _POSTGRESQL_SEAL,
            "CREATE TRIGGER journal_seal_closes_only_what_balances BEFORE INSERT ON journal_entryseal "
            "FOR EACH ROW EXECUTE FUNCTION journal_seal_only_what_balances()",
        ],
    )
    append_only.register(
        "journal_posting",
        "journal_posting",
        sqlite_sql=[_SQLITE_POSTING],
        postgresql_sql=[
            _POSTGRESQL_POSTING,
            "CREATE TRIGGER journal_posting_enters_no_sealed_entry BEFORE INSERT ON journal_posting "
            "FOR EACH ROW EXECUTE FUNCTION journal_refuse_posting_into_sealed()",
        ],
    )
    append_only.register(
        "journal_entry",
        "journal_journalentry",
        postgresql_sql=[
            _POSTGRESQL_UNSEALED,
            "CREATE CONSTRAINT TRIGGER journal_entry_is_sealed_by_commit AFTER INSERT ON journal_journalentry "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_refuse_unsealed()",
        ],
    )
