"""The end-to-end runs' rows."""

import statistics

from peers.end_to_end.pipelines import COMPOSED, OPEN_CLIP, OURS, PILLOW
from peers.machine import Machine
from peers.report.rows import Row, Target, ratio_row
from peers.turns import speed_ratio

WHOLE_TARGET, MEMORY_TARGET = Target(1.5), Target(0.5, at_most=True)


def end_to_end_rows(results: dict[str, dict], machine: Machine) -> list[Row]:
    """Steady speed, the whole process and memory against each peer."""
    targets = {OPEN_CLIP: Target(7 if machine.has_vnni else 2.2), COMPOSED: Target(1.25 if machine.has_vnni else 1.6)}
    ours, rows = results[OURS], []
    for peer, target in targets.items():
        theirs = results[peer]
        rows.append(ratio_row("JPEG to Parquet, steady", _speed(ours), f"{peer} {theirs['setting']}: {_speed(theirs)}",
                              speed_ratio(ours["steady"], theirs["steady"]), target))
        rows.append(ratio_row(f"JPEG to Parquet, whole process, {ours['whole_images']} photos", _seconds(ours),
                              f"{peer}: {_seconds(theirs)}", speed_ratio(ours["whole"], theirs["whole"]),
                              WHOLE_TARGET if peer == COMPOSED else None))
        memory = ours["peak_mebibytes"] / theirs["peak_mebibytes"]
        rows.append(Row("JPEG to Parquet, peak memory", _mebibytes(ours), f"{peer}: {_mebibytes(theirs)}",
                        f"{memory:.2f}", MEMORY_TARGET if peer == COMPOSED else None, memory))
    return rows


def openvino_rows(results: dict[str, dict]) -> list[Row]:
    """By precision: steady speed and memory of both programs on one network."""
    rows = []
    for precision, (ours, theirs) in ((name, (found[OURS], found[PILLOW])) for name, found in results.items()):
        rows.append(ratio_row(f"JPEG to Parquet on OpenVINO, {precision}, steady", _speed(ours),
                              f"{PILLOW} {theirs['setting']}: {_speed(theirs)}",
                              speed_ratio(ours["steady"], theirs["steady"]), Target(1)))
        rows.append(ratio_row(f"JPEG to Parquet on OpenVINO, {precision}, whole process, {ours['whole_images']} photos",
                              _seconds(ours), f"{PILLOW}: {_seconds(theirs)}",
                              speed_ratio(ours["whole"], theirs["whole"]), Target(1)))
        memory = ours["peak_mebibytes"] / theirs["peak_mebibytes"]
        rows.append(Row(f"JPEG to Parquet on OpenVINO, {precision}, peak memory", _mebibytes(ours),
                        f"{PILLOW}: {_mebibytes(theirs)}", f"{memory:.2f}", None, memory))
    return rows


def _speed(result: dict) -> str:
    return f"{1 / statistics.median(result['steady']):.1f} images/s, {result['minor_faults']:.0f} faults"


def _seconds(result: dict) -> str:
    return f"{statistics.median(result['whole']):.1f} s"


def _mebibytes(result: dict) -> str:
    return f"{result['peak_mebibytes']:.0f} MiB"
