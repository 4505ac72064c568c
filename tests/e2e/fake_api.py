#!/usr/bin/python3
"""A small pretend Wangge for the two plain pages: enough of CONTRACT 3-7 to draw every state of a page, scriptable.

Used by test_pages.py where a fault must be provoked on purpose, and by hand:
  tests/e2e/fake_api.py --port 8099 [--empty] [--error]
It keeps no promises; those are tested on the real system. What it holds stands in fake_city.py.
"""
import argparse
import base64
import hashlib
import json
import os
import queue
import socket
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from fake_desk import Desk
from fake_city import CATALOGUE, CLOSING, ME, SQUADS, STAGE, UNITS, World, paint, stamp

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
WEB = os.path.join(ROOT, "gateways", "console", "web")  # the pages' source
BUILT = os.path.join(ROOT, "build", "web")  # and as the program carries them
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}
CSP = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def field(name, kind="text", required=False, choices=(), **more):
    return {"name": name, "type": kind, "required": required, **({"choices": list(choices)} if choices else {}),
            **({"min": 1} if kind == "photos" and required else {}), **more}


# The fields of dispatcher/core/words.cpp, as the API shows them.
REASON, MAYBE, OPINION, PHOTOS = field("reason", required=True), field("reason"), field("opinion"), field("photos", "photos", True)
MODE = field("check_mode", "choice", choices=("on_site", "photo", "video"))
FIELDS = {
    "verify": [field("result", "choice", True, ("exist", "not_exist", "unable")), PHOTOS, MAYBE, OPINION], "accept": [OPINION], "decline": [REASON],
    "file": [field("condition", "code")], "decline_filing": [REASON], "dispatch": [field("unit", "code"), field("squad", "code"), field("assist", "codes"), OPINION], "recall": [MAYBE],
    "return_filing": [REASON], "return": [REASON, field("photos", "photos")], "approve_return": [field("unit", "code"), field("squad", "code"), OPINION], "refuse_return": [MAYBE], "hand_back": [REASON],
    "dispose": [PHOTOS, OPINION], "reject_disposal": [REASON], "confirm": [OPINION], "rework": [REASON], "send_check": [MODE],
    "check": [field("result", "choice", True, ("pass", "fail", "unable")), PHOTOS, field("reason", required_when="result=unable"), OPINION],
    "close": [field("closing_condition", "code", True, CLOSING), OPINION], "request_void": [REASON], "reassign": [field("squad", "code"), field("holder", "code"), MAYBE],
    "amend": [field("category", "category"), field("condition", "code"), field("lon", "number"), field("lat", "number"), field("address"), field("component_id", "code"), MAYBE],
    "extend": [REASON, field("photos", "photos")], "suspend": [REASON, field("until", "time", True), field("photos", "photos")], "merge": [field("into", "code", True), MAYBE],
    "approve_request": [field("request_id", "code", True), OPINION], "refuse_request": [field("request_id", "code", True), MAYBE], "waive_assist": [field("unit", "code", True), REASON],
    "note": [field("text", required=True), field("photos", "photos"), field("milestone", "choice", choices=("ordered", "decided", "fulfilled"))], "accept_self_disposal": [OPINION], "refuse_self_disposal": [REASON],
}
TITLES = {"sign": "签收", "accept": "受理", "decline": "不予受理", "send_verify": "发核实", "dispatch": "派遣", "return_filing": "退回受理", "note": "备注", "amend": "更正", "close": "结案",
          "dispose": "处置完成", "hand_back": "交回", "return": "申请回退", "check": "核查反馈", "verify": "核实反馈", "rework": "返工", "send_check": "发核查", "file": "立案",
          "decline_filing": "不予立案", "recall": "撤回改派", "approve_return": "同意回退", "refuse_return": "不同意回退", "confirm": "部门确认", "reject_disposal": "部门打回", "reassign": "改派中队",
          "accept_self_disposal": "自处置通过", "refuse_self_disposal": "自处置退回", "request_void": "申请作废", "extend": "申请延期", "suspend": "申请挂账", "merge": "合并", "unmerge": "取消合并", "approve_request": "同意申请", "refuse_request": "不同意申请", "waive_assist": "免除协办"}
