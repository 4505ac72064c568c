#!/usr/bin/python3
"""Whole months with known answers: every closure table and every indicator, by every dimension, equal what the oracle works out from
the plan alone, to the digit. And of all those cases: history recomputes, no case is due twice but where CONTRACT 7 says so.

Environment: YEARS_MONTHS=3 YEARS_PER_DAY=20 YEARS_SEED=1 YEARS_FROM=2024-12 (`tests/run show years`: 24 months of 150 a day).
"""
import csv
import json
import os
import time
import unittest
from collections import defaultdict

import psycopg2

import wangge_e2e as e2e
import years_figures as figures
import years_oracle as oracle
from years_city import City, day_of

MONTHS, PER_DAY = int(os.environ.get("YEARS_MONTHS", "3")), os.environ.get("YEARS_PER_DAY", "20")
FROM, SEED = os.environ.get("YEARS_FROM", "2024-12"), os.environ.get("YEARS_SEED", "1")
FEW = ("district", "street", "unit", "squad", "class", "source", "category", "post", "person")
BY = (*FEW, "grid")


def labels():
    year, month = map(int, FROM.split("-"))
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(year * 12 + month - 1, year * 12 + month - 1 + MONTHS)]


def drives():
    """Two campaigns in the second month: one counted apart, one within."""
    month = labels()[1 if MONTHS > 1 else 0]
    row = lambda key, what, where, counted: {"key": key, "zh": key, "en": key, "categories": what, "areas": where, "sources": "", "from_day": f"{month}-05",
                                             "to_day": f"{month}-24", "quota": "100", "counted": counted, "checklist": "收水口;井盖"}
    return [row("flood", "01 06", f"{e2e.DISTRICT}002 {e2e.DISTRICT}003", "apart"), row("tidy", "07", "", "within")]


def setUpModule():
    global system, city, lives, ordinary, marks, months, begun
    system = e2e.System()
    os.chmod(system.data, 0o755)
    script = os.path.join(system.data, "script.jsonl")
    system.run("migrate")
    system.run("load", "--demo")
    campaigns = os.path.join(system.data, "campaigns.csv")
    with open(campaigns, "w", encoding="utf-8", newline="") as f:
        table = csv.DictWriter(f, drives()[0].keys())
        table.writeheader()
        table.writerows(drives())
    system.run("load", "campaigns", campaigns)
    begin = time.monotonic()
    done = system.run("demo-years", "--seed", SEED, "--from", FROM, "--months", str(MONTHS), "--per-day", PER_DAY, "--script", script, timeout=7200)
    e2e.figure(f"{MONTHS} months, {(done.stdout + done.stderr).strip().splitlines()[-1]}, {time.monotonic() - begin:.0f} s")
    begun = int(time.time() * 1000)
    system.start()
    city = City(drives())
    begin = time.monotonic()
    lives = oracle.read(script, city)
    e2e.figure(f"{len(lives)} lives worked out from the script, {sum(len(l.marks) for l in lives)} marks, {time.monotonic() - begin:.0f} s")
    marks = defaultdict(list)
    for life in lives:
        for mark in life.marks:
            day = day_of(mark.at)
            marks[f"{day.year:04d}-{day.month:02d}"].append((life, mark))
    ordinary = [life for life in lives if not life.apart]
    months = {label: month_of(label, ordinary) for label in labels()}


def month_of(label, among):
    year, month = map(int, label.split("-"))
    chosen = set(map(id, among))
    return figures.Figures(among, [(life, mark) for life, mark in marks[label] if id(life) in chosen], figures.Month(city, year, month, begun))


def tearDownModule():
    system.stop()


def damage(*statements):
    """What no program of ours would do: writes into the database behind its back."""
    connection = psycopg2.connect(host=system.socket_dir(), dbname="wangge", user="wangge", connect_timeout=10)
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def rows_of(text):
    """{key: {name: text}} of a table as the command prints it; the last line is the whole."""
    head, *lines = [line.split("\t") for line in text.splitlines()]
    table = {cells[0]: dict(zip(head, cells)) for cells in lines[:-1]}
    table[None] = dict(zip(head, lines[-1]))
    return table, head[2:]


