"""Generates the functions of a front library from its header: each opens the implementation and calls it.

Usage: forward.py HEADER --prefix ltc --own NAME ... --output FILE.c

Only the header contains the signatures. Its declarations have the form `LTC_EXPORT <type> <name>(<parameters>);`, and
there are three kinds of functions:

- those that return a status, and whose last parameter is `message`, open the implementation, which may fail;
- those that return nothing free something that does not exist until the implementation has been opened;
- all others take a handle from the implementation.
"""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Function:
    result: str
    name: str
    parameters: str

    @property
    def arguments(self) -> str:
        return ", ".join(re.search(r"(\w+)$", parameter.strip())[1] for parameter in self.parameters.split(","))


def declarations(header: str, prefix: str) -> list[Function]:
    code = re.sub(r"//.*", "", header)
    pattern = rf"^{prefix.upper()}_EXPORT\s+([^;]*?)\b({prefix}_\w+)\(([^;]*)\);"
    found = [Function(result, name, " ".join(parameters.split()))
             for result, name, parameters in re.findall(pattern, code, re.MULTILINE)]
    if len(found) != len(re.findall(rf"^{prefix.upper()}_EXPORT\s", code, re.MULTILINE)):
        raise SystemExit("forward.py: a declaration in the header has an unexpected form.")
    return found


def forward(function: Function, prefix: str) -> str:
    call = f"functions.{function.name}({function.arguments})"
    if function.result.strip() == f"{prefix}_status" and function.arguments.endswith("message"):
        body = f"if (!implementation_open(&library, message)) return {prefix.upper()}_UNAVAILABLE;\n    return {call};"
    elif function.result.strip() == "void":
        body = f"if (implementation_is_open(&library)) {call};"
    else:
        body = f"return {call};"
    return f"{function.result}{function.name}({function.parameters}) {{\n    {body}\n}}\n"


def source(header: Path, prefix: str, own: list[str]) -> str:
    declared = declarations(header.read_text(), prefix)
    if missing := set(own) - {function.name for function in declared}:
        raise SystemExit(f"forward.py: {header.name} does not declare {', '.join(sorted(missing))}.")
    functions = [function for function in declared if function.name not in own]
    names = [function.name for function in functions]
    return "\n".join([
        f'// Written by forward.py from {header.name}.\n#include "{header.name}"\n\n#include "implementation.h"\n',
        "static struct {",
        *(f"    __typeof__(&{name}) {name};" for name in names),
        "} functions;\n",
        "static const implementation_function table[] = {",
        *(f'    {{"{name}", &functions.{name}}},' for name in names),
        "};\n",
        "static implementation library = {",
        "    .file = IMPLEMENTATION_FILE,",
        "    .wrapped = WRAPPED,",
        "    .wrapped_folder = WRAPPED_FOLDER,",
        "    .advice = ADVICE,",
        "    .functions = table,",
        "    .function_count = sizeof table / sizeof *table,",
        "    .opening = PTHREAD_MUTEX_INITIALIZER,",
        "};\n",
        *(forward(function, prefix) for function in functions),
    ])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("header", type=Path)
    parser.add_argument("--prefix", required=True)
    parser.add_argument("--own", nargs="*", default=[], help="functions that the front library has code of its own for")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.output.write_text(source(arguments.header, arguments.prefix, arguments.own))


if __name__ == "__main__":
    main()
