"""The same counts by DuckDB over the raw rows: another engine, other words, nothing of ours but the scale of the marks."""

import csv
import tempfile
from datetime import UTC
from math import floor
from pathlib import Path

import duckdb
from django.db import connection

from empower.insights.queries import counts, facts, timing
from empower.insights.queries.costs import LimitUse
from empower.insights.queries.marks import STEPS, by_marks, gathered
from empower.staff.models import Property

#: What is read of each table, as it stands in the database.
TABLES = {
    "incidents_incident": "id, property_id, kind, status, outcome, occurred_at, reported_at, category_id, department_id",
    "incidents_incidentguest": "incident_id, feeling_before, feeling_after",
    "incidents_resolution": "incident_id, resolved_at",
    "spending_spend": (
        "id, incident_id, employee_id, property_id, status, judged_as, amount, cost, reversed_amount, reversed_cost, "
        "currency, occurred_at, posted_at, authority_id, limit_in_force, external_id"
    ),
    "spending_approval": "spend_id, property_id, status, requested_at, decided_at, expires_at",
    "journal_journalentry": "id, property_id, kind, reverses_id, occurred_at",
    "journal_posting": "entry_id, account_id, amount, property_id, incident_id",
    "journal_account": "id, kind, currency",
}
_LOG = [f"WHEN {{v}} <= {upto} THEN ({{v}} + {step - 1}) // {step} * {step}" for upto, step in STEPS if upto < 10**13]


def mark(value):
    """SQL: the mark of a whole number (`insights.queries.marks`)."""
    return f"CASE {' '.join(_LOG)} END".replace("{v}", value)


def seconds(begins, ends):
    return f"greatest(0, CAST(round_even(epoch_us({ends} - {begins}) / 1e6, 0) AS BIGINT))"


