"""Owner keys, join codes and share tokens: how they are made, read back from a human hand, and stored."""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
KEY_LENGTH = 20  # 100 bits
TOKEN_LENGTH = 26  # 130 bits
CODE_LENGTH = 10  # 50 bits: guesses are POSTed and counted
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
SEPARATORS = str.maketrans(dict.fromkeys(" -–—_.\t\r\n"))


def new_key() -> str:
    return _random(KEY_LENGTH)


def new_token() -> str:
    return _random(TOKEN_LENGTH).lower()


def new_code() -> str:
    return _random(CODE_LENGTH)


def read_key(text: str) -> str | None:
    """The key that somebody typed: any case, any spacing, look-alike letters forgiven. None if it cannot be one."""
    return _read(text, KEY_LENGTH)


def read_code(text: str) -> str | None:
    """The join code that somebody typed, forgiven as a key is. None if it cannot be one."""
    return _read(text, CODE_LENGTH)


def is_token(text: str) -> bool:
    """Whether it can be the token of a share link or of a rating page."""
    return len(text) == TOKEN_LENGTH and set(text) <= set(ALPHABET.lower())


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _read(text: str, length: int) -> str | None:
    if len(text) > 200:
        return None
    read = text.translate(SEPARATORS).upper().translate(LOOK_ALIKES)
    return read if len(read) == length and set(read) <= set(ALPHABET) else None


def spaced(key: str) -> str:
    """A key or code in groups of five, to be read aloud or copied by hand."""
    return "-".join(key[start : start + 5] for start in range(0, len(key), 5))


def digest(key: str) -> str:
    """SHA-256 of a key; 100 random bits need no slow hash."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()
