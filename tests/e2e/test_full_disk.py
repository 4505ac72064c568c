#!/usr/bin/python3
"""A real disk of the spool runs full: 507 with Retry-After, also across a kill, and back by itself when there is room.

The disk is a small tmpfs (root mounts it; others skip).
"""
import contextlib
import os
import subprocess
import tempfile
import unittest
import uuid

import wangge_e2e as e2e

FLOOR_MIB = 8


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.disk = tempfile.mkdtemp(prefix="wangge-e2e-disk-")
        self.addCleanup(os.rmdir, self.disk)
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "tmpfs", self.disk], capture_output=True).returncode != 0:
            self.skipTest("only root can mount a small disk")
        self.addCleanup(subprocess.run, ["umount", self.disk], check=True)
        self.w = e2e.System(settings=[f"gateway.spool_dir={self.disk}/spool", f"gateway.free_floor_mib={FLOOR_MIB}"])
        self.addCleanup(self.w.stop)
        self.w.start()
        self.token, self.told = self.w.token(role="patroller"), {}

    def send(self):
        key = str(uuid.uuid4())
        answer = self.w.report(self.token, key)
        if answer.status in (201, 202):
            self.told[key] = answer.body["report_id"]
        return answer

    def fill(self, leave):
        """A file that leaves so many bytes. The spool may write meanwhile: what no longer fits is left out."""
        space = os.statvfs(self.disk)
        with open(os.path.join(self.disk, "filler"), "ab", buffering=0) as f, contextlib.suppress(OSError):
            f.write(b"\0" * max(0, space.f_bavail * space.f_frsize - leave))

    def refused(self):
        answer = self.send()
        self.assertEqual((answer.status, answer.code), (507, "spool_full"), answer)
        self.assertGreater(int(answer.headers["retry-after"]), 0)

    def back(self):
        os.remove(os.path.join(self.disk, "filler"))
        e2e.wait(lambda: self.send().status == 201, "reports to be taken again")

    def test_the_spools_disk_runs_full_and_empties_again(self):
        for _ in range(5):
            self.assertEqual(self.send().status, 201)
        for leave in (FLOOR_MIB * 2**20 // 2, 0):  # below the floor, and not a byte left
            with self.subTest(leave=leave):
                self.fill(leave)
                self.refused()
                full = lambda: (lambda a: (a.status, a.body["parts"]["spool"]["status"]) == (503, "full"))(self.w.http.get("/readyz"))
                e2e.wait(full, "readyz to say so: ready means taking reports")
                no = self.w.rows("SELECT case_no FROM cases LIMIT 1")[0][0]
                self.assertEqual(self.w.act(self.w.token(role="shift_leader"), no, "note", text="满盘").status, 200, "commands need no spool")
                found = self.w.run("doctor", "--json", "--lang", "en", check=False).stdout
                self.assertIn("reports are being refused (507)", found)
                self.back()
        self.fill(FLOOR_MIB * 2**20 // 2)
        self.w.wait_back("gateway", self.w.kill("gateway"))
        e2e.wait(lambda: self.w.http.get("/healthz").status == 200, "the gateway's doors on a full disk")
        e2e.wait(lambda: self.w.http.get("/api/v1/me", self.token).status == 200, "its reference")
        self.refused()
        self.back()
        e2e.wait(lambda: self.w.ready(), "everything well again")
        stored = {r["key"]: r["report_id"] for r in self.w.rows("SELECT key, report_id FROM report_key WHERE key = ANY(%s)", list(self.told))}
        e2e.figure(f"{len(self.told)} acknowledged around three full disks, {len(stored)} cases")
        self.assertEqual(stored, self.told, "every acknowledged report has its case")
        self.assertEqual(self.w.rows("SELECT report_id FROM cases GROUP BY report_id HAVING count(*) > 1"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
