"""Talking to Wangge as outsiders do: keep-alive HTTP or HTTPS, live streams, and waiting for a state."""
import http.client
import json
import socket
import ssl
import sys
import threading
import time

import psycopg2


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def wait(check, what, seconds=60, every=0.05):
    """The first true value of check(). Errors of a system that is just coming back count as not yet."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            value = check()
            if value:
                return value
            last = value
        except (OSError, http.client.HTTPException, psycopg2.Error, AssertionError) as error:
            last = error
        time.sleep(every)
    raise AssertionError(f"waited {seconds} s for {what}; last: {last!r}")


class Answer:
    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, {k.lower(): v for k, v in headers}, raw
        try:
            self.body = json.loads(raw) if raw else None
        except ValueError:
            self.body = raw.decode(errors="replace")

    @property
    def code(self):
        return self.body.get("code") if isinstance(self.body, dict) else None

    def fields(self):
        return {e["field"]: e["code"] for e in (self.body or {}).get("errors", [])} if isinstance(self.body, dict) else {}

    def __repr__(self):
        return f"<{self.status} {self.raw[:400]!r}>"


class Client:
    """Keep-alive HTTP, one connection a thread."""

    def __init__(self, port, host="127.0.0.1", certificate=None):
        self.host, self.port, self.local = host, port, threading.local()
        self.context = ssl.create_default_context(cafile=certificate) if certificate else None

    def call(self, method, path, token=None, body=None, raw=None, headers=None, timeout=20):
        """Raises OSError or HTTPException when no answer came; a stale kept connection is opened anew by itself."""
        data = raw if raw is not None else (json.dumps(body, ensure_ascii=False).encode() if body is not None else None)
        sent = {"Accept-Language": "zh-CN", **({"Content-Type": "application/json"} if data is not None else {}),
                **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            fresh = connection is None
            if fresh:
                connection = self.local.connection = self.connection(timeout)
            connection.timeout = timeout
            if connection.sock:
                connection.sock.settimeout(timeout)
            try:
                connection.request(method, path, data, sent)
                response = connection.getresponse()
                answer = Answer(response.status, response.getheaders(), response.read())
                if response.will_close:
                    self.drop()
                return answer
            except (OSError, http.client.HTTPException) as error:
                self.drop()
                # The server closed the idle connection before it read anything: ask once more on a new one.
                if fresh or attempt == 2 or isinstance(error, socket.timeout):
                    raise
        raise AssertionError("unreachable")

    def connection(self, timeout):
        if self.context:
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def drop(self):
        connection = getattr(self.local, "connection", None)
        if connection:
            connection.close()
        self.local.connection = None

    def get(self, path, token=None, **more):
        return self.call("GET", path, token, **more)

    def post(self, path, token=None, body=None, **more):
        return self.call("POST", path, token, body, **more)


class Stream(threading.Thread):
    """Reads a live stream and connects again by itself; events = [(time, name, data)]."""

    def __init__(self, system, path, token):
        super().__init__(daemon=True)
        self.system, self.path, self.token = system, path, token
        self.events, self.lock, self.stopped, self.connects, self.response, self.comments = [], threading.Lock(), False, 0, None, 0
        self.start()

    def run(self):
        while not self.stopped:
            connection = http.client.HTTPConnection("127.0.0.1", self.system.port, timeout=40)
            try:
                connection.request("GET", self.path, headers={"Authorization": f"Bearer {self.token}", "Accept": "text/event-stream"})
                self.response = connection.getresponse()
                if self.response.status == 200:
                    self.connects += 1
                    self.read()
                else:
                    self.refused = self.response.status
                    self.response.read()
            except (OSError, http.client.HTTPException, ValueError):
                pass  # cut: connect again
            finally:
                connection.close()
            time.sleep(0.2)

    def read(self):
        name, data = "message", []
        while not self.stopped:
            line = self.response.readline()
            if not line:
                return
            text = line.decode().rstrip("\r\n")
            if text.startswith(":"):
                self.comments += 1
            elif text.startswith("event:"):
                name = text[6:].strip()
            elif text.startswith("data:"):
                data.append(text[5:].strip())
            elif not text and data:
                with self.lock:
                    self.events.append((time.monotonic(), name, json.loads("\n".join(data))))
                name, data = "message", []

    def stop(self):
        self.stopped = True

    def named(self, name, **want):
        with self.lock:
            return [d for _, n, d in self.events if n == name and all(d.get(k) == v for k, v in want.items())]

    def wait_for(self, name, seconds=30, **want):
        return wait(lambda: self.named(name, **want), f"event {name} {want} on {self.path}", seconds)[0]
