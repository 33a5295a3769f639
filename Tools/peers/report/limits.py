"""The machine's limits as rows."""

import statistics

from peers.limits.products import COLUMNS, INNER, ROWS
from peers.report.rows import Row


def limit_rows(results: dict[str, object]) -> list[Row]:
    """Medians."""
    products = [Row(f"Limit: matrix product {ROWS} × {INNER} × {COLUMNS}, {kind}",
                    number=f"{statistics.median(rates):.0f} {'GOP' if kind.startswith('int8') else 'GFLOP'}/s")
                for kind, rates in results["products"].items()]
    decoding = [Row(f"Limit: decoding JPEG, one thread, {decoder}", number=f"{statistics.median(rates):.0f} images/s")
                for decoder, rates in results["decoding"].items()]
    return [*products, *decoding,
            Row("Limit: copying memory", number=f"{statistics.median(results['stream']):.1f} GB/s")]