OFFERS = {
    ("dispatch_officer", "pending_dispatch"): ["dispatch", "return_filing", "note"], ("dispatch_officer", "pending_dispose"): ["recall", "waive_assist", "note"],
    ("dispatch_officer", "pending_review"): ["rework", "send_check", "note"], ("dispatch_officer", "pending_close"): ["rework", "note"],
    ("acceptor", "merged"): ["unmerge", "note"], ("acceptor", "pending_accept"): ["send_verify", "accept", "decline", "merge", "amend", "note"], ("acceptor", "pending_file"): ["file", "decline_filing", "amend", "note"],
    ("acceptor", "pending_close"): ["close", "request_void", "note"], ("acceptor", "self_disposed_review"): ["note", "accept_self_disposal", "refuse_self_disposal"],
    ("shift_leader", "returned_by_unit"): ["approve_return", "refuse_return", "note"], ("shift_leader", "pending_accept"): ["accept", "decline", "amend", "note"],
    ("unit_clerk", "disposed"): ["reject_disposal", "confirm", "note"], ("unit_clerk", "pending_dispose"): ["sign", "return", "reassign", "extend", "suspend", "note"],
    ("disposer", "pending_dispose"): ["sign", "note"], ("disposer", "disposing"): ["hand_back", "dispose", "note"],
    ("patroller", "checking"): ["check"], ("patroller", "verifying"): ["verify"],
}
AFTER = {"dispatch": "pending_dispose", "recall": "pending_dispatch", "sign": "disposing", "dispose": "checking", "close": "closed", "accept": "pending_file", "hand_back": "pending_dispose", "file": "pending_dispatch",
         "decline": "not_accepted", "confirm": "pending_review", "send_check": "checking", "send_verify": "verifying", "approve_return": "pending_dispatch", "refuse_return": "pending_dispose",
         "accept_self_disposal": "closed", "merge": "merged", "unmerge": "pending_accept"}
