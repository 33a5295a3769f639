"""A double of `clip-cli worker`: obeys its protocol, with vectors made of the images' bytes.

`--model` says how it behaves: `good`, or `exit:CODE` (fails at its second batch), `killed` (by a signal there),
`killed-until:COUNT:FILE` (only until it has added so many lines to a file), `short` (leaves out a row), `chatty`
(returns a batch too many), `deaf` (closes its input), `hanging` (answers nothing), `lingering` (does not end after its
input), `noisy` (writes more messages than a pipe holds) or `slow`.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import time

import pyarrow as pa

DIMENSION = 4
METADATA = {"openclip.model_name": "stub", "openclip.dimension": str(DIMENSION)}


def vector(image: bytes) -> list[float]:
    values = [float(1 + sum(image[start::DIMENSION]) % 97) for start in range(DIMENSION)]
    length = math.sqrt(sum(value * value for value in values))
    return [value / length for value in values]


def results(batch: pa.RecordBatch) -> pa.RecordBatch:
    images = batch.column("bytes").to_pylist()
    good = [image is not None and image != b"damaged" for image in images]
    item = pa.field("item", pa.float32())
    carried = [name for name in batch.schema.names if name not in ("id", "bytes")]
    own: dict[str, pa.Array] = {
        "id": batch.column("id").cast(pa.string()),
        "embedding": pa.array(
            [vector(image) if is_good else None for image, is_good in zip(images, good, strict=True)],
            pa.list_(item, DIMENSION),
        ),
        "stage": pa.array([None if is_good else "decode" for is_good in good], pa.string()),
        "reason": pa.array([None if is_good else "not an image" for is_good in good], pa.string()),
        "damage": pa.nulls(len(images), pa.string()),
    }
    result = pa.RecordBatch.from_pydict({**own, **{name: batch.column(name) for name in carried}})
    return result.replace_schema_metadata(METADATA)


def is_to_die(behaviour: str) -> bool:
    if behaviour == "killed":
        return True
    _, count, file = behaviour.split(":")
    with open(file, "a+", encoding="utf-8") as deaths:
        deaths.seek(0)
        if len(deaths.readlines()) == int(count):
            return False
        deaths.write("died\n")
    return True


def main() -> None:
    behaviour = sys.argv[sys.argv.index("--model") + 1]
    source = pa.ipc.open_stream(sys.stdin.buffer)
    sink = None
    for number, batch in enumerate(source):
        if behaviour.startswith("exit:") and number == 1:
            print("error: the stub fails as asked", file=sys.stderr)
            sys.exit(int(behaviour.removeprefix("exit:")))
        if behaviour.startswith("killed") and number == 1 and is_to_die(behaviour):
            os.kill(os.getpid(), signal.SIGKILL)
        if behaviour == "hanging":
            time.sleep(600)
        if behaviour == "deaf":
            os.close(0)
            time.sleep(60)
        if behaviour == "noisy":
            print("a message of the stub\n" * 10_000, end="", file=sys.stderr, flush=True)
        if behaviour == "slow":
            time.sleep(0.05)
        result = results(batch)
        sink = sink or pa.ipc.new_stream(sys.stdout.buffer, result.schema)
        sink.write_batch(result.slice(1) if behaviour == "short" else result)
        sys.stdout.buffer.flush()
    if behaviour == "lingering":
        time.sleep(600)
    if sink is not None:
        if behaviour == "chatty":
            sink.write_batch(result)
        sink.close()


if __name__ == "__main__":
    main()
