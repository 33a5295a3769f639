#!/usr/bin/env python3
"""Takes the locks of stores away: their holder is stopped at a call and woken later, when another program was refused or, as
on file systems that do not show a lock or have lost it, took over; their holder was on a computer that is gone, and its
server keeps the lock; and there are no locks at all. Each program must do its work or be refused with a message; whatever
the store then holds are rows of the images, and the next run must give the store of an undisturbed run.
"""

import argparse
import errno
import fcntl
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from environment import FORGETFUL
from faults import sharing, stores
from faults.scenario import Scenario
from faults.scenarios import Scenarios
from faults.shim import STOP, Fault, Shim
from faults.world import World, add_arguments
from stored import require

RUNTIME_ERROR = 3
SECONDS_TO_END = 300
#: What a program says that is refused, or that stops, because of another one.
REFUSED, TAKEN_OVER = "Another run is writing to", "despite this run's lock"
#: Where the holder of a lock is stopped: before changes of names at each call, and at some of the others.
CHANGES, OTHERS = ("rename", "unlink"), ("open", "write", "sync")
OWNER = "gone.example 4711 1"
PROBLEMS = "problems"
HELD = "locks that were held when their holders stopped"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    sharing.add_argument(parser)
    parser.add_argument("--most", type=int, default=10_000, help="most calls of each kind to stop at, by chance")
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        shim = Shim(scratch / "shim")
        scenarios = {scenario.name: scenario for scenario in Scenarios(World(arguments, scratch)).writing()}
        refuse_without_locks(shim, [scenarios[name] for name in ("embed", "update", "compact", "import")])
        refuse_locked([scenarios[name] for name in ("update", "compact")])
        outcomes: Counter = Counter()
        for first, second in (("embed", "embed"), ("update", "update"), ("update", "compact"), ("compact", "update")):
            stops = Stops(shim, scenarios[first], scenarios[second], arguments)
            met = sum(sharing.in_parallel(arguments.jobs, stops.share), Counter())
            require(met[HELD] > 0, f"{stops.name}: the lock was never held")
            outcomes += met
    minutes = (time.monotonic() - start) / 60
    print(f"in {minutes:.0f} min: " + ", ".join(f"{count} {what}" for what, count in sorted(outcomes.items())))
    if outcomes[PROBLEMS]:
        sys.exit(f"{outcomes[PROBLEMS]} meetings went wrong")


def refuse_without_locks(shim: Shim, scenarios: list[Scenario]) -> None:
    """On a file system that cannot lock, nothing is changed."""
    for scenario in scenarios:
        for error in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EIO):
            scenario.reset()
            before = scenario.content()
            result = shim.run(scenario.command, scenario.place, Fault("lock", 1, error)).result
            require(result.returncode == RUNTIME_ERROR and "Cannot lock the folder" in result.stderr,
                    f"{scenario.name} without locks: exit code {result.returncode}: {result.stderr}")  # fmt: skip
            require(scenario.content() == before, f"{scenario.name} without locks: the store has changed")


def refuse_locked(scenarios: list[Scenario]) -> None:
    """A server keeps the lock of a computer that is gone until the user removes the file."""
    for scenario in scenarios:
        scenario.reset()
        lock = scenario.place / "store/.lock"
        lock.write_text(OWNER)
        with lock.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            refused = scenario.rerun()
            require(refused.returncode == RUNTIME_ERROR and "process 4711 on gone.example" in refused.stderr
                    and f"remove {lock}" in refused.stderr, f"{scenario.name}: {refused.stderr}")  # fmt: skip
            lock.unlink()
            done = scenario.rerun()
            require(done.returncode == 0, f"{scenario.name} without the lock that was left: {done.stderr}")


@dataclass(frozen=True)
class Stop:
    """Where the holder of a lock is stopped, and whether the second program does not see the lock."""

    kind: str
    number: int
    is_blind: bool


