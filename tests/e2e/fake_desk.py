"""The desk's records in the pretend API: saved views, who looks at which case, shifts and one handover at a time."""
import json
import threading

from fake_city import stamp


class Desk:
    """What fake_api.Handler answers for them; `self.world.desk` keeps it."""

    @property
    def desk(self):
        return self.world.__dict__.setdefault("desk", {"views": {}, "people": {}, "leases": {}, "handovers": {}, "lock": threading.Lock()})

    def get_views(self, who, rest, args, _):
        items = [{**v, "own": v["owner"] == who["name"], "light": {"all": 3, "red": 1, "yellow": 1, "green": 1}} for v in self.desk["views"].values() if v["shared"] or v["owner"] == who["name"]]
        return self.send(200, {"items": items, "next_cursor": None})

    def post_views(self, who, rest, args, body):
        sent = json.loads(body)
        known = self.desk["views"].get(sent["view_id"], {"owner": who["name"]})
        self.desk["views"][sent["view_id"]] = {**known, **sent}
        return self.send(200, {"view_id": sent["view_id"]})

    def delete_views(self, who, rest, *_):
        return self.send(200, {}) if self.desk["views"].pop(rest[0], None) else self.problem(404, "not_found", "没有找到")

    def looked(self, no):
        people = [{"name": n, "role": "acceptor"} for n, at in self.desk["people"].items() if at == no]
        return {"case_no": no, "people": people, "lease": self.desk["leases"].get(no)}

    def get_presence(self, *_):
        return self.send(200, {"items": [self.looked(no) for no in {*self.desk["people"].values(), *self.desk["leases"]} if no], "next_cursor": None})

    def post_presence(self, who, rest, args, body):
        sent = json.loads(body)
        no = sent.get("case_no") or ""
        self.desk["people"][who["name"]] = no
        lease = self.desk["leases"].get(no)
        if sent.get("working") and not lease:
            self.desk["leases"][no] = {"name": who["name"], "role": who["role"], "until": stamp(1), "taken_from": None, "reason": None}
        elif not sent.get("working") and lease and lease["name"] == who["name"]:
            del self.desk["leases"][no]
        return self.send(200, {**self.looked(no), "working": self.desk["leases"].get(no, {}).get("name") == who["name"]})

    def take_over(self, who, no, sent):
        before = self.desk["leases"].get(no)
        self.desk["leases"][no] = {"name": who["name"], "role": who["role"], "until": stamp(1), "taken_from": before and before["name"], "reason": sent["reason"]}
        return self.send(200, {**self.looked(no), "working": True})

    def shift(self, n):
        return {"from": stamp(-720 * n - 300), "to": stamp(-720 * n + 420), "name": "白班" if n % 2 == 0 else "夜班"}

    def get_shifts(self, *_):
        items = []
        for n in range(5):
            made = self.desk["handovers"].get(1) if n == 0 else None
            state = made["state"] if made else "complete" if n > 2 else "missing"
            items.append({**self.shift(n), "state": state, "light": None if n == 0 and state != "complete" else {"complete": "green"}.get(state, "red"), "number": 1 if made else None,
                          "outgoing": made and made["outgoing"], "incoming": made and made["incoming"]})
        return self.send(200, {"begins": [], "red": 2, "items": items})

    def shown(self, who, record):
        actions = {"opened": ["notes", "renew", "sign"], "signed_out": ["sign"] if record["outgoing"] != who["name"] else []}.get(record["state"], [])
        return {**record, "actions": actions if who["role"] == "shift_leader" else []}

    def get_handovers(self, who, rest, *_):
        record = self.desk["handovers"].get(int(rest[0])) if rest else None
        return self.send(200, self.shown(who, record)) if record else self.problem(404, "not_found", "没有找到")

    def post_handovers(self, who, rest, args, body):
        sent, records = json.loads(body), self.desk["handovers"]
        if not rest:
            live = [c for c in self.world.cases.values() if not c["closed_at"]]
            line = lambda c: {k: c[k] for k in ("case_no", "state", "category", "unit", "squad", "light", "due_at")}
            part = lambda light: {"count": sum(c["light"] == light for c in live), "items": [line(c) for c in live if c["light"] == light]}
            records.setdefault(1, {"number": 1, "version": 1, "state": "opened", "light": None, "shift": self.shift(0), "opened_at": stamp(), "opened_by": who["name"], "notes": "", "outgoing": None, "outgoing_at": None,
                                   "digest": None, "incoming": None, "incoming_at": None, "remark": None,
                                   "snapshot": {"open": len(live), "urgent": 1, "undelivered": 0, "state": {c["state"]: 1 for c in live}, "light": {k: sum(c["light"] == k for c in live) for k in ("red", "yellow", "green")},
                                                "requests": {"extend": 1}, "red": part("red"), "red_soon": part("yellow"), "plans": [],
                                                "promises": {"count": 1, "items": [{"kind": "call", "case_no": live[0]["case_no"], "until": stamp(60), "over": False, "by": "周受理"}]},
                                                "orders": {"count": 1, "items": [{"case_no": live[0]["case_no"], "kind": "supervise", "by": "冯主任", "at": stamp(-60), "until": None, "text": "今日办结"}]}}} if live else None)
            return self.send(201, self.shown(who, records[1]))
        record = records[int(rest[0])]
        if sent["version"] != record["version"]:
            return self.problem(409, "stale_version", "交接班记录已被更新，请刷新后再试")
        record["version"] += 1
        if rest[1] == "notes":
            record["notes"] = sent.get("notes", "")
        elif record["state"] == "opened":
            record.update(state="signed_out", outgoing=who["name"], outgoing_at=stamp(), digest="ab" * 32, intact=True)
        else:
            record.update(state="complete", incoming=who["name"], incoming_at=stamp(), remark=sent.get("remark"), light="green")
        return self.send(200, self.shown(who, record))
