#!/usr/bin/python3
"""Every month's closure table, in every grouping, against an independent recount from the history, to the digit.

The lives come from a demo day and from real 311 requests replayed with their own open and close times.
Environment: RECOUNT_ROWS=800 rows of the file (all: the promise's long form), RECOUNT_CSV its path (see replayed.py).
"""
import json
import os
import time
import unittest
from datetime import date, datetime, timedelta, timezone

import closure_recount as recount
import indicator_recount
import replayed
import wangge_e2e as e2e

ROWS = os.environ.get("RECOUNT_ROWS", "800")
LIMIT = 0 if ROWS == "all" else int(ROWS)
BY = ("district", "street", "unit", "squad", "class", "source")
answers = summary = None


def setUpModule():
    global answers, summary
    real = replayed.there("RECOUNT_ROWS")
    w = e2e.shared()
    done = w.run("demo-day")
    e2e.say("demo day:", " ".join(done.stdout.split())[:300])
    if real:
        answers = os.path.join(w.data, "answers.tsv")
        begin = time.monotonic()
        done = w.run(*replayed.words(LIMIT, answers), timeout=7200, check=False)
        e2e.figure(f"replay: exit code {done.returncode}, {time.monotonic() - begin:.0f} s, {done.stdout.strip()[-900:]} {done.stderr[-300:]}")
        summary = json.loads(done.stdout) if done.stdout.strip() else {}


def tearDownModule():
    e2e.close()


def months(first, last):
    while first <= last:
        yield first
        first = (first.replace(day=1) + timedelta(days=32)).replace(day=1)


