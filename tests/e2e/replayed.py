"""The real 311 file played with its whole lives through `wangge replay`, and what must be true of every row afterwards.

RECOUNT_CSV names the file, else it lies at ../shared/data beside the checkout. Whoever asks for it by a variable gets a
failure when it is not there; a plain run without it says so and skips.
"""
import csv
import os
import unittest
from datetime import datetime

import wangge_e2e as e2e

CSV = os.environ.get("RECOUNT_CSV") or os.path.join(e2e.ROOT, "..", "shared", "data", "sf311_10000.csv")
MAP = os.path.join(e2e.ROOT, "deploy", "demo", "sf311.toml")
PREFIX = "sf311-"


def rows(limit=0):
    """The first rows of the file (0: all), as dictionaries."""
    with open(CSV, encoding="utf-8", newline="") as f:
        found = list(csv.DictReader(f))
    return found[:limit] if limit else found


def there(*variables):
    """Is the file there? A failure when one of the variables asks for it."""
    if os.path.exists(CSV):
        return True
    asked = [v for v in ("RECOUNT_CSV", *variables) if os.environ.get(v)]
    if asked:
        raise AssertionError(f"{asked[0]} asks for the real file, and there is none at {os.path.abspath(CSV)}")
    e2e.say(f"no {os.path.abspath(CSV)}: nothing real is replayed")
    return False


def need(*variables):
    if not there(*variables):
        raise unittest.SkipTest(f"no {os.path.abspath(CSV)}")


def words(limit, answers, rate=0):
    """The command line of the replay."""
    return ["replay", CSV, "--map", MAP, "--lives", "--rate", str(rate), "--answers", answers, "--json", *(["--limit", str(limit)] if limit else [])]


def no_place(row):
    return float(row["latitude"]) == 0 and float(row["longitude"]) == 0


def faults(system, wanted, answers):
    """Sentences about every row that has not its answer, its one case, its place or its end; empty when all is well."""
    found = []
    with open(answers, encoding="utf-8", newline="") as f:
        told = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    answered = {a["key"]: a for a in told}
    keys = {PREFIX + row["unique_key"]: row for row in wanted}
    if len(told) != len(answered):
        found.append(f"{len(told) - len(answered)} rows have two answers")
    found += [f"{key}: no answer" for key in sorted(keys.keys() - answered.keys())]
    found += [f"{key}: an answer without a row" for key in sorted(answered.keys() - keys.keys())]
    found += [f"{a['key']}: {a['status']} {a['note']}" for a in told if a["status"] not in ("201", "202") or (a["note"] and a["note"] != "place in no cell")]
    stored = system.rows("SELECT k.key, k.report_id, c.* FROM report_key k JOIN cases c USING (district, case_no) WHERE k.key LIKE 'sf311-%%'")
    case_of = {}
    for case in stored:
        if case["key"] in case_of:
            found.append(f"{case['key']}: two keys' rows")
        case_of[case["key"]] = case
    found += [f"{key}: no case" for key in sorted(keys.keys() - case_of.keys())]
    numbers = [case["case_no"] for case in stored]
    found += [f"{len(numbers) - len(set(numbers))} cases belong to two keys"] if len(numbers) != len(set(numbers)) else []
    twice = system.rows("SELECT report_id FROM cases GROUP BY report_id HAVING count(*) > 1")
    found += [f"report {r['report_id']} made two cases" for r in twice]
    for key, row in keys.items():
        case, answer = case_of.get(key), answered.get(key)
        if not case or not answer:
            continue
        if answer["report_id"] != case["report_id"] or answer["case_no"] not in ("", case["case_no"]):
            found.append(f"{key}: was told {answer['report_id']} {answer['case_no']} and is {case['report_id']} {case['case_no']}")
        if no_place(row):
            if (case["state"], case["place_unusable"], case["lon"], case["lat"]) != ("pending_accept", True, 0, 0):
                found.append(f"{key}: has no place and is {case['state']} at {case['lon']}, {case['lat']}, not in the manual queue")
        elif not case["place_unusable"]:
            closed = bool(row["closed_date"])
            if closed != (case["state"] == "closed"):
                found.append(f"{key}: {'closed' if closed else 'open'} in the file, {case['state']} here")
            opened = datetime.fromisoformat(row["created_date"])
            if case["opened_at"] != opened:
                found.append(f"{key}: opened {opened} in the file, {case['opened_at']} here")
    return found
