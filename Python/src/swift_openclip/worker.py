"""A process of `clip-cli worker`, through which record batches flow."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import pyarrow as pa

from swift_openclip.process import WorkerError, WorkerProcess

# Enough for the worker to read ahead; what it does not take waits in the pipe.
_BATCHES_IN_FLIGHT = 8
_SECONDS_BETWEEN_LOOKS = 0.1


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
        self._is_answering = False

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
        """Sends batches and yields their results, in order.

        May be called again, with batches of the same schema, once all results are taken; dropping the iterator before
        kills the worker.

        Args:
            batches: The input. It is iterated in another thread.

        Yields:
            For each batch, one with as many rows.

        Raises:
            WorkerError: The worker ended early or broke the protocol; it has been killed. Or it had been killed before.
            RuntimeError: Not all results of an earlier call are taken.
            Exception: What iterating over `batches` raises, or that a batch cannot be sent, for example because its
                schema is another; it follows the results of the batches before, and the worker has been killed.
        """
        if self._process.is_gone:
            raise self._process.gone()
        if self._is_answering:
            raise RuntimeError(
                "A worker answers one call of 'map' at a time. Take all results of the earlier one, or start another "
                "worker."
            )
        self._is_answering = True
        try:
            yield from self._answers(batches)
        except BaseException:
            self.kill()
            raise
        self._is_answering = False

    def close(self) -> None:
        """Ends the input and waits for the process; kills it if not all results are taken.

        Raises:
            WorkerError: It failed, or returned more than it was asked for.
        """
        if self._process.is_gone or self._is_answering or self._sink is None:
            # Without any batch there is no stream that could end.
            self.kill()
            return
        try:
            with self._process.ending():
                self._sink.close()
                self._process.stdin.close()
                if self._source is not None and self._next() is not None:
                    raise self._process.failure("returned more batches than it got", is_ending=False)
                if self._process.wait() != 0:
                    raise self._process.failure("failed after its last batch")
        except BrokenPipeError as error:
            raise self._process.failure("ended before its input did") from error
        finally:
            self.kill()

    def kill(self) -> None:
        """Ends the process and those that it has started immediately, if they still run.

        Waits until the process is gone, and some seconds for what else holds its pipes.
        """
        self._process.kill()

    def _answers(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        call = _Call()
        feeder = threading.Thread(target=self._feed, args=(batches, call), daemon=True)
        feeder.start()
        while (rows := self._next_announced(call)) is not None:
            try:
                result = self._receive()
            except WorkerError:
                if call.error is not None and call.answered == call.sent:
                    raise call.error from None
                raise
            if result.num_rows != rows:
                raise self._process.failure(f"returned {result.num_rows} rows for {rows}", is_ending=False)
            call.answered += 1
            yield result
        if call.error is not None:
            raise call.error
        feeder.join()

    def _next_announced(self, call: _Call) -> int | None:
        """The number of rows of the next batch; `None` after the last."""
        while not self._process.is_gone:
            with contextlib.suppress(queue.Empty):
                return call.announced.get(timeout=_SECONDS_BETWEEN_LOOKS)
        raise self._process.gone()

    def _feed(self, batches: Iterable[pa.RecordBatch], call: _Call) -> None:
        """Writes batches, announcing the rows of each before, and `None` at the end."""

        def announce(rows: int | None) -> bool:
            while not self._process.is_gone:
                with contextlib.suppress(queue.Full):
                    call.announced.put(rows, timeout=_SECONDS_BETWEEN_LOOKS)
                    return True
            return False

        try:
            for batch in batches:
                if not announce(batch.num_rows):
                    return
                self._send(batch)
                call.sent += 1
        except BaseException as error:
            call.error = error
            self._end_after_answers(call)
        announce(None)

    def _end_after_answers(self, call: _Call) -> None:
        """Ends the process when it has answered what was sent, so that nobody waits for an answer to what was not."""
        while call.answered < call.sent:
            if self._process.is_gone:
                return
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        self._process.end()

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
            raise self._process.failure("does not read its input any more") from error

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


class _Call:
    """What the two threads of a call of `map` tell each other.

    Attributes:
        announced: The number of rows of each batch, and `None` at the end.
        sent: How many batches the process has got.
        answered: How many results have come.
        error: What ended the input.
    """

    def __init__(self) -> None:
        self.announced: queue.Queue[int | None] = queue.Queue(maxsize=_BATCHES_IN_FLIGHT)
        self.sent = 0
        self.answered = 0
        self.error: BaseException | None = None
