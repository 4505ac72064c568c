#!/usr/bin/python3
"""A contractor's patroller under-reports one squad's street and stages its re-checks for three months: he stands on the suspicious list,
with his squad and the cases behind it. An honest city of the same size and seed has nobody on it. The whole path: cases lived through
the engine and the store as they happen, then asked of the door.

Environment: FRAUD_PER_DAY=15 (from some 45 on there are enough checks to compare shares too), FRAUD_SEED=1.
"""
import os
import unittest
from datetime import datetime

import wangge_e2e as e2e

PER_DAY, SEED = os.environ.get("FRAUD_PER_DAY", "15"), os.environ.get("FRAUD_SEED", "1")
FROM, TO, LAST = "2025-03", "2025-05", "2025-06-30"
WHO, SQUAD = "patrol-2", "appearance-1"


def listed(*flags):
    """The suspicious list of three months of one city."""
    system = e2e.System()
    os.chmod(system.data, 0o755)
    try:
        system.run("migrate")
        system.run("load", "--demo")
        done = system.run("demo-years", "--live", "--seed", SEED, "--from", FROM, "--months", "3", "--per-day", PER_DAY, *flags, timeout=3600)
        e2e.figure(f"{' '.join(flags) or 'honest'}: {(done.stdout + done.stderr).strip().splitlines()[-1]}")
        system.start()
        token = system.token(role="inspector")
        answer = system.http.get(f"/api/v1/statistics/suspicions?from={FROM}-01&to={LAST}", token, timeout=60)
        if answer.status != 200:
            raise AssertionError(answer)
        cases = {r["case_no"]: r["squad"] for r in system.rows("SELECT case_no, squad FROM cases")}
        return answer.body["items"], cases
    finally:
        system.stop()


class Fraud(unittest.TestCase):
    def test_the_staged_city_stands_on_the_list_and_the_honest_one_does_not(self):
        honest, _ = listed()
        self.assertEqual([(s["pattern"], s["checker"], s["squad"]) for s in honest], [], "nobody is accused in an honest city")
        staged, cases = listed("--fraud")
        found = {s["pattern"]: s for s in staged if s["squad"] == SQUAD}
        e2e.figure("staged: " + "; ".join(f"{s['pattern']} {s['checker']} {s['squad']} {s['score']:.1f}" for s in staged))
        self.assertEqual({s["checker"] for s in staged}, {WHO}, "it is him, and nobody else")
        self.assertLessEqual({"same_photo", "at_once"}, set(found), found.keys())
        for pattern, s in found.items():
            self.assertTrue(s["cases"], f"{pattern} opens into its cases")


if __name__ == "__main__":
    unittest.main(verbosity=2)
