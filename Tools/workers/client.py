"""A worker process, and the streams that it reads and writes."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pyarrow
import pyarrow.ipc
from environment import FORGETFUL
from stored import require

BATCH = 8
OUTCOME = ["embedding", "stage", "reason", "damage"]
USAGE, INPUT, MODEL, STREAM, STOPPED = 64, 65, 66, 74, 130


class Worker:
    def __init__(self, cli: Path, model: str, environment: dict[str, str] = FORGETFUL):
        self.environment = environment
        self.command = [str(cli.absolute()), "worker", "--model", model, "--batch-size", str(BATCH)]

    def run(self, stream: bytes, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run([*self.command, *options], input=stream, capture_output=True, env=self.environment)

    def start(self, *options: str) -> subprocess.Popen:
        return subprocess.Popen([*self.command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=self.environment)

    def batches(self, table: pyarrow.Table, size: int, *options: str) -> list[pyarrow.RecordBatch]:
        """The answers to a table, cut into record batches of a size."""
        result = self.run(stream(table, size), *options)
        require(result.returncode == 0, f"exit code {result.returncode}: {result.stderr.decode()}")
        with pyarrow.ipc.open_stream(result.stdout) as reader:
            return list(reader)

    def fails(self, data: bytes, status: int, words: str, *options: str) -> None:
        result = self.run(data, *options)
        message = result.stderr.decode()
        require(result.returncode == status and words in message,
                f"exit code {result.returncode}, not {status}, or no '{words}' in: {message}")
        require_whole_messages(result.stdout)


def stream(table: pyarrow.Table, size: int) -> bytes:
    return stream_of(table.schema, table.combine_chunks().to_batches(size))


def stream_of(schema: pyarrow.Schema, batches: Iterable[pyarrow.RecordBatch],
              options: pyarrow.ipc.IpcWriteOptions | None = None) -> bytes:
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def require_whole_messages(data: bytes) -> None:
    """Ends the program unless the bytes are whole messages of a stream."""
    source = pyarrow.BufferReader(data)
    while source.tell() < len(data):
        pyarrow.ipc.read_message(source)
