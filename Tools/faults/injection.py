"""Makes each call of a command fail in turn."""

import errno
import random
from dataclasses import dataclass, field

from faults.scenario import Scenario
from faults.shim import SHORT, Fault, Shim
from stored import require

#: What may befall a call. After those of the second group the command must go on as if nothing had happened.
ERRORS = {
    "open": (errno.EIO, errno.EACCES),
    "read": (errno.EIO,),
    "write": (errno.EIO, errno.ENOSPC),
    "sync": (errno.EIO, errno.ENOSPC),
    "rename": (errno.EIO, errno.EACCES, errno.ENOSPC),
    "unlink": (errno.EIO, errno.EACCES),
    "truncate": (errno.EIO, errno.ENOSPC),
    "mmap": (errno.ENOMEM, errno.EACCES),
    "memory": (errno.ENOMEM,),
    "mkdir": (errno.EACCES, errno.ENOSPC),
    "lock": (errno.ENOLCK, errno.EIO),
}
HARMLESS = {
    "open": (errno.EINTR,),
    "read": (errno.EINTR, SHORT),
    "write": (errno.EINTR, SHORT),
    "sync": (errno.EINTR,),
    "lock": (errno.EINTR,),
}
#: Usage errors too: an older output that cannot be read may not be replaced.
FAILURES = (2, 3)


@dataclass
class Tally:
    """How the tries of a command ended."""

    failed: int = 0
    unaffected: int = 0
    absent: int = 0
    """Faults that did not happen, because the command made fewer calls than in the run that was counted."""
    problems: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """The number of faults."""
        return self.failed + self.unaffected + self.absent

    def add(self, other: "Tally") -> None:
        """Adds other tries."""
        self.failed += other.failed
        self.unaffected += other.unaffected
        self.absent += other.absent
        self.problems += other.problems


class Injection:
    """Tries one command with every fault."""

    def __init__(self, shim: Shim, scenario: Scenario) -> None:
        self.shim, self.scenario = shim, scenario
        scenario.reset()
        self.before = scenario.content()
        run = shim.run(scenario.command, scenario.place)
        require(run.result.returncode == 0, f"{scenario.name} fails without a fault: {run.result.stderr}")
        self.after = scenario.content()
        require(self.before != self.after, f"{scenario.name} changes nothing")
        self.counts = run.counts

    def faults(self, groups: tuple[dict, ...], most: int, seed: int) -> list[Fault]:
        """All faults of the groups, or as many as asked for, of every kind and error, in random order."""
        rng = random.Random(f"{seed} {self.scenario.name}")
        chosen = []
        for errors in (self.scenario.errors,) if self.scenario.errors else groups:
            for kind, numbers in errors.items():
                calls = range(1, self.counts[kind] + 1)
                for error in numbers:
                    chosen += [Fault(kind, number, error) for number in rng.sample(calls, min(most, len(calls)))]
        rng.shuffle(chosen)
        return chosen

    def run(self, faults: list[Fault]) -> Tally:
        """Tries each fault."""
        tally = Tally()
        for fault in faults:
            try:
                problem = self.attempt(fault, tally)
            except SystemExit as unreadable:
                problem = str(unreadable)
            if problem:
                tally.problems.append(f"{self.scenario.name}, {fault}: {problem}")
        return tally

    def attempt(self, fault: Fault, tally: Tally) -> str | None:
        """What is wrong after a fault, if anything is."""
        self.scenario.reset()
        run = self.shim.run(self.scenario.command, self.scenario.place, fault)
        code, message = run.result.returncode, run.result.stderr.strip()
        if code == 0:
            if run.is_faulty:
                tally.unaffected += 1
            else:
                tally.absent += 1
            if self.scenario.content() != self.after:
                return "the command reports success, and its result is not that of an undisturbed run"
        else:
            tally.failed += 1
            if problem := self.problem(fault, run.is_faulty, code, message):
                return problem
        if code == 0 and (is_harmless(fault) or not self.scenario.leftovers()):
            return self.left(fault)
        again = self.scenario.rerun()
        if again.returncode != 0:
            return f"the command fails when it is run again: {again.stderr.strip()[-300:]}"
        if self.scenario.content() != self.after:
            return "the second run's result is not that of an undisturbed run"
        return self.left(fault)

    def left(self, fault: Fault) -> str | None:
        """What is left and should not be; what could not be removed may."""
        leftovers = self.scenario.leftovers() if fault.kind != "unlink" else []
        return f"files are left: {leftovers}" if leftovers else None

    def problem(self, fault: Fault, happened: bool, code: int, message: str) -> str | None:
        """What is wrong with a failed run and what it left."""
        if not happened:
            return f"the command fails without a fault: {message[-300:]}"
        if is_harmless(fault):
            return f"the command should go on, but ends with {code}: {message[-300:]}"
        if code not in FAILURES:
            return f"the exit code is {code}: {message[-300:]}"
        if "rror: " not in message or (fault.kind != "memory" and str(self.scenario.place) not in message):
            return f"the message names no file: {message[-300:]}"
        now, old, new = (self.scenario.fragments(c) for c in (self.scenario.content(), self.before, self.after))
        for key, value in now.items():
            if value not in (old.get(key), new.get(key)):
                return f"'{key}' is neither the old nor the new one"
        return None


def is_harmless(fault: Fault) -> bool:
    """Whether the command must go on as if nothing had happened."""
    return fault.error in HARMLESS.get(fault.kind, ())
