"""The Flesch-Kincaid grade of one statement (rule P9)."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# "make", "whole"; but "simple" keeps its last sound.
_SILENT_END = re.compile(r"(?:[^laeiouy]|[aeiouy]l)e\Z")
_SILENT_ED = re.compile(r"[^aeioutd]ed\Z")  # planned, but not wanted
_SPOKEN_ING = re.compile(r"[aeiouy]ings?\Z")  # doing, trying
_SILENT_ES = re.compile(r"[^aeiouscxzhg]es\Z")  # makes, but not pieces
# Words with two vowels that are two sounds, or with a silent e inside.
_EXCEPTIONS = {
    "idea": 3,
    "ideas": 3,
    "something": 2,
    "someone": 2,
    "everyone": 3,
    "sometimes": 2,
    "creating": 3,
    "people": 2,
}


def words_in(text: str) -> list[str]:
    """The words of a text; a hyphenated one counts as one."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """The number of syllables of an English word, estimated; at least 1."""
    plain = word.lower().replace("’", "'")
    if "-" in plain:
        return sum(syllables(part) for part in plain.split("-"))
    plain = plain.split("'")[0]
    if plain in _EXCEPTIONS:
        return _EXCEPTIONS[plain]
    count = len(_VOWELS.findall(plain))
    if (
        _SILENT_END.search(plain)
        or _SILENT_ED.search(plain)
        or _SILENT_ES.search(plain)
    ):
        count -= 1
    if _SPOKEN_ING.search(plain):
        count += 1
    return max(count, 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of one sentence, in school years; 0 without words."""
    found_words = words_in(text)
    if not found_words:
        return 0.0
    return (
        0.39 * len(found_words)
        + 11.8 * sum(map(syllables, found_words)) / len(found_words)
        - 15.59
    )
