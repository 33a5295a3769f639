"""A process of `clip-cli worker`, through which record batches flow."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import IO, Any

import pyarrow as pa

from swift_openclip.command import is_temporary

_MESSAGE_LINES = 20
# Enough for the worker to read ahead; what it does not take waits in the pipe.
_BATCHES_IN_FLIGHT = 8
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


def _inherited() -> dict[str, str]:
    """This process's variables, without the number of threads that engines set for libraries in their Python processes.

    It is 1 unless a task is given more cores, and a worker would use one core only; `--encoder-threads` is for that.
    """
    return {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}


class Worker:
    """Owns a worker process: sends it batches, and returns one batch of results for each, in order.

    A thread writes the input, so that the process computes while results are read; when it is behind, the pipe is full
    and the thread waits. The process ends with this object's `close` or `kill`, and dies when an error leaves the
    `with` statement. It leads a group of its own, so that what it has started in turn, such as the program of a script,
    dies with it. Use it from one thread.

        with Worker(ClipCommand("ViT-B-32").worker()) as worker:
            for result in worker.map(batches):
                print(result["id"], result["embedding"])
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Starts the process.

        Args:
            command: The command line.
            environment: Variables that it gets in addition to those of this process, without `OMP_NUM_THREADS`.

        Raises:
            OSError: The program cannot be started.
        """
        self._name = command[0]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_inherited() | dict(environment or {}),
            start_new_session=True,
        )
        self._messages: deque[str] = deque(maxlen=_MESSAGE_LINES)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._sink: Any = None
        self._source: Any = None
        self._is_gone = threading.Event()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.kill()

    def map(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Sends batches and yields their results, in order; may be called again with batches of the same schema.

        Args:
            batches: The input. It is iterated in another thread.

        Yields:
            For each batch, one with as many rows.

        Raises:
            WorkerError: The worker ended early or broke the protocol; it has been killed.
            Exception: What iterating over `batches` raises; the worker has been killed.
        """
        sent: queue.Queue[int | BaseException | None] = queue.Queue(maxsize=_BATCHES_IN_FLIGHT)
        feeder = threading.Thread(target=self._feed, args=(batches, sent), daemon=True)
        feeder.start()
        try:
            while (rows := sent.get()) is not None:
                if isinstance(rows, BrokenPipeError):
                    raise self._failure("does not read its input any more")
                if isinstance(rows, BaseException):
                    raise rows
                result = self._receive()
                if result.num_rows != rows:
                    raise self._failure(f"returned {result.num_rows} rows for {rows}", is_ending=False)
                yield result
        except BaseException:
            self.kill()
            raise
        feeder.join()

    def close(self) -> None:
        """Ends the input and waits for the process.

        Raises:
            WorkerError: It failed, or returned more than it was asked for.
        """
        if self._is_gone.is_set() or self._sink is None:
            # Without any batch there is no stream that could end.
            self.kill()
            return
        try:
            self._sink.close()
            self._stdin.close()
            if self._source is not None and self._next() is not None:
                raise self._failure("returned more batches than it got", is_ending=False)
            if self._process.wait(_SECONDS_TO_END) != 0:
                raise self._failure("failed after its last batch")
        except BrokenPipeError as error:
            raise self._failure("ended before its input did") from error
        except subprocess.TimeoutExpired as error:
            raise self._failure("did not end after its input", is_ending=False) from error
        finally:
            self.kill()

    def kill(self) -> None:
        """Ends the process and those that it has started immediately, if they still run.

        Waits until the process is gone, and some seconds for what else holds its pipes.
        """
        if self._is_gone.is_set():
            return
        self._is_gone.set()
        self._end_group()
        # A process that has left the group can keep a thread in the middle of reading or writing.
        closing = threading.Thread(target=self._close_pipes, daemon=True)
        closing.start()
        closing.join(_SECONDS_TO_DIE)

    def _end_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

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

    def _feed(self, batches: Iterable[pa.RecordBatch], sent: queue.Queue[int | BaseException | None]) -> None:
        """Writes batches, announcing each before, and then `None` or the error that ended it."""

        def announce(item: int | BaseException | None) -> bool:
            while not self._is_gone.is_set():
                try:
                    sent.put(item, timeout=0.1)
                    return True
                except queue.Full:
                    continue
            return False

        try:
            for batch in batches:
                if not announce(batch.num_rows):
                    return
                self._send(batch)
        except BaseException as error:
            announce(error)
        else:
            announce(None)

    def _send(self, batch: pa.RecordBatch) -> None:
        try:
            if self._sink is None:
                self._sink = pa.ipc.new_stream(self._stdin, batch.schema)
            self._sink.write_batch(batch)
            self._stdin.flush()
        except (OSError, ValueError) as error:
            # Arrow reports a closed pipe as one or the other.
            if isinstance(error, pa.ArrowInvalid) and not self._has_ended():
                raise
            raise BrokenPipeError(str(error)) from error

    def _receive(self) -> pa.RecordBatch:
        batch = self._next()
        if batch is None:
            raise self._failure("ended before it had returned all results")
        return batch

    def _next(self) -> pa.RecordBatch | None:
        """The next batch of results; `None` at the end of the stream."""
        try:
            if self._source is None:
                self._source = pa.ipc.open_stream(self._process.stdout)
            return self._source.read_next_batch()
        except StopIteration:
            return None
        except (OSError, pa.ArrowException) as error:
            raise self._failure("did not return a whole Arrow stream") from error

    def _failure(self, problem: str, *, is_ending: bool = True) -> WorkerError:
        """An error that names the exit code, if the process ends by itself, and its last messages."""
        exit_code: int | None = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            # A process that closed a pipe is about to end.
            exit_code = self._process.wait(_SECONDS_TO_DIE if is_ending else 0)
        self._end_group()
        self._listener.join(_SECONDS_TO_DIE)
        code = "" if exit_code is None else f" (exit code {exit_code})"
        messages = "\n".join(self._messages)
        return WorkerError(f"{self._name} worker {problem}{code}" + (f":\n{messages}" if messages else ""), exit_code)

    def _has_ended(self) -> bool:
        return self._process.poll() is not None

    def _listen(self) -> None:
        """Passes messages on, and remembers the last ones."""
        if self._process.stderr is None:
            return
        for line in self._process.stderr:
            text = line.decode(errors="replace").rstrip()
            self._messages.append(text)
            print(text, file=sys.stderr, flush=True)

    @property
    def _stdin(self) -> Any:
        return self._process.stdin
