#!/usr/bin/python3
"""Pictures of every page (every_page.py), Chinese, as a desk (1440x900) and a phone (390x844) shows it: empty; busy, light and dark; and
when the answers stop coming. Over systems of its own: a new one, and one with three months behind it and a morning's work on top.

  tests/e2e/shots.py [FOLDER]         all of them as PNG into FOLDER (default build/shots)
  tests/e2e/shots.py --docs [FOLDER]  besides, the few that README.md shows as small WebP into docs/screens
  tests/e2e/shots.py --only WORD,…    only pages whose name holds one of the words
"""
import base64
import os
import random
import sys
import uuid
from datetime import datetime, timedelta

import browser
import every_page
import wangge_e2e as e2e
from fake_city import SCENES, film, paint
from pages import DESK, PHONE

DOCS = os.path.join(e2e.ROOT, "docs", "screens")
WALL = (1920, 1080)
SETTINGS = (f"public.districts={e2e.DISTRICT}",)
MONTHS, PER_DAY = 3, 16  # of the busy city's past, lived as it was: its clocks fired, and one patroller covers for one squad
BEST = {("beside", "desk", "busy"), ("case", "desk", "busy"), ("last-month", "desk", "busy"), ("wall", "wide", "busy"),
        ("squad", "phone", "busy"), ("patrol", "phone", "busy"), ("public", "phone", "busy")}
BESIDE = every_page.Page("beside", "/?map=1", ("shift_leader",), then=".map-box [aria-label=全区]")  # the queue with the map, as a center works
LAST_MONTH = f"{datetime.now(e2e.ZONE).replace(day=1) - timedelta(days=1):%Y-%m}"
LAST = every_page.Page("last-month", f"/?view=closure&month={LAST_MONTH}", ("shift_leader",))
OPENED = every_page.Page("suspicions-opened", f"/?view=suspicions&month={LAST_MONTH}", ("leader",), then=".cards [aria-expanded]")
MORE = (BESIDE, LAST, OPENED)  # besides every page's first look
MOST = 150 * 1024  # bytes of a picture that goes into the repository

# What a page asks its work from goes unanswered; who one is and the names of things are known, as on a page that was open before.
CUT = """
const real = window.fetch, known = /\\/api\\/v1\\/(me|session|units|squads|catalogue)(\\?|$)/;
window.fetch = (to, how) => (String(to.url ?? to).includes('/api/v1/') && !known.test(String(to.url ?? to)) ? Promise.reject(new TypeError('no line')) : real(to, how));
"""


def busy(w):
    """A morning: reports of many kinds through the doors, some of them worked on."""
    chance, patroller, acceptor = random.Random(7), w.token(role="patroller"), w.token(role="acceptor")
    media = [w.http.call("POST", "/api/v1/media", patroller, raw=paint(f"{what}-{n}"), headers={"Content-Type": "image/png"}).body["media_id"] for n in range(3) for what in ("before", "after")]
    w.http.post("/api/v1/duty/on", patroller, {"mark_id": str(uuid.uuid4())})
    plans(w)
    numbers = []
    for n, (lon, lat) in enumerate(w.points(48, seed=7)):
        code, condition, state, _, _, _, source, address, words = SCENES[n % len(SCENES)]
        own = source if source.startswith("hotline") else "patrol"
        answer = w.report(acceptor if own != "patrol" else patroller, str(uuid.uuid4()), source=own, category={**e2e.MANHOLE, "code": code}, description=words, address=address or "科苑路",
                          lon=lon, lat=lat, photos=chance.sample(media[::2], 2) if own == "patrol" else [])
        if answer.status == 201:
            numbers.append(answer.body["case_no"])
    done = None
    for n, no in enumerate(numbers):
        case = w.case(no)
        if case["state"] != "pending_dispose" or n % 3:
            continue
        holder = w.holder_of(case)
        if w.act(holder, no, "sign").status == 200 and n % 2 == 0 and w.act(holder, no, "dispose", photos=media[1:2], opinion="已清理并恢复").status == 200:
            done = done or no
    leader = w.token(role="shift_leader")
    requests(w, [no for no in numbers if w.case(no)["state"] in ("pending_dispose", "disposing")])
    orders(w)
    if w.http.get("/api/v1/shifts", leader).status == 200:
        record = w.http.post("/api/v1/handovers", leader, {}).body
        w.http.post(f"/api/v1/handovers/{record['number']}/notes", leader, {"version": record["version"], "notes": "崇文大道积水点已派排水所值守；明早 8 点复看。"})
    phones(w)
    return done or numbers[0]


def phones(w):
    """Each has received what is its own."""
    for account in w.accounts:
        if account["role"] in ("squad_leader", "disposer", "patroller", "unit_clerk"):
            for task in w.http.get("/api/v1/tasks?limit=200", account["token"]).body["items"]:
                w.http.post(f"/api/v1/tasks/{task['task_id']}/received", account["token"], {"epoch": task["epoch"]})


