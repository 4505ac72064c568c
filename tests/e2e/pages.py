"""What the tests of the pages share: browsers, a pretend city to provoke faults in, and what every page must keep to."""
import os
import re
import tempfile
import unittest

import browser
import fake_api
from wangge_e2e import say

SHOTS = os.environ.get("E2E_SHOTS") or tempfile.mkdtemp(prefix="wangge-shots-")
DESK, PHONE = (1440, 900), (390, 844)
NASTY = "<img src=x onerror=\"window.hurt=1\"><script>window.hurt=1</script>\"'><svg/onload=window.hurt=1> javascript:window.hurt=1 {{7*7}}"

RAW = re.compile(r"\b[a-z]+_[a-z_]+\b")  # a code that nobody turned into words

_browsers = {}  # one a size, language and seat: starting Chromium is the slow part


def begin():
    say("screenshots in", SHOTS)


def end():
    for b in _browsers.values():
        b.close()
    _browsers.clear()


class Pages(unittest.TestCase):
    def page(self, size=DESK, lang="zh-CN", seat=1):
        if (size, lang, seat) not in _browsers:
            _browsers[size, lang, seat] = browser.Browser(size, lang, SHOTS)
        b = _browsers[size, lang, seat]
        b.open("about:blank")
        b.console()  # what an earlier test wrote is not ours
        return b

    def clean(self, b):
        self.assertEqual(b.console(), [], "no script error, no refused content")
        self.assertLessEqual(b.overflow(), 0, "the page is not wider than its window")
        self.assertIsNone(b.driver.execute_script("return window.hurt ?? null"))


class FakePages(Pages):
    """Over a pretend API: needs no built program."""

    def serve(self, *args, **more):
        world = fake_api.World(*args, **more)
        server, base = fake_api.serve(world)

        def stop():
            world.drop_streams = True
            server.shutdown()
            server.server_close()
        self.addCleanup(stop)
        return world, base

    def case_in(self, world, state):
        return next(no for no, c in world.cases.items() if c["state"] == state)

    def posts(self, world, part):
        return [a for a in world.asked if a.startswith("POST ") and part in a]


AXE = os.path.join(fake_api.WEB, "node_modules", "axe-core", "axe.min.js")


def axe(b, only=None):
    """Serious and critical findings of axe-core (WCAG 2.1 A and AA, or one rule), one sentence each."""
    if not b.driver.execute_script("return typeof window.axe === 'object'"):
        with open(AXE, encoding="utf-8") as f:
            b.driver.execute_script(f.read())
    found = b.driver.execute_async_script("""
        const [only, done] = arguments;
        window.axe.run(document, { runOnly: only ? { type: 'rule', values: [only] } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })
          .then((r) => done(r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' | ')}`)), (e) => done([String(e)]));""", only)
    return found


# What an accessibility checker looks at first. Returns one sentence a fault.
CHECKS = r"""
const faults = [];
const seen = (n) => n.checkVisibility({ visibilityProperty: true });  // also not inside a closed <details>
const named = (n) => (n.getAttribute('aria-label') || '').trim() || (n.labels && n.labels.length && n.labels[0].textContent.trim()) || n.textContent.trim();
const what = (n) => `<${n.tagName.toLowerCase()} class="${n.className}" id="${n.id}"> ${n.textContent.trim().slice(0, 30)}`;
for (const n of document.querySelectorAll('input, select, textarea'))
  if (!(n.getAttribute('aria-label') || (n.labels && n.labels.length && n.labels[0].textContent.trim()))) faults.push('no label: ' + what(n));
for (const n of document.querySelectorAll('button, a[href], summary')) if (seen(n) && !named(n)) faults.push('no name: ' + what(n));
const ids = [...document.querySelectorAll('[id]')].map((n) => n.id);
for (const id of new Set(ids)) if (ids.filter((i) => i === id).length > 1) faults.push('id twice: ' + id);
let level = 0;
for (const n of document.querySelectorAll('h1, h2, h3, h4')) {
  if (!seen(n)) continue;
  const now = Number(n.tagName[1]);
  if (now > level + 1) faults.push(`heading jumps from ${level}: ` + what(n));
  level = now;
}
if ([...document.querySelectorAll('h1')].filter(seen).length !== 1) faults.push('not exactly one h1');
if (document.querySelectorAll('main').length !== 1) faults.push('not exactly one main');
for (const n of document.querySelectorAll('[aria-current=""]')) faults.push('empty aria-current: ' + what(n));
for (const n of document.querySelectorAll('ul, ol')) for (const c of n.children) if (c.tagName !== 'LI') faults.push('in a list, no item: ' + what(c));
const rgb = (text) => { const p = text.match(/[\d.]+/g).map(Number); return { c: p.slice(0, 3), a: p.length > 3 ? p[3] : 1 }; };
const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (n) => { for (let x = n; x; x = x.parentElement) { const b = rgb(getComputedStyle(x).backgroundColor); if (b.a > 0.9) return b.c; } return [255, 255, 255]; };
for (const n of document.querySelectorAll('body *')) {
  if (![...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) || !seen(n) || n.closest('[disabled], .visually-hidden, .skip, option, .gone')) continue;
  const style = getComputedStyle(n), fore = light(rgb(style.color).c), back = light(behind(n));
  const ratio = (Math.max(fore, back) + 0.05) / (Math.min(fore, back) + 0.05);
  if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)}: ` + what(n));
}
return [...new Set(faults)];
"""

# Keyboard users see where they are: each thing that can have the focus shows it.
FOCUS = r"""
const faults = [];
for (const n of document.querySelectorAll('button, a[href], input, select, textarea, summary')) {
  if (!n.checkVisibility() || n.disabled) continue;
  n.focus({ focusVisible: true });
  if (document.activeElement !== n) continue;
  const after = n.nextElementSibling;
  const shown = [n, n.closest('.choice'), n.classList.contains('visually-hidden') ? after : null].filter(Boolean).some((x) => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; });
  if (!shown) faults.push(`no focus to see: <${n.tagName.toLowerCase()} class="${n.className}">`);
}
return [...new Set(faults)];
"""
