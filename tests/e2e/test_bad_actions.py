#!/usr/bin/python3
"""Every refusal of CONTRACT 5, in its order of checks, and of task receipts."""
import unittest
import uuid

import wangge_e2e as e2e


def setUpModule():
    e2e.shared()


def tearDownModule():
    e2e.close()


class Actions(unittest.TestCase):
    def setUp(self):
        self.w = e2e.shared()
        self.chief = self.w.token(role="shift_leader")
        self.no = self.w.committed(self.w.token(role="patroller"))
        self.case = self.w.case(self.no)
        self.squad = self.w.holder_of(self.case)

    def post(self, token, action, body, no=None):
        return self.w.http.post(f"/api/v1/cases/{no or self.no}/actions/{action}", token, body)

    def well(self, **more):
        return {"command_id": str(uuid.uuid4()), "version": self.case["version"], **more}

    def check(self, answer, status, code=None, pointer=None):
        self.assertEqual(answer.status, status, answer)
        if code:
            self.assertEqual(answer.code, code, answer)
        if pointer:
            self.assertIn(pointer, answer.fields(), answer)

    def test_an_unknown_action_comes_before_a_bad_body(self):
        self.check(self.post(self.squad, "explode", {}), 404)
        self.check(self.w.http.call("POST", f"/api/v1/cases/{self.no}/actions/explode", self.squad, raw=b"{"), 404)
        self.check(self.post(self.squad, "report", self.well()), 404)

    def test_a_malformed_body_comes_before_scope_and_role(self):
        self.check(self.w.http.call("POST", f"/api/v1/cases/{self.no}/actions/sign", self.squad, raw=b"{"), 400, "bad_json")
        for body, pointer in (({}, "/command_id"), ({"command_id": "x", "version": 1}, "/command_id"), ({"command_id": str(uuid.uuid4())}, "/version"), ({"command_id": str(uuid.uuid4()), "version": "4"}, "/version"),
                              ({"command_id": str(uuid.uuid4()), "version": -1}, "/version"), ({"command_id": str(uuid.uuid4()), "version": 1.5}, "/version")):
            with self.subTest(body):
                self.check(self.post(self.squad, "sign", body), 422, pointer=pointer)
        self.check(self.post(self.w.token(role="patroller"), "sign", {}), 422, pointer="/command_id")

    def test_required_fields_are_named(self):
        for action, fields, pointer in (("dispose", {}, "/photos"), ("dispose", {"photos": []}, "/photos"), ("dispose", {"photos": ["x"]}, "/photos/0"), ("return", {}, "/reason"), ("return", {"reason": ""}, "/reason"),
                                        ("return", {"reason": "x" * 4001}, "/reason"), ("close", {}, "/closing_condition"), ("close", {"closing_condition": "vanished"}, "/closing_condition"), ("check", {"result": "maybe", "photos": [e2e.media_id(b"x")]}, "/result"),
                                        ("check", {"result": "pass"}, "/photos"), ("note", {}, "/text"), ("force_close", {}, "/reason"), ("decline", {}, "/reason")):
            with self.subTest(f"{action} {fields}"):
                self.check(self.post(self.squad, action, self.well(**fields)), 422, pointer=pointer)

    def test_a_case_outside_the_scope_or_none_at_all_is_not_found(self):
        other = next(a for a in self.w.accounts if a["role"] in ("disposer", "squad_leader") and a.get("squad") and a["squad"] != self.case["squad"] and a["unit"] != self.case["unit"])
        self.check(self.post(other["token"], "sign", self.well()), 404)
        self.check(self.w.http.get(f"/api/v1/cases/{self.no}", other["token"]), 404)
        self.check(self.w.http.get(f"/api/v1/cases/{self.no}/history", other["token"]), 404)
        self.check(self.post(self.chief, "note", self.well(text="x"), no="3708712026010199999"), 404)
        self.check(self.post(self.chief, "note", self.well(text="x"), no="1101012026010199999"), 404)
        self.check(self.post(self.chief, "note", self.well(text="x"), no="x"), 404)
        self.assertEqual(self.w.case(self.no)["version"], self.case["version"])

    def test_the_wrong_role_is_told_so_before_a_stale_version(self):
        self.check(self.post(self.chief, "sign", self.well()), 403, "not_yours")
        self.check(self.post(self.w.token(role="dispatch_officer"), "close", {**self.well(closing_condition="restored"), "version": 1}), 403, "not_yours")
        self.check(self.post(self.squad, "close", self.well(closing_condition="restored")), 403, "not_yours")

    def test_a_stale_version_shows_the_present_case(self):
        for version in (self.case["version"] - 1, self.case["version"] + 1):
            answer = self.post(self.squad, "sign", {**self.well(), "version": version})
            self.check(answer, 409, "stale_version")
            present = answer.body.get("case")
            self.assertEqual((present["case_no"], present["version"], present["state"]), (self.no, self.case["version"], self.case["state"]), answer)

    def test_what_the_state_does_not_allow_is_told_with_its_reason(self):
        self.check(self.post(self.chief, "close", self.well(closing_condition="restored")), 422, "not_allowed")
        self.check(self.post(self.squad, "dispose", self.well(photos=[e2e.media_id(b"x")])), 422, "not_allowed")
        patroller, seen = self.w.token(role="patroller"), {"photos": [e2e.media_id(b"x")]}
        self.check(self.post(patroller, "verify", self.well(result="exist", **seen)), 422, "not_allowed")
        self.check(self.post(patroller, "check", self.well(result="pass", **seen)), 403, "not_yours")  # a hazard's check is possible here, but it is nobody's task

    def test_a_used_command_id_with_another_body_comes_before_everything_else(self):
        body = self.well(text="一")
        self.check(self.post(self.chief, "note", body), 200)
        self.check(self.post(self.chief, "note", {**body, "text": "二"}), 422, "command_id_reused")
        self.check(self.post(self.chief, "note", {**body, "version": 1}), 422, "command_id_reused")
        self.check(self.post(self.chief, "note", body), 200)
        self.assertEqual(self.w.case(self.no)["version"], self.case["version"] + 1)

    def test_the_same_command_id_of_another_person_is_another_command(self):
        body = self.well(text="一")
        self.check(self.post(self.chief, "note", body), 200)
        self.check(self.post(self.w.token(role="dispatch_officer"), "note", {**body, "version": self.case["version"] + 1}), 200)

    def test_at_without_the_right_is_refused(self):
        self.check(self.post(self.squad, "sign", self.well(at=e2e.now_text(-60))), 403)

    def test_an_ended_case_moves_no_more(self):
        leader = self.w.token(role="leader")
        asked = self.post(leader, "force_close", self.well(reason="测试强制结案"))
        self.check(asked, 200)
        self.assertEqual(asked.body["state"], self.case["state"], "a second person decides")
        request = {"request_id": asked.body["requests"][0]["request_id"], "version": asked.body["version"]}
        self.check(self.post(leader, "approve_request", {**self.well(), **request}), 422, "not_allowed")
        ended = self.post(self.chief, "approve_request", {**self.well(), **request})
        self.check(ended, 200)
        self.assertEqual(ended.body["state"], "forced_closed")
        self.assertLessEqual({a["name"] for a in ended.body["actions"]}, {"note", "reply"})
        for token, action, fields in ((self.chief, "close", {"closing_condition": "restored"}), (self.squad, "sign", {}), (leader, "force_close", {"reason": "x"})):
            answer = self.post(token, action, {**self.well(**fields), "version": ended.body["version"]})
            self.assertIn((answer.status, answer.code), ((422, "not_allowed"), (403, "not_yours")), answer)
        self.assertEqual(e2e.history_faults(self.w, {self.no}), [])

    def test_voiding_needs_a_second_person(self):
        acceptor = self.w.token(role="acceptor")
        asked = self.post(acceptor, "request_void", self.well(reason="重复上报"))
        self.check(asked, 200)
        self.check(self.post(acceptor, "approve_void", {**self.well(), "version": asked.body["version"]}), 403, "not_yours")
        gone = self.post(self.chief, "approve_void", {**self.well(), "version": asked.body["version"]})
        self.check(gone, 200)
        self.assertEqual(gone.body["state"], "voided")

    def test_a_task_is_received_only_by_its_own_squad_and_epoch(self):
        task = e2e.wait(lambda: [t for t in self.w.http.get("/api/v1/tasks", self.squad).body["items"] if t["case_no"] == self.no], "the task")[0]
        url = f"/api/v1/tasks/{task['task_id']}/received"
        other = next(a for a in self.w.accounts if a["role"] in ("disposer", "squad_leader") and a.get("squad") and a["squad"] != self.case["squad"])
        self.assertIn(self.w.http.post(url, other["token"], {"epoch": task["epoch"]}).status, (403, 404))
        self.check(self.w.http.post(url, self.squad, {}), 422, pointer="/epoch")
        self.check(self.w.http.post(url, self.squad, {"epoch": task["epoch"] + 1}), 409)
        self.check(self.w.http.post("/api/v1/tasks/3708712026010199999-4/received", self.squad, {"epoch": 1}), 404)
        self.check(self.w.http.post(url, self.squad, {"epoch": task["epoch"]}), 204)
        self.check(self.w.http.post(url, self.squad, {"epoch": task["epoch"]}), 204)


if __name__ == "__main__":
    unittest.main(verbosity=2)