def requests(w, numbers):
    """What waits for a second person, what was ordered, and one that was returned until the coordinator must decide."""
    for no, (kind, why) in zip(numbers, (("extend", "等待配件，预计两日内到货"), ("defer", "持续降雨，沥青无法施工"), ("suspend", "涉及征收，待街道协调"))):
        case = w.case(no)
        clerk = next((a["token"] for a in w.accounts if a["role"] in ("unit_clerk", "unit_head") and a.get("unit") == case["unit"]), None)
        if clerk:
            w.act(clerk, no, kind, reason=why, **({} if kind == "extend" else {"until": e2e.now_text(5 * 86400)}))
    for no, role, kind, text in zip(numbers[3:], ("leader", "shift_leader"), ("instruct", "supervise"), ("限三日内办结并回复。", "请核实进度，今日 18 时前答复。")):
        w.act(w.token(role=role), no, kind, text=text)
    for no in numbers[5:6]:
        first = w.case(no)
        clerk = next((a["token"] for a in w.accounts if a["role"] in ("unit_clerk", "unit_head") and a.get("unit") == first["unit"]), None)
        for turn in range(3 if clerk else 0):
            w.act(clerk, no, "return", reason="非本单位管养范围")
            if turn < 2:
                w.act(w.token(role="shift_leader"), no, "approve_return")
                w.act(w.token(role="dispatch_officer"), no, "dispatch", unit=first["unit"])


def orders(w):
    agent = w.token(role="acceptor")
    for n, (text, place) in enumerate((("小区门口垃圾堆放多日无人清理。", "洸河路 128 号"), ("夜间施工噪声扰民。", "同济路北段"), ("路灯连续三晚不亮。", "诗仙路 66 号"))):
        w.http.post("/api/v1/hotline-orders", agent, {"system": "hotline_12345", "number": f"20261128{n:04d}", "text": text, "address": place, "caller": {"name": "王女士", "phone": "13800000000"}})


def plans(w):
    """A campaign and an emergency plan, written as their pages write them."""
    coordinator, today = w.token(role="coordinator"), datetime.now(e2e.ZONE)
    places = zip(("南门市场", "学校门口", "公交枢纽"), w.points(3, seed=11))
    day = lambda days: f"{today + timedelta(days=days):%Y-%m-%d}"
    for part, row in (("campaigns", {"key": "autumn", "zh": "秋季市容整治", "en": "Autumn drive", "categories": "06", "from_day": day(-3), "to_day": day(30), "quota": "40", "counted": "within", "checklist": "看门前;看背街",
                                     "points": "\n".join(f"p{n} {lon:.6f} {lat:.6f} {name}" for n, (name, (lon, lat)) in enumerate(places, 1))}),
                      ("plans", {"key": "rain", "zh": "暴雨", "en": "Rainstorm", "urgent": "06", "urgent_minutes": "90", "percent": "200"})):
        standing = w.http.get(f"/api/v1/standing/{part}", coordinator).body
        table = standing["tables"][0]
        table["rows"].append([row.get(c, "") for c in table["columns"]])
        w.http.post(f"/api/v1/standing/{part}/publish", coordinator, {"version": standing["version"], "note": "年度方案", "tables": standing["tables"]}, timeout=60)


def small(b, name):
    """As WebP, coarser until it is small."""
    for quality in (80, 65, 50, 35):
        data = base64.b64decode(b.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "webp", "quality": quality})["data"])
        if len(data) <= MOST:
            break
    os.makedirs(DOCS, exist_ok=True)
    with open(os.path.join(DOCS, f"{name}.webp"), "wb") as f:
        f.write(data)
    e2e.say(f"docs/screens/{name}.webp", len(data) // 1024, "KiB")


def skipped(page, name, state):
    once = ("help", "palette", "api", "sign-in", "form", *(extra.id for extra in MORE))
    return ((state == "empty" and "{case}" in page.path) or (page.phone and name == "desk") or (name == "phone" and page.id in ("help", "palette", "beside", "last-month"))
            or (state in ("empty", "error") and page.id in once) or (state == "dark" and page.id in ("api", "wall")) or (name == "wide") != (page.id == "wall" and name != "phone"))


def main(words):
    docs = "--docs" in words
    only = words[words.index("--only") + 1].split(",") if "--only" in words else []
    rest = [w for n, w in enumerate(words) if not w.startswith("-") and (not n or words[n - 1] != "--only")]
    folder = rest[0] if rest else os.path.join(e2e.ROOT, "build", "shots")
    os.makedirs(folder, exist_ok=True)
    systems, browsers, taken, bad = [e2e.System(settings=SETTINGS)], {}, 0, 0
    try:
        for size, name in ((DESK, "desk"), (PHONE, "phone"), (WALL, "wide")):
            camera = (f"--use-file-for-fake-video-capture={film(os.path.join(folder, 'street.y4m'))}", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") if name == "phone" else ()
            browsers[name] = browser.Browser(size, "zh-CN", folder, flags=camera)
        w, cases = systems[0].start(), {"case": "0"}
        for state in ("empty", "busy", "dark", "error"):
            if state == "busy":
                w = e2e.System(settings=SETTINGS)
                os.chmod(w.data, 0o755)
                systems.append(w)
                for step in (["migrate"], ["load", "--demo"], ["demo-years", "--months", str(MONTHS), "--per-day", str(PER_DAY), "--seed", "7", "--live", "--fraud"]):
                    w.run(*step)
                w.start()
                cases["case"] = busy(w)
            for name, b in browsers.items():
                b.dark(state == "dark")
                if state == "error":
                    b.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": CUT})
                for page in [*every_page.every(w), *MORE]:
                    if skipped(page, name, state) or (only and not any(word in page.id for word in only)):
                        continue
                    try:
                        every_page.open_page(b, w, page, cases)
                    except AssertionError as error:
                        bad += 1
                        e2e.say(f"{page.id} {name} {state}: {str(error)[:200]}")
                        continue
                    b.shot(f"{page.id}-{name}-{state}")
                    taken += 1
                    if docs and (page.id, name, state) in BEST:
                        small(b, f"{page.id}-{name}")
    finally:
        for b in browsers.values():
            b.close()
        for w in systems:
            w.stop()
    e2e.say(f"{taken} pictures in {folder}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
