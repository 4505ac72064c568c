"""Every page of Wangge in one table, for what must hold on each: nothing runs from data, axe, without a line or WebGL, screenshots.

A new page outside the console is a row of PAGES; the console's views are read from their own table (views.ts), so a new one needs no
line here. Over the real system: open_page(b, system, page) signs in as somebody who is shown it and waits until it has settled.
"""
import os
import re
from dataclasses import dataclass

import wangge_e2e as e2e

CONSOLE = os.path.join(e2e.ROOT, "gateways", "console", "web", "src", "console", "views.ts")
PUBLISHERS = os.path.join(e2e.ROOT, "gateways", "console", "web", "src", "console", "month", "roles.ts")
CODES = os.path.join(e2e.ROOT, "gateways", "console", "web", "src", "core", "codes.ts")
FALLBACK = ("shift_leader", "leader", "acceptor", "evaluator", "inspector", "coordinator", "catalogue_admin", "sys_admin", "sec_admin", "auditor")


@dataclass(frozen=True)
class Page:
    id: str
    path: str
    roles: tuple = ()          # who is shown it, best first; none: nobody need be signed in
    then: str = ""             # something to click, so that what it opens is looked at too
    phone: bool = False        # made for a phone: the desk's size is not its own


# {case}: a case with everything in it; {filed}: one that offers steps.
PAGES = [
    Page("case", "/?case={case}", ("shift_leader",)),
    Page("form", "/?case={case}", ("shift_leader",), then=".buttons [data-action=note]"),
    Page("handover-record", "/?view=handover&number=1", ("shift_leader",)),
    Page("list", "/?state=pending_accept", ("acceptor",)),
    Page("help", "/", ("shift_leader",), then="#help"),
    Page("palette", "/", ("shift_leader",), then="#palette"),
    Page("squad", "/squad", ("disposer",), phone=True),
    Page("checks", "/squad", ("patroller",), phone=True),
    Page("patrol", "/patrol", ("patroller",), phone=True),
    Page("wall", "/wall", ("leader",)),
    Page("public", "/public"),
    Page("sign-in", "/"),
    Page("api", "/api/docs"),
]


def _roles(words, text, depth=0):
    """The roles a row of views.ts names, by its own list or by a constant."""
    found = []
    for quoted, name in re.findall(r"'(\w+)'|\b([A-Z][A-Z_]+)\b", words):
        if quoted:
            found.append(quoted)
        elif depth < 4:
            defined = re.search(rf"const {name}\b[^=]*= \[(.*?)\]", text, re.S)
            found += _roles(defined[1], text, depth + 1) if defined else []
    return found


def views():
    with open(CONSOLE, encoding="utf-8") as f:
        own = f.read()
    text = own
    for path in (CODES, PUBLISHERS):
        with open(path, encoding="utf-8") as f:
            text += f.read()
    rows = own[own.index("VIEWS: "):]
    rows = rows[:rows.index("\n];")]
    out = []
    for line in rows.splitlines():
        by_member = re.search(r"id: '([\w-]+)'", line)
        by_call = re.match(r"\s+\w+\('([\w-]+)', '\w+', (.*?), \(\) =>", line)
        if by_member:
            named = re.search(r"roles: (\[.*?\]|\w+)", line)
            roles = tuple(_roles(named[1], text) if named else FALLBACK)
            assert roles, f"who is shown {by_member[1]}? nobody finds the roles {named[1]}: the page would be looked at signed out"
            out.append(Page(by_member[1], "/?" if by_member[1] == "cases" else f"/?view={by_member[1]}", roles))
        elif by_call:
            out.append(Page(by_call[1], f"/?view={by_call[1]}", tuple(_roles(by_call[2], text) or FALLBACK)))
    return out


def every(system):
    """Those that this program serves."""
    served = {}
    for page in [*views(), *PAGES]:
        path = page.path.split("?")[0]
        if path not in served:
            served[path] = system.http.get(path).status == 200
        if served[path]:
            yield page


def token_for(system, page):
    for role in (*(r for r in FALLBACK if r in page.roles), *page.roles, *FALLBACK):
        for account in system.accounts:
            if account["role"] == role and (role not in ("disposer", "squad_leader") or account.get("squad")):
                return account["token"]
    raise AssertionError(f"nobody is shown {page.id}")


SETTLED = r"""
const main = document.querySelector('main') ?? document.body, calls = performance.getEntriesByType('resource').length;
const busy = [...main.querySelectorAll('.hint, [role=status]')].some((n) => n.checkVisibility() && /^(正在读取|加载中|Loading)/.test(n.textContent.trim()));
const was = window.__calls; window.__calls = calls;
return !busy && !document.querySelector('[aria-busy=true]') && main.innerText.trim().length > 10 && calls === was;
"""


def settle(b, what):
    """No request came for a quarter of a second, and nothing says that it still loads, no map either."""
    import time
    quiet = 0

    def look():
        nonlocal quiet
        time.sleep(0.15)
        quiet = quiet + 1 if b.driver.execute_script(SETTLED) else 0
        return quiet > 1
    b.until(look, f"{what} to settle")


def open_page(b, system, page, cases, base=None):
    base = base or f"http://127.0.0.1:{system.port}"
    url = base + page.path.format(**cases)
    if page.roles:
        token = token_for(system, page)
        b.open(base + "/healthz")
        b.driver.execute_script("if (sessionStorage.getItem('wangge.token') !== arguments[0]) { sessionStorage.clear(); sessionStorage.setItem('wangge.token', arguments[0]); }", token)
    elif b.driver.current_url.startswith(base):
        b.driver.execute_script("sessionStorage.clear()")
    b.open("about:blank")
    b.open(url)
    settle(b, page.id)
    if page.then:
        b.click(page.then)
        settle(b, page.id)
