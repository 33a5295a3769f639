"""Embeds JPEG files as one does with OpenVINO's Python API: Pillow and open_clip's resizing in a DataLoader's processes, and an
AsyncInferQueue.

The network is that of a bundle, which takes bytes, so the processes need not normalise.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import openvino

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from peers.end_to_end.log import Log, write_vectors  # noqa: E402
from peers.quiet import import_open_clip  # noqa: E402
from peers.towers.openvino_cpu import properties  # noqa: E402

SIZE = 224


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", type=Path, required=True, help="paths, one per line")
    parser.add_argument("--output", type=Path, required=True, help="the Parquet file")
    parser.add_argument("--network", type=Path, required=True, help="image_encoder.xml of a bundle for OpenVINO")
    parser.add_argument("--precision", required=True, choices=["fp32", "bf16", "int8", "int8+bf16"])
    parser.add_argument("--workers", type=int, required=True, help="processes of the DataLoader")
    parser.add_argument("--streams", type=int, required=True, help="batches that are encoded at a time")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args()
    open_clip = import_open_clip()
    from torch.utils.data import DataLoader

    transform = open_clip.image_transform(SIZE, is_train=False)
    transform.transforms = transform.transforms[:-2]  # what follows makes a tensor and normalises it
    core = openvino.Core()
    graph = core.read_model(arguments.network)
    graph.reshape([arguments.batch, SIZE, SIZE, 3])
    model = core.compile_model(graph, "CPU", properties(arguments.precision, arguments.threads, arguments.streams))
    paths = arguments.list.read_text().splitlines()
    log = Log(len(paths))
    loader = DataLoader(Images(paths, transform), arguments.batch, num_workers=arguments.workers, collate_fn=np.stack)
    vectors = embed(model, loader, len(paths), arguments.batch, arguments.streams, log)
    write_vectors(arguments.output, paths, vectors)
    log.finished()


class Images:
    """Pixels by index, uint8 [SIZE, SIZE, 3]."""

    def __init__(self, paths: list[str], transform: object) -> None:
        self._paths, self._transform = paths, transform

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> np.ndarray:
        from PIL import Image

        with Image.open(self._paths[index]) as image:
            return np.asarray(self._transform(image))


def embed(model: openvino.CompiledModel, loader: object, count: int, batch: int, streams: int, log: Log) -> np.ndarray:
    """All vectors; the last batch is filled up with black."""
    vectors = np.empty((count, model.outputs[0].shape[1]), np.float32)
    done = 0

    def store(request: openvino.InferRequest, start: int) -> None:
        nonlocal done
        taken = min(batch, count - start)
        vectors[start:start + taken] = request.output_tensors[0].data[:taken]
        done += taken
        log.progress(done)

    queue = openvino.AsyncInferQueue(model, streams)
    queue.set_callback(store)
    for number, pixels in enumerate(loader):
        if len(pixels) < batch:
            pixels = np.concatenate([pixels, np.zeros((batch - len(pixels), *pixels.shape[1:]), np.uint8)])
        queue.start_async([pixels], number * batch)
    queue.wait_all()
    return vectors


if __name__ == "__main__":
    main()
