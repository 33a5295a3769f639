#!/usr/bin/env python3
"""Tests of check_advisories.py and update_advisories.py: what fails the check, what is accepted, and ranges of versions."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from check_advisories import check, is_affected
from pins import HERE, pinned
from update_advisories import affected, summary

ADVISORY = {"id": "X-1", "package": "pillow", "affected": [">=9,<9.1"], "summary": "a fault"}


def known(accepted: tuple[dict, ...] = (), **changes) -> dict:
    return {"advisories": [], "added": [ADVISORY | changes], "accepted": list(accepted)}


class Check(unittest.TestCase):
    def test_an_affected_pin_fails(self) -> None:
        problems, _ = check(known(), {"pillow": "9.0.1"})
        self.assertEqual(len(problems), 1)
        self.assertIn("pillow 9.0.1 is affected by X-1", problems[0])

    def test_others_do_not(self) -> None:
        for packages in ({"pillow": "9.1"}, {"pillow": "8.9"}, {"torch": "9.0.1"}):
            self.assertEqual(check(known(), packages), ([], []))

    def test_a_reason_accepts(self) -> None:
        reason = {"id": "X-1", "package": "pillow", "reason": "not reached"}
        self.assertEqual(check(known((reason,)), {"pillow": "9.0.1"}), ([], ["X-1"]))
        problems, _ = check(known((reason | {"reason": ""},)), {"pillow": "9.0.1"})
        self.assertIn("no reason is given", problems[0])

    def test_what_is_accepted_in_vain_is_removed(self) -> None:
        problems, _ = check(known(({"id": "X-1", "package": "pillow", "reason": "not reached"},)), {"pillow": "9.1"})
        self.assertIn("does not affect what is pinned", problems[0])

    def test_the_command_says_the_age_and_fails(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "requirements.txt").write_text("Pillow==9.0.1  \n")
            listed = Path(folder) / "list.json"
            listed.write_text(json.dumps(known() | {"database": {"date": "2024-01-01"}}))
            command = [sys.executable, HERE / "check_advisories.py", "--list", listed, "--requirements", folder]
            result = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"from 2024-01-01, \d+ days ago")
        self.assertIn("X-1", result.stderr)


class Ranges(unittest.TestCase):
    def test_events_become_ranges(self) -> None:
        events = [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2"}, {"last_affected": "2.3"}, {"introduced": "3"}]
        part = {"ranges": [{"type": "GIT", "events": []}, {"type": "ECOSYSTEM", "events": events}], "versions": ["1"]}
        self.assertEqual(affected(part), [">=0,<1.2", ">=2,<=2.3", ">=3"])
        for version, inside in (("1.1", True), ("1.2", False), ("2.3", True), ("2.4", False), ("9", True)):
            self.assertEqual(is_affected(version, affected(part)), inside, version)

    def test_single_versions_count_where_there_are_no_ranges(self) -> None:
        self.assertEqual(affected({"versions": ["1.0", "1.1"]}), ["==1.0", "==1.1"])

    def test_summaries_are_short(self) -> None:
        self.assertEqual(summary({"details": "One\nthing. Another."}), "One thing")
        self.assertLessEqual(len(summary({"details": "word " * 100})), 161)


class Pins(unittest.TestCase):
    def test_every_requirement_is_pinned_or_refers_to_one(self) -> None:
        packages = pinned()
        for path in HERE.glob("requirements*.txt"):
            if path.name == "requirements-native.txt":
                continue
            for line in path.read_text(encoding="utf-8").splitlines():
                self.assertTrue(not line or line[0] in "#-" or "==" in line, f"{path}: {line}")
        self.assertEqual(packages["open-clip-torch"], "3.3.0")

    def test_two_versions_of_a_package_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "requirements.txt").write_text("a_b==1\n")
            (Path(folder) / "requirements-test.txt").write_text("A-B==2\n")
            with self.assertRaises(SystemExit):
                pinned(Path(folder))


if __name__ == "__main__":
    unittest.main()
