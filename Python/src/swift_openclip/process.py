"""The process of a worker, apart from the streams that flow through it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from swift_openclip.command import is_temporary
from swift_openclip.messages import pass_on

_MESSAGE_LINES = 20
_SECONDS_TO_END = 60
_SECONDS_TO_DIE = 5


class WorkerError(RuntimeError):
    """A worker failed; the message has its last lines on standard error.

    Attributes:
        exit_code: Its exit code, negative if a signal ended it; `None` if it broke the protocol while it ran.
    """

    def __init__(self, message: str, exit_code: int | None) -> None:
        super().__init__(message)
        self.exit_code = exit_code

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.exit_code)

    @property
    def is_temporary(self) -> bool:
        """Whether another worker may succeed: a signal ended this one, or it lacked memory, or a stream failed."""
        return self.exit_code is not None and is_temporary(self.exit_code)


class WorkerProcess:
    """A process, and those that it starts in turn: it leads a group of its own, which dies with it.

    Its messages on standard error are passed on, and the last ones remembered.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._name = command[0]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_inherited() | dict(environment),
            start_new_session=True,
        )
        self._messages: deque[str] = deque(maxlen=_MESSAGE_LINES)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._is_gone = threading.Event()
        # Why it was ended while it ran.
        self._broken = ""

    @property
    def stdin(self) -> Any:
        """Its standard input."""
        return self._process.stdin

    @property
    def stdout(self) -> Any:
        """Its standard output."""
        return self._process.stdout

    @property
    def is_gone(self) -> bool:
        """Whether it has been killed, or waited for."""
        return self._is_gone.is_set()

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, by itself or killed."""
        return self._process.poll() is not None

    def wait(self) -> int:
        """Waits for it, and returns its exit code."""
        return self._process.wait()

    @contextlib.contextmanager
    def ending(self) -> Iterator[None]:
        """Ends the process and those that it has started if it does not end by itself, some time after its input."""
        problem = "did not end after its input"
        timer = threading.Timer(_SECONDS_TO_END, self.failure, [problem], {"is_ending": False})
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def kill(self) -> None:
        """Ends it and those that it has started immediately, if they still run.

        Waits until the process is gone, and some seconds for what else holds its pipes.
        """
        if self._is_gone.is_set():
            return
        self._is_gone.set()
        self.end()
        # A process that has left the group can keep a thread in the middle of reading or writing.
        closing = threading.Thread(target=self._close_pipes, daemon=True)
        closing.start()
        closing.join(_SECONDS_TO_DIE)

    def end(self) -> None:
        """Ends it and those that it has started immediately; what it has written can still be read."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def failure(self, problem: str, *, is_ending: bool = True) -> WorkerError:
        """An error that names the exit code, if the process ends by itself, and its last messages.

        Two threads may find a failure each; the one that ends a running process says why.
        """
        exit_code: int | None = None
        try:
            # A process that closed a pipe is about to end.
            exit_code = self._process.wait(_SECONDS_TO_DIE if is_ending else 0)
        except subprocess.TimeoutExpired:
            self._broken = self._broken or problem
        self.end()
        self._listener.join(_SECONDS_TO_DIE)
        return self._error(self._broken, None) if self._broken else self._error(problem, exit_code)

    def gone(self) -> WorkerError:
        """An error for whoever needs a process that has been killed, or waited for."""
        return WorkerError(f"{self._name} worker has ended. Start another.", self._process.poll())

    def _error(self, problem: str, exit_code: int | None) -> WorkerError:
        code = "" if exit_code is None else f" (exit code {exit_code})"
        messages = "\n".join(self._messages)
        return WorkerError(f"{self._name} worker {problem}{code}" + (f":\n{messages}" if messages else ""), exit_code)

    def _close_pipes(self) -> None:
        # The input first: what still reads it ends, and with it the messages.
        self._close_pipe(self._process.stdin)
        self._listener.join()
        self._close_pipe(self._process.stdout)
        self._close_pipe(self._process.stderr)

    @staticmethod
    def _close_pipe(pipe: IO[bytes] | None) -> None:
        # What was still buffered is for a process that is gone.
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()

    def _listen(self) -> None:
        """Passes messages on, and remembers the last ones."""
        if self._process.stderr is None:
            return
        for line in self._process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._messages.append(text)
            pass_on(f"{text}\n")


def _inherited() -> dict[str, str]:
    """This process's variables, without the number of threads that engines set for libraries in their Python processes.

    It is 1 unless a task is given more cores, and a worker would use one core only; `--encoder-threads` is for that.
    """
    return {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
