"""What the pretend city of fake_api.py holds: people, cases in every state with their timelines, tasks, photos.

Names come from the demo district's own files, so that the pages are looked at with words as long as the real ones.
"""
import csv
import hashlib
import os
import random
import struct
import threading
import zlib
from datetime import datetime, timedelta, timezone

DEMO = os.path.join(os.path.dirname(__file__), "..", "..", "deploy", "demo", "data")
ZONE = timezone(timedelta(hours=8))
STANDARD = "gbt47678.5-2026"


def table(name):
    with open(os.path.join(DEMO, name), encoding="utf-8") as f:
        return list(csv.DictReader(f))


def catalogue():
    conditions = {}
    for row in table("conditions.csv"):
        conditions.setdefault((row["standard"], row["kind"], row["code"]), []).append(
            {"id": row["id"], "zh": row["zh"], "en": row["en"], "clock": row["clock"], "minutes": int(row["minutes"])})
    return [{"standard": r["standard"], "kind": r["kind"], "code": r["code"], "name": r["zh"], "zh": r["zh"], "en": r["en"],
             "class": {"code": r["class_code"], "zh": r["class_zh"], "en": r["class_en"]}, "valid_to": r["valid_to"] or None, "photos_least": 1,
             "do_not_report": {"zh": "工地围挡内的、当日已安排清运的不用上报。", "en": "Not inside building sites, not where clearing is arranged for today."} if r["code"] == "06010" else {"zh": "", "en": ""},
             "conditions": conditions.get((r["standard"], r["kind"], r["code"]), [])} for r in table("catalogue.csv")]


UNITS = [{"key": r["key"], "name": r["zh"], "zh": r["zh"], "en": r["en"]} for r in table("units.csv")]
SQUADS = [{"key": r["key"], "unit": r["unit"], "name": r["zh"], "zh": r["zh"], "en": r["en"]} for r in table("squads.csv")]
CATALOGUE = catalogue()
CLOSING = [r["code"] for r in table("closing_conditions.csv")]
NAMES = {(e["kind"], e["code"]): e for e in CATALOGUE if e["standard"] == STANDARD}
UNIT_OF = {s["key"]: s["unit"] for s in SQUADS}

ME = {
    "officer": {"name": "李派遣", "role": "dispatch_officer"},
    "acceptor": {"name": "周受理", "role": "acceptor"},
    "shift": {"name": "孙值班", "role": "shift_leader"},
    "shift2": {"name": "郑值班", "role": "shift_leader"},
    "clerk": {"name": "钱承办", "role": "unit_clerk", "unit": "municipal"},
    "squad": {"name": "王处置", "role": "disposer", "unit": "municipal", "squad": "municipal-1"},
    "patrol": {"name": "赵监督", "role": "patroller"},
    "leader": {"name": "冯主任", "role": "leader"},
}
ME = {token: {"district": "370871", "street": None, "unit": "", "squad": "", "sources": [], "backdate": False, **who} for token, who in ME.items()}

STAGE = {"reported": "collection", "verifying": "collection", "pending_accept": "filing", "pending_file": "filing", "returned_by_dispatch": "filing",
         "self_disposed_review": "filing", "pending_dispatch": "dispatch", "pending_dispose": "disposal", "returned_by_unit": "disposal", "suspended": "disposal", "in_enforcement": "disposal",
         "disposing": "disposal", "disposed": "disposal", "pending_review": "feedback", "checking": "check", "pending_close": "check", "closed": "evaluation",
         "not_accepted": "evaluation", "not_filed": "evaluation", "merged": "evaluation"}
DISPATCHED = [s for s, stage in STAGE.items() if stage in ("disposal", "feedback", "check")] + ["closed"]
STAGE_DUE = {"pending_accept": 9, "self_disposed_review": 3, "pending_file": -6, "pending_dispatch": 4, "pending_review": 21, "pending_close": 12}  # minutes from now
HANDED_OVER = ("pending_review", "checking", "pending_close", "closed")

