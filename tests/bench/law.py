"""Rows of the law's own speed: what keeping the month's rollup costs the road, and a large month counted again from history."""
import time

import machine
import town as towns
from figures import median, say
from road import IN_FLIGHT

ROUNDS = 3            # of ingest: counted, not counted, counted, …
PLAYED_A_DAY = 1000   # really played; the rest are copies under numbers of their own
COPY = 100_000        # what a copy's number of the day is raised by
COPIED = ("cases", "span", "history", "task", "case_mark")


def rollup(figures, seconds):
    """Reports with the rollup kept beside them and without: a district without its months is not counted (storage/figures.hpp)."""
    town = towns.Town(settings=["backup.archive=false"]).start()
    try:
        watch, rates = machine.Watch(), {True: [], False: []}
        town.sql("CREATE TABLE bench_state AS SELECT * FROM figure_state")
        for _ in range(ROUNDS):
            for counted in (True, False):
                town.sql("DELETE FROM figure_state")
                if counted:
                    town.sql("INSERT INTO figure_state SELECT * FROM bench_state")
                town.settle()
                given = town.load("closed", max(3.0, seconds / 3), connections=IN_FLIGHT, tasks=1)
                town.wait_committed(given["accepted"])
                town.confirm_tasks()
                rates[counted].append(given["tasks_per_s"])
        with_it, without = median(rates[True]), median(rates[False])
        share = 100 * (1 - with_it / without)
        figures.add("keeping the rollup current, of ingest", share, "%", watch.others(), goal="≤ 15", most=15)
        figures.note(f"keeping the rollup: {', '.join(f'{r:.0f}' for r in rates[True])} reports/s with it, {', '.join(f'{r:.0f}' for r in rates[False])} without")
    finally:
        town.stop()


def copied(town, times):
    """Every case of the district again, under other numbers of the same day, with its history, spans, tasks and marks."""
    for table in COPIED:
        columns = [c for (c,) in town.sql("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum", args=(table,))]
        number = "left(case_no, 14) || lpad((substr(case_no, 15)::bigint + k * {})::text, 8, '0')".format(COPY)
        # Nothing here compares reports: one report may stand behind several copies, and a chain has as many links.
        for (index,) in town.sql("SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary", args=(table,)):
            town.sql(f"DROP INDEX IF EXISTS {index} CASCADE")
        value = {"case_no": number, "task_id": f"replace(task_id, case_no, {number})", "chain": "chain || '-' || k"}
        chosen = ", ".join(value.get(c, c) for c in columns)
        town.sql(f"SET session_replication_role = replica; SET synchronous_commit = off; INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table}, generate_series(1, {times - 1}) k")
        say(f"    {table}: {town.sql(f'SELECT count(*) FROM {table}')[0][0]} rows")
    town.sql("VACUUM ANALYZE")


def recompute(figures, cases):
    month = time.strftime("%Y-%m", time.localtime(time.time() - 75 * 86400))  # over and cut off
    town = towns.Town(settings=["backup.archive=false"])
    try:
        town.run("migrate")
        town.run("load", "--demo")
        say(f"one month of {PLAYED_A_DAY} a day")
        town.run("demo-years", "--seed", "1", "--from", month, "--months", "1", "--per-day", str(PLAYED_A_DAY), timeout=7200)
        town.start()
        have = town.sql("SELECT count(*) FROM cases")[0][0]
        copied(town, max(1, round(cases / have)))
        town.run("report", "recompute", "--month", month, "--rebuild", "--rollup-only", timeout=7200)
        town.settle()
        watch, start = machine.Watch(), time.monotonic()
        done = town.run("report", "recompute", "--month", month, check=False, timeout=7200)
        took = time.monotonic() - start
        said = (done.stdout + done.stderr).strip().splitlines()[-1]
        figures.add(f"a month of {town.sql('SELECT count(*) FROM cases')[0][0]} cases counted again" + ("" if done.returncode == 0 else " (it differs)"), took, "s", watch.others(), goal="≤ 60", most=60)
        figures.note(f"counted again: {said}")
    finally:
        town.stop()
