"""OpenVINO on the CPU, compiled for one batch size."""

import numpy as np
from peers.models import ModelFiles
from peers.towers.engines import Encoder

INFERENCE_PRECISION = {"fp32": "f32", "int8": "f32", "bf16": "bf16", "int8+bf16": "bf16"}
"""Of everything that is not quantised. Unless it is set, OpenVINO computes fp32 models in bf16 on CPUs that have it."""


def properties(precision: str, threads: int, streams: int = 1) -> dict[str, object]:
    """All cores for a batch. Hyper-threads are cores to other runtimes, so they are here; and threads are not pinned,
    because other programs use the same cores."""
    return {
        "INFERENCE_PRECISION_HINT": INFERENCE_PRECISION[precision],
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": threads,
        "ENABLE_HYPER_THREADING": True,
        "ENABLE_CPU_PINNING": False,
    }


def load(files: ModelFiles, precision: str, batch: int, threads: int) -> Encoder:
    """Any precision of `INFERENCE_PRECISION`."""
    import openvino

    core = openvino.Core()
    model = core.read_model(files.openvino_int8 if precision.startswith("int8") else files.openvino)
    model.reshape([batch, *list(model.inputs[0].partial_shape)[1:]])
    request = core.compile_model(model, "CPU", properties(precision, threads)).create_infer_request()

    def run(pixels: np.ndarray) -> np.ndarray:
        return request.infer([pixels], share_inputs=True)[0]

    return Encoder(run)