class Referee:
    """The rows of the database, in DuckDB's memory."""

    def __init__(self):
        self.duck = duckdb.connect()
        with tempfile.TemporaryDirectory() as folder:
            for table, columns in TABLES.items():
                self._take(table, columns, Path(folder) / f"{table}.csv")

    def _take(self, table, columns, file):
        select = f"SELECT {columns} FROM {table}"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with open(file, "wb") as out, cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv, HEADER)") as copy:
                    out.writelines(copy)
            else:
                cursor.execute(select)
                with open(file, "w", newline="") as out:
                    writer = csv.writer(out)
                    writer.writerow([name for name, *_more in cursor.description])
                    writer.writerows(cursor.connection.execute(select))
        kinds = ", ".join(f"'{name}': '{_kind(name)}'" for name in columns.split(", "))
        self.duck.execute(
            f"CREATE TABLE {table} AS SELECT * FROM read_csv('{file}', header=true, nullstr='', columns={{{kinds}}})"
        )

    def ask(self, selection):
        """{name: what it came to} of the whole selection: properties and days."""
        self._bounds(selection)
        return {name: getattr(self, f"_{name}")() for name in COUNTED}

    def _bounds(self, selection):
        self.duck.execute("CREATE OR REPLACE TEMP TABLE bounds (property_id BIGINT, begins TIMESTAMP, ends TIMESTAMP)")
        rows = []
        for pk, zone in Property.objects.filter(pk__in=selection.properties.values("pk")).values_list("pk", "timezone"):
            begins, ends = selection.period.bounds(zone)
            rows.append([pk, *(one.astimezone(UTC).replace(tzinfo=None) for one in (begins, ends))])
        self.duck.executemany("INSERT INTO bounds VALUES (?, ?, ?)", rows)

    def _rows(self, sql):
        return self.duck.execute(sql).fetchall()

    def _incidents(self):
        return self._rows(f"""
            WITH own AS (
                SELECT incident_id, bool_or(judged_as = 'own') AS used, bool_and(judged_as = 'own') AS alone,
                    bool_or(judged_as = 'own' AND cost > reversed_cost) AS paid
                FROM spending_spend WHERE status = 'posted' GROUP BY ALL
            ), cause AS (
                SELECT i.id, i.kind = 'recovery' AND lag(i.occurred_at) OVER w >= i.occurred_at - INTERVAL 30 DAY AS again
                FROM incidents_incident i WHERE kind = 'recovery' AND status <> 'void'
                    AND category_id IS NOT NULL AND department_id IS NOT NULL
                WINDOW w AS (PARTITION BY category_id, department_id ORDER BY occurred_at)
            )
            SELECT count(*) FILTER (kind = 'recovery'), count(*) FILTER (kind = 'delight'),
                count(*) FILTER (kind = 'recovery' AND used), count(*) FILTER (kind = 'recovery' AND paid),
                count(*) FILTER ({_ENDED}), count(*) FILTER ({_ENDED} AND used AND alone),
                count(*) FILTER ({_ENDED} AND outcome = 'recovered'), count(*) FILTER ({_ENDED} AND outcome = 'delighted'),
                count(*) FILTER ({_ENDED} AND outcome = 'lost'),
                count(*) FILTER ({_ENDED} AND coalesce(outcome, '') IN ('', 'unknown')), count(*) FILTER (again)
            FROM incidents_incident i {_here("i", "occurred_at")} LEFT JOIN own ON own.incident_id = i.id
                LEFT JOIN cause ON cause.id = i.id WHERE status <> 'void'""")[0]

    def _acts(self):
        spent = self._rows(f"""
            SELECT currency, judged_as, count(*), sum(amount - reversed_amount)
            FROM ({_ACTS}) s {_here("s", "act_at")} WHERE status = 'posted' GROUP BY ALL""")
        booked = self._rows("""
            SELECT a.currency, sum(p.amount) FROM journal_posting p JOIN journal_account a ON a.id = p.account_id
            JOIN journal_journalentry e ON e.id = p.entry_id LEFT JOIN journal_journalentry r ON r.id = e.reverses_id
            JOIN bounds b ON b.property_id = p.property_id AND coalesce(r.occurred_at, e.occurred_at) >= b.begins
                AND coalesce(r.occurred_at, e.occurred_at) < b.ends
            WHERE a.kind = 'expense' GROUP BY ALL""")
        return sorted(spent), sorted(booked)

    def _requests(self):
        return sorted(
            self._rows(f"""
            SELECT status, count(*) FROM spending_approval s {_here("s", "requested_at")} GROUP BY ALL""")
        )

    def _feelings(self):
        return sorted(
            self._rows(f"""
            SELECT feeling_after - feeling_before AS change, count(*)
            FROM incidents_incidentguest g JOIN incidents_incident i ON i.id = g.incident_id {_here("i", "occurred_at")}
            WHERE change IS NOT NULL AND kind = 'recovery' AND status <> 'void' GROUP BY ALL""")
        )

    def _people(self):
        return self._rows(f"SELECT count(DISTINCT employee_id) FROM ({_ACTS}) s {_here('s', 'act_at')}")[0][0]

    def _recovery_costs(self):
        return sorted(
            self._rows(f"""
            SELECT a.currency, sum(p.amount) FROM journal_posting p JOIN journal_account a ON a.id = p.account_id
            JOIN incidents_incident i ON i.id = p.incident_id {_here("i", "occurred_at")}
            WHERE a.kind = 'expense' AND i.kind = 'recovery' AND i.status <> 'void' GROUP BY ALL""")
        )

    def _cost_sizes(self):
        return sorted(
            self._rows(f"""
            SELECT currency, {mark("(cost - reversed_cost)")} AS size, count(*) FROM ({_ACTS}) s {_here("s", "act_at")}
            WHERE status = 'posted' AND cost > reversed_cost GROUP BY ALL""")
        )

    def _limits(self):
        return sorted(
            self._rows(f"""
            WITH scope AS (
                SELECT arg_min(property_id, (occurred_at, id)) AS property_id, min(occurred_at) AS occurred_at,
                    sum(amount - reversed_amount) AS given, max(limit_in_force) AS most
                FROM spending_spend WHERE status = 'posted' AND judged_as = 'own' AND authority_id IS NOT NULL
                GROUP BY authority_id
            )
            SELECT CAST(1000 * given // most AS BIGINT) AS share, count(*)
            FROM scope s {_here("s", "occurred_at")} WHERE most > 0 GROUP BY ALL""")
        )

    def _own_waits(self):
        return sorted(
            self._rows(f"""
            WITH first AS (
                SELECT incident_id, min(posted_at) AS yes_at FROM spending_spend
                WHERE judged_as = 'own' AND coalesce(external_id, '') = '' GROUP BY ALL
            )
            SELECT {mark(seconds("reported_at", "yes_at"))} AS wait, count(*)
            FROM incidents_incident i {_here("i", "occurred_at")} JOIN first ON first.incident_id = i.id
            WHERE kind = 'recovery' AND status <> 'void' GROUP BY ALL""")
        )

    def _asked_waits(self):
        return sorted(
            self._rows(f"""
            SELECT {mark(seconds("requested_at", "decided_at"))} AS wait, count(*)
            FROM spending_approval s {_here("s", "requested_at")} WHERE status IN ('approved', 'declined') GROUP BY ALL""")
        )

    def _resolve_waits(self):
        return sorted(
            self._rows(f"""
            SELECT {mark(seconds("reported_at", "resolved_at"))} AS wait, count(*)
            FROM incidents_resolution r JOIN incidents_incident i ON i.id = r.incident_id {_here("i", "occurred_at")}
            WHERE kind = 'recovery' AND status <> 'void' GROUP BY ALL""")
        )


