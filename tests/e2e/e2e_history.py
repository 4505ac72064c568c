"""History replays to the row: `changes` of a case's history played onto an empty case give exactly its row. And tasks."""
import json
from datetime import datetime, timezone

def millis(value):
    delta = value - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return str((delta.days * 86400 + delta.seconds) * 1000 + delta.microseconds // 1000)


def fields_of(system):
    """{field of a case: (type, may be NULL)}: the columns, but for the three that are no fields of the core's case."""
    rows = system.rows("""SELECT attname, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable FROM pg_attribute
      WHERE attrelid = 'cases'::regclass AND attnum > 0 AND NOT attisdropped""")
    return {r["attname"]: (r["type"], r["nullable"]) for r in rows if r["attname"] not in ("district", "case_no", "version", "dispatched_by")}


def column_text(kind, value):
    """A column's value as the canonical text of `changes`."""
    if value is None:
        return ""
    if kind == "timestamp with time zone":
        return millis(value)
    if kind == "boolean":
        return "t" if value else "f"
    if kind == "text[]":
        return ",".join(value)
    return str(value)


def fold(rows, fields):
    """Plays `changes` of history rows, oldest first, onto an empty case."""
    empty = {"boolean": "f", "bigint": "0", "timestamp with time zone": "0"}
    case = {name: "" if nullable else empty.get(kind, "") for name, (kind, nullable) in fields.items()}
    case["state"] = "reported"
    for row in rows:
        for name, value in json.loads(row["changes"]):
            if name not in case:
                raise AssertionError(f"case {row['case_no']}: history changes an unknown field {name}")
            case[name] = value
    return case


def history_faults(system, only=None):
    """Sentences about every case whose history does not replay exactly to its row; empty when all is well."""
    faults, rows_of, fields = [], {}, fields_of(system)
    for row in system.rows("SELECT case_no, version, action, from_state, to_state, at, changes, transport FROM history ORDER BY case_no, version, recorded_at, chain_seq"):
        rows_of.setdefault(row["case_no"], []).append(row)
    cases = system.rows("SELECT * FROM cases ORDER BY case_no")
    for case in cases:
        no = case["case_no"]
        if only and no not in only:
            continue
        rows = [r for r in rows_of.pop(no, []) if not r["transport"]]
        if [r["version"] for r in rows] != list(range(1, case["version"] + 1)):
            faults.append(f"{no}: versions of its history {[r['version'] for r in rows]} but row version {case['version']}")
            continue
        for before, after in zip(rows, rows[1:]):
            if before["to_state"] != after["from_state"]:
                faults.append(f"{no}: row {after['version']} leaves {after['from_state']}, but {before['to_state']} was reached")
            if after["at"] < before["at"]:
                faults.append(f"{no}: row {after['version']} is earlier than the one before")
        for name, text in fold(rows, fields).items():
            have = column_text(fields[name][0], case[name])
            same = float(have) == float(text) if fields[name][0] == "double precision" and have and text else have == text
            if not same:
                faults.append(f"{no}: history gives {name}={text!r}, the row has {have!r}")
    if not only:
        faults += [f"{no}: history without a case" for no in rows_of]
    return faults


def task_faults(system):
    """Every task that people must get is received, escalated, or was taken back; nothing hangs in between for ever."""
    rows = system.rows("""SELECT t.task_id, t.given_at FROM task t WHERE t.open AND NOT t.quiet AND t.received_at IS NULL AND t.escalated_at IS NULL""")
    return [f"task {r['task_id']} given at {r['given_at']} neither received nor escalated" for r in rows]
