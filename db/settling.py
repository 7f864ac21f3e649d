"""What PostgreSQL needs beyond the tables that migrations make alike everywhere; it may be done any number of times.

Counters are as wide as in SQLite, and text is sorted by its bytes, whatever the database was made with. Every table
whose rows belong to a county has the county's code in its key, so that each county's rows can lie in a place of their
own; and a role that works for a county sees and writes no other's (row security).
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from db.scope import COUNTY, COUNTY_SETTING, KEPT_APART, PREFECTURE, ROLES, SCOPE_SETTING
from db.tables import TABLES, Base

SHARED = {
    "stream": "who has written: every county's rows point there",
    "identity": "the keys of the office itself",
    "change_set": "what the office itself did",
    "note": "what this office noted for itself",
    "package": "what the office itself sent out",
    "arrival": "the list of what came in, of all counties together",
    "place_cell": "figures: they have the county as a column of their own",
    "place_title": "figures: they have the county as a column of their own",
    "place_grams": "figures: what titles are found by",
    "place_count": "figures: they have the county as a column of their own",
    "account": "who signs in at the office",
    "session": "who is signed in at the office",
    "audit": "one chain, in which nothing may be missing",
    "turn": "how often each county was written for: the county is its key",
}
"""Tables without the county in their key, and why: they are small, or the same for all."""
OFFICE_ONLY = frozenset(("account", "session", "audit", "place_cell", "place_title", "place_grams", "place_count"))
"""What is no business of a role that works for one county."""
FOUND_BY = {
    "statement_file": ("no",),
    "segment": ("taken_at", "last"),
    "received": ("segment",),
    "freight": ("no",),
}
"""In which order the rows of a county are read: an office never looks through those of all to find them."""
SETTLED = "SELECT obj_description(to_regclass('turn')) = 'settled'"
"""What asks whether all of this has been done."""
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL), coalesce(l.collname, ''),
       pg_get_serial_sequence(quote_ident(c.relname), a.attname)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = to_regnamespace(current_schema())
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'alembic_version' ORDER BY c.relname, a.attnum
"""
_KEYS = """
SELECT r.relname, c.conname, c.contype, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
  FROM unnest(c.conkey) WITH ORDINALITY AS k(no, place) JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.no)
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid AND r.relnamespace = to_regnamespace(current_schema())
WHERE c.contype IN ('p', 'u')
"""
_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace(current_schema())"
)
_OF_A_COUNTY = f"coalesce(current_setting('{COUNTY_SETTING}', true), '')"
_SCOPE = f"current_setting('{SCOPE_SETTING}', true)"
_ABOVE = f"county = left({_SCOPE}, 2) OR county = ''"
_SEEN = {
    ROLES[COUNTY]: f"county = {_SCOPE} OR county = left({_SCOPE}, 4) OR {_ABOVE}",
    ROLES[PREFECTURE]: f"starts_with(county, {_SCOPE}) OR {_ABOVE}",
    ROLES[0]: "true",
}
"""Which rows each role sees and may write: its own, and those of the offices above."""
_WROTE = "SELECT stream, min(left(region, 6)) AS county FROM segment GROUP BY stream"
_WRITTEN = "SELECT record_id, max(county) AS county FROM entry GROUP BY record_id"


def settle(connection: Connection) -> None:
    """Bring every table to the form that a province needs."""
    found = connection.execute(text(_COLUMNS)).all()
    changes: dict[str, list[str]] = {}
    for table, column, kind, collation, sequence in found:
        if kind == "integer":
            changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE bigint')
            if sequence:
                connection.execute(text(f"ALTER SEQUENCE {sequence} AS bigint"))
        elif kind == "text" and collation != "C":
            changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE text COLLATE "C"')
    for table, some in changes.items():
        do(connection, f'ALTER TABLE "{table}" {", ".join(some)}')
    there = {table for table, *_ in found}
    apart = {table for table, column, *_ in found if column == "county"}
    new = [table for table in KEPT_APART if table in there - apart]
    _keep_apart(connection, new)
    let_roles_in(connection)
    for table in new:
        rule(connection, table)
    for table, columns in FOUND_BY.items():
        name = "_".join(("ix", table, "county", *columns))
        do(connection, f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ({", ".join(("county", *columns))})')
    do(connection, 'CREATE UNIQUE INDEX IF NOT EXISTS "uq_stream_name" ON stream (device, incarnation, branch)')
    do(connection, "COMMENT ON TABLE turn IS 'settled'")


def _keep_apart(connection: Connection, tables: list[str]) -> None:
    """Give tables the county, in their keys too."""
    for table in tables:
        do(connection, f'ALTER TABLE "{table}" ADD COLUMN county text COLLATE "C" NOT NULL DEFAULT {_OF_A_COUNTY}')
    for table, name, kind, columns in connection.execute(text(_KEYS)).all():
        if table in tables:
            word = "PRIMARY KEY" if kind == "p" else "UNIQUE"
            added = f'ADD CONSTRAINT "{name}" {word} ({columns}, county)'
            do(connection, f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}", {added}')
    if tables:
        _find_counties(connection, tables)


def _find_counties(connection: Connection, tables: Iterable[str]) -> None:
    """Find out to which county rows belong that were written before there were any."""
    wanted = set(tables)
    for table in ("segment", "freight"):
        if table in wanted:
            do(connection, f"UPDATE {table} SET county = left(region, 6)")
    for table in ("sealing", "entry"):
        if table in wanted:
            do(connection, f"UPDATE {table} t SET county = w.county FROM ({_WROTE}) w WHERE w.stream = t.stream")
    if "received" in wanted:
        do(connection, "UPDATE received t SET county = s.county FROM segment s WHERE s.id = t.segment")
    for table in (*TABLES, "contest", "waiting", "withheld", "guard"):
        if table in wanted:
            key = "id" if table in TABLES else "record_id"
            do(connection, f'UPDATE "{table}" t SET county = w.county FROM ({_WRITTEN}) w WHERE w.record_id = t.{key}')


def let_roles_in(connection: Connection) -> None:
    """Let the roles do what each may; this connection may then become any of them."""
    schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    there = set(connection.execute(text(_TABLES)).scalars())
    make_roles(connection)
    for role in ROLES.values():
        do(connection, f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        do(connection, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")
        for table in sorted(there & set(Base.metadata.tables)):
            if role == ROLES[0] or table not in OFFICE_ONLY:
                do(connection, f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {role}')


def make_roles(connection: Connection) -> None:
    """Make the roles that are not there yet; this connection may become any of them."""
    for role in ROLES.values():
        if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar():
            do(connection, f"CREATE ROLE {role} NOLOGIN")
        if not connection.execute(text("SELECT pg_has_role(:role, 'MEMBER')"), {"role": role}).scalar():
            do(connection, f"GRANT {role} TO current_user")


def rule(connection: Connection, table: str) -> None:
    """Let each role see and write in a table what it may."""
    do(connection, f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    for role, seen in _SEEN.items():
        do(connection, f'CREATE POLICY {role} ON "{table}" TO {role} USING ({seen})')


def do(connection: Connection, statement: str) -> None:
    """Say a statement as it stands: a colon in it is no place for a value."""
    connection.execute(text(statement.replace(":", "\\:")))
