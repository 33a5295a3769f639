"""What a Swift file declares and what it names, read from its text; nothing is compiled."""

import re
from dataclasses import dataclass, field

NOTABLE = re.compile(r'//|/\*|(#*)("""|")|[()]')
IMPORT = re.compile(
    r"^[ \t]*(?:[@\w]+ +)*import +(?:(?:struct|class|enum|protocol|typealias|func|let|var) +)?(\w+)", re.MULTILINE
)
MODIFIER_WITH_ARGUMENT = re.compile(r"\b(?:private|fileprivate|internal|package|nonisolated|unowned)\s*\(\s*\w+\s*\)")
TOKEN = re.compile(r"`?[A-Za-z_]\w*`?|\d\w*(?:\.\d\w*)?|\.\.[.<]|[-+*/=<>!&|^~?%]+|\S")
# Those of the standard library say nothing about who declares the one that is used.
COMMON_OPERATOR = re.compile(
    r"[-+*/%&|^<>]=?|[=!~]=|[~!?=]|&[-+*]=?|&&|\|\||\?\?|&?<<=?|&?>>=?|\.\.[.<]|===|!==|->"
)
WORD = re.compile(r"[A-Za-z_]\w*")

TYPES = {"struct", "class", "enum", "protocol", "actor"}
VALUES = {"func", "let", "var", "typealias", "associatedtype"}
LABELLED = {"init", "subscript"}
MODIFIERS = set(
    "public package internal private fileprivate open static class final override mutating nonmutating lazy weak "
    "unowned nonisolated indirect required convenience consuming borrowing prefix postfix infix dynamic".split()
)
# What a word after these names is no declaration and no call.
NAMING = {".", "func", "let", "var", "case"}


@dataclass(frozen=True)
class Declaration:
    """A type, value or operator with its name; an `init` or `subscript` has its first label in place of one."""

    kind: str
    name: str
    owner: str
    is_added: bool
    is_private: bool
    label: str = ""


@dataclass
class SwiftText:
    """One file. A region is one declaration with its body: names that are local to it mean nothing elsewhere."""

    imports: set[str]
    operators: set[str]
    declarations: list[Declaration] = field(default_factory=list)
    dotted: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    calls: set[tuple[str, str]] = field(default_factory=set)
    subscripts: set[str] = field(default_factory=set)
    bare: set[tuple[int, str, bool]] = field(default_factory=set)
    local: set[tuple[int, str]] = field(default_factory=set)


@dataclass
class Scope:
    kind: str
    owner: str = ""
    is_private: bool = False


def without_literals(text: str) -> str:
    """The text without comments, and of string literals only what is interpolated."""

    def code(start: int, is_interpolation: bool) -> tuple[str, int]:
        parts, depth, at = [], 0, start
        while match := NOTABLE.search(text, at):
            parts.append(text[at : match.start()])
            at = match.end()
            if match[0] == "//":
                at = text.find("\n", at) % (len(text) + 1)
            elif match[0] == "/*":
                at = comment(at)
            elif match[2]:
                inner, at = literal(at, match[1], match[2])
                parts.append(f' "" {inner} ')
            else:
                depth += 1 if match[0] == "(" else -1
                if is_interpolation and depth < 0:
                    return "".join(parts), at
                parts.append(match[0])
        return "".join([*parts, text[at:]]), len(text)

    def comment(at: int) -> int:
        depth = 1
        while depth and (match := re.compile(r"/\*|\*/").search(text, at)):
            depth += 1 if match[0] == "/*" else -1
            at = match.end()
        return at

    def literal(at: int, hashes: str, quotes: str) -> tuple[str, int]:
        ends = re.compile(rf"{quotes}{hashes}|\\{hashes}(\(|.)", re.DOTALL)
        inner = []
        while match := ends.search(text, at):
            at = match.end()
            if match[0].startswith('"'):
                break
            if match[1] == "(":
                part, at = code(at, True)
                inner.append(part)
        return " ".join(inner), at

    return code(0, False)[0]


