"""The image towers' rows."""

import statistics

from peers.machine import Machine
from peers.report.rows import Row, Target, ratio_row
from peers.towers.engines import ONNX_RUNTIME, OPEN_CLIP, OPENVINO, OURS
from peers.towers.same_network import PYTHON, TORCHSCRIPT
from peers.turns import speed_ratio

LEAST_COSINES = {"fp32": 0.999999, "bf16": 0.9999, "int8": 0.9995}


def tower_rows(model: str, results: dict[str, dict], machine: Machine) -> list[Row]:
    """Ratios in each precision and batch size, and cosines."""
    batches = [("32", _targets_of_32(machine)), ("1", {"int8": Target(0.9)})]
    rows = [row for batch, targets in batches for row in _speed_rows(model, batch, results, machine, targets)]
    return rows + [_cosine_row(model, precision, results) for precision in LEAST_COSINES
                   if f"{OURS} {precision}" in results]


def same_network_rows(results: dict[str, dict[str, list[float]]]) -> list[Row]:
    """By precision: this library on OpenVINO beside OpenVINO's Python API at its fastest, and beside TorchScript."""
    rows = []
    for precision, seconds in results.items():
        fastest = min((name for name in seconds if name.startswith(PYTHON)), key=lambda name: statistics.median(seconds[name]))
        rows += [ratio_row(f"Tower on OpenVINO, {precision}", _rate(seconds[OURS]), f"{name}: {_rate(seconds[name])}",
                           speed_ratio(seconds[OURS], seconds[name]), target)
                 for name, target in ((fastest, Target(1)), (TORCHSCRIPT, None))]
    return rows


def _targets_of_32(machine: Machine) -> dict[str, Target]:
    """Of each precision against the fastest peer in it; without VNNI, int8 is compared with open_clip."""
    return {"fp32": Target(1), "bf16": Target(1)} | ({"int8": Target(1.1)} if machine.has_vnni else {})


def _speed_rows(model: str, batch: str, results: dict[str, dict], machine: Machine,
                targets: dict[str, Target]) -> list[Row]:
    rows = [_speed_row(model, batch, results, precision, _fastest(results, batch, precision), targets.get(precision))
            for precision in LEAST_COSINES if f"{OURS} {precision}" in results]
    without_vnni = Target(2.2) if batch == "32" and not machine.has_vnni else None
    return [*rows, _speed_row(model, batch, results, "int8", f"{OPEN_CLIP} fp32", without_vnni)]


def _fastest(results: dict[str, dict], batch: str, precision: str) -> str:
    """The faster of the peers that compute in a precision; an int8 model may have a variant that adds bf16."""
    names = [name for runtime in (OPENVINO, ONNX_RUNTIME) for name in (f"{runtime} {precision}",
             f"{runtime} {precision}+bf16") if name in results]
    return min(names, key=lambda name: statistics.median(results[name][batch]["seconds"]))


def _speed_row(model: str, batch: str, results: dict[str, dict], precision: str, peer: str,
               target: Target | None) -> Row:
    ours = results[f"{OURS} {precision}"][batch]
    ratio = speed_ratio(ours["seconds"], results[peer][batch]["seconds"])
    return ratio_row(f"{model}, batch {batch}, {precision}", _speed(ours), f"{peer}: {_speed(results[peer][batch])}",
                     ratio, target)


def _speed(result: dict) -> str:
    """Images per second with the counts of one image."""
    counts = result["counts"]
    text = f"{_rate(result['seconds'])}, {counts['minor_faults']:.0f} faults"
    return text + (f", {counts['instructions'] / 1e9:.2f} G instructions" if counts["instructions"] else "")


def _rate(seconds: list[float]) -> str:
    return f"{1 / statistics.median(seconds):.1f} images/s"


def _cosine_row(model: str, precision: str, results: dict[str, dict]) -> Row:
    cosine = results[f"{OURS} {precision}"]["cosine"]["least"]
    peers = [f"{name}: {result['cosine']['least']:.7f}" for name, result in results.items()
             if not name.startswith(OURS) and name.split()[-1].split("+")[0] == precision and OPEN_CLIP not in name]
    return Row(f"{model}, {precision}, least cosine to open_clip fp32", f"{cosine:.7f}", "; ".join(peers), "",
               Target(LEAST_COSINES[precision]), cosine)
