"""WordNet's nouns as a vocabulary: names of kinds of things, to describe images with."""

import re
from collections.abc import Iterator
from pathlib import Path

from default_model.wordnet import Synset, read_nouns

FILE = "nouns.txt"

ANIMALS, PLANTS = 5, 20
BINOMIAL = re.compile(r"[A-Z][a-z]+( [a-z]+)+")
RANKS = {"class", "division", "family", "genus", "group", "infraorder", "kingdom", "order", "phylum", "section", "subclass",
         "subdivision", "subfamily", "subkingdom", "suborder", "subphylum", "superclass", "superfamily", "superorder", "tribe"}
INSULTS = {"ethnic slur", "disparagement", "obscenity"}


def write_vocabulary(path: Path, wordnet: Path) -> None:
    """Writes the nouns, one per line, in the order of their letters."""
    path.write_text("".join(f"{noun}\n" for noun in vocabulary(read_nouns(wordnet))), encoding="ascii")


def vocabulary(nouns: dict[int, Synset]) -> list[str]:
    """Nouns for kinds of things: no names of persons or places, no taxa, no second spelling by capitals, no insults."""
    insults = {offset for offset, synset in nouns.items() if INSULTS.intersection(synset.words)}
    found: dict[str, str] = {}
    for synset in nouns.values():
        for noun in _common(synset, insults):
            other = found.setdefault(noun.lower(), noun)
            found[noun.lower()] = max(other, noun)  # lower-case letters sort after capitals
    return [found[key] for key in sorted(found)]


def _common(synset: Synset, insults: set[int]) -> Iterator[str]:
    if synset.is_named_individual:
        return
    for index, word in enumerate(synset.words):
        is_taxon = word.split()[0] in RANKS and word != word.lower() or (
            index > 0 and synset.topic in (ANIMALS, PLANTS) and BINOMIAL.fullmatch(word))
        is_insult = any(offset in insults and target in (None, index) for offset, target in synset.usages)
        if any(part == part.lower() and part.isalpha() for part in re.split(r"[ '-]", word)) and not (is_taxon or is_insult):
            yield word