class Replay(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        if not summary and not answers:
            self.skipTest("the real file is not there")

    def test_every_row_is_answered_and_is_one_case_with_its_own_end(self):
        wanted = replayed.rows(LIMIT)
        self.assertTrue(summary["ok"], summary)
        self.assertEqual((summary["rows"], summary["sent"], summary["skipped"]), (len(wanted), len(wanted), 0))
        self.assertEqual(summary["manual_queue"] + summary["closed"] + summary["left_open"], len(wanted))
        found = replayed.faults(e2e.shared(), wanted, answers)
        e2e.figure(f"{len(wanted)} rows, {sum(map(replayed.no_place, wanted))} at 0,0, {len(found)} faults")
        self.assertEqual(found[:10], [])

    def test_rows_at_zero_zero_stand_in_the_list_of_what_waits_for_a_person(self):
        w, token = e2e.shared(), e2e.shared().token(role="acceptor")
        listed = {c["case_no"] for c in e2e.pages(w.http, "/api/v1/cases?state=pending_accept", token)}
        waiting = {r["case_no"] for r in w.rows("SELECT case_no FROM cases WHERE lon = 0 AND lat = 0")}
        self.assertEqual(len(waiting), sum(map(replayed.no_place, replayed.rows(LIMIT))))
        self.assertLessEqual(waiting, listed)


class Recount(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.w = e2e.shared()
        cls.token = cls.w.token(role="shift_leader")
        rows_of = {}
        for row in cls.w.rows("SELECT case_no, version, action, from_state, to_state, at, changes FROM history WHERE NOT transport ORDER BY case_no, version"):
            rows_of.setdefault(row["case_no"], []).append(row)
        cls.lives = [recount.Life(no, rows) for no, rows in rows_of.items()]
        opened = [life.points[0][0].astimezone(e2e.ZONE).date() for life in cls.lives]
        cls.months = list(months(min(opened).replace(day=1), datetime.now(e2e.ZONE).date()))
        e2e.figure(f"{len(cls.lives)} lives over {len(cls.months)} months")

    def table(self, **query):
        answer = self.w.http.get("/api/v1/statistics/closure?" + e2e.urlencode(query), self.token, timeout=60)
        self.assertEqual(answer.status, 200, answer)
        return answer.body

    def span(self, month):
        start = datetime(month.year, month.month, 1, tzinfo=e2e.ZONE)
        following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
        return start, datetime(following.year, following.month, 1, tzinfo=e2e.ZONE)

    def test_every_month_and_grouping_agrees_to_the_digit(self):
        wrong, previous = [], datetime(2000, 1, 1, tzinfo=timezone.utc)
        for month in self.months:
            label, (start, stop) = month.strftime("%Y-%m"), self.span(month)
            as_of = None
            for by in BY:
                table = self.table(month=label, by=by, **({"as_of": as_of} if as_of else {}))
                as_of = table["as_of"]
                counted = recount.count(self.lives, by, start, stop, datetime.fromisoformat(as_of), previous)
                wrong += self.differences(f"{label} by {by}", table, counted)
            previous = datetime.fromisoformat(as_of)
        e2e.figure(f"{len(self.months)} months in {len(BY)} groupings: {len(wrong)} differences from the recount")
        self.assertEqual(wrong, [], f"{len(wrong)} differences; the first: {wrong[:5]}")

    def differences(self, where, table, counted):
        found = []
        shown = {row["key"] or "": row for row in table["rows"]}
        for key in set(shown) | {k for k, fields in counted.items() if any(fields.values())}:
            for field in recount.FIELDS:
                have = shown.get(key, {}).get(field, 0)
                want = len(counted[key][field]) if key in counted else 0
                if have != want:
                    some = sorted(counted[key][field])[:3] if key in counted else []
                    found.append(f"{where}, {key!r} {field}: table {have}, recount {want} {some}")
        for row in [*table["rows"], table["total"]]:
            reworked = sum(len(f["reworked"]) for f in counted.values()) if row is table["total"] else len(counted[row["key"] or ""]["reworked"])
            for name, part in (("closure_rate", row["closed"]), ("on_time_closure_rate", row["closed_on_time"]), ("rework_rate", reworked), ("extension_rate", 0)):
                want = recount.rate(part, row["due"])
                have = None if row[name] is None else float(row[name])
                if have != want:
                    found.append(f"{where}, {row.get('key')!r} {name}: table {have}, {part} of {row['due']} is {want}")
        for field in recount.FIELDS:
            if table["total"][field] != sum(r[field] for r in table["rows"]):
                found.append(f"{where} total {field}: {table['total'][field]} is not the sum of the rows")
        return found

    def test_every_figure_lists_exactly_its_cases(self):
        wrong, busiest = [], sorted(self.months, key=lambda m: -sum(1 for l in self.lives if l.points[0][0].astimezone(e2e.ZONE).strftime("%Y-%m") == m.strftime("%Y-%m")))[:3]
        previous_of = {m: (m.replace(day=1) - timedelta(days=1)).strftime("%Y-%m") for m in busiest}
        for month in busiest:
            label, (start, stop) = month.strftime("%Y-%m"), self.span(month)
            previous = datetime.fromisoformat(self.table(month=previous_of[month], by="unit")["as_of"])
            for by in ("unit", "street", "class"):
                table = self.table(month=label, by=by)
                counted = recount.count(self.lives, by, start, stop, datetime.fromisoformat(table["as_of"]), previous)
                for row in table["rows"]:
                    for field in recount.FIELDS:
                        if field not in row["cases"]:
                            self.assertIn(row[field], (0, None), f"{field} of {row['key']} has no list")
                            continue
                        listed = [c["case_no"] for c in e2e.pages(self.w.http, row["cases"][field], self.token, 7)]
                        if sorted(listed) != sorted(counted[row["key"] or ""][field]):
                            wrong.append(f"{label} {by} {row['key']} {field}: lists {len(listed)}, counted {len(counted[row['key'] or ''][field])}")
        self.assertEqual(wrong, [])

    def test_the_instant_is_three_working_days_after_the_month_or_now(self):
        off, on = set(), set()
        for row in self.w.rows("SELECT day, works FROM calendar_day WHERE calendar = 'center'"):
            (on if row["works"] else off).add(row["day"] if isinstance(row["day"], date) else date.fromisoformat(row["day"]))
        now = datetime.now(e2e.ZONE)
        for month in self.months[-15:]:
            as_of = datetime.fromisoformat(self.table(month=month.strftime("%Y-%m"), by="district")["as_of"]).astimezone(e2e.ZONE)
            last = self.span(month)[1].date() - timedelta(days=1)
            third = recount.working_days_after(last, 3, off, on)
            if datetime(third.year, third.month, third.day, tzinfo=e2e.ZONE) + timedelta(days=1) > now:
                self.assertLessEqual(as_of, datetime.now(e2e.ZONE) + timedelta(seconds=5))
            else:
                self.assertIn((as_of - timedelta(milliseconds=1)).date(), (third,), month)

    def test_longer_periods_are_computed_as_periods(self):
        now = datetime.now(e2e.ZONE)
        table = self.table(month=now.strftime("%Y-%m"), period="year", by="unit")
        start, stop = datetime(now.year, 1, 1, tzinfo=e2e.ZONE), datetime(now.year + 1, 1, 1, tzinfo=e2e.ZONE)
        before = datetime.fromisoformat(self.table(month=f"{now.year - 1}-12", by="unit")["as_of"])
        counted = recount.count(self.lives, "unit", start, stop, datetime.fromisoformat(table["as_of"]), before)
        self.assertEqual(self.differences("this year", table, counted), [])

    def test_the_command_line_prints_the_same_table(self):
        label = self.months[-1].strftime("%Y-%m")
        table = self.table(month=label, by="unit")
        printed = json.loads(self.w.run("report", "closure", "--month", label, "--by", "unit", "--format", "json", "--as-of", table["as_of"]).stdout)
        strip = lambda t: [{k: v for k, v in r.items() if k not in ("cases", "name")} for r in [*t["rows"], t["total"]]]
        self.assertEqual(strip(printed), strip(table))
        csv = self.w.run("report", "closure", "--month", label, "--by", "unit", "--format", "csv").stdout
        self.assertTrue(csv.startswith("\ufeff"), "Excel needs the byte-order mark")

    def test_the_indicators_agree_with_a_recount_from_the_history(self):
        rows = self.w.rows("SELECT case_no, version, action, actor, role, from_state, to_state, at, changes FROM history WHERE NOT transport ORDER BY case_no, version")
        busiest = sorted(self.months, key=lambda m: -sum(1 for r in rows if r["at"].astimezone(e2e.ZONE).strftime("%Y-%m") == m.strftime("%Y-%m")))[:3]
        wrong, numbers = [], 0
        for month in {*busiest, self.months[-1]}:
            label, (start, stop) = month.strftime("%Y-%m"), self.span(month)
            for by in ("unit", "person", "street", "source", "class", "post"):
                answer = self.w.http.get("/api/v1/statistics/indicators?" + e2e.urlencode({"month": label, "by": by}), self.token, timeout=60)
                self.assertEqual(answer.status, 200, answer)
                counted = indicator_recount.count(rows, by, start, stop, datetime.fromisoformat(answer.body["as_of"]))
                shown = {row["key"]: row["values"] for row in [*answer.body["rows"], answer.body["total"]]}
                for key in {*shown, *counted}:
                    for name in indicator_recount.RULES:
                        have, want = shown.get(key, {}).get(name, 0) or 0, len(counted[key][name])
                        numbers += 1
                        if have != want:
                            wrong.append(f"{label} by {by}, {key!r} {name}: table {have}, recount {want}")
        e2e.figure(f"{numbers} numbers of indicators: {len(wrong)} differences from the recount")
        self.assertEqual(wrong[:10], [])

    def test_a_month_recomputes_to_the_same_digits_and_can_be_sealed(self):
        month = self.months[-3].strftime("%Y-%m")
        self.w.run("report", "recompute", "--month", month)
        self.w.run("report", "recompute", "--month", month, "--rebuild")
        digest = self.w.run("report", "seal", "--month", month).stdout.strip()
        self.assertRegex(digest, "^[0-9a-f]{64}$")
        self.w.run("report", "verify", "--month", month)
        self.assertNotEqual(self.w.run("report", "seal", "--month", month, check=False).returncode, 0, "once is enough")
        self.assertNotEqual(self.w.run("report", "seal", "--month", self.months[-1].strftime("%Y-%m"), check=False).returncode, 0, "it still runs")

    def test_every_history_replays_to_its_row(self):
        self.assertEqual(e2e.history_faults(self.w)[:5], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
