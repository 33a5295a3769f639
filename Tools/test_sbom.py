#!/usr/bin/env python3
"""Tests of sbom.py: what the bill of materials lists, with which versions, and that Docs/Dependencies.md names all of it."""

import unittest

import sbom
from pins import pinned

LIBRARIES = {"libtorch-c": "3.1.0", "libpng": "1.6.39", "libcurl": "7.88.1 OpenSSL/3.0.17 zlib/1.2.13"}


class Bill(unittest.TestCase):
    def setUp(self) -> None:
        self.bill = sbom.bill("0.2.0", LIBRARIES, {"yams": "6.2.2"}, {"pillow": "13.0.0", "oasis": "0.1.3"})
        self.components = {entry["name"]: entry for entry in self.bill["components"]}

    def test_it_is_cyclonedx_and_complete(self) -> None:
        self.assertEqual((self.bill["bomFormat"], self.bill["specVersion"], self.bill["version"]), ("CycloneDX", "1.6", 1))
        self.assertRegex(self.bill["serialNumber"], r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertEqual(self.bill["metadata"]["component"]["version"], "0.2.0")
        self.assertEqual(self.components.keys(), {*LIBRARIES, "yams", "pillow", "oasis"})

    def test_every_component_has_a_reference_of_its_own(self) -> None:
        references = [entry["bom-ref"] for entry in self.bill["components"]]
        self.assertEqual(len(references), len(set(references)))
        self.assertEqual(self.bill["dependencies"], [{"ref": "swift-openclip@0.2.0", "dependsOn": references}])

    def test_versions_licences_and_addresses(self) -> None:
        self.assertEqual(self.components["libpng"]["licenses"], [{"expression": "libpng-2.0"}])
        self.assertEqual(self.components["libcurl"]["version"], "7.88.1")
        self.assertEqual(self.components["yams"]["purl"], "pkg:swift/yams@6.2.2")
        self.assertEqual(self.components["pillow"]["purl"], "pkg:pypi/pillow@13.0.0")

    def test_what_nobody_described_is_refused(self) -> None:
        for libraries, packages in (({"libnew": "1.0"}, {}), ({}, {"swift-new": "1.0"})):
            with self.assertRaisesRegex(SystemExit, "new: add the licence, and a row to Docs/Dependencies.md"):
                sbom.bill("0.2.0", libraries, packages, {})


class Documentation(unittest.TestCase):
    def test_dependencies_names_everything(self) -> None:
        text = (sbom.ROOT / "Docs/Dependencies.md").read_text(encoding="utf-8")
        self.assertEqual(sbom.undocumented(text, pinned()), [])

    def test_what_it_does_not_name_is_found(self) -> None:
        found = sbom.undocumented("libpng", {"pillow": "13.0.0"})
        self.assertIn("the library zlib", found)
        self.assertIn("the Python package pillow", found)
        self.assertNotIn("the library libpng", found)


if __name__ == "__main__":
    unittest.main()
