"""The machine under the bench: whose processor time, how much memory, and what it is in general words."""
import os
import time

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    """(parent, ticks of the process and of its children that ended) or None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            fields = f.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return int(fields[1]), sum(int(t) for t in fields[11:15])


def own_ticks():
    """Everything this process and its descendants have used."""
    seen = {int(p): s for p in os.listdir("/proc") if p.isdigit() for s in [_stat(p)] if s}
    children = {}
    for pid, (parent, _) in seen.items():
        children.setdefault(parent, []).append(pid)
    todo, ticks = [os.getpid()], 0
    while todo:
        pid = todo.pop()
        ticks += seen[pid][1]
        todo += children.get(pid, [])
    return ticks


def ticks_of(pid):
    """What one process itself has used, 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            return sum(int(t) for t in f.read().rsplit(")", 1)[1].split()[11:13])
    except OSError:
        return 0


def children_of(pid):
    return [int(p) for p in os.listdir("/proc") if p.isdigit() for s in [_stat(p)] if s and s[0] == pid]


def busy_ticks():
    """User, nice, system, interrupts and what a host took away; of all processors."""
    with open("/proc/stat", encoding="utf-8") as f:
        t = [int(x) for x in f.readline().split()[1:]]
    return t[0] + t[1] + t[2] + t[5] + t[6] + (t[7] if len(t) > 7 else 0)


class Watch:
    """How many cores others used since it was made. The kernel's own writing to the disk counts among the others."""

    def __init__(self):
        self.started, self.busy, self.own = time.monotonic(), busy_ticks(), own_ticks()

    def others(self):
        passed = time.monotonic() - self.started
        return max(0.0, (busy_ticks() - self.busy - own_ticks() + self.own) / TICK / max(passed, 0.01))


def resident_mb(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/status", encoding="utf-8") as f:
            total += next(int(line.split()[1]) for line in f if line.startswith("VmRSS:"))
    return total / 1024


def _first(path, prefix):
    try:
        with open(path, encoding="utf-8") as f:
            return next((line.split(":", 1)[1].strip() for line in f if line.startswith(prefix)), "")
    except OSError:
        return ""


def disk_kind(folder):
    """File system and kind of disk under a folder, without names."""
    device = os.stat(folder).st_dev
    kind = "?"
    with open("/proc/self/mountinfo", encoding="utf-8") as f:
        for line in f:
            before, after = line.split(" - ")
            if before.split()[2] == f"{os.major(device)}:{os.minor(device)}":
                kind = after.split()[0]
    block = os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    for at in (block, os.path.dirname(block)):
        if os.path.exists(f"{at}/queue/rotational"):
            with open(f"{at}/queue/rotational", encoding="utf-8") as f:
                turning = f.read().strip() == "1"
            name = os.path.basename(at)
            what = "virtio disk" if name.startswith("vd") else "NVMe disk" if name.startswith("nvme") else "rotating disk" if turning else "solid-state disk"
            return f"{kind} on a {what}"
    return kind


def description(folder):
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)
    return (f"{os.cpu_count()} cores ({_first('/proc/cpuinfo', 'model name') or os.uname().machine}), {memory:.0f} GiB memory, "
            f"{disk_kind(folder)}, Linux {'.'.join(os.uname().release.split('.')[:2])}")
