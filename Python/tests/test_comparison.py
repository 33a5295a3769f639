"""The comparison of results in `Tools/check_engines.py`: what may differ, and what may not."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "Tools"))

from engines.comparison import is_same_result

ROW = {
    "id": "image",
    "categories": ["green"],
    "score_red": 1e-7,
    "positive_red": 0.3,
    "neutral_red": 0.2,
    "outcome_red": "below-threshold",
    "score_green": 0.1,
    "positive_green": 0.3,
    "neutral_green": 0.2,
    "outcome_green": "match",
}


class ComparisonTests(unittest.TestCase):
    def test_numbers_may_differ_by_their_rounding(self) -> None:
        self.assertTrue(is_same_result({**ROW, "score_green": 0.1 + 1e-6}, ROW))
        self.assertFalse(is_same_result({**ROW, "score_green": 0.1 + 1e-5}, ROW))

    def test_a_close_call_may_be_decided_otherwise(self) -> None:
        other = {"categories": ["red", "green"], "score_red": -1e-7, "outcome_red": "match"}
        self.assertTrue(is_same_result({**ROW, **other}, ROW))

    def test_a_close_call_excuses_nothing_else(self) -> None:
        for other in (
            {"outcome_green": "below-neutral"},
            {"categories": []},
            {"score_red": 0.1},
            {"positive_red": 0.4},
            {"score_green": 0.2},
        ):
            with self.subTest(other):
                self.assertFalse(is_same_result({**ROW, **other}, ROW))

    def test_a_missing_column_is_a_difference(self) -> None:
        self.assertFalse(is_same_result({key: value for key, value in ROW.items() if key != "neutral_green"}, ROW))


if __name__ == "__main__":
    unittest.main()
