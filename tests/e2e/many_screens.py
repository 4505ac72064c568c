#!/usr/bin/python3
"""500 open consoles and 1,000 phones on one gateway: what it holds in memory while cases move, and that every console heard of them.
WANGGE_CONSOLES and WANGGE_PHONES change the numbers, WANGGE_MIB the bound (300)."""
import asyncio
import os
import unittest

import wangge_e2e as e2e

CONSOLES, PHONES = int(os.environ.get("WANGGE_CONSOLES", 500)), int(os.environ.get("WANGGE_PHONES", 1000))
MOST = int(os.environ.get("WANGGE_MIB", 300))


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024


async def listen(port, path, token, heard, key, opened):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head.split(b"\r\n")[0], head
    opened.append(key)
    try:
        while line := await reader.readline():
            if line.startswith(b"data:") or b"data:" in line:
                heard[key] = heard.get(key, 0) + 1
    except asyncio.CancelledError:
        writer.close()
        raise


class ManyScreens(unittest.TestCase):
    def test_the_gateway_holds_them_in_little_memory_and_tells_every_console(self):
        w = e2e.System().start()
        self.addCleanup(w.stop)
        gateway = w.pid("gateway")
        consoles = [a["token"] for a in w.accounts if a["role"] in ("acceptor", "shift_leader", "dispatch_officer", "leader")]
        phones = [a["token"] for a in w.accounts if a["role"] in ("disposer", "squad_leader", "patroller")]
        patroller = w.token(role="patroller")
        w.committed(patroller)
        before = resident(gateway)

        async def run():
            heard, opened = {}, []
            jobs = [asyncio.create_task(listen(w.port, "stream", consoles[n % len(consoles)], heard, f"c{n}", opened)) for n in range(CONSOLES)]
            jobs += [asyncio.create_task(listen(w.port, "tasks/stream", phones[n % len(phones)], heard, f"p{n}", opened)) for n in range(PHONES)]
            for _ in range(600):
                if len(opened) == len(jobs):
                    break
                await asyncio.sleep(0.1)
            self.assertEqual(len(opened), len(jobs))
            quiet = resident(gateway)
            most = quiet
            for _ in range(60):
                await asyncio.to_thread(w.committed, patroller)
                most = max(most, resident(gateway))
            for _ in range(300):
                if sum(1 for k in heard if k.startswith("c")) == CONSOLES:
                    break
                await asyncio.sleep(0.1)
            told = sum(1 for k in heard if k.startswith("c"))
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            return quiet, max(most, resident(gateway)), told

        quiet, most, told = asyncio.run(run())
        e2e.figure(f"{CONSOLES} consoles and {PHONES} phones on one gateway: {before:.0f} MiB before, {quiet:.0f} MiB with all open, {most:.0f} MiB at most while 60 cases moved; {told} consoles heard of them")
        self.assertEqual(told, CONSOLES)
        self.assertLessEqual(most, MOST)


if __name__ == "__main__":
    unittest.main(verbosity=2)
