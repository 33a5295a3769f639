#!/usr/bin/env python3
"""Tests of fuzz.py, with a program in place of libFuzzer: what fails a run, what becomes of findings, and first inputs."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from fuzz import seeds
from fuzz.run import Result, fuzz

PROGRAM = """#!/usr/bin/env python3
import sys
from pathlib import Path

prefix = next((option.split("=", 1)[1] for option in sys.argv if option.startswith("-artifact_prefix=")), None)
given = Path(sys.argv[-1])
if given.is_file():
    sys.exit(given.read_bytes() == b"bad")
"""
RAN = 'print("#10 DONE cov: 5 corp: 3/9b"); print("stat::number_of_executed_units: 10")\n'


class Fuzz(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.findings = self.folder / "findings"

    def run_of(self, behaviour: str, target: str = "tar") -> Result:
        """A run of a program that behaves like this when it makes up inputs."""
        program = self.folder / "program"
        program.write_text(PROGRAM + behaviour)
        program.chmod(0o755)
        (self.folder / "corpus").mkdir(exist_ok=True)
        return fuzz(program, target, self.folder / "corpus", self.findings, 1, 1)

    def test_a_run_without_findings_passes(self):
        result = self.run_of(RAN)
        self.assertEqual((result.inputs, result.edges, result.corpus, result.found, result.failure), (10, 5, 3, [], None))

    def test_a_program_that_ends_early_fails(self):
        self.assertIn("exit code 3 and kept no input", self.run_of(RAN + "sys.exit(3)").failure)

    def test_a_program_that_runs_nothing_fails(self):
        self.assertIn("no input ran", self.run_of("").failure)

    def test_findings_belong_to_their_target(self):
        keep = 'Path(prefix + "crash-1").write_bytes(b"bad"); print("Test unit written to " + prefix)\n'
        result = self.run_of(RAN + keep + "sys.exit(77)", "tar-gz")
        self.assertEqual((result.found, result.failure), ([self.findings / "tar-gz" / "crash-1"], None))
        self.assertEqual(self.run_of(RAN, "tar").found, [])

    def test_earlier_findings_are_tried_again(self):
        folder = self.findings / "tar"
        folder.mkdir(parents=True)
        (folder / "crash-1").write_bytes(b"bad")
        (folder / "crash-2").write_bytes(b"mended")
        self.assertEqual(self.run_of(RAN).found, [folder / "crash-1"])
        self.assertFalse((folder / "crash-2").exists())


class Seeds(unittest.TestCase):
    def test_each_target_with_patterns_has_seeds(self):
        for target in seeds.PATTERNS:
            with self.subTest(target), tempfile.TemporaryDirectory() as folder:
                seeds.write_seeds(target, Path(folder))
                self.assertTrue(any(Path(folder).iterdir()))

    def test_lines_are_the_seeds_where_a_file_has_values(self):
        with tempfile.TemporaryDirectory() as folder:
            seeds.write_seeds("cleaning", Path(folder))
            contents = [path.read_bytes() for path in Path(folder).iterdir()]
        self.assertGreater(len(contents), 1000)
        self.assertTrue(all(content.startswith(b"{") and b"\n" not in content for content in contents))

    def test_a_pattern_that_finds_nothing_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(seeds.PATTERNS, {"tar": ("nowhere/*.tar",)}), \
                self.assertRaisesRegex(SystemExit, "Tests/nowhere/.*tar'.*PATTERNS"):
            seeds.write_seeds("tar", Path(folder))


if __name__ == "__main__":
    unittest.main()
