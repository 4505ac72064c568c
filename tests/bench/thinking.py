"""How long the core thinks, on one core and in processor time: no limit beside it, its goals are the issue's own."""
import os
import re
import subprocess

import machine
import town as towns
from figures import median

ROWS = [("decide() with its facts loaded: a signature", "a signature", "a second", dict(least=500_000)),
        ("decide_report(): a report to its dispatch, 4 rows", "a report to its dispatch (4 rows)", "a second", {}),
        ("a deadline across a year of calendar", "a deadline across a year of calendar", "us", dict(most=5))]
TIMES = 5


def rows(figures):
    watch, runs = machine.Watch(), []
    for _ in range(TIMES):
        text = subprocess.run([os.path.join(towns.ROOT, "build", "bench", "bin", "core_timing")], capture_output=True, text=True, check=True).stdout
        runs.append({m[1].strip(): (float(m[2]), float(m[3])) for m in re.finditer(r"^(.+?) +([\d.]+) us +(\d+) a second$", text, re.M)})
    others = watch.others()
    for name, row, unit, goal in ROWS:
        figures.add(name, median([run[row][0 if unit == "us" else 1] for run in runs]), unit, others, **goal)
