"""Chromium for the page tests: headless, quiet, its own empty profile each time."""
import os
import shutil
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
         "--disable-sync --hide-scrollbars --disable-dev-shm-usage").split()


class Browser:
    """A page at a size. Waits for states, never for seconds."""

    def __init__(self, size=(1440, 900), lang="zh-CN", shots=None, flags=()):
        self.profile = tempfile.mkdtemp(prefix="wangge-browser-")
        self.shots = shots or tempfile.mkdtemp(prefix="wangge-shots-")
        options = Options()
        options.binary_location = shutil.which("chromium")
        for flag in (*FLAGS, *flags, f"--user-data-dir={self.profile}", f"--lang={lang}", f"--window-size={size[0]},{size[1]}"):
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"intl.accept_languages": lang})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600})
        # A place as a phone knows it: without one the browser asks a service on the internet, and complains where there is none.
        self.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["geolocation"]})
        self.driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": 35.43, "longitude": 116.63, "accuracy": 15})

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def dark(self, on=True):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if on else "light"}]})

    def hurry(self, times=20):
        """Pages opened from now on look again that many times as often, so that a test of it need not wait; calm() ends it."""
        source = f"const every = window.setInterval; window.setInterval = (f, ms, ...more) => every(f, ms / {times}, ...more);"
        self.hurried = self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})["identifier"]

    def calm(self):
        self.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": self.hurried})

    def downloads(self, folder):
        """Files that pages save go to this folder."""
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})

    def open(self, url):
        self.driver.get(url)

    def sign_in(self, url, token):
        """As a person who was never here: what an earlier test left in this browser is forgotten."""
        self.dark(False)
        self.open(url)
        self.driver.execute_script("sessionStorage.clear(); localStorage.clear()")
        self.open(url)
        self.wait("#token").send_keys(token)
        self.click(".sign-in .primary")

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def attach(self, css, path):
        """Gives a file to a field, which may belong to a form that is fetched when it is first needed."""
        self.until(lambda: self.all(css), f"{css} to be there")
        self.all(css)[0].send_keys(path)

    def until(self, check, what, seconds=20):
        """The first true value of check(); a page that is being redrawn counts as not yet."""
        end = time.monotonic() + seconds
        last = None
        while time.monotonic() < end:
            try:
                value = check()
                if value:
                    return value
            except Exception as error:  # stale element: the page moved on while we looked
                last = error
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s for {what}; last: {last}; console: {self.console()}; shot: {self.shot('failed')}")

    def wait(self, css, text="", seconds=20):
        def look():
            for node in self.all(css):
                if node.is_displayed() and text in node.text:
                    return node
            return None
        return self.until(look, f"{css} {text}", seconds)

    def gone(self, css, seconds=20):
        self.until(lambda: not [n for n in self.all(css) if n.is_displayed()], f"{css} to go", seconds)

    def click(self, css, text="", seconds=20):
        def attempt():
            node = self.wait(css, text, 1)
            node.click()
            return True
        self.until(attempt, f"click {css} {text}", seconds)

    def keys(self, text):
        self.driver.switch_to.active_element.send_keys(text)

    def text(self, css="body"):
        return self.driver.execute_script("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def choose(self, css, value):
        """An option of a select, by its value, as if a person had picked it."""
        self.wait(css)
        self.driver.execute_script("const s = document.querySelector(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('change', {bubbles: true}))", css, value)

    def module(self, name, expression):
        """A value computed with one of the page's modules: module('codes.js', 'Object.keys(m.STATES)')."""
        script = f"const [name, done] = arguments; import('/assets/' + name).then((m) => done({expression}), (e) => done('ERROR ' + e))"
        return self.driver.execute_async_script(script, name)

    def console(self):
        """Errors the page wrote (CSP violations among them); failed requests are the tests' own business."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] == "SEVERE" and "the server responded with a status" not in e["message"] and "favicon" not in e["message"]]

    def overflow(self):
        """Pixels by which the page is wider than its window."""
        return self.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")

    def shot(self, name):
        path = os.path.join(self.shots, f"{name}.png")
        self.driver.save_screenshot(path)
        return path


def picture(path, colour=(40, 120, 200)):
    """A small true PNG, written to `path` when given."""
    import struct
    import zlib
    w, h = 64, 48
    rows = b"".join(b"\0" + bytes(c for x in range(w) for c in ((colour[0] + x) % 256, (colour[1] + y) % 256, colour[2])) for y in range(h))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    if path:
        with open(path, "wb") as f:
            f.write(png)
    return png