# code, condition, state, squad, minutes to the deadline, minutes since the report, source, address, words
SCENES = [
    ("01003", "1", "pending_dispose", "municipal-1", -133, 260, "patrol", "崇文大道与科苑路口东南角", "雨水井盖移位，露出约 30 厘米缺口，夜间无照明，行人有跌落危险。"),
    ("06028", "1", "pending_accept", "", None, 95, "hotline_12345", "洸河路 128 号金色兰庭小区", "市民反映广场音响噪声扰民，晚上九点以后仍在播放。"),
    ("06013", "1", "pending_dispatch", "", None, 52, "patrol", "海川路火炬大厦西侧", "路面破损有坑洞，约 1.2 米见方，已有非机动车摔倒。"),
    ("06010", "1", "disposing", "municipal-1", 41, 300, "patrol", "同济路菜市场北门", "暴露垃圾无人清理，约两立方米，有异味。"),
    ("09005", "1", "disposing", "appearance-2", 205, 140, "public", "诗仙路 66 号", "商户占用店外人行道经营，盲道被堵。"),
    ("01037", "1", "pending_dispose", "municipal-1", 1490, 410, "patrol", "王因街道卫生院门前", "路灯连续三盏不亮。"),
    ("07001", "1", "checking", "appearance-1", 90, 1500, "patrol", "接庄街道文化广场公交站", "墙面、电线杆上张贴小广告。"),
    ("06042", "1", "pending_close", "sanitation-2", -20, 2900, "patrol", "柳行街道新村小区东门", "垃圾箱满溢，周边地面散落。"),
    ("08002", "1", "pending_accept", "", None, 12, "ai", "", "施工材料占用车道。"),
    ("09010", "1", "returned_by_unit", "traffic-1", 60, 380, "hotline_12319", "火炬路地铁站 B 口", "电动车乱停乱放，堵住无障碍坡道。"),
    ("06050", "1", "disposed", "municipal-1", 520, 900, "patrol", "英萃路与崇文大道口", "路缘石缺失三块。"),
    ("04002", "1", "pending_file", "", None, 33, "patrol", "黄屯街道幸福河路", "行道树倾倒，压住电话线。"),
    ("09006", "1", "self_disposed_review", "", None, 25, "patrol", "洸河街道第三小学门口", "摊贩占道经营，已劝离。"),
    ("01002", "1", "pending_review", "municipal-2", 15, 700, "patrol", "诗仙路与同济路口", "污水井盖缺失，已临时围挡。"),
    ("06020", "1", "verifying", "", None, 8, "public", "柳行街道河堤公园", "有人焚烧树叶，烟较大。"),
    ("06017", "1", "closed", "greening-1", 3000, 4300, "patrol", "崇文湖公园南门", "绿地内有塑料袋等垃圾。"),
]


