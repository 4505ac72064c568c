#!/usr/bin/python3
"""kill -9 of gateway, dispatcher and PostgreSQL at random moments while `wangge replay --lives` plays the real file.

The replay itself must end well: every row answered, every life lived to its end. Afterwards nothing is lost, nothing is
doubled, every task is delivered or escalated, and each history replays to its row.
Environment: CHAOS_SEED (else printed), CHAOS_REPLAY_ROWS=600, CHAOS_REPLAY_KILLS=4. The promise's long form: 5000 and 20.
"""
import json
import os
import random
import subprocess
import threading
import time
import unittest

import replayed
import wangge_e2e as e2e

SEED = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(1, 10**9))
ROWS = int(os.environ.get("CHAOS_REPLAY_ROWS", "600"))
KILLS = int(os.environ.get("CHAOS_REPLAY_KILLS", "4"))
BETWEEN = 6.0  # seconds from one kill to the next; the replay's rate follows from it


def setUpModule():
    replayed.need("CHAOS_REPLAY_ROWS", "CHAOS_REPLAY_KILLS")
    e2e.say(f"chaos seed {SEED} (CHAOS_SEED={SEED} repeats the choices)")
    e2e.shared()


def tearDownModule():
    e2e.close()


class ChaosReplay(unittest.TestCase):
    maxDiff = 4000

    def test_a_replay_under_kills_loses_and_doubles_nothing(self):
        w, chance, answers = e2e.shared(), random.Random(SEED), os.path.join(e2e.shared().data, "answers.tsv")
        rate = max(1, round(ROWS / (KILLS * BETWEEN)))
        command = [e2e.binary(), *replayed.words(ROWS, answers, rate), "--data", w.data]
        begin, killed, names = time.monotonic(), [], []
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        spoken = []
        reader = threading.Thread(target=lambda: spoken.extend(process.communicate()), daemon=True)
        reader.start()
        try:
            while len(killed) < KILLS:
                if not names:  # each of the three before any of them again, in random order
                    names = chance.sample(["gateway", "dispatcher", "postgres"], 3)
                time.sleep(chance.uniform(0.5, BETWEEN - 1))
                self.assertIsNone(process.poll(), f"the replay ended after {len(killed)} kills: {spoken}")
                name = names.pop()
                old = w.kill(name)
                killed.append(name)
                w.wait_back(name, old)
        finally:
            if len(killed) < KILLS:
                process.kill()
            reader.join(1800)
        self.assertEqual(process.returncode, 0, spoken)
        summary = json.loads(spoken[0])
        e2e.say(f"kills {len(killed)}: {' '.join(killed)}; {time.monotonic() - begin:.0f} s; {spoken[0].strip()}")
        self.assertTrue(summary["ok"], summary)

        e2e.wait(lambda: w.rows("SELECT 1") and w.ready(), "everything well again", 120)
        self.assertEqual(replayed.faults(w, replayed.rows(ROWS), answers)[:10], [])
        self.assertEqual(w.rows("SELECT * FROM dead_letter"), [])
        e2e.wait(lambda: not e2e.task_faults(w), "every task received or escalated", 240, 1)
        again = w.rows("SELECT case_no, command_id, action, count(*) FROM history WHERE command_id <> '' AND NOT transport AND role <> 'system' GROUP BY 1, 2, 3 HAVING count(*) > 1")
        self.assertEqual(again, [], "each command once")
        self.assertEqual(e2e.history_faults(w), [])
        self.assertEqual(w.run("audit", "verify", check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