class KnownAnswers(unittest.TestCase):
    maxDiff = 4000

    def closures(self, asked, groupings, *more):
        """Compares these tables; how many numbers, and what differs."""
        wrong, numbers = [], 0
        for label, known in asked.items():
            for by in groupings:
                table = json.loads(system.run("report", "closure", "--month", label, "--by", by, "--format", "json", *more).stdout)
                rows = {row["key"] or "": row for row in table["rows"]}
                rows[None] = table["total"]
                for key in {*rows, *known.closure[by]}:
                    counts, row = known.closure[by][key], rows.get(key, {})
                    for field in figures.CLOSURE:
                        numbers += 1
                        if row.get(field, 0) != counts[field]:
                            wrong.append(f"{label} by {by}, {key!r} {field}: the table says {row.get(field, 0)}, the oracle {counts[field]}")
                    for name, part in (("closure_rate", "closed"), ("on_time_closure_rate", "closed_on_time"), ("rework_rate", "reworked"), ("extension_rate", "extended")):
                        want = figures.percent(counts[part], counts["due"])
                        if row and row[name] != (None if want is None else float(want)):
                            wrong.append(f"{label} by {by}, {key!r} {name}: the table says {row[name]}, the oracle {want}")
        return numbers, wrong

    def indicators(self, asked, groupings, *more):
        wrong, numbers, met = [], 0, set()
        for label, known in asked.items():
            for by in groupings:
                table, names = rows_of(system.run("report", "indicators", "--month", label, "--by", by, "--format", "tsv", *more).stdout)
                counted = known.counts[by]
                for key in {*table, *counted}:
                    for name in names:
                        numbers += 1
                        want = figures.value(name, counted.get(key, {})) or "–"
                        have = table[key][name] if key in table else want if want in ("0", "–") else "no row"
                        if want == "–" and key not in counted and have == "0":
                            continue
                        if have not in ("0", "–"):
                            met.add(name)
                        if have != want:
                            wrong.append(f"{label} by {by}, {key!r} {name}: the table says {have}, the oracle {want}")
        return numbers, wrong, len(names), sorted(set(names) - met)

    def test_the_closure_table_of_every_month_by_every_dimension(self):
        numbers, wrong = self.closures(months, figures.CLOSURE_BY)
        e2e.figure(f"closure: {len(months)} months by {len(figures.CLOSURE_BY)} dimensions, {numbers} numbers, {len(wrong)} differ from the oracle")
        self.assertEqual(wrong[:10], [])

    def test_every_indicator_of_every_month_by_every_dimension(self):
        numbers, wrong, names, never = self.indicators(months, BY)
        e2e.figure(f"indicators: {names} of them, {len(months)} months by {len(BY)} dimensions, {numbers} numbers, {len(wrong)} differ from the oracle; "
                   f"never other than 0: {', '.join(never) or 'none'}")
        self.assertEqual(wrong[:10], [])

    def test_a_campaigns_own_tables_and_the_months_without_those_counted_apart(self):
        self.assertGreater(len(lives), len(ordinary), "some were counted apart")
        label = labels()[1 if MONTHS > 1 else 0]
        total = 0
        for key in ("flood", "tidy"):
            of = {label: month_of(label, [life for life in lives if life.campaign == key])}
            self.assertGreater(of[label].closure["district"][None]["closed"], 0, key)
            for numbers, wrong, *_ in (self.closures(of, figures.CLOSURE_BY, "--campaign", key), self.indicators(of, BY, "--campaign", key)):
                total += numbers
                self.assertEqual(wrong[:10], [], key)
        numbers, wrong = self.closures({label: month_of(label, lives)}, ("unit",), "--campaign", "*")
        self.assertEqual(wrong[:10], [], "everything")
        e2e.figure(f"campaigns: {len(lives) - len(ordinary)} cases counted apart, {total + numbers} numbers of campaigns' own tables, 0 differ")

    def test_the_doors_say_what_the_command_says_and_numbers_open_into_their_cases(self):
        token, label = system.token(role="leader"), labels()[-1]
        answer = system.http.get(f"/api/v1/statistics/indicators?month={label}&by=unit", token, timeout=60)
        self.assertEqual(answer.status, 200, answer)
        known = months[label].counts["unit"]
        wrong = []
        for row in [*answer.body["rows"], answer.body["total"]]:
            for name, have in row["values"].items():
                want = figures.value(name, known.get(row["key"], {}))
                if have is not None and want is not None and float(have) != float(want):
                    wrong.append(f"{row['key']} {name}: {have}, the oracle {want}")
        for row in answer.body["rows"][:4]:
            for name, url in row["cases"].items():
                if name in ("multi_rework_num", "multi_postpone_num", "visit_num", *(f"{word}_num" for word in figures.SCORES)):
                    continue  # these count times, not cases
                listed = sum(1 for _ in e2e.pages(system.http, url, token))
                if listed != row["values"][name]:
                    wrong.append(f"{row['key']} {name}: {row['values'][name]} in the table, {listed} in its list")
        self.assertEqual(wrong[:10], [])