CHECKED = {"pass": "pending_close", "fail": "pending_dispose", "unable": "pending_review"}
STATISTICS = ("acceptor", "shift_leader", "dispatch_officer", "unit_clerk", "leader")
COUNTS = ("filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "awaiting_check", "in_enforcement", "open_at_end", "reworked")
BASIS = ("口径：应结案 = (甲) 期内部门确认反馈（含上期转入的待核查）且未被核查否定、至读数时刻不再待核查的已立案案件 + (乙) 期末在办、无有效确认反馈且处置时限已过的案件（上期结转单列）"
         " + (丙) 期内强制结案及超时后作废的案件。结案率 = 结案 / 应结案；按期结案率 = 按期结案 / 应结案。读数时刻 = 现在与期末后第 3 个工作日终了中较早者。")


class Handler(Desk, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = None

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json", **headers):
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def problem(self, status, code, title="", detail="", **more):
        self.send(status, {"type": f"urn:wangge:problem:{code}", "status": status, "code": code, "title": title or code, **({"detail": detail} if detail else {}), **more}, "application/problem+json")

    def handle_one(self, method):
        url = urlsplit(self.path)
        path, args = url.path, {k: v[-1] for k, v in parse_qs(url.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        world = self.world
        if world.dead:
            return self.hang_up()
        if not path.startswith("/api/"):
            return self.page(path)
        world.asked.append(f"{method} {self.path}")
        for prefix, fault in list(world.fail.items()):
            if f"{method} {path}".startswith(prefix):
                if isinstance(fault, dict):
                    return self.problem(**fault)
                status, code = fault
                return self.problem(status, code, {503: "数据库暂不可用，请稍后再试"}.get(status, code))
        who = ME.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
        if not who:
            return self.problem(401, "unauthorized", "需要有效的令牌")
        parts = path.removeprefix("/api/v1/").split("/")
        handler = getattr(self, f"{method.lower()}_{parts[0].replace('-', '_')}", None)
        return handler(who, parts[1:], args, body) if handler else self.problem(404, "not_found", "没有找到")

    def hang_up(self):
        """No answer at all, as from behind a cut line."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self):
        self.handle_one("GET")

    def do_POST(self):
        self.handle_one("POST")

    def do_PATCH(self):
        self.handle_one("PATCH")

    def do_HEAD(self):
        self.handle_one("HEAD")
    def do_DELETE(self):
        self.handle_one("DELETE")

    def page(self, path):
        name = {"/": "index.html", "/squad": "squad.html", "/patrol": "patrol.html", "/wall": "wall.html", "/public": "public.html", "/sw.js": "sw.js"}.get(path) or os.path.join("assets", os.path.basename(path))
        full = os.path.join(BUILT, name)
        if not os.path.isfile(full):
            return self.problem(404, "not_found")
        with open(full, "rb") as f:
            return self.send(200, f.read(), TYPES.get(os.path.splitext(name)[1], "application/octet-stream"))

    def get_me(self, who, *_):
        self.send(200, who)

    def pages(self, items, args, otherwise=200):
        limit, start = int(args.get("limit", otherwise)), int(args.get("cursor", 0))
        self.send(200, {"items": items[start:start + limit], "next_cursor": str(start + limit) if len(items) > start + limit else None})

    # A map without tiles: what a tile holds is tested over the system (test_map.py).
    def get_map(self, *_):
        self.send(200, {"extent": [116.55, 35.37, 116.7, 35.5], "layers": [{"id": i, "live": i in ("cases", "squads"), "zoom_least": 6} for i in ("cells", "areas", "cases", "squads", "components")], "zoom_most": 20, "base_map": None})

    def get_tiles(self, *_):
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def get_units(self, who, rest, args, _):
        self.pages(UNITS, args)

    def get_squads(self, who, rest, args, _):
        self.pages(SQUADS, args)

    def get_catalogue(self, who, rest, args, _):
        self.pages(CATALOGUE, args)

    def view(self, case, who):
        tasks = [{k: t[k] for k in ("task_id", "kind", "unit", "squad", "holder", "epoch", "due_at", "received", "escalated")} for t in self.world.tasks.values() if t["case_no"] == case["case_no"] and t["open"]]
        names = OFFERS.get((who["role"], case["state"]), [])
        if case["requests"] and who["role"] in (("leader",) if case["requests"][0]["kind"] == "appeal" else ("dispatch_officer", "shift_leader")):
            names = [*names, "approve_request", "refuse_request"]
        actions = [{"name": n, "title": TITLES.get(n, n), "fields": FIELDS.get(n, [])} for n in names]
        return {**case, "tasks": tasks, "actions": actions}

    def get_cases(self, who, rest, args, _):
        world = self.world
        live = [c for c in world.cases.values() if not c["closed_at"]]
        if rest == ["counts"]:
            count = lambda key: {v: sum(1 for c in live if c[key] == v) for v in {c[key] for c in live}}
            lights = count("light")
            return self.send(200, {"open": len(live), "state": count("state"), "light": {**{k: lights.get(k, 0) for k in ("green", "yellow", "red")}, "none": lights.get(None, 0)},
                                   "escalated_count": len(world.alarms()), "escalated": world.alarms()[:50]})
        if not rest and world.many:  # a city of that many open cases, made up as they are asked for
            start, limit = int(args.get("cursor", 0)), int(args.get("limit", 50))
            made = list(world.cases.values())
            items = [{**made[n % len(made)], "case_no": f"3708712026{n:09d}"} for n in range(start, min(start + limit, world.many))]
            return self.send(200, {"items": items, "next_cursor": str(start + limit) if start + limit < world.many else None})
        if not rest:
            items = live if args.get("open") == "true" else list(world.cases.values())
            items = [c for c in items if all(c.get(k) == args[k] for k in ("state", "unit", "light", "stage") if k in args)]
            if "category" in args:
                items = [c for c in items if args["category"] == c["category"]["code"]]
            if "bbox" in args:
                w, s, e, n = map(float, args["bbox"].split(","))
                items = [c for c in items if c["lon"] and w <= c["lon"] <= e and s <= c["lat"] <= n]
            items = [c for c in items if args.get("text", "") in c["description"] + c["case_no"] + c["address"]]
            items.sort(key=lambda c: (c["due_at"] or "9", c["case_no"]))
            return self.pages(items, args, 50)
        case = world.cases.get(rest[0])
        if not case:
            return self.problem(404, "not_found", "没有找到")
        if rest[1:] == ["history"]:
            return self.pages(world.history[rest[0]], args)
        if rest[1:] == ["suggestion"]:
            return self.send(200, world.suggestion or {"case_no": rest[0], "version": case["version"], "unit": None, "squad": None, "rule": None, "squads": [], "routing": []})
        if rest[1:] == ["photos"]:
            known = [{"media_id": m, "taken": None, "captured_at": None, "received_at": None, "place": None, "metres": None, **world.photo_facts.get(m, {})} for m in case["photos"]]
            return self.send(200, {"items": known, "next_cursor": None})
        if rest[1:] == ["explain"]:
            return self.send(200, self.explain(case))
        return self.send(200, self.view(case, who))

    # The steps as gateways/console/case_json.cpp gives them; older cases have lines of text.
    def explain(self, case):
        given = case["unit"] is not None
        lines = [{"level": "component_maintainer", "result": "no_component", "text": "未关联部件"}, *({"level": level, "result": "no_rule", "text": "没有适用的规则"} for level in ("condition_in_grid", "condition_in_street")),
                 {"level": "class_in_district", "result": "hit", "rule": f"class-{case['class']}", "unit": case["unit"], "squad": case["squad"], "how": "named"}]
        deadline = {"limit": case["limit_minutes"], "clock": case["clock"], "calendar": "center", "from": stamp(-200), "left_ms": case["limit_minutes"] * 60000, "due": case["due_at"], "provisional": False}
        return {**{k: case[k] for k in ("case_no", "unit", "squad", "route_rule", "condition", "handed_over_at", "clock", "limit_minutes", "due_at", "warn_at", "left_ms", "provisional", "late", "light")},
                "dispatched_at": stamp(-200) if given else None, "routing": lines if given else [], "deadline": deadline if given else None}

    def post_cases(self, who, rest, _, body):
        world, sent = self.world, json.loads(body)
        if rest[1] == "takeover":
            return self.take_over(who, rest[0], sent)
        case, action = world.cases[rest[0]], rest[2]
        if sent["command_id"] in world.commands:
            return self.send(200, world.commands[sent["command_id"]])
        if sent["version"] != case["version"]:
            return self.problem(409, "stale_version", "案件已被更新，请刷新后再试", case=self.view(case, who))
        if sent.get("reason") == "refuse me":
            return self.problem(422, "not_allowed", "当前状态不允许该操作", "已超过申请回退的时限", reason="return_window_over")
        for spec in FIELDS.get(action, []):
            when, _, value = spec.get("required_when", "").partition("=")
            if not sent.get(spec["name"]) and (spec["required"] or (when and sent.get(when) == value)):
                return self.problem(422, "invalid", "有字段不符合要求", errors=[{"field": "/" + spec["name"], "code": "required"}])
        case["version"] += 1
        before, case["state"] = case["state"], CHECKED[sent["result"]] if action == "check" else AFTER.get(action, case["state"])
        case["stage"] = STAGE[case["state"]]
        case["closed_at"] = stamp() if case["stage"] == "evaluation" else None
        world.history[rest[0]].append({"version": case["version"], "action": action, "actor": who["name"], "role": who["role"], "from": before, "to": case["state"], "at": stamp(), "recorded_at": stamp(),
                                       "reason": sent.get("reason"), "opinion": sent.get("opinion") or sent.get("text"), "photos": sent.get("photos", []), "transport": False, "changes": {}})
        case["requests"] = [r for r in case["requests"] if r["request_id"] != sent.get("request_id")]
        if action in ("dispose", "check", "verify"):
            for task in world.tasks.values():
                if task["case_no"] == rest[0]:
                    task["open"] = False
        answer = world.commands[sent["command_id"]] = self.view(case, who)
        self.send(200, answer)
        world.hint()

    def post_callers(self, who, rest, args, body):
        self.pages(self.world.callers.get(json.loads(body)["phone"].replace(" ", ""), []), args)

    def post_reports(self, who, rest, args, body):
        sent, key = json.loads(body), self.headers.get("Idempotency-Key")
        if rest[1:] == ["promise"]:
            self.world.__dict__.setdefault("promises", {})[rest[0]] = sent["until"]
            return self.send(200, {})
        if not sent.get("description"):
            return self.problem(422, "invalid", "有字段不符合要求", errors=[{"field": "/description", "code": "required"}])
        if key not in self.world.reports:
            no = self.world.add(500 + len(self.world.reports), "pending_accept", sent["description"])
            self.world.cases[no]["source"] = sent["source"]
            self.world.reports[key] = {"report_id": str(uuid.uuid4()), "case_no": no, "state": "committed", "case_state": "pending_accept", "body": sent}
        answer = {k: v for k, v in self.world.reports[key].items() if k != "body"}
        self.send(201, answer)

    def post_media(self, who, rest, args, body):
        if args.get("taken") == "gallery" and who["role"] == "patroller" and not self.world.gallery:
            return self.problem(422, "gallery_not_allowed", "本市不允许上传相册照片", errors=[{"field": "/taken", "code": "gallery_not_allowed"}])
        if args.get("original") and args["original"] not in self.world.media:
            return self.problem(422, "bad_media", errors=[{"field": "", "code": "original_unknown"}])
        media_id = "sha256-" + hashlib.sha256(body).hexdigest()
        self.world.media[media_id] = (self.headers.get("Content-Type"), body)
        self.world.facts.setdefault(media_id, args)
        self.send(201, {"media_id": media_id, "size": len(body), "type": self.headers.get("Content-Type")})

    # tus 1.0, as gateways/patrol/upload_door.cpp speaks it.
    def post_uploads(self, who, rest, args, body):
        values = {k: base64.b64decode(v).decode() for k, v in (one.split(" ") for one in self.headers["Upload-Metadata"].split(","))}
        name = uuid.uuid4().hex
        self.world.uploads[name] = {"length": int(self.headers["Upload-Length"]), "facts": values, "bytes": b""}
        self.send(201, b"", Location=f"/api/v1/uploads/{name}", Upload_Offset="0")

    def head_uploads(self, who, rest, *_):
        upload = self.world.uploads[rest[0]]
        self.send(200, b"", Upload_Offset=str(len(upload["bytes"])), Upload_Length=str(upload["length"]))

    def patch_uploads(self, who, rest, args, body):
        upload = self.world.uploads[rest[0]]
        if int(self.headers["Upload-Offset"]) != len(upload["bytes"]):
            return self.problem(409, "wrong_offset")
        upload["bytes"] += body
        headers = {"Upload_Offset": str(len(upload["bytes"]))}
        if len(upload["bytes"]) == upload["length"]:
            media_id = headers["Media_Id"] = "sha256-" + hashlib.sha256(upload["bytes"]).hexdigest()
            self.world.media[media_id] = (upload["facts"]["filetype"], upload["bytes"])
            self.world.facts.setdefault(media_id, upload["facts"])
        self.send_response(204)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def get_duty(self, who, rest, args, _):
        if rest == ["grids"]:
            return self.pages(self.world.cells, args)
        mark = next((m for m in reversed(self.world.marks) if m["person"] == who["name"]), {})
        self.pages([{"person": who["name"], "on_duty": mark.get("on_duty", False), "since": mark.get("at"), "gallery_photos": self.world.gallery,
                     "lines": [{"street": "洸河街道", "community": None, "duty_grid": None, "grid": None, "from": "06:00", "to": "22:00"}]}], args)

    def post_duty(self, who, rest, args, body):
        sent = json.loads(body)
        if not any(m["mark_id"] == sent["mark_id"] for m in self.world.marks):
            self.world.marks.append({**sent, "person": who["name"], "on_duty": rest == ["on"], "at": stamp()})
        self.send(200, self.world.marks[-1])

    def get_campaigns(self, who, rest, args, _):
        self.pages([p for p in self.world.points if all(v["result"] == "unable" for v in p["visits"])] if rest == ["points"] else [], args)

    def post_campaigns(self, who, rest, args, body):
        sent = json.loads(body)
        visits = next(p for p in self.world.points if [p["campaign"], "points", p["point"], "visits"] == rest)["visits"]
        if not any(v["visit_id"] == sent["visit_id"] for v in visits):
            visits.append({**sent, "person": who["name"], "at": stamp()})
        self.send(200, visits[-1])

    def get_roll_calls(self, who, rest, args, _):
        self.pages([c for c in self.world.calls if not c.get("answer")], args)

    def post_roll_calls(self, who, rest, args, body):
        call = next(c for c in self.world.calls if c["roll_call_id"] == rest[0])
        call.setdefault("answer", json.loads(body))
        self.send(200, call)

    def get_media(self, who, rest, *_):
        if rest[0] in self.world.photos:
            return self.send(200, paint(self.world.photos[rest[0]]), "image/png")
        found = self.world.media.get(rest[0])
        return self.send(200, found[1], found[0]) if found else self.problem(404, "not_found", "没有找到")

    def get_tasks(self, who, rest, args, _):
        if who["role"] not in ("disposer", "patroller"):
            return self.problem(403, "not_yours", "不在您的职责或范围内")
        mine = self.world.mine(who)
        if rest == ["stream"]:
            return self.stream([("task", t) for t in mine if not t["received"]])
        return self.pages(mine, args)

    def post_tasks(self, who, rest, _, body):
        task = self.world.tasks.get(rest[0])
        if not task:
            return self.problem(404, "not_found", "没有找到")
        if task["epoch"] != json.loads(body)["epoch"]:
            return self.problem(409, "stale_epoch", "任务已重新分派")
        self.world.receive(task)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def get_stream(self, *_):
        return self.stream([])

    def stream(self, first):
        if self.world.drop_streams:
            return self.problem(503, "unavailable")
        q = queue.Queue()
        for event in first:
            q.put(event)
        self.world.streams.append(q)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while not self.world.drop_streams:
                try:
                    name, data = q.get(timeout=1)
                    text = f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
                except queue.Empty:
                    text = ": heartbeat\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self.world.streams.remove(q)

    def months(self, rest):
        """A month that may be sealed once the appeals of the world's cases are decided."""
        if not rest:
            return {"items": [], "next_cursor": None}
        waiting = [no for no, c in self.world.cases.items() if any(r["kind"] == "appeal" for r in c["requests"])]
        return {"month": rest[0], "month_state": {"state": "due", "title": "暂定，待封存", "final": False, "cut_off": stamp(-9000), "appeals_until": stamp(-60)}, "appeals_waiting": waiting}

    def get_statistics(self, who, rest, args, _):
        if who["role"] not in STATISTICS:
            return self.problem(403, "not_yours", "不在您的职责或范围内")
        if rest[0] == "months":
            return self.send(200, self.months(rest[1:]))
        if rest[0] == "indicators":
            return self.send(200, {"indicators": [], "rows": [], "total": {"key": None, "name": "", "values": {}, "previous": None, "year_ago": None, "cases": {}}, "as_of": stamp()})
        month, by = args.get("month"), args.get("by", "unit")
        if args.get("format") == "csv":
            return self.send(200, "\ufeff代码,部门,立案数\r\nmunicipal,市政养护中心,182\r\n".encode(), "text/csv; charset=utf-8", Content_Disposition=f'attachment; filename="closure-{month}-{by}.csv"')
        if args.get("format") == "xlsx":
            return self.send(200, b"PK\x03\x04pretend", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Content_Disposition=f'attachment; filename="closure-{month}-{by}.xlsx"')

        def row(key, name, *n):
            counts = dict(zip(COUNTS, n))
            rate = lambda a: round(100 * counts[a] / counts["due"] + 1e-9, 2) if counts["due"] else None
            url = lambda f: f"/api/v1/cases?closure_from={month}-01&closure_to={month}-28&closure_by={by}" + (f"&closure_key={key}" if key else "") + f"&closure_field={f}&as_of=2026-11-04T15:59:59.999Z"
            return {"key": key, "name": name, **counts, "closure_rate": rate("closed"), "on_time_closure_rate": rate("closed_on_time"), "rework_rate": rate("reworked"),
                    "extension_rate": 0.0 if counts["due"] else None, "extended": 0, "cases": {f: url(f) for f in COUNTS}}
        rows = [row("municipal", "市政养护中心", 182, 180, 176, 4, 161, 148, 3, 0, 12, 3), row("sanitation", "环境卫生服务中心", 118, 118, 118, 0, 118, 113, 0, 0, 0, 3),
                row("appearance", "市容执法大队", 240, 240, 231, 9, 202, 171, 6, 2, 23, 11), row("gas_heat", "燃气热力公司", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)] if self.world.cases else []
        total = [sum(r[f] for r in rows) for f in COUNTS]
        return self.send(200, {"month": month, "by": by, "basis": BASIS, "from": f"{month}-01T00:00:00.000+08:00", "to": f"{month}-28T00:00:00.000+08:00", "as_of": stamp(), "rows": rows, "total": row(None, "", *total)})


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a browser that goes away mid-request is no news


def serve(world, port=0):
    """Starts in the background; returns (server, base URL). The pages are built first where they changed."""
    subprocess.run([os.path.join(WEB, "make.sh")], check=True)
    server = Server(("127.0.0.1", port), type("Bound", (Handler,), {"world": world}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--port", type=int, default=8099)
    p.add_argument("--empty", action="store_true")
    p.add_argument("--error", action="store_true")
    a = p.parse_args()
    _, url = serve(World(0 if a.empty else 16, {"GET /api/v1/cases": (503, "no_database")} if a.error else None), a.port)
    print(url, "tokens:", ", ".join(ME), flush=True)
    while True:
        time.sleep(60)
