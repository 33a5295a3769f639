#!/usr/bin/env python3
"""Tests of fuzz.py, with a program in place of libFuzzer: what fails a run, what becomes of findings, first inputs, and
what is kept of them."""

import os
import random
import tempfile
import unittest
from pathlib import Path
from threading import Barrier
from unittest import mock

from fuzz import corpus, seeds
from fuzz.dictionaries import DICTIONARIES, write_dictionary
from fuzz.run import Result, Target, fuzz, pool, targets

PROGRAM = """#!/usr/bin/env python3
import sys
from pathlib import Path

prefix = next((option.split("=", 1)[1] for option in sys.argv if option.startswith("-artifact_prefix=")), None)
given = Path(sys.argv[-1])
if given.is_file():
    sys.exit(given.read_bytes() == b"bad")
"""
RAN = """
print("#10 DONE cov: 5 corp: 3/9b")
print("stat::number_of_executed_units: 10")
print("stat::average_exec_per_sec:     4")
print("stat::peak_allocated_bytes: 77")
"""
LISTED = 'print("tar\\t36\\tCLIPArchive/Tar\\tCLIPArchive/Member")'


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
        return fuzz(program, Target(target, 36, ("CLIPArchive",)), self.folder / "corpus", self.findings, 1, 1)

    def test_a_run_without_findings_passes(self):
        result = self.run_of(RAN)
        self.assertEqual(result, Result("tar", 10, 4, 5, 77, [], None))

    def test_the_program_lists_its_targets_with_limits_and_sources(self):
        program = self.folder / "program"
        program.write_text(PROGRAM.replace("given = ", f"{LISTED}\nsys.exit()\ngiven = "))
        program.chmod(0o755)
        self.assertEqual(targets(program), [Target("tar", 36, ("CLIPArchive/Tar", "CLIPArchive/Member"))])
        self.assertEqual(targets(program)[0].limits[:2], ("-malloc_limit_mb=36", "-rss_limit_mb=1608"))

    def test_a_target_gets_its_limits_and_its_words(self):
        self.run_of(RAN + 'print(*sys.argv)\n')
        log = (self.findings / "tar.log").read_text()
        self.assertIn("-malloc_limit_mb=36 ", log)
        self.assertIn(f"-dict={self.findings}/tar.dict ", log)

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

    def test_each_program_keeps_to_a_processor_of_its_own(self):
        both_run = Barrier(2)

        def processors(_: int) -> set[int]:
            both_run.wait(60)
            return os.sched_getaffinity(0)

        with pool(2) as threads:
            first, second = threads.map(processors, range(2))
        usable = os.sched_getaffinity(0)
        self.assertEqual((len(first), len(second), len(first | second)), (1, 1, min(2, len(usable))))
        self.assertLessEqual(first | second, usable)


class Words(unittest.TestCase):
    def test_bytes_are_written_as_libfuzzer_reads_them(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(DICTIONARIES, {"tar": [b'\xff"\\A']}):
            path = Path(folder) / "words"
            self.assertTrue(write_dictionary("tar", path))
            self.assertEqual(path.read_text(), '"\\xff\\x22\\x5c\\x41"\n')

    def test_a_target_without_words_has_no_file(self):
        self.assertFalse(write_dictionary("resample", Path("/nowhere/words")))


class Seeds(unittest.TestCase):
    def test_each_target_has_seeds(self):
        for target in {*seeds.PATTERNS, *seeds.WRITTEN, *seeds.ENDINGS, *seeds.SAME, *DICTIONARIES}:
            with self.subTest(target), tempfile.TemporaryDirectory() as folder:
                seeds.write_seeds(target, Path(folder))
                self.assertTrue(any(Path(folder).iterdir()))

    def test_texts_are_the_seeds_where_a_file_has_lines_of_json(self):
        with tempfile.TemporaryDirectory() as folder:
            seeds.write_seeds("cleaning", Path(folder))
            contents = {path.read_bytes() for path in Path(folder).iterdir()}
        self.assertGreater(len(contents), 700)
        self.assertIn(b"a photo of a cat", contents)

    def test_the_metadata_of_jpeg_files_are_seeds_of_their_own(self):
        with tempfile.TemporaryDirectory() as folder:
            seeds.write_seeds("exif", Path(folder))
            self.assertGreater(sum(b"Exif\0\0" in path.read_bytes() for path in Path(folder).iterdir()), 5)

    def test_a_pattern_that_finds_nothing_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(seeds.PATTERNS, {"tar": ("nowhere/*.tar",)}), \
                self.assertRaisesRegex(SystemExit, "Tests/nowhere/.*tar'.*PATTERNS"):
            seeds.write_seeds("tar", Path(folder))


class Corpus(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.program = self.folder / "program"
        # Merges by copying.
        self.program.write_text("#!/bin/sh\nwhile [ $# -gt 2 ]; do shift; done\ncp $2/* $1\n")
        self.program.chmod(0o755)
        (self.folder / "corpus").mkdir()
        patch = mock.patch.object(corpus, "FOLDER", self.folder / "kept")
        patch.start()
        self.addCleanup(patch.stop)

    def keep(self) -> int:
        return corpus.keep(self.program, Target("tar", 36, ()), self.folder / "corpus", self.folder / "findings")

    def test_what_is_kept_is_read_again_and_is_the_same_each_time(self):
        for content in (b"bb", b"a", b"ccc"):
            (self.folder / "corpus" / content.decode()).write_bytes(content)
        size = self.keep()
        first = (self.folder / "kept" / "tar.zip").read_bytes()
        self.assertEqual(list(corpus.kept("tar")), [b"a", b"bb", b"ccc"])
        self.assertEqual(self.keep(), size)
        self.assertEqual((self.folder / "kept" / "tar.zip").read_bytes(), first)

    def test_a_merger_that_leaves_nothing_is_an_error(self):
        self.program.write_text("#!/bin/sh\n")
        with self.assertRaisesRegex(SystemExit, "nothing of the corpus is left"):
            self.keep()

    def test_the_smallest_inputs_are_kept_up_to_the_limit(self):
        for number in range(20):
            (self.folder / "corpus" / f"{number}").write_bytes(random.Random(number).randbytes(1000 + 300 * number))
        self.assertLessEqual(self.keep(), corpus.LARGEST_ARCHIVE)
        lengths = [len(content) for content in corpus.kept("tar")]
        self.assertTrue(5 < len(lengths) < 20 and lengths == [1000 + 300 * number for number in range(len(lengths))])


if __name__ == "__main__":
    unittest.main()
