"""Words and the Flesch-Kincaid grade of one statement (rule P9)."""

from __future__ import annotations

import re
import unicodedata

# Between words stand spaces, slashes and dashes.
_BETWEEN_WORDS = re.compile(r"[\s/–—]+")
# Languages that put no spaces between words.
_UNSPACED = {"zh", "ja", "th", "lo", "km", "my", "bo", "dz"}
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


def counts_words(language: str) -> bool:
    """Whether words_in can tell the words of a language, by its tag ("en", "de-AT")."""
    return language.split("-")[0] not in _UNSPACED


def grades(language: str) -> bool:
    """Whether `grade` means anything: its formula is one for English."""
    return language.split("-")[0] == "en"


def words_in(text: str) -> list[str]:
    """The words of a text in any alphabet; a hyphenated one counts as one."""
    parts = map(_without_marks, _BETWEEN_WORDS.split(text))
    return [part for part in parts if part]


def _without_marks(part: str) -> str:
    """A part of a text from its first letter to its last."""
    letters = [
        place
        for place, character in enumerate(part)
        # An accent or a vowel sign may be a character of its own.
        if unicodedata.category(character)[0] in "LM"
    ]
    return part[letters[0] : letters[-1] + 1] if letters else ""


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
