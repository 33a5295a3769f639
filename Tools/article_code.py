"""Writes the Swift code of articles and pages as one Swift file per page, so that compiling it checks the pages.

The blocks of a page follow each other in one function, as they do for a reader; imports and tests stand outside.
"""

import argparse
import re
from pathlib import Path


def function_name(article: Path) -> str:
    return "_".join(part for part in (article.parent.stem, article.stem) if part)


def swift_file(article: Path) -> str:
    code = "\n".join(re.findall(r"^```swift\n(.*?)^```$", article.read_text(), re.MULTILINE | re.DOTALL))
    lines = code.splitlines()
    # Tests are functions like others here: a macro cannot be used inside a function.
    body = [line.removeprefix("@Test ") for line in lines if not line.startswith("import ")]
    imports = sorted({line for line in lines if line.startswith("import ") and line != "import Testing"})
    return "\n".join([*imports, "", f"func {function_name(article)}() async throws {{", *(f"    {line}" for line in body), "}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--output", required=True, type=Path, help="folder for the Swift files")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for article in arguments.articles:
        (arguments.output / f"{function_name(article)}.swift").write_text(swift_file(article))


if __name__ == "__main__":
    main()