class Stops:
    """A program that is stopped, and one that meets its lock."""

    def __init__(self, shim: Shim, first: Scenario, second: Scenario, arguments: argparse.Namespace) -> None:
        self.shim, self.first, self.second, self.jobs = shim, first, second, arguments.jobs
        self.name = f"{first.name} stopped beside {second.name}"
        last = second if first.name == "compact" else first
        self.last = last
        last.reset()
        self.rows = {id: [row] for id, row in stores.all_rows(last.place / "store")}
        require(last.rerun().returncode == 0, f"{last.name} fails")
        self.expected = stores.rows(last.place / "store")
        for id, row in self.expected.items():
            self.rows.setdefault(id, []).append(row)
        first.reset()
        counts = shim.run(first.command, first.place).counts
        self.stops = list(self.chosen(counts, arguments))

    def chosen(self, counts: Counter, arguments: argparse.Namespace) -> Iterator[Stop]:
        """The calls to stop at."""
        rng = random.Random(f"{arguments.seed} {self.name}")
        for kind in (*CHANGES, *OTHERS):
            calls = range(1, counts[kind] + 1)
            most = arguments.most if kind in CHANGES else min(arguments.most, counts["rename"])
            for number in rng.sample(calls, min(most, len(calls))):
                yield from (Stop(kind, number, is_blind) for is_blind in (False, True))

    def share(self, job: int) -> Counter:
        """How the meetings of one of several threads end."""
        outcomes: Counter = Counter()
        place = self.first.place.with_name(f"place-{job}")
        for stop in self.stops[job :: self.jobs]:
            try:
                self.meet(stop, place, outcomes)
            except SystemExit as problem:
                outcomes[PROBLEMS] += 1
                print(problem, flush=True)
        return outcomes

    def meet(self, stop: Stop, place: Path, outcomes: Counter) -> None:
        """Stops the first program, runs the second, and wakes the first."""
        what = f"{self.name}, at {stop.kind} {stop.number}, {'without' if stop.is_blind else 'with'} locks"
        first, second, last = (scenario.at(place) for scenario in (self.first, self.second, self.last))
        first.reset()
        store = place / "store"
        environment = self.shim.environment(place, Fault(stop.kind, stop.number, STOP))
        holder = subprocess.Popen(
            first.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", env=environment
        )
        try:
            is_stopped = stops(holder)
            is_locked = is_held(store / ".lock")
            blindness = self.shim.environment(place, is_blind=True) if stop.is_blind else FORGETFUL
            other = subprocess.run(
                second.command, capture_output=True, text=True, errors="replace", env=blindness, timeout=SECONDS_TO_END
            )
        finally:
            holder.send_signal(signal.SIGCONT)
            _, errors = holder.communicate(timeout=SECONDS_TO_END)
        ends = [ending(what, holder.returncode, errors), ending(what, other.returncode, other.stderr)]
        outcomes[f"{'stopped' if is_stopped else 'not stopped'} {'without' if stop.is_blind else 'with'} locks"] += 1
        outcomes[HELD] += is_locked
        outcomes[f"holders {ends[0]}"] += 1
        outcomes[f"others {ends[1]}"] += 1
        require(stop.is_blind or not is_locked or ends[1] == "refused", f"{what}: the lock was seen, and the other {ends[1]}")
        held = list(stores.all_rows(store))
        is_done = dict(held) == self.expected and len(held) == len(self.expected)
        for id, row in held:
            require(row in self.rows.get(id, ()), f"{what}: '{id}' has a row that it never had")
        if not is_done:
            outcomes["stores that the next run completes"] += 1
        if len(dict(held)) < len(held):
            outcomes["stores with two rows for an image"] += 1
        if ends == ["done", "done"]:
            require(is_done, f"{what}: both report success, and the store has {len(held)} rows, not {len(self.expected)}")
        result = last.rerun()
        require(result.returncode == 0, f"{what}: the next run fails: {result.stderr}")
        require(stores.rows(store) == self.expected, f"{what}: the next run does not complete the store")


def is_held(path: Path) -> bool:
    """Whether a process holds a lock."""
    if not path.exists():
        return False
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def stops(process: subprocess.Popen) -> bool:
    """Waits until a process is stopped or has ended; whether it is stopped."""
    deadline = time.monotonic() + SECONDS_TO_END
    while process.poll() is None:
        require(time.monotonic() < deadline, "a program neither stops nor ends")
        if Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            return True
        time.sleep(0.01)
    return False


def ending(what: str, code: int, errors: str) -> str:
    """How a program ended: it did its work, or was refused with a word."""
    is_refused = code == RUNTIME_ERROR and REFUSED in errors
    require(code == 0 or is_refused, f"{what}: exit code {code}: {errors}")
    return "done" if code == 0 else "stopped by themselves" if TAKEN_OVER in errors else "refused"


if __name__ == "__main__":
    main()
