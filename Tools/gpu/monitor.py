"""Memory and load of an NVIDIA GPU over time, as nvidia-smi reports them."""

import subprocess
import threading
import time
from dataclasses import dataclass

EVERY_MILLISECONDS = 100


@dataclass(frozen=True)
class Load:
    """Within one period; None where nothing was measured."""

    peak_mebibytes: int | None = None  # above what was in use before the check
    percent: float | None = None  # share of the time in which something ran on the GPU, mean


def description(device: str) -> str:
    """The GPU's name, memory and driver."""
    if device == "cpu":
        return "no GPU: the check runs on the CPU"
    name, mebibytes, driver = _query("name,memory.total,driver_version", device).split(", ")
    return f"{name} ({mebibytes} MiB), driver {driver}"


class Monitor:
    """Samples a device from now on; the CPU has no samples."""

    def __init__(self, device: str) -> None:
        self._samples: list[tuple[float, int, int]] = []
        self._before, self._process = 0, None
        if device == "cpu":
            return
        self._before = int(_query("memory.used", device))
        self._process = subprocess.Popen(_command("memory.used,utilization.gpu", device, f"-lms={EVERY_MILLISECONDS}"),
                                         stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def close(self) -> None:
        """Ends sampling."""
        if self._process:
            self._process.terminate()
            self._process.wait()

    def load(self, start: float, end: float) -> Load:
        """Between two readings of time.monotonic()."""
        samples = [sample for sample in list(self._samples) if start <= sample[0] <= end]
        if not samples:
            return Load()
        return Load(max(memory for _, memory, _ in samples) - self._before,
                    sum(percent for *_, percent in samples) / len(samples))

    def _read(self) -> None:
        for line in self._process.stdout:
            memory, percent = line.split(",")
            self._samples.append((time.monotonic(), int(memory), int(percent)))


def _query(fields: str, device: str) -> str:
    return subprocess.run(_command(fields, device), check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def _command(fields: str, device: str, *options: str) -> list[str]:
    index = device.partition(":")[2] or "0"
    return ["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader,nounits", f"--id={index}", *options]
