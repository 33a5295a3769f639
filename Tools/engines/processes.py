"""The processes of an engine: which of them run workers, and how one dies in the middle of a job."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path


class Killer(threading.Thread):
    """Kills, once some tasks are done, a worker, and then a process of the engine that has another one below it."""

    def __init__(self, program: Path, victim: str, staging: Path, tasks: int) -> None:
        """Prepares the kill.

        Args:
            program: What the workers' command lines contain.
            victim: What the command line of the process to kill contains.
            staging: Where tasks write.
            tasks: How many tasks must be done before, beside those that are when the thread starts.
        """
        super().__init__(daemon=True)
        self.killed: list[int] = []
        self._program, self._victim, self._staging, self._tasks = program, victim, staging, tasks
        self._enough = tasks
        self._is_over = threading.Event()

    def run(self) -> None:
        while len(self.killed) < 2 and not self._is_over.wait(0.05):
            if finished(self._staging) < self._enough:
                continue
            for worker in workers(self._program):
                above = [process for process in ancestors(worker) if self._victim in command_line(process)]
                if above and worker not in self.killed:
                    self._kill(above[0] if self.killed else worker)
                    break

    def _kill(self, process: int) -> None:
        os.kill(process, signal.SIGKILL)
        self.killed.append(process)

    def __enter__(self) -> "Killer":
        self._enough = finished(self._staging) + self._tasks
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self.join()


def die_in_the_middle(job: Callable[[], None], staging: Path, records: int) -> None:
    """Runs a job in a process of its own, and kills that when some attempts have finished."""
    driver = multiprocessing.get_context("spawn").Process(target=job)
    driver.start()
    while driver.is_alive() and finished(staging) < records:
        time.sleep(0.05)
    driver.kill()
    driver.join()


def finished(staging: Path) -> int:
    """The number of tasks with an attempt that has finished; one that begins with the same images does not add to it."""
    return sum(1 for _ in staging.glob("*.done.json"))


def workers(program: Path) -> list[int]:
    """The running workers whose command lines contain a path, or the beginning of one."""
    lines = ((process, command_line(process)) for process in processes())
    return [process for process, line in lines if str(program) in line and "\0worker\0" in line]


def are_gone(program: Path, seconds: float) -> bool:
    """Whether all workers of a program end within some time."""
    end = time.monotonic() + seconds
    while workers(program):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def ancestors(process: int) -> list[int]:
    """The parent of a process, its parent, and so on."""
    found = []
    while (process := parent(process)) > 1:
        found.append(process)
    return found


def parent(process: int) -> int:
    try:
        # The name in parentheses may contain spaces.
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def command_line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text(errors="replace")
    except OSError:
        return ""


class ProcessorTime(threading.Thread):
    """Adds up the processor time of a process and of those below it, also those that end, without those that run a program."""

    def __init__(self, above: int, without: Path) -> None:
        super().__init__(daemon=True)
        self._above, self._without = above, without
        self._is_over = threading.Event()
        self._before = self._sample()
        self._last = dict(self._before)

    @property
    def seconds(self) -> float:
        """Of all since the beginning; of a process that ended, as far as it was seen."""
        return sum(time - self._before.get(process, 0) for process, time in self._last.items())

    def run(self) -> None:
        while not self._is_over.wait(1):
            self._last |= self._sample()

    def __enter__(self) -> "ProcessorTime":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self.join()
        self._last |= self._sample()

    def _sample(self) -> dict[int, float]:
        tree = (process for process in processes() if self._above in (process, *ancestors(process)))
        return {process: _processor_seconds(process) for process in tree if str(self._without) not in command_line(process)}


def _processor_seconds(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
