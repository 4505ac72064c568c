#!/usr/bin/python3
"""One report, one case: retries, races, other bodies, another gateway process, a day of repeating."""
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
import uuid

import wangge_e2e as e2e


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


class Idempotency(unittest.TestCase):
    def setUp(self):
        self.w = e2e.shared()
        self.token = self.w.token(role="patroller")
        self.key = str(uuid.uuid4())
        self.body = e2e.report_body(self.w)

    def send(self, body=None, key=None, token=None, headers=None):
        return self.w.http.post("/api/v1/reports", token or self.token, body or self.body, headers={"Idempotency-Key": key or self.key, **(headers or {})})

    def cases_of(self, key=None):
        return self.w.rows("SELECT case_no FROM report_key WHERE key = %s", key or self.key)

    def test_a_retry_after_the_commit_gets_the_frozen_answer(self):
        first = self.send()
        self.assertEqual(first.status, 201, first)
        self.assertNotIn("idempotency-replayed", first.headers)
        self.w.done(self.w.token(role="shift_leader"), first.body["case_no"], "note", text="改变了案件")
        for _ in range(3):
            again = self.send()
            self.assertEqual((again.status, again.body), (201, first.body), again)
            self.assertEqual(again.headers.get("idempotency-replayed"), "true")
        self.assertEqual(len(self.cases_of()), 1)

    def test_a_retry_after_202_gets_201_with_the_same_report_id(self):
        first = self.send(headers={"Prefer": "respond-async"})
        self.assertEqual((first.status, first.body["state"]), (202, "queued"), first)
        again = e2e.wait(lambda: (lambda a: a if a.status == 201 else None)(self.send()), "the retry to be answered 201")
        self.assertEqual(again.body["report_id"], first.body["report_id"])
        self.assertEqual(again.headers.get("idempotency-replayed"), "true")
        self.assertEqual(len(self.cases_of()), 1)

    def test_sixteen_at_once_make_one_case(self):
        answers, gate = [], threading.Barrier(16)
        def one():
            client = e2e.Client(self.w.port)
            gate.wait()
            answers.append(client.post("/api/v1/reports", self.token, self.body, headers={"Idempotency-Key": self.key}))
        threads = [threading.Thread(target=one) for _ in range(16)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(len(answers), 16)
        self.assertEqual({a.status for a in answers} - {201, 202}, set(), answers)
        self.assertEqual(len({a.body["report_id"] for a in answers}), 1)
        self.assertEqual(len({a.body["case_no"] for a in answers if a.status == 201}), 1, "one case number for all")
        e2e.wait(lambda: len(self.cases_of()) == 1, "one key row")
        self.assertEqual(self.w.rows("SELECT count(*) FROM cases WHERE report_id = %s", answers[0].body["report_id"])[0][0], 1)

    def test_eight_parallel_creates_have_unique_numbers(self):
        answers, gate = [], threading.Barrier(8)
        def one(n):
            client = e2e.Client(self.w.port)
            gate.wait()
            answers.append(client.post("/api/v1/reports", self.token, {**self.body, "description": f"并发 {n}"}, headers={"Idempotency-Key": f"{self.key}-{n}"}))
        threads = [threading.Thread(target=one, args=(n,)) for n in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(len({a.body["report_id"] for a in answers}), 8, answers)
        ids = [a.body["report_id"] for a in answers]
        rows = lambda: self.w.rows("SELECT case_no FROM cases WHERE report_id = ANY (%s)", ids)
        e2e.wait(lambda: len(rows()) == 8, "all eight to be cases")
        self.assertEqual(len({r[0] for r in rows()}), 8)

    def test_the_key_may_stand_in_the_body_and_is_the_same_key(self):
        first = self.send()
        self.assertEqual(first.status, 201, first)
        again = self.w.http.post("/api/v1/reports", self.token, {**self.body, "client_report_id": self.key})
        self.assertEqual((again.status, again.body), (201, first.body))
        both = self.w.http.post("/api/v1/reports", self.token, {**self.body, "client_report_id": self.key}, headers={"Idempotency-Key": self.key})
        self.assertEqual((both.status, both.body), (201, first.body))

    def test_the_same_body_in_another_spelling_is_the_same_body(self):
        first = self.send()
        self.assertEqual(first.status, 201, first)
        turned = dict(reversed(list({**self.body, "unknown_member": 1}.items())))
        again = self.send(turned)
        self.assertEqual((again.status, again.body), (201, first.body), "order of members and unknown members do not count")

    def test_the_same_key_with_another_body_is_a_conflict(self):
        first = self.send()
        self.assertEqual(first.status, 201, first)
        other = self.send({**self.body, "description": "另一件事"})
        self.assertEqual((other.status, other.code), (422, "key_conflict"), other)
        self.assertEqual(len(self.cases_of()), 1)

    def test_a_conflict_seen_only_after_202_becomes_a_flagged_case_and_nothing_is_dropped(self):
        first = self.send()
        self.assertEqual(first.status, 201, first)
        # Without the dispatcher and with a cold spool the door may not know the key; whatever it says, it keeps its word.
        old = self.w.kill("dispatcher")
        other = self.send({**self.body, "description": "同一编号，另一件事"}, headers={"Prefer": "respond-async"})
        self.w.wait_back("dispatcher", old)
        self.assertIn(other.status, (202, 422), other)
        if other.status == 202:
            self.assertNotEqual(other.body["report_id"], first.body["report_id"])
            seen = e2e.wait(lambda: (lambda a: a.body if a.status == 200 and a.body["state"] == "committed" else None)(self.w.http.get(f"/api/v1/reports/{other.body['report_id']}", self.token)), "the flagged case")
            case = self.w.case(seen["case_no"])
            self.assertEqual((case["state"], case.get("key_conflict")), ("pending_accept", True))

    def test_the_same_key_of_another_principal_is_another_report(self):
        patrollers = [a["token"] for a in self.w.accounts if a["role"] == "patroller"][:2]
        answers = [self.send(token=t) for t in patrollers]
        self.assertEqual([a.status for a in answers], [201, 201], answers)
        self.assertEqual(len({a.body["case_no"] for a in answers}), 2)

    def test_a_retry_across_kill_9_of_the_gateway_is_the_same_report(self):
        first = self.send(headers={"Prefer": "respond-async"})
        self.assertEqual(first.status, 202, first)
        self.w.kill("gateway")
        again = e2e.wait(lambda: (lambda a: a if a.status == 201 else None)(self.send()), "the retry after the restart")
        self.assertEqual(again.body["report_id"], first.body["report_id"])
        self.assertEqual(len(self.cases_of()), 1)

    def test_a_device_that_repeats_for_a_day_loses_nothing_and_doubles_nothing(self):
        keys = [str(uuid.uuid4()) for _ in range(5)]
        bodies = {k: e2e.report_body(self.w, description=f"重复上报 {k}") for k in keys}
        first = {}
        for _ in range(40):
            for key in keys:
                answer = self.send(bodies[key], key)
                self.assertIn(answer.status, (201, 202), answer)
                first.setdefault(key, answer.body["report_id"])
                self.assertEqual(answer.body["report_id"], first[key])
        for key in keys:
            e2e.wait(lambda: len(self.cases_of(key)) == 1, "its one case")

    def test_a_second_gateway_gives_the_same_report_id(self):
        folder, port = tempfile.mkdtemp(prefix="wangge-e2e-second-"), e2e.free_port()
        with open(os.path.join(self.w.data, "e2e-second.log"), "wb") as log:
            second = subprocess.Popen([e2e.binary(), "gateway", "--data", self.w.data, "--set", f"server.port={port}", "--set", "gateway.name=second", "--set", f"gateway.spool_dir={folder}"], stdout=log, stderr=log)
        try:
            other = e2e.Client(port)
            e2e.wait(lambda: other.get("/readyz").status == 200, "the second gateway")
            first = self.send()
            self.assertEqual(first.status, 201, first)
            again = e2e.wait(lambda: (lambda a: a if a.status == 201 else None)(other.post("/api/v1/reports", self.token, self.body, headers={"Idempotency-Key": self.key})), "the second gateway's 201")
            self.assertEqual((again.body["report_id"], again.body["case_no"]), (first.body["report_id"], first.body["case_no"]))
            self.assertEqual(len(self.cases_of()), 1)
        finally:
            second.terminate()
            second.wait(30)
            shutil.rmtree(folder, ignore_errors=True)

    def test_a_command_retried_with_its_id_is_done_once_and_answered_alike(self):
        no = self.send().body["case_no"]
        chief = self.w.token(role="shift_leader")
        version, command = self.w.case(no)["version"], str(uuid.uuid4())
        answers = [self.w.act(chief, no, "note", version=version, command_id=command, text="只记一次") for _ in range(4)]
        self.assertEqual({a.status for a in answers}, {200}, answers)
        self.assertEqual({a.body["version"] for a in answers}, {version + 1}, "the first answer each time")
        self.assertEqual(self.w.case(no)["version"], version + 1)
        other = self.w.act(chief, no, "note", version=version, command_id=command, text="另一句")
        self.assertEqual((other.status, other.code), (422, "command_id_reused"), other)

    def test_sixteen_commands_at_once_with_one_id_make_one_row(self):
        no = self.send().body["case_no"]
        chief = self.w.token(role="shift_leader")
        version, command, answers, gate = self.w.case(no)["version"], str(uuid.uuid4()), [], threading.Barrier(16)
        def one():
            gate.wait()
            answers.append(self.w.act(chief, no, "note", version=version, command_id=command, text="并发"))
        threads = [threading.Thread(target=one) for _ in range(16)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual({a.status for a in answers}, {200}, answers)
        self.assertEqual(self.w.case(no)["version"], version + 1)
        self.assertEqual(e2e.history_faults(self.w, {no}), [])

    def test_two_officers_at_once_with_the_same_version_one_wins_the_other_sees_why(self):
        no = self.send().body["case_no"]
        chief, officer = self.w.token(role="shift_leader"), self.w.token(role="dispatch_officer")
        version, answers, gate = self.w.case(no)["version"], [], threading.Barrier(2)
        def one(token):
            gate.wait()
            answers.append(self.w.act(token, no, "note", version=version, text="同时"))
        threads = [threading.Thread(target=one, args=(t,)) for t in (chief, officer)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(sorted(a.status for a in answers), [200, 409], answers)
        loser = next(a for a in answers if a.status == 409)
        self.assertEqual(loser.code, "stale_version")


if __name__ == "__main__":
    unittest.main(verbosity=2)