def stamp(minutes=0):
    return (datetime.now(ZONE) + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")


def photo(name):
    """The id of a photo of that name; its bytes are painted when somebody asks."""
    return "sha256-" + hashlib.sha256(name.encode()).hexdigest()


_painted, _painting = {}, threading.Lock()


def paint(name):
    """A picture that looks like a street from far away: asphalt, a kerb, and for `before` a hole."""
    with _painting:
        if name not in _painted:
            _painted[name] = _paint(name)
        return _painted[name]


def film(path, name="before"):
    """The same as what a camera sees, for Chromium's --use-file-for-fake-video-capture: one frame of raw video (y4m), shown again and again."""
    width, height = 640, 480
    rows = zlib.decompressobj().decompress(paint(name)[41:])  # what _paint wrote: 320 x 240, a filter byte before each row
    at = lambda x, y: (y // 2) * 961 + 1 + (x // 2) * 3
    clip = lambda value: max(0, min(255, int(value)))
    luma, blue, red = bytearray(), bytearray(), bytearray()
    for y in range(height):
        for x in range(width):
            r, g, b = rows[at(x, y):at(x, y) + 3]
            luma.append(clip(0.299 * r + 0.587 * g + 0.114 * b))
            if not (x | y) & 1:
                blue.append(clip(128 - 0.169 * r - 0.331 * g + 0.5 * b))
                red.append(clip(128 + 0.5 * r - 0.419 * g - 0.081 * b))
    with open(path, "wb") as f:
        f.write(b"YUV4MPEG2 W%d H%d F10:1 Ip A0:0 C420jpeg\n" % (width, height))
        for _ in range(3):
            f.write(b"FRAME\n" + bytes(luma) + bytes(blue) + bytes(red))
    return path


def _paint(name, width=320, height=240):
    chance = random.Random(name)
    hole = "before" in name
    cx, cy, warm = chance.randrange(110, 210), chance.randrange(120, 170), chance.randrange(-12, 12)
    noise = [chance.randrange(-9, 10) for _ in range(4096)]
    rows = []
    for y in range(height):
        row = bytearray(b"\0")
        for x in range(width):
            grey = (150 if y < 60 else 96) + noise[(x * 31 + y * 17) & 4095] + y // 12
            if 56 < y < 64:
                grey = 190
            inside = ((x - cx) / 52) ** 2 + ((y - cy) / 26) ** 2
            if inside < 1:
                grey = 26 if hole and inside < 0.8 and x > cx - 22 else 74 + (18 if int(inside * 9) % 2 else 0)
            row += bytes((max(0, min(255, grey + warm)), max(0, min(255, grey)), max(0, min(255, grey - warm))))
        rows.append(bytes(row))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")


class World:
    """What the pretend city holds. Tests change it directly and call hint()."""

    def __init__(self, cases=14, fail=None):
        self.lock = threading.RLock()
        self.cases, self.history, self.tasks, self.media, self.photos, self.streams = {}, {}, {}, {}, {}, []
        self.fail = fail or {}  # "METHOD /path-prefix" -> (status, code) or problem body, for one page in error
        self.drop_streams = False
        self.dead = False  # every request is hung up on
        self.commands, self.reports = {}, {}
        self.facts, self.uploads = {}, {}  # what was said of media; half-done uploads
        self.gallery = False  # the city's switch
        self.marks, self.calls = [], []  # of duty; roll-calls
        self.suggestion = None  # whom the rules would send a case to
        self.photo_facts, self.callers = {}, {}  # what is known of a medium; what a telephone number reported before
        self.points = []  # of campaigns; "visits" once somebody was there
        self.cells = [{"grid": f"370871001002{n:03d}", "street": "370871001", "street_name": "洸河街道", "community": "370871001002", "community_name": "金色兰庭社区",
                       "ring": [[116.62 + 0.005 * (n % 4) + x, 35.42 + 0.005 * (n // 4) + y] for x, y in ((0, 0), (0.005, 0), (0.005, 0.005), (0, 0.005), (0, 0))]} for n in range(16)]
        self.many = 0  # so many open cases instead of those above, for the list alone
        self.asked = []  # every call, newest last: "GET /api/v1/cases?open=true"
        for n in range(cases):
            self.add(n)

    def photo(self, name):
        self.photos[photo(name)] = name
        return photo(name)

    def add(self, n, state=None, description=None, squad=None):
        code, condition, usual, its_squad, minutes, age, source, address, words = SCENES[n % len(SCENES)]
        state = state or usual
        no = "370871" + datetime.now(ZONE).strftime("%Y%m%d") + f"{n + 1:05d}"
        given = state in DISPATCHED
        squad = (squad or its_squad or "municipal-1") if given else ""
        entry = NAMES[("matter", code)]
        limit = next((c for c in entry["conditions"] if c["id"] == condition), {"clock": "work_hour", "minutes": 240})
        unusable = not address
        due = stamp(minutes if minutes is not None else 60) if given else None
        late = (minutes or 0) < 0
        light = None if not given or state == "closed" else "red" if late else "yellow" if (minutes or 0) < 60 and state not in HANDED_OVER else "green"
        self.cases[no] = {
            "case_no": no, "version": 3 + given, "state": state, "stage": STAGE[state], "source": source, "unit": UNIT_OF.get(squad) if given else None,
            "squad": squad or None, "holder": "赵监督" if state in ("checking", "verifying") else None, "grid": None if unusable else f"370871001002{n % 999:03d}",
            "street": "370871001", "class": entry["class"]["code"], "category": {"standard": STANDARD, "kind": "matter", "code": code}, "condition": condition,
            "description": description or words, "address": address, "lon": 0.0 if unusable else 116.62 + n / 500, "lat": 0.0 if unusable else 35.43, "district": "370871",
            "opened_at": stamp(-age), "due_at": due, "light": light, "place_unusable": unusable, "photos": [] if source == "hotline_12345" else [self.photo(f"before-{n}-1"), self.photo(f"before-{n}-2")],
            "handed_over_at": stamp(-5) if state in HANDED_OVER else None, "late": state in HANDED_OVER and late, "twins": [], "escalated": False,
            "clock": limit["clock"], "limit_minutes": limit["minutes"], "left_ms": None, "provisional": False, "warn_at": stamp((minutes or 60) - 30) if given else None,
            "returns": 0, "rework": 0, "check_mode": "on_site" if state == "checking" else None, "closing_condition": "cleaned" if state == "closed" else None, "pending_request": None, "requests": [], "key_conflict": False,
            "urgent": False, "supervised": 0, "stage_due_at": stamp(STAGE_DUE[state]) if state in STAGE_DUE else None,
            "backdated": False, "route_rule": f"class-{entry['class']['code']}" if given else None, "closed_at": stamp(-1000) if state == "closed" else None,
            "reported": {"self_disposed": {"before": [self.photo(f"before-{n}-self")], "after": [self.photo(f"after-{n}-self")]}} if state == "self_disposed_review" else {"crs": "CGCS2000"}}
        self.history[no] = self.past(n, no, state, age)
        if given and state != "closed":
            kind = "check" if state == "checking" else "dispose"
            self.tasks[f"{no}-4"] = {"task_id": f"{no}-4", "case_no": no, "version": self.cases[no]["version"], "kind": kind, "unit": None if kind == "check" else UNIT_OF[squad],
                                     "squad": None if kind == "check" else squad, "holder": "赵监督" if kind == "check" else None, "epoch": 1, "due_at": stamp(25) if kind == "check" else due,
                                     "open": state in ("pending_dispose", "disposing", "checking", "returned_by_unit"), "received": False, "escalated": False, "given_at": stamp(-12)}
        return no

    def past(self, n, no, state, age):
        rows = []

        def row(minutes, action, actor, role, to, transport=False, **more):
            before = rows[-1]["to"] if rows else "reported"
            rows.append({"version": len([r for r in rows if not r["transport"]]) + (0 if transport else 1), "action": action, "actor": actor, "role": role, "from": before, "to": to,
                         "at": stamp(-minutes), "recorded_at": stamp(-minutes), "reason": None, "opinion": None, "photos": [], "transport": transport, "changes": {}, **more})

        row(age, "report", "赵监督", "patroller", {"self_disposed_review": "self_disposed_review"}.get(state, "pending_accept"), photos=self.cases[no]["photos"])
        if state == "verifying":
            row(age - 2, "send_verify", "系统", "system", "verifying", changes={"holder": "赵监督"})
        if STAGE[state] not in ("collection", "filing") or state in ("pending_file",):
            row(age - 1, "accept", "系统", "system", "pending_file")
        if state in DISPATCHED or state == "pending_dispatch":
            row(age * 0.8, "file", "周受理", "acceptor", "pending_dispatch", opinion="符合立案条件", changes={"condition": self.cases[no]["condition"]})
        if state in DISPATCHED:
            case = self.cases[no]
            row(age * 0.7, "dispatch", "李派遣", "dispatch_officer", "pending_dispose", changes={"unit": case["unit"], "squad": case["squad"], "clock": case["clock"]})
            row(age * 0.69, "received", "王处置", "disposer", "pending_dispose", transport=True)
        if state == "returned_by_unit":
            row(40, "return", "中队长", "squad_leader", state, reason="该处为交警管理的停车区，不属本单位职责。")
        if state in ("disposing", "disposed", *HANDED_OVER):
            row(age * 0.5, "sign", "王处置", "disposer", "disposing")
        if state in ("disposed", *HANDED_OVER):
            row(age * 0.3, "dispose", "王处置", "disposer", "disposed", opinion="已清理并冲洗地面，周边一并整治。", photos=[self.photo(f"after-{n}-1")])
        if state in HANDED_OVER:
            row(age * 0.28, "confirm", "系统", "system", "pending_review")
        if state in ("checking", "pending_close", "closed"):
            row(age * 0.27, "send_check", "系统", "system", "checking", changes={"holder": "赵监督", "check_mode": "on_site"})
        if state in ("pending_close", "closed"):
            row(age * 0.2, "check", "赵监督", "patroller", "pending_close", opinion="现场已恢复。", photos=[self.photo(f"after-{n}-check")])
        if state == "closed":
            row(age * 0.18, "close", "周受理", "acceptor", "closed", changes={"closing_condition": "cleaned"})
        return rows

    def ask(self, no, kind, by="钱承办", reason="雨天无法沥青摊铺", until=None):
        """A request that waits for a second person."""
        self.cases[no]["requests"].append({"request_id": f"r{len(self.cases[no]['requests']) + 5}", "kind": kind, "by": by, "at": stamp(-20), "until": until, "reason": reason})
        self.cases[no]["pending_request"] = self.cases[no]["requests"][0]["kind"]

    def escalate(self, no, minutes=12):
        """Nobody's device said `received` for the task of this case."""
        task = self.tasks[f"{no}-4"]
        task.update(escalated=True, received=False, given_at=stamp(-minutes))
        self.cases[no]["escalated"] = True
        self.history[no].append({"version": self.cases[no]["version"], "action": "task_escalated", "actor": "系统", "role": "system", "from": self.cases[no]["state"],
                                 "to": self.cases[no]["state"], "at": stamp(2 - minutes), "reason": None, "opinion": None, "photos": [], "transport": True, "changes": {}})

    def receive(self, task):
        task["received"] = True
        case = self.cases[task["case_no"]]
        case["escalated"] = False
        self.history[task["case_no"]].append({"version": case["version"], "action": "received", "actor": "王处置", "role": "disposer", "from": case["state"], "to": case["state"],
                                              "at": stamp(), "reason": None, "opinion": None, "photos": [], "transport": True, "changes": {}})

    def hint(self, name="case", data=None):
        with self.lock:
            for q in self.streams:
                q.put((name, data or {}))

    def task_view(self, task):
        case = self.cases[task["case_no"]]
        return {**{k: case[k] for k in ("description", "address", "lon", "lat", "grid", "category", "state", "light")}, **task}

    def mine(self, who):
        want = {"disposer": lambda t: t["squad"] == who["squad"], "patroller": lambda t: t["holder"] == who["name"]}.get(who["role"], lambda t: False)
        return [self.task_view(t) for t in self.tasks.values() if t["open"] and want(t)]

    def alarms(self):
        found = [t for t in self.tasks.values() if t["open"] and t["escalated"] and not t["received"]]
        return [{**{k: t[k] for k in ("task_id", "case_no", "kind", "squad", "holder", "given_at")}, "category": self.cases[t["case_no"]]["category"]}
                for t in sorted(found, key=lambda t: t["given_at"])]