def read(text: str) -> SwiftText:
    text = without_literals(text)
    tokens = [token.strip("`") for token in TOKEN.findall(MODIFIER_WITH_ARGUMENT.sub("", text))]
    operators = {token for token in tokens if not WORD.match(token) and not COMMON_OPERATOR.fullmatch(token)}
    file = SwiftText(set(IMPORT.findall(text)), operators)
    scopes, region = [Scope("file")], 0
    # What the next brace or parenthesis at a depth belongs to.
    body: tuple[int, Scope] | None = None
    signature = False

    def token(index: int) -> str:
        return tokens[index] if 0 <= index < len(tokens) else ""

    def label(index: int) -> str:
        """The first label of the next parenthesis."""
        start = tokens.index("(", index)
        return tokens[start + 1] if WORD.fullmatch(tokens[start + 1]) else ""

    def is_private(index: int) -> bool:
        while token(index - 1) in MODIFIERS:
            index -= 1
            if tokens[index] in ("private", "fileprivate"):
                return True
        return scopes[-1].is_private

    def declare(index: int, kind: str, name: str, label: str = "") -> None:
        nonlocal region
        owner, is_added = scopes[-1].owner, scopes[-1].kind == "extension"
        region += 1
        file.declarations.append(Declaration(kind, name, owner, is_added, is_private(index), label))

    for index, word in enumerate(tokens):
        scope, before, after = scopes[-1], token(index - 1), token(index + 1)
        declares = scope.kind in ("file", "type", "enum", "extension") and before not in NAMING
        if word in ("{", "(", "["):
            if word == "{" and body and body[0] == len(scopes):
                scopes.append(body[1])
                body = None
            else:
                kind = "signature" if word == "(" and signature else "code"
                scopes.append(Scope(kind, scope.owner, scope.is_private))
                signature = signature and word != "("
            if word == "[" and token(index + 2) == ":" and (before in ")]" or WORD.fullmatch(before)):
                file.subscripts.add(after)
        elif word in ("}", ")", "]"):
            if len(scopes) > 1:
                scopes.pop()
        elif declares and word == "extension":
            end = index + 1
            while token(end + 1) == ".":
                end += 2
            region += 1
            body = (len(scopes), Scope("extension", "".join(tokens[index + 1 : end + 1]), is_private(index)))
        elif declares and word in TYPES and after not in MODIFIERS | VALUES | LABELLED | {":"}:
            declare(index, "type", after)
            owner = f"{scope.owner}.{after}".lstrip(".")
            body = (len(scopes), Scope("enum" if word == "enum" else "type", owner, file.declarations[-1].is_private))
        elif declares and word in VALUES:
            kind = "value" if WORD.fullmatch(after) else "operator"
            kind = "type" if word in ("typealias", "associatedtype") else kind
            declare(index, kind, after, label(index) if word == "func" else "")
            signature = word == "func"
        elif declares and word in LABELLED:
            declare(index, word, label(index))
            signature = True
        elif declares and word == "operator":
            declare(index, "operator", after)
        elif scope.kind == "enum" and word == "case":
            declare(index, "value", after)
        elif scope.kind == "enum" and before == "," and WORD.fullmatch(word):
            declare(index, "value", word)
        elif word in ("func", "let", "var", "for") and after == "(":
            file.local |= {(region, name) for name in tokens[index : tokens.index(")", index)]}
        elif word in ("func", "init", "subscript") and before != ".":
            signature = True
        if WORD.fullmatch(word):
            note(file, region, scope, word, [token(index + step) for step in range(-3, 4)])
    return file


def note(file: SwiftText, region: int, scope: Scope, word: str, near: list[str]) -> None:
    """Files one word under what it can be; `near` are the three tokens on each side."""
    earlier, dot, before, _, after, later, latest = near[0], near[1], near[2], near[3], near[4], near[5], near[6]
    if after == "(" and latest == ":":
        callee = dot if word == "init" and before == "." and WORD.fullmatch(dot) else word
        file.calls.add((callee, later))
    if before == ".":
        file.dotted.add(word)
        if WORD.fullmatch(dot) and earlier != ".":
            file.pairs.add((dot, word))
        return
    is_parameter = scope.kind == "signature" and after == ":"
    is_closures = after == "in" or (before == "{" and after == ",")
    if before in ("func", "let", "var", "for") or is_parameter or is_closures:
        file.local.add((region, word))
    elif after != ":" or before == "?" or word[0].isupper():
        file.bare.add((region, word, scope.owner != ""))
