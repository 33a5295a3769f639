"""A process of `clip-cli worker`, through which record batches flow."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import pyarrow as pa

from swift_openclip.process import WorkerProcess

# Enough for the worker to read ahead; what it does not take waits in the pipe.
_BATCHES_IN_FLIGHT = 8


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
        self._process = WorkerProcess(command, environment or {})
        self._sink: Any = None
        self._source: Any = None

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
                    raise self._process.failure("does not read its input any more")
                if isinstance(rows, BaseException):
                    raise rows
                result = self._receive()
                if result.num_rows != rows:
                    raise self._process.failure(f"returned {result.num_rows} rows for {rows}", is_ending=False)
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
        if self._process.is_gone or self._sink is None:
            # Without any batch there is no stream that could end.
            self.kill()
            return
        try:
            self._sink.close()
            self._process.stdin.close()
            if self._source is not None and self._next() is not None:
                raise self._process.failure("returned more batches than it got", is_ending=False)
            if self._process.wait() != 0:
                raise self._process.failure("failed after its last batch")
        except BrokenPipeError as error:
            raise self._process.failure("ended before its input did") from error
        except subprocess.TimeoutExpired as error:
            raise self._process.failure("did not end after its input", is_ending=False) from error
        finally:
            self.kill()

    def kill(self) -> None:
        """Ends the process and those that it has started immediately, if they still run.

        Waits until the process is gone, and some seconds for what else holds its pipes.
        """
        self._process.kill()

    def _feed(self, batches: Iterable[pa.RecordBatch], sent: queue.Queue[int | BaseException | None]) -> None:
        """Writes batches, announcing each before, and then `None` or the error that ended it."""

        def announce(item: int | BaseException | None) -> bool:
            while not self._process.is_gone:
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
                self._sink = pa.ipc.new_stream(self._process.stdin, batch.schema)
            self._sink.write_batch(batch)
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            # Arrow reports a closed pipe as one or the other.
            if isinstance(error, pa.ArrowInvalid) and not self._process.has_ended:
                raise
            raise BrokenPipeError(str(error)) from error

    def _receive(self) -> pa.RecordBatch:
        batch = self._next()
        if batch is None:
            raise self._process.failure("ended before it had returned all results")
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
            raise self._process.failure("did not return a whole Arrow stream") from error