COUNTED = (
    "incidents", "acts", "requests", "feelings", "people", "recovery_costs", "cost_sizes", "limits", "own_waits",
    "asked_waits", "resolve_waits",
)  # fmt: skip
_ENDED = "kind = 'recovery' AND status = 'resolved'"
_ACTS = """
    SELECT s.*, CASE WHEN a.status = 'approved' THEN s.posted_at ELSE s.occurred_at END AS act_at
    FROM spending_spend s LEFT JOIN spending_approval a ON a.spend_id = s.id"""


def _here(row, moment):
    return (
        f"JOIN bounds b ON b.property_id = {row}.property_id AND {row}.{moment} >= b.begins AND {row}.{moment} < b.ends"
    )


def _kind(column):
    if column.endswith("_at"):
        return "TIMESTAMP"
    return "VARCHAR" if column in ("kind", "status", "outcome", "judged_as", "currency", "external_id") else "BIGINT"


def ours(selection):
    """The same of `insights.queries.counts`, in the referee's shapes. Quantities above a thousand, by their marks."""
    of = counts.count_incidents(selection, with_recurrence=True).get((), facts.IncidentCounts())
    acts, requests = counts.count_acts(selection).get((), {}), counts.count_requests(selection).get(())
    named = ("answered", "approved", "declined", "open")
    told = {name: getattr(requests, name) for name in named} if requests else {}
    told["expired"] = requests.requests - sum(told.values()) if requests else 0
    limits = counts.limit_use(selection).get((), LimitUse())
    waits = {
        name: by_marks(getattr(counts, name)(selection).get((), timing.Waits()).ended)
        for name in ("own_waits", "asked_waits", "resolve_waits")
    }
    return {
        "incidents": (
            of.recoveries, of.delights, of.used, of.used_at_a_cost, of.resolved, of.autonomous, of.recovered, of.delighted,
            of.lost, of.unknown, of.recurrent,
        ),
        "acts": (
            _acts_of(acts), sorted((currency, one.cost) for currency, one in acts.items() if one.cost),
        ),
        "requests": sorted((name, number) for name, number in told.items() if number),
        "feelings": sorted(counts.count_feelings(selection).get((), {}).items()),
        "people": counts.count_people(selection).get((), 0),
        "recovery_costs": sorted(
            (currency, one.cost) for currency, one in counts.recovery_costs(selection).get((), {}).items() if one.cost
        ),
        "cost_sizes": sorted(
            (currency, at, many)
            for currency, sizes in counts.cost_sizes(selection).get((), {}).items()
            for at, many in by_marks(sizes)
        ),
        "limits": list(gathered((floor(1000 * share + 1e-9), many) for share, many in limits.shares)),
        **{name: list(pairs) for name, pairs in waits.items()},
    }  # fmt: skip


def _acts_of(acts):
    """[(currency, judged as, how many)] without the sums, which are told by currency alone: see `agree`."""
    return sorted((currency, how, many) for currency, one in acts.items() for how, many in one.judged.items())


def agree(theirs, mine, acts):
    """[names of what differs]; ``acts``: our ActCounts by currency, whose amounts theirs tell by how they were judged."""
    spent, booked = theirs["acts"]
    amounts = {}
    for currency, _how, _many, amount in spent:
        amounts[currency] = amounts.get(currency, 0) + amount
    same_acts = [row[:3] for row in spent] == mine["acts"][0] and [(c, int(s)) for c, s in booked if s] == mine["acts"][
        1
    ]
    same_amounts = amounts == {currency: one.amount - one.credits for currency, one in acts.items()}
    differs = [] if same_acts and same_amounts else ["acts"]
    return differs + [name for name in COUNTED if name != "acts" and theirs[name] != mine[name]]
