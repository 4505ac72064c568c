"""History replays to the row: `changes` of a case's history played onto an empty case give exactly its row. And tasks."""
import json
from datetime import datetime, timezone

# The fields a history row may carry, and how the database's column reads as the canonical text of `changes`.
TEXTS = "report_id state source reporter standard kind code class_code condition description address grid street community component_id unit squad holder route_rule explain clock closing_condition check_mode requests verify_result pause_kind merged_into follows followed_by enforcement_no enforcement_step satisfaction appeal".split()
TIMES = "opened_at last_at due_at warn_at accepted_at filed_at dispatched_at signed_at disposed_at handed_over_at checked_at closed_at suspended_until made_safe_at safe_checked_at replied_at stage_due_at".split()
FLAGS = "backdated key_conflict place_unusable provisional late wrong_dispatch exempt return_approved binding urgent".split()
NUMBERS = "limit_minutes left_ms returns rework extensions suspensions supervised urges instructions duplicates stage_left_ms".split()
COUNTS = [n for n in NUMBERS if n not in ("left_ms", "stage_left_ms")]
LISTS = "photos twins late_stages".split()
PLACES = "lon lat".split()


def millis(value):
    delta = value - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return str((delta.days * 86400 + delta.seconds) * 1000 + delta.microseconds // 1000)


def column_text(name, value):
    if value is None:
        return ""
    if name in TIMES:
        return millis(value)
    if name in FLAGS:
        return "t" if value else "f"
    if name in LISTS:
        return ",".join(value)
    return str(value)


def fold(rows):
    """Plays `changes` of history rows, oldest first, onto an empty case."""
    case = {name: "" for name in TEXTS + TIMES + NUMBERS + LISTS + PLACES}
    case.update({name: "f" for name in FLAGS}, **{name: "0" for name in COUNTS}, opened_at="0", last_at="0", state="reported")
    for row in rows:
        for name, value in json.loads(row["changes"]):
            if name not in case:
                raise AssertionError(f"case {row['case_no']}: history changes an unknown field {name}")
            case[name] = value
    return case


def history_faults(system, only=None):
    """Sentences about every case whose history does not replay exactly to its row; empty when all is well."""
    faults, rows_of = [], {}
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
        told = fold(rows)
        for name, text in told.items():
            have = column_text(name, case[name])
            same = float(have) == float(text) if name in PLACES and have and text else have == text
            if not same:
                faults.append(f"{no}: history gives {name}={text!r}, the row has {have!r}")
    if not only:
        faults += [f"{no}: history without a case" for no in rows_of]
    return faults


def task_faults(system):
    """Every task that people must get is received, escalated, or was taken back; nothing hangs in between for ever."""
    rows = system.rows("""SELECT t.task_id, t.given_at FROM task t WHERE t.open AND NOT t.quiet AND t.received_at IS NULL AND t.escalated_at IS NULL""")
    return [f"task {r['task_id']} given at {r['given_at']} neither received nor escalated" for r in rows]
