"""The machine that the benchmark runs on."""

import os
from dataclasses import dataclass
from pathlib import Path

ZEN_5, VNNI, AVX2 = "AMD Zen 5 (AVX-512 VNNI, BF16)", "AVX-512 VNNI, older", "AVX2 only"
CLASSES = (ZEN_5, VNNI, AVX2)
ZEN_5_FAMILY = 26
MOST_THREADS = 8
"""More threads than this are used only on request."""


@dataclass(frozen=True)
class Machine:
    """What decides which comparisons and targets apply."""

    name: str
    processor_class: str  # one of CLASSES
    has_vnni: bool
    has_bf16: bool
    cores: int
    memory_gibibytes: int


def this_machine() -> Machine:
    """Reads /proc/cpuinfo; raises SystemExit where it does not list AVX2."""
    fields = _first_processor()
    flags = set(fields.get("flags", "").split())
    if "avx2" not in flags:
        raise SystemExit("error: the comparison with peers needs Linux on an x86-64 CPU with AVX2")
    has_vnni, has_bf16 = "avx512_vnni" in flags, bool(flags & {"avx512_bf16", "amx_bf16"})
    is_zen_5 = fields["vendor_id"] == "AuthenticAMD" and int(fields["cpu family"]) >= ZEN_5_FAMILY
    return Machine(
        name=fields["model name"],
        processor_class=ZEN_5 if is_zen_5 and has_vnni and has_bf16 else VNNI if has_vnni else AVX2,
        has_vnni=has_vnni,
        has_bf16=has_bf16,
        cores=len(os.sched_getaffinity(0)),
        memory_gibibytes=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
    )


def default_threads(machine: Machine) -> int:
    """All cores, up to a limit."""
    return min(machine.cores, MOST_THREADS)


def _first_processor() -> dict[str, str]:
    text = Path("/proc/cpuinfo").read_text(encoding="ascii") if Path("/proc/cpuinfo").exists() else ""
    lines = (line.partition(":") for line in text.partition("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}
