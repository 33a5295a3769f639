"""The noun hierarchy of WordNet 3.0, read from its database file `data.noun`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Synset:
    """One WordNet noun concept: its words, most common first, and the offsets of its direct hypernyms.

    `topic` is the number of the lexicographers' file, lexnames(5). `usages` are the offsets of concepts that name how
    some of the words are used, such as slang, each with the index of the word, or None for all words.
    """

    words: tuple[str, ...]
    hypernyms: tuple[int, ...]
    topic: int
    is_named_individual: bool
    usages: tuple[tuple[int, int | None], ...]


def read_nouns(folder: Path) -> dict[int, Synset]:
    """All noun synsets by offset. The file's format is described in WordNet's manual page wndb(5)."""
    path = folder / "data.noun"
    if not path.is_file():
        raise SystemExit(f"error: '{path}' does not exist; install Debian's package wordnet-base, or name the folder "
                         "that holds WordNet 3.0's data.noun with --wordnet")
    nouns: dict[int, Synset] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(" "):  # the licence at the top of the file
            continue
        offset, synset = _parse(line)
        nouns[offset] = synset
    return nouns


def _parse(line: str) -> tuple[int, Synset]:
    fields = line.split(" | ", 1)[0].split()
    word_count = int(fields[3], 16)
    words = tuple(word.replace("_", " ") for word in fields[4:4 + 2 * word_count:2])
    fields_of_pointers = fields[5 + 2 * word_count:]
    pointers = [fields_of_pointers[i:i + 4] for i in range(0, 4 * int(fields[4 + 2 * word_count]), 4)]
    return int(fields[0]), Synset(
        words,
        hypernyms=tuple(int(offset) for symbol, offset, *_ in pointers if symbol in ("@", "@i")),
        topic=int(fields[1]),
        is_named_individual=any(symbol == "@i" for symbol, *_ in pointers),
        usages=tuple((int(offset), int(ends[:2], 16) - 1 if ends[:2] != "00" else None)
                     for symbol, offset, _, ends in pointers if symbol == ";u"),
    )


def ancestors(nouns: dict[int, Synset], offset: int) -> dict[int, int]:
    """Every hypernym above the synset at `offset`, with its least distance from it (1 for a direct hypernym)."""
    if offset not in nouns:
        raise SystemExit(f"error: WordNet has no noun at offset {offset:08d}; WordNet 3.0 is needed, no other version")
    depths: dict[int, int] = {}
    level, depth = nouns[offset].hypernyms, 1
    while level:
        fresh = [parent for parent in dict.fromkeys(level) if parent not in depths]
        depths.update((parent, depth) for parent in fresh)
        level = tuple(above for parent in fresh for above in nouns[parent].hypernyms)
        depth += 1
    return depths
