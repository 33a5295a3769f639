"""ONNX Runtime on the CPU, all graph optimisations on."""

import numpy as np
from peers.models import ModelFiles
from peers.towers.engines import Encoder


def load(files: ModelFiles, precision: str, threads: int) -> Encoder:
    """fp32 only."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(files.onnx, options, providers=["CPUExecutionProvider"])

    def run(pixels: np.ndarray) -> np.ndarray:
        return session.run(None, {"pixels": pixels})[0]

    return Encoder(run)
