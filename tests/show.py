#!/usr/bin/env python3
"""Runs the long forms of the promises by name and keeps what they showed in RESULTS.md files. Called by tests/run show.

show.py [NAME…]   without names: all. Each name is a row of LONG below.
A test speaks its figures in lines that begin with `figure: `. A section of a RESULTS.md is replaced when its name runs again.
"""
import datetime
import os
import platform
import re
import subprocess
import sys
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
E2E = lambda file, **env: ([sys.executable, f"tests/e2e/test_{file}.py"], env, "tests/e2e")
SIM = lambda *words: (["build/bench/bin/sim", *words], {}, "tests/sim")  # without sanitizers: tests/run has 1,000 seeds under them
LONG = {
    "chaos": ("20 kill -9 under 5,000 reports and their lives", E2E("chaos", CHAOS_KILLS="20", CHAOS_REPORTS="5000")),
    "chaos-replay": ("20 kill -9 during a replay of 5,000 real rows with their lives", E2E("chaos_replay", CHAOS_REPLAY_ROWS="5000", CHAOS_REPLAY_KILLS="20")),
    "dead-database": ("PostgreSQL stands still for ten minutes under load", E2E("dead_database", DEAD_SECONDS="600")),
    "replay": ("all 10,000 real rows with their lives, every month recounted", E2E("closure_recount", RECOUNT_ROWS="all")),
    "years": ("two years of 150 cases a day, every table of every month against the oracle",
              E2E("years", YEARS_MONTHS="24", YEARS_PER_DAY="150", YEARS_FROM="2024-11")),
    "backup": ("backup under load, DATA destroyed, restored", E2E("backup", BACKUP_SECONDS="30")),
    "quickstart": ("quickstart from nothing, and again", E2E("quickstart")),
    "full-disk": ("the spool's disk runs full and empties", E2E("full_disk")),
    "reference": ("1,000,000 random commands on the core and on a small independent model of it",
                  (["build/asan/bin/core_tests", "--gtest_filter=ReferenceModel*"], {"WANGGE_COMMANDS": "1000000"}, "tests/core")),
    "timers": ("1,000,000 armed clocks, those that fall due in a minute",
               (["build/asan/bin/engine_postgres_tests", "--gtest_filter=Timers*"], {"WANGGE_TIMERS": "1000000"}, "tests/engine")),
    "stopwatch": ("20 reports filed by keyboard, 5 tasks closed on the phone: keys, taps, seconds", ([sys.executable, "tests/e2e/stopwatch.py"], {}, "tests/e2e")),
    "screens": ("500 open consoles and 1,000 phones on one gateway", ([sys.executable, "tests/e2e/many_screens.py"], {}, "tests/e2e")),
    "console": ("the console over a city of 100,000 cases: rows, frames, keys, cases, changes", ([sys.executable, "tests/e2e/console_speed.py"], {}, "tests/e2e")),
    "pages": ("every page: hostile strings, axe, no WebGL, no route", E2E("every_page")),
    "sim": ("10,000 seeds of 500 events", SIM("--seeds", "10000", "--events", "500")),
    "planted": ("every planted bug is found", SIM("--planted")),
}
HEAD = "# What the long tests showed\n\nWritten by `tests/run show [NAME…]`; a section is replaced when its test runs again.\n"


def machine():
    """In general terms: no names, no addresses."""
    with open("/proc/meminfo", encoding="ascii") as f:
        memory = int(re.search(r"MemTotal: +(\d+)", f.read())[1]) / 2**20
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, Linux {platform.release().split('-')[0]}"


def figures(text):
    """The lines worth keeping: marked ones, a count at the end, what failed."""
    kept = []
    for line in text.splitlines():
        line = line.split("figure: ", 1)
        if len(line) == 2:
            kept.append(line[1].strip())
    kept += [line for line in text.splitlines() if re.match(r"(seeds \d|\d+ passed|Ran \d+ test|FAIL|ERROR:|seed \d+: )", line)][:20]
    return kept


def keep(folder, name, lines):
    path = os.path.join(ROOT, folder, "RESULTS.md")
    text = HEAD
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            text = f.read()
    sections = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", text, re.S | re.M))
    sections[name] = "\n" + "\n".join(lines) + "\n\n"
    order = [n for n in LONG if n in sections] + [n for n in sections if n not in LONG]
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD + "\n" + "".join(f"## {n}\n{sections[n]}" for n in order).rstrip() + "\n")


def show(name):
    about, (command, env, folder) = LONG[name]
    log = os.path.join(ROOT, "build", "test-logs", f"show-{name}.txt")
    os.makedirs(os.path.dirname(log), exist_ok=True)
    print(f"{name}: {about}", flush=True)
    begin = time.monotonic()
    with open(log, "wb") as out:
        code = subprocess.call(command, cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    with open(log, encoding="utf-8", errors="replace") as f:
        found = figures(f.read())
    settings = " ".join(f"{k}={v}" for k, v in env.items())
    verdict = "held" if code == 0 else f"NOT HELD (exit code {code})"
    lines = [f"{about}: **{verdict}**, {time.monotonic() - begin:.0f} s, {datetime.date.today()}, {machine()}." + (f" `{settings}`" if settings else ""),
             "", *[f"- {line}" for line in found]]
    keep(folder, name, lines)
    print("\n".join(f"    {line}" for line in [verdict, *found]), flush=True)
    return code == 0


def main():
    names = sys.argv[1:] or list(LONG)
    wrong = [n for n in names if n not in LONG]
    if wrong:
        sys.exit(f"show knows {', '.join(LONG)}; not {', '.join(wrong)}")
    held = [show(n) for n in names]
    print(f"{sum(held)} passed, {len(held) - sum(held)} failed, 0 skipped")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
