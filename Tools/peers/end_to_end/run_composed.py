"""Embeds JPEG files with OpenCV in threads and OpenVINO's asynchronous requests: the best that one can compose.

Pixels are normalised inside the compiled model; OpenCV averages areas when it makes images smaller, which is fast and
close to what models were trained with.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import openvino

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from peers.end_to_end.log import Log, write_vectors  # noqa: E402
from peers.models import ModelFiles  # noqa: E402
from peers.towers.openvino_cpu import properties  # noqa: E402

SIZE = 224
AHEAD = 2
"""Batches that are decoded while the requests are busy."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", type=Path, required=True, help="paths, one per line")
    parser.add_argument("--output", type=Path, required=True, help="the Parquet file")
    parser.add_argument("--model", type=Path, required=True, help="folder of the converted model")
    parser.add_argument("--precision", required=True, choices=["int8", "int8+bf16"])
    parser.add_argument("--streams", type=int, required=True, help="batches that are encoded at a time")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True, help="for decoding, and for encoding")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    files = ModelFiles("", arguments.model, arguments.model)
    model = compiled(files, arguments.batch, properties(arguments.precision, arguments.threads, arguments.streams))
    paths = arguments.list.read_text().splitlines()
    log = Log(len(paths))
    vectors = embed(model, paths, arguments.batch, arguments.streams, arguments.threads, log)
    write_vectors(arguments.output, paths, vectors)
    log.finished()


def compiled(files: ModelFiles, batch: int, properties: dict[str, object]) -> openvino.CompiledModel:
    """The int8 model for BGR pixels, uint8 [batch, SIZE, SIZE, 3]."""
    core = openvino.Core()
    model = core.read_model(files.openvino_int8)
    model.reshape([batch, 3, SIZE, SIZE])
    mean, std = files.normalisation
    steps = openvino.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC")).set_color_format(
        openvino.preprocess.ColorFormat.BGR)
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    steps.input().preprocess().convert_element_type(openvino.Type.f32).convert_color(
        openvino.preprocess.ColorFormat.RGB).mean([255 * value for value in mean]).scale([255 * value for value in std])
    return core.compile_model(steps.build(), "CPU", properties)


def embed(model: openvino.CompiledModel, paths: list[str], batch: int, streams: int, threads: int,
          log: Log) -> np.ndarray:
    """All vectors. Files are decoded by threads of their own, some batches ahead of the requests."""
    vectors = np.empty((len(paths), model.outputs[0].shape[1]), np.float32)
    done = 0

    def store(request: openvino.InferRequest, start: int) -> None:
        nonlocal done
        count = min(batch, len(paths) - start)
        vectors[start:start + count] = request.output_tensors[0].data[:count]
        done += count
        log.progress(done)

    queue = openvino.AsyncInferQueue(model, streams)
    queue.set_callback(store)
    starts = range(0, len(paths), batch)
    with ThreadPoolExecutor(threads) as pool:
        pending = []
        for start in starts[:streams + AHEAD]:
            pending.append(decode_batch(pool, paths[start:start + batch], batch))
        for number, start in enumerate(starts):
            pixels, tasks = pending.pop(0)
            for task in tasks:
                task.result()
            queue.start_async([pixels], start, share_inputs=True)
            following = starts[number + streams + AHEAD:number + streams + AHEAD + 1]
            pending += [decode_batch(pool, paths[next_start:next_start + batch], batch) for next_start in following]
        queue.wait_all()
    return vectors


def decode_batch(pool: ThreadPoolExecutor, paths: list[str], batch: int) -> tuple[np.ndarray, list]:
    """Pixels that are filled by tasks; after the last image they stay black."""
    pixels = np.zeros((batch, SIZE, SIZE, 3), np.uint8)
    return pixels, [pool.submit(decode, path, pixels[index]) for index, path in enumerate(paths)]


def decode(path: str, pixels: np.ndarray) -> None:
    """Decodes one file, resizes its shorter side to SIZE and takes the middle."""
    image = cv2.imread(path, cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    scale = SIZE / min(height, width)
    size = max(SIZE, int(width * scale)), max(SIZE, int(height * scale))
    image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = (size[0] - SIZE) // 2, (size[1] - SIZE) // 2
    pixels[:] = image[top:top + SIZE, left:left + SIZE]


if __name__ == "__main__":
    main()
