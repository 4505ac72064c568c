#!/usr/bin/python3
"""A small pretend Wangge for the two plain pages: enough of CONTRACT 3-7 to draw every state of a page, scriptable.

Used by test_pages.py where a fault must be provoked on purpose, and by hand:
  tests/e2e/fake_api.py --port 8099 [--empty] [--error]
It keeps no promises; those are tested on the real system.
"""
import argparse
import json
import os
import queue
import threading
import time
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

WEB = os.path.join(os.path.dirname(__file__), "..", "..", "gateways", "console", "web")
ZONE = timezone(timedelta(hours=8))
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
CSP = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

ME = {
    "officer": {"name": "李派遣", "role": "dispatch_officer", "district": "370871", "unit": "", "squad": ""},
    "squad": {"name": "王处置", "role": "disposer", "district": "370871", "unit": "u-road", "squad": "s-road-1"},
    "patrol": {"name": "赵监督", "role": "patroller", "district": "370871", "unit": "", "squad": ""},
}
UNITS = [{"key": "u-road", "name": "市政养护中心"}, {"key": "u-clean", "name": "环卫服务中心"}]
SQUADS = [{"key": "s-road-1", "name": "道路养护一中队", "unit": "u-road"}, {"key": "s-clean-1", "name": "保洁一中队", "unit": "u-clean"}]
CATALOGUE = {"items": [
    {"standard": "gbt47678.5-2026", "kind": "matter", "code": "01001", "name": "供水井盖异常", "conditions": [{"id": "1", "name": "缺失、移位"}, {"id": "2", "name": "破损"}]},
    {"standard": "gbt47678.5-2026", "kind": "matter", "code": "06012", "name": "暴露垃圾", "conditions": [{"id": "1", "name": "一般"}]},
], "closing_conditions": ["restored", "replaced"]}
STAGE = {"pending_accept": "filing", "pending_file": "filing", "pending_dispatch": "dispatch", "pending_dispose": "disposal",
         "disposing": "disposal", "checking": "check", "pending_close": "check", "closed": "evaluation"}
F = lambda name, kind, required=False, choices="": {"name": name, "type": kind, "required": required, "choices": choices}
OFFERS = {
    ("dispatch_officer", "pending_dispatch"): [("dispatch", [F("unit", "code", True), F("squad", "code", True), F("opinion", "text")]), ("return_filing", [F("reason", "text", True)])],
    ("dispatch_officer", "pending_close"): [("close", [F("closing_condition", "code", True), F("opinion", "text")])],
    ("dispatch_officer", "pending_accept"): [("accept", [F("opinion", "text")]), ("decline", [F("reason", "text", True)]), ("send_verify", [F("holder", "text")])],
    ("disposer", "pending_dispose"): [("sign", []), ("return", [F("reason", "text", True), F("photos", "photos")])],
    ("disposer", "disposing"): [("dispose", [F("opinion", "text"), F("photos", "photos", True)]), ("hand_back", [F("reason", "text", True)])],
    ("patroller", "checking"): [("check", [F("result", "choice", True, "pass|fail|unable"), F("photos", "photos", True), F("reason", "text")])],
}
AFTER = {"dispatch": "pending_dispose", "sign": "disposing", "dispose": "checking", "close": "closed", "accept": "pending_file", "check": "pending_close", "hand_back": "pending_dispose"}


