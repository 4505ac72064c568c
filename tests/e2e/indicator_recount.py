"""The indicators counted a second time, from the history rows alone, in nobody's SQL and none of the product's marks.

count(rows, start, stop) -> {indicator: set of case numbers} for rows of one key; by() splits rows over the keys of a grouping.
"""
import json
from collections import defaultdict

PUBLIC = {"hotline_12319", "hotline_12345", "public", "leader", "media"}
# What one row counts as: indicator -> is it such a row? (r: the row; c: the case as the row left it; b: before it)
RULES = {
    "report_num": lambda r, b, c: r["action"] == "report",
    "patrol_report_num": lambda r, b, c: r["action"] == "report" and c["source"] == "patrol" and r["to_state"] != "self_disposed_review",
    "public_report_num": lambda r, b, c: r["action"] == "report" and c["source"] != "patrol",
    "need_reply_num": lambda r, b, c: r["action"] == "report" and c["source"] in PUBLIC,
    "accept_num": lambda r, b, c: r["action"] == "accept",
    "not_accept_num": lambda r, b, c: r["action"] == "decline",
    "inst_num": lambda r, b, c: r["action"] == "file",
    "not_inst_num": lambda r, b, c: r["action"] == "decline_filing",
    "dispatch_num": lambda r, b, c: r["action"] == "dispatch" and not b["dispatched_at"],
    "dispose_num": lambda r, b, c: r["action"] == "confirm",
    "intime_dispose_num": lambda r, b, c: r["action"] == "confirm" and c["late"] != "t",
    "overtime_dispose_num": lambda r, b, c: r["action"] == "confirm" and c["late"] == "t",
    "check_num": lambda r, b, c: r["action"] == "check",
    "verify_num": lambda r, b, c: r["action"] == "verify",
    "missed_num": lambda r, b, c: r["action"] == "verify" and c["verify_result"] == "exist" and c["source"] != "patrol",
    "human_archive_num": lambda r, b, c: r["action"] == "close",
    "cancel_num": lambda r, b, c: r["action"] == "approve_void",
    "back_num": lambda r, b, c: r["action"] == "approve_return",
    "supervise_num": lambda r, b, c: r["action"] == "send_check" and r["from_state"] == "pending_review",
}
FACTS = ("source", "street", "class_code", "unit", "squad", "late", "verify_result", "dispatched_at")
NO_CASE = {"voided", "not_filed", "merged"}  # nobody missed what proved to be none of its own
BACK = {"back_num", "cancel_num"}  # these are the unit's that had it before


def lives(rows):
    """(row, facts before, facts after) of every row, case by case; rows come ordered by case and version."""
    now, case_no = None, None
    for row in rows:
        if row["case_no"] != case_no:
            case_no, now = row["case_no"], dict.fromkeys(FACTS, "")
        before, now = now, {**now, **{k: v for k, v in json.loads(row["changes"]) if k in FACTS}}
        yield row, before, now


def count(rows, by, start, stop, as_of):
    """{key: {indicator: set of case numbers}} of the rows in [start, stop) up to as_of; the key None is the whole."""
    found = defaultdict(lambda: defaultdict(set))
    stop_at, last, state = {}, {}, {}
    for row, before, after in lives(rows):
        last[row["case_no"]] = after
        if row["at"] <= as_of:
            state[row["case_no"]] = row["to_state"]
        if not (start <= row["at"] < stop and row["at"] <= as_of):
            continue
        for name, rule in RULES.items():
            if rule(row, before, after):
                stop_at.setdefault(row["case_no"], []).append((name, row, before if name in BACK else after))
    for case_no, hits in stop_at.items():
        for name, row, facts in hits:
            if name == "missed_num" and state[case_no] in NO_CASE:
                continue
            key = {"unit": facts["unit"], "person": row["actor"], "street": last[case_no]["street"], "source": last[case_no]["source"],
                   "class": last[case_no]["class_code"], "post": row["role"]}[by]
            for one in (key, None):
                found[one][name].add(case_no)
    return found