class Recomputed(unittest.TestCase):
    def test_history_gives_rows_spans_and_marks_again_and_puts_right_what_was_lost(self):
        label = labels()[-2]
        begin = time.monotonic()
        done = system.run("report", "recompute", "--month", label, timeout=3600)
        e2e.figure(f"recomputed {label}: {(done.stdout + done.stderr).strip().splitlines()[-1]}, {time.monotonic() - begin:.1f} s")
        table = lambda: system.run("report", "indicators", "--month", label, "--by", "person", "--format", "tsv").stdout
        before = table()
        damaged = labels()[0]
        year, month = map(int, damaged.split("-"))
        inside = f"at >= '{year:04d}-{month:02d}-01 00:00+08' AND at < '{year + month // 12:04d}-{month % 12 + 1:02d}-01 00:00+08'"
        table = lambda: [system.run("report", "indicators", "--month", one, "--by", "person", "--format", "tsv").stdout for one in (damaged, label)]
        before = table()
        damage(f"DELETE FROM case_mark WHERE ctid IN (SELECT ctid FROM case_mark WHERE mark NOT IN ('missed', 'overtime_back') AND {inside} ORDER BY at LIMIT 1000)",
               f"UPDATE case_mark SET person = 'nobody' WHERE mark = 'check' AND {inside} AND case_no IN (SELECT case_no FROM case_mark WHERE mark = 'check' AND {inside} LIMIT 50)")
        self.assertNotEqual(system.run("report", "recompute", "--month", damaged, check=False, timeout=3600).returncode, 0, "a lost mark is found")
        system.run("report", "recompute", "--month", damaged, "--rebuild", timeout=3600)
        self.assertEqual(table(), before)
        begin = time.monotonic()
        for one in labels():
            system.run("report", "recompute", "--month", one, timeout=3600)
        e2e.figure(f"each of {MONTHS} months recomputed without a finding, {time.monotonic() - begin:.0f} s")


class Enumerated(unittest.TestCase):
    """CONTRACT 7 over every generated case: in how many months may it be due?"""

    def test_no_case_is_due_in_two_months_but_while_it_stays_undisposed_behind_its_deadline(self):
        wrong, twice = [], 0
        for life in lives:
            fields = {label: figures.closure_fields(life, known.m) for label, known in months.items()}
            due = [label for label, found in fields.items() if "due" in found]
            closed = [label for label, found in fields.items() if "closed" in found]
            if len(closed) > 1:
                wrong.append(f"{life.key} ({life.script['fate']}): closed in {closed}")
            if len(due) < 2:
                continue
            twice += 1
            # (b): at the end of every month but the last it is due in, it lay open without a valid hand-over behind its deadline.
            for label in due[:-1]:
                m = months[label].m
                point = figures.held(life, m.stop)
                if point.state in figures.ENDED or not figures.passed(life, point, m.stop, m.read):
                    wrong.append(f"{life.key} ({life.script['fate']}): due in {due}, and nothing was late at the end of {label}")
        e2e.figure(f"{len(lives)} cases: {twice} due in more than one month, each of them undisposed and late at the end of every one but its last")
        self.assertEqual(wrong[:10], [])
        self.assertGreater(twice, 0, "some were meant to be")


if __name__ == "__main__":
    unittest.main(verbosity=2)