def stamp(minutes=0):
    return (datetime.now(ZONE) + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")


class World:
    """What the pretend city holds. Tests change it directly and call hint()."""

    def __init__(self, cases=14, fail=None):
        self.lock = threading.RLock()
        self.cases, self.history, self.tasks, self.media, self.streams = {}, {}, {}, {}, []
        self.fail = fail or {}  # "METHOD /path-prefix" -> (status, code), for one page in error
        self.drop_streams = False
        self.commands = {}
        for n in range(cases):
            self.add(n)

    def add(self, n, state=None, description=None):
        states = list(STAGE)
        state = state or states[n % 7]
        no = "370871" + datetime.now(ZONE).strftime("%Y%m%d") + f"{n + 1:05d}"
        minutes = [-133, 40, 700, 3000][n % 4]
        running = STAGE[state] in ("disposal", "check")
        self.cases[no] = {
            "case_no": no, "version": 3 + n % 4, "state": state, "stage": STAGE[state], "source": "patrol",
            "unit": "u-road" if running else "", "squad": "s-road-1" if running else "", "grid": f"370871001002{n:03d}",
            "category": {"standard": "gbt47678.5-2026", "kind": "matter", "code": "01001" if n % 2 else "06012"},
            "condition": "1", "description": description or f"新世纪广场东门第 {n + 1} 号井盖移位，夜间行人多，请尽快处置。", "address": f"开元路 {n + 1} 号",
            "lon": 116.62 + n / 1000, "lat": 35.43, "opened_at": stamp(-300), "due_at": stamp(minutes) if running else None,
            "light": ["red", "yellow", "green", "green"][n % 4] if running else "", "place_unusable": n == 7, "photos": [],
            "handed_over_at": stamp(-5) if state in ("checking", "pending_close") else None, "late": n % 4 == 0, "twins": []}
        self.history[no] = [
            {"version": 1, "action": "report", "actor": "赵监督", "role": "patroller", "from": "reported", "to": "reported", "at": stamp(-300)},
            {"version": 2, "action": "accept", "actor": "system", "role": "system", "from": "reported", "to": "pending_file", "at": stamp(-300)},
            {"version": 3, "action": "file", "actor": "system", "role": "system", "from": "pending_file", "to": "pending_dispatch", "at": stamp(-280), "opinion": "符合立案条件"}]
        if STAGE[state] in ("disposal", "check"):
            kind = "check" if state == "checking" else "dispose"
            self.tasks[f"{no}-4"] = {"task_id": f"{no}-4", "case_no": no, "version": self.cases[no]["version"], "kind": kind, "squad": "" if kind == "check" else "s-road-1",
                                     "holder": "赵监督" if kind == "check" else "", "epoch": 1, "due_at": self.cases[no]["due_at"], "open": state != "pending_close"}
        return no

    def hint(self, name="changed", data=None):
        with self.lock:
            for q in self.streams:
                q.put((name, data or {}))

    def mine(self, who):
        want = {"disposer": lambda t: t["squad"] == who["squad"], "patroller": lambda t: t["holder"] == who["name"]}.get(who["role"], lambda t: False)
        return [t for t in self.tasks.values() if t["open"] and want(t)]

    def view(self, case, who):
        actions = [{"name": n, "fields": f} for n, f in OFFERS.get((who["role"], case["state"]), [])]
        return {**case, "actions": actions}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world = None

    def log_message(self, *_):
        pass

    def send(self, status, body, kind="application/json"):
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def problem(self, status, code, detail="", **more):
        self.send(status, {"status": status, "code": code, "title": detail or code, "detail": detail, "errors": [], **more}, "application/problem+json")

    def handle_one(self, method):
        url = urlsplit(self.path)
        path, args = url.path, {k: v[-1] for k, v in parse_qs(url.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        world = self.world
        if not path.startswith("/api/"):
            return self.page(path)
        for prefix, (status, code) in list(world.fail.items()):
            if f"{method} {path}".startswith(prefix):
                return self.problem(status, code, {503: "数据库暂时不可用"}.get(status, code))
        who = ME.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
        if not who:
            return self.problem(401, "unauthorized", "令牌无效")
        parts = path.removeprefix("/api/v1/").split("/")
        with world.lock:
            handler = getattr(self, f"{method.lower()}_{parts[0]}", None)
        return handler(who, parts[1:], args, body) if handler else self.problem(404, "not_found")

    def do_GET(self):
        self.handle_one("GET")

    def do_POST(self):
        self.handle_one("POST")

    def page(self, path):
        name = {"/": "index.html", "/squad": "squad.html"}.get(path) or os.path.basename(path)
        full = os.path.join(WEB, name)
        if not os.path.isfile(full):
            return self.problem(404, "not_found")
        with open(full, "rb") as f:
            return self.send(200, f.read(), TYPES.get(os.path.splitext(name)[1], "application/octet-stream"))

    def get_me(self, who, *_):
        self.send(200, who)

    def get_units(self, *_):
        self.send(200, {"items": UNITS, "next_cursor": None})

    def get_squads(self, *_):
        self.send(200, {"items": SQUADS, "next_cursor": None})

    def get_catalogue(self, *_):
        self.send(200, CATALOGUE)

    def get_cases(self, who, rest, args, _):
        world = self.world
        if rest == ["counts"]:
            counts = {}
            for case in world.cases.values():
                counts[case["state"]] = counts.get(case["state"], 0) + 1
            return self.send(200, {"open": sum(counts.values()), "state": counts, "light": {}})
        if not rest:
            items = [c for c in world.cases.values() if all(c.get(k) == args[k] for k in ("state", "unit", "light", "stage") if k in args)]
            items = [c for c in items if args.get("text", "") in c["description"] + c["case_no"]]
            items.sort(key=lambda c: c["due_at"] or "9")
            return self.send(200, {"items": items[:50], "next_cursor": None})
        case = world.cases.get(rest[0])
        if not case:
            return self.problem(404, "not_found", "没有这个案件")
        if rest[1:] == ["history"]:
            return self.send(200, {"items": world.history[rest[0]]})
        if rest[1:] == ["explain"]:
            return self.send(200, {"route": {"rule": "class-06", "unit": "u-road", "tried": ["部件养护单位：无", "本网格规则：无", "大类规则：命中"]}, "deadline": {"clock": "urgent", "limit_minutes": 120, "due_at": case["due_at"]}})
        return self.send(200, world.view(case, who))

    def post_cases(self, who, rest, _, body):
        world, sent = self.world, json.loads(body)
        case, action = world.cases[rest[0]], rest[2]
        if sent["command_id"] in world.commands:
            return self.send(200, world.commands[sent["command_id"]])
        if sent["version"] != case["version"]:
            return self.problem(409, "stale_version", "版本已旧", case=world.view(case, who))
        if sent.get("reason") == "refuse me":
            return self.problem(422, "return_window_over", "已过回退时限")
        case["version"] += 1
        before, case["state"] = case["state"], AFTER.get(action, case["state"])
        case["stage"] = STAGE[case["state"]]
        world.history[rest[0]].append({"version": case["version"], "action": action, "actor": who["name"], "role": who["role"], "from": before, "to": case["state"], "at": stamp(),
                                       "reason": sent.get("reason", ""), "opinion": sent.get("opinion", ""), "photos": sent.get("photos", [])})
        if action in ("dispose", "check"):
            for task in world.tasks.values():
                if task["case_no"] == rest[0]:
                    task["open"] = False
        answer = world.commands[sent["command_id"]] = world.view(case, who)
        self.send(200, answer)
        world.hint()

    def post_media(self, who, rest, args, body):
        import hashlib
        media_id = "sha256-" + hashlib.sha256(body).hexdigest()
        self.world.media[media_id] = (self.headers.get("Content-Type"), body)
        self.send(201, {"media_id": media_id, "size": len(body), "type": self.headers.get("Content-Type")})

    def get_media(self, who, rest, *_):
        found = self.world.media.get(rest[0])
        return self.send(200, found[1], found[0]) if found else self.problem(404, "not_found")

    def get_tasks(self, who, rest, *_):
        mine = self.world.mine(who)
        if rest == ["stream"]:
            return self.stream([("task", t) for t in mine if not t.get("received")])
        return self.send(200, {"items": mine, "next_cursor": None})

    def post_tasks(self, who, rest, _, body):
        task = self.world.tasks.get(rest[0])
        if not task or task["epoch"] != json.loads(body)["epoch"]:
            return self.problem(409, "stale_epoch")
        task["received"] = True
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

    def get_statistics(self, who, rest, args, _):
        def row(key, name, *n):
            fields = dict(zip(("filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "awaiting_check", "in_enforcement", "open_at_end"), n))
            rate = lambda a, b: round(100 * a / b + 1e-9, 2) if b else None
            return {"key": key, "name": name, **fields, "closure_rate": rate(fields["closed"], fields["due"]), "on_time_closure_rate": rate(fields["closed_on_time"], fields["due"]),
                    "rework_rate": rate(3, fields["due"]), "extension_rate": rate(0, fields["due"]), "cases": {f: f"/api/v1/cases?closure_field={f}&closure_key={key}&as_of=x" for f in fields}}
        rows = [row("u-road", "市政养护中心", 182, 180, 176, 4, 161, 148, 3, 0, 12), row("u-clean", "环卫服务中心", 118, 118, 118, 0, 118, 113, 0, 0, 0)] if self.world.cases else []
        total = row("", "", 300, 298, 294, 4, 279, 261, 3, 0, 12)
        return self.send(200, {"month": args.get("month"), "by": args.get("by"), "basis": "应结案按处置截止或移交所在月", "as_of": stamp(), "rows": rows, "total": total})


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a browser that goes away mid-request is no news


def serve(world, port=0):
    """Starts in the background; returns (server, base URL)."""
    server = Server(("127.0.0.1", port), type("Bound", (Handler,), {"world": world}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--port", type=int, default=8099)
    p.add_argument("--empty", action="store_true")
    p.add_argument("--error", action="store_true")
    a = p.parse_args()
    _, url = serve(World(0 if a.empty else 14, {"GET /api/v1/cases": (503, "unavailable")} if a.error else None), a.port)
    print(url, "tokens:", ", ".join(ME), flush=True)
    while True:
        time.sleep(60)
