#!/usr/bin/python3
"""The road from a report to a line in the month's table, on the whole system, also across kill -9."""
import unittest
import uuid
from datetime import datetime

import wangge_e2e as e2e


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


class Road(unittest.TestCase):
    def setUp(self):
        self.w = e2e.shared()
        self.reporter = self.w.token(role="patroller")
        self.chief = self.w.token(role="shift_leader")

    def walk_to_squad(self):
        """A fresh report as far as its squad's stream: (case, squad token, stream, task)."""
        answer = self.w.report(self.reporter, str(uuid.uuid4()))
        self.assertIn(answer.status, (201, 202), answer)
        case_no = answer.body["case_no"] if answer.status == 201 else self.w.committed(self.reporter)
        case = self.w.case(case_no)
        self.assertEqual(case["state"], "pending_dispose", "a usable place, a known category and one route go through by themselves")
        squad = self.w.holder_of(case)
        stream = e2e.Stream(self.w, "/api/v1/tasks/stream", squad)
        self.addCleanup(stream.stop)
        return case, squad, stream, stream.wait_for("task", case_no=case_no, kind="dispose")

    def checker(self, case_no):
        """(patroller token, stream, check task) of the case's open check task."""
        holder = e2e.wait(lambda: [r["holder"] for r in self.w.rows("SELECT holder FROM task WHERE case_no = %s AND kind = 'check' AND open", case_no)], "a check task")[0]
        token = self.w.patroller(holder)
        stream = e2e.Stream(self.w, "/api/v1/tasks/stream", token)
        self.addCleanup(stream.stop)
        return token, stream, stream.wait_for("task", case_no=case_no, kind="check")

    def received(self, token, task):
        answer = self.w.http.post(f"/api/v1/tasks/{task['task_id']}/received", token, {"epoch": task["epoch"]})
        self.assertEqual(answer.status, 204, answer)

    def test_a_report_becomes_a_case_a_task_a_closure_and_a_line_in_the_table(self):
        answer = self.w.report(self.reporter, str(uuid.uuid4()))
        self.assertEqual(answer.status, 201, answer)
        self.assertEqual(set(answer.body) & {"report_id", "case_no", "state", "case_state"}, {"report_id", "case_no", "state", "case_state"})
        self.assertEqual((answer.body["state"], answer.body["case_state"]), ("committed", "pending_dispose"))
        case_no = answer.body["case_no"]
        self.assertRegex(case_no, r"^370871" + datetime.now(e2e.ZONE).strftime("%Y%m%d") + r"\d{5,}$")
        seen = self.w.http.get(f"/api/v1/reports/{answer.body['report_id']}", self.reporter)
        self.assertEqual((seen.status, seen.body["state"], seen.body["case_no"]), (200, "committed", case_no), seen)

        case = self.w.case(case_no)
        for name in ("case_no", "version", "state", "stage", "unit", "squad", "grid", "category", "due_at", "light", "place_unusable", "actions"):
            self.assertIn(name, case)
        self.assertEqual((case["state"], case["stage"], case["light"], case["place_unusable"]), ("pending_dispose", "disposal", "green", False))
        self.assertIn(case["unit"], [u["key"] for u in self.w.http.get("/api/v1/units", self.chief).body["items"]])
        self.assertIn(case["squad"], [s["key"] for s in self.w.http.get("/api/v1/squads", self.chief).body["items"]])

        squad = self.w.holder_of(case)
        stream = e2e.Stream(self.w, "/api/v1/tasks/stream", squad)
        self.addCleanup(stream.stop)
        task = stream.wait_for("task", case_no=case_no)
        self.assertEqual((task["kind"], task["squad"]), ("dispose", case["squad"]))
        self.assertIn(task["task_id"], [t["task_id"] for t in self.w.http.get("/api/v1/tasks", squad).body["items"]])
        self.received(squad, task)
        self.assertEqual(self.w.case(case_no)["version"], case["version"], "transport rows never raise the version")

        offered = {a["name"] for a in self.w.http.get(f"/api/v1/cases/{case_no}", squad).body["actions"]}
        self.assertIn("sign", offered)
        self.assertNotIn("close", offered)
        signed = self.w.done(squad, case_no, "sign")
        self.assertEqual((signed["state"], signed["due_at"]), ("disposing", case["due_at"]), "sign never moves the clock")
        disposed = self.w.done(squad, case_no, "dispose", photos=[self.w.photo(squad)], opinion="已复位")
        self.assertEqual(disposed["state"], "checking", "confirm and send_check are automatic in the demo")

        patroller, watch, check = self.checker(case_no)
        self.received(patroller, check)
        checked = self.w.done(patroller, case_no, "check", result="pass", photos=[self.w.photo(patroller, 90)])
        self.assertEqual(checked["state"], "pending_close")
        closed = self.w.done(self.chief, case_no, "close", closing_condition="restored")
        self.assertEqual((closed["state"], closed["stage"]), ("closed", "evaluation"))

        self.assertEqual(e2e.history_faults(self.w, {case_no}), [])
        timeline = self.w.http.get(f"/api/v1/cases/{case_no}/history", self.chief).body["items"]
        done = [row["action"] for row in timeline if not row.get("transport")]
        self.assertEqual(done, ["report", "accept", "file", "dispatch", "sign", "dispose", "confirm", "send_check", "check", "close"])
        self.assertEqual([row["action"] for row in timeline if row.get("transport")], ["received", "received"])

        self.counted(case_no, case["unit"])

    def counted(self, case_no, unit):
        month = datetime.now(e2e.ZONE).strftime("%Y-%m")
        table = self.w.http.get(f"/api/v1/statistics/closure?month={month}&by=unit", self.chief).body
        self.assertEqual((table["month"], table["by"]), (month, "unit"))
        row = next(r for r in table["rows"] if r["key"] == unit)
        for field in ("filed", "dispatched", "due", "closed", "closed_on_time"):
            self.assertGreaterEqual(row[field], 1, field)
        self.assertIn(case_no, [c["case_no"] for c in e2e.pages(self.w.http, row["cases"]["closed_on_time"], self.chief)])
        for line in [*table["rows"], table["total"]]:
            for field, url in line["cases"].items():
                listed = [c["case_no"] for c in e2e.pages(self.w.http, url, self.chief, 50)]
                self.assertEqual(len(listed), len(set(listed)), f"{field} of {line.get('key')} lists a case twice")
                if not field.endswith("_rate"):
                    self.assertEqual(len(listed), line[field], f"{field} of {line.get('key')}: the link lists exactly the cases counted: {url}")

    def test_the_case_goes_on_after_kill_9_of_every_process_in_the_middle(self):
        case, squad, stream, task = self.walk_to_squad()
        no = case["case_no"]
        old = self.w.kill("gateway")
        self.w.wait_back("gateway", old)
        e2e.wait(lambda: self.w.http.get("/healthz", timeout=2).status == 200, "the gateway")
        again = e2e.wait(lambda: len(stream.named("task", task_id=task["task_id"])) >= 2, "the unreceived task again after the connect")
        self.assertTrue(again)
        self.received(squad, task)

        def until_done(token, action, **fields):
            """Sends one command until it is answered: the same command_id, so that it is done once."""
            command = str(uuid.uuid4())
            version = e2e.wait(lambda: self.w.case(no)["version"], "the case")
            def attempt():
                answer = self.w.act(token, no, action, version=version, command_id=command, **fields)
                if answer.status not in (503, 504):
                    self.assertEqual(answer.status, 200, answer)
                    return answer.body
                return None
            return e2e.wait(attempt, f"{action} to be answered", 90, 0.3)

        old = self.w.kill("dispatcher")
        self.assertEqual(until_done(squad, "sign")["state"], "disposing")
        self.w.wait_back("dispatcher", old)
        photo = self.w.photo(squad)
        old = self.w.kill("postgres")
        self.assertEqual(until_done(squad, "dispose", photos=[photo])["state"], "checking")
        self.w.wait_back("postgres", old)
        patroller, watch, check = self.checker(no)
        for name in ("dispatcher", "gateway"):
            self.w.kill(name)
        self.assertEqual(until_done(patroller, "check", result="pass", photos=[photo])["state"], "pending_close")
        self.assertEqual(until_done(self.chief, "close", closing_condition="restored")["state"], "closed")
        self.assertEqual(e2e.history_faults(self.w, {no}), [])
        self.assertEqual(e2e.wait(lambda: self.w.http.get("/readyz").body["status"] == "ok", "everything well again"), True)

    def test_a_failed_check_sends_the_case_back_to_the_same_squad_with_a_new_task(self):
        case, squad, stream, task = self.walk_to_squad()
        no = case["case_no"]
        self.w.done(squad, no, "sign")
        self.w.done(squad, no, "dispose", photos=[self.w.photo(squad)])
        patroller, watch, check = self.checker(no)
        back = self.w.done(patroller, no, "check", result="fail", photos=[self.w.photo(patroller)], reason="未恢复")
        self.assertEqual((back["state"], back["unit"], back["squad"]), ("pending_dispose", case["unit"], case["squad"]))
        again = e2e.wait(lambda: [t for t in stream.named("task", case_no=no) if (t["task_id"], t["epoch"]) != (task["task_id"], task["epoch"])], "the task again")[0]
        self.assertEqual(again["kind"], "dispose")
        self.assertEqual(e2e.history_faults(self.w, {no}), [])

    def test_a_return_goes_to_the_shift_leader_and_comes_back_to_the_dispatch_desk(self):
        case, squad, stream, task = self.walk_to_squad()
        no = case["case_no"]
        leads = [a for a in self.w.accounts if a["role"] in ("squad_leader", "unit_clerk", "unit_head") and a.get("unit") == case["unit"] and (not a.get("squad") or a["squad"] == case["squad"])]
        token = leads[0]["token"] if leads else self.fresh("unit_clerk", unit=case["unit"])
        asked = self.w.done(token, no, "return", reason="不属本单位职责")
        self.assertEqual(asked["state"], "returned_by_unit")
        back = self.w.done(self.chief, no, "approve_return")
        self.assertEqual(back["state"], "pending_dispatch")
        stream.wait_for("task_withdrawn", task_id=task["task_id"])
        officer = self.w.token(role="dispatch_officer")
        sent = self.w.done(officer, no, "dispatch", unit=case["unit"], squad=case["squad"])
        self.assertEqual((sent["state"], sent["squad"]), ("pending_dispose", case["squad"]))
        self.assertEqual(e2e.history_faults(self.w, {no}), [])

    def test_a_task_given_to_another_pair_of_hands_has_a_new_epoch_and_the_old_one_is_refused(self):
        case, squad, stream, task = self.walk_to_squad()
        no = case["case_no"]
        leader = self.fresh("squad_leader", unit=case["unit"], squad=case["squad"])
        name = self.w.http.get("/api/v1/me", squad).body["name"]
        self.w.done(leader, no, "reassign", squad=case["squad"], holder=name)
        again = e2e.wait(lambda: [t for t in stream.named("task", task_id=task["task_id"]) if t["epoch"] > task["epoch"]], "the task under a new epoch")[0]
        url = f"/api/v1/tasks/{task['task_id']}/received"
        self.assertEqual(self.w.http.post(url, squad, {"epoch": task["epoch"]}).status, 409)
        self.assertEqual(self.w.http.post(url, squad, {"epoch": again["epoch"]}).status, 204)
        self.assertEqual(e2e.history_faults(self.w, {no}), [])

    def fresh(self, role, **scope):
        words = [w for k, v in scope.items() for w in (f"--{k}", v)]
        token = self.w.run("user", "token", f"e2e-{role}", "--role", role, "--district", e2e.DISTRICT, *words).stdout.split()[-1]
        e2e.wait(lambda: self.w.http.get("/api/v1/me", token).status == 200, "the new token to reach the doors", 30)
        return token

    def test_a_public_report_waits_for_its_verification_first(self):
        public = self.w.run("user", "token", "e2e-app", "--role", "reporter", "--district", e2e.DISTRICT, "--sources", "public").stdout.split()[-1]
        e2e.wait(lambda: self.w.http.get("/api/v1/me", public).status == 200, "the new token to reach the doors", 30)
        no = self.w.committed(public, source="public")
        case = self.w.case(no)
        self.assertIn(case["state"], ("pending_accept", "verifying"), "never past acceptance by itself")
        self.assertEqual(self.w.http.get(f"/api/v1/cases/{no}", public).status, 403, "a reporter sees only its own reports")
        if case["state"] == "verifying":
            holder = self.w.rows("SELECT holder FROM task WHERE case_no = %s AND kind = 'verify' AND open", no)[0]["holder"]
            token = self.w.patroller(holder)
            found = self.w.done(token, no, "verify", result="exist", photos=[self.w.photo(token)])
            self.assertEqual(found["state"], "pending_accept")
        accepted = self.w.done(self.w.token(role="acceptor"), no, "accept")
        self.assertEqual(e2e.history_faults(self.w, {no}), [])
        self.assertNotEqual(accepted["state"], "pending_accept")


if __name__ == "__main__":
    unittest.main(verbosity=2)
