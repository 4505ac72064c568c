#!/usr/bin/python3
"""Pictures of every page (every_page.py), Chinese, as a desk (1440x900) and a phone (390x844) shows it: empty, busy, and when the
answers stop coming. Over a system of its own.

  tests/e2e/shots.py [FOLDER]         all of them as PNG into FOLDER (default build/shots)
  tests/e2e/shots.py --docs [FOLDER]  besides, the few that README.md shows as small WebP into docs/screens
"""
import base64
import os
import random
import sys
import uuid

import browser
import every_page
import wangge_e2e as e2e
from fake_city import SCENES, paint
from pages import DESK, PHONE

DOCS = os.path.join(e2e.ROOT, "docs", "screens")
BEST = {("cases", "desk", "busy"), ("case", "desk", "busy"), ("handover-record", "desk", "busy"), ("closure", "desk", "busy"), ("map", "desk", "busy"), ("wall", "desk", "busy"),
        ("squad", "phone", "busy"), ("patrol", "phone", "busy"), ("public", "phone", "busy")}
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
    if w.http.get("/api/v1/shifts", leader).status == 200:
        record = w.http.post("/api/v1/handovers", leader, {}).body
        w.http.post(f"/api/v1/handovers/{record['number']}/notes", leader, {"version": record["version"], "notes": "崇文大道积水点已派排水所值守；明早 8 点复看。"})
    return done or numbers[0]


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


def main(words):
    docs = "--docs" in words
    folder = next((w for w in words if not w.startswith("-")), os.path.join(e2e.ROOT, "build", "shots"))
    os.makedirs(folder, exist_ok=True)
    w = e2e.shared()
    browsers, taken, bad = {}, 0, 0
    try:
        for size, name in ((DESK, "desk"), (PHONE, "phone")):
            browsers[name] = browser.Browser(size, "zh-CN", folder)
        cases = {"case": "0"}
        for state in ("empty", "busy", "error"):
            if state == "busy":
                cases["case"] = busy(w)
            for name, b in browsers.items():
                if state == "error":
                    b.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": CUT})
                for page in every_page.every(w):
                    if (state == "empty" and "{case}" in page.path) or (page.phone and name == "desk") or (name == "phone" and page.id in ("help", "palette")) or (state != "busy" and page.id in ("help", "palette", "api", "sign-in", "form")):
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
        e2e.close()
    e2e.say(f"{taken} pictures in {folder}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
