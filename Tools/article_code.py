"""Writes the Swift code of documentation articles as one Swift file an article, so that compiling it checks the articles.

The blocks of an article follow each other in one function, as they do for a reader; imports and tests stand outside.
"""

import argparse
import re
from pathlib import Path


def swift_file(article: Path) -> str:
    code = "\n".join(re.findall(r"^```swift\n(.*?)^```$", article.read_text(), re.MULTILINE | re.DOTALL))
    lines = code.splitlines()
    # Tests are functions like others here: a macro cannot be used inside a function.
    body = [line.removeprefix("@Test ") for line in lines if not line.startswith("import ")]
    imports = sorted({line for line in lines if line.startswith("import ") and line != "import Testing"})
    name = f"{article.parent.stem}_{article.stem}"
    return "\n".join([*imports, "", f"func {name}() async throws {{", *(f"    {line}" for line in body), "}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--output", required=True, type=Path, help="folder for the Swift files")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for article in arguments.articles:
        (arguments.output / f"{article.parent.stem}-{article.stem}.swift").write_text(swift_file(article))


if __name__ == "__main__":
    main()
