"""OpenVINO on the CPU, compiled for each batch size: fixed shapes are faster."""

from functools import cache

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


def load(files: ModelFiles, precision: str, threads: int) -> Encoder:
    """Any precision of `INFERENCE_PRECISION`."""
    import openvino

    core = openvino.Core()
    path = files.openvino_int8 if precision.startswith("int8") else files.openvino

    @cache
    def request(shape: tuple[int, ...]) -> openvino.InferRequest:
        model = core.read_model(path)
        model.reshape(list(shape))
        return core.compile_model(model, "CPU", properties(precision, threads)).create_infer_request()

    return Encoder(lambda pixels: request(pixels.shape).infer([pixels], share_inputs=True)[0])
