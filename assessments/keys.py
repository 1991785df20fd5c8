"""Owner keys, join codes and tokens: made at random, read as typed, and hashed."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from html import unescape
from urllib.parse import unquote

from assessments.typed import letters_and_digits, plain_text

# Crockford's base 32, which has no I, L, O and U. Each character carries 5 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_LENGTH = 20
TOKEN_LENGTH = 26
# 50 bits are enough: guesses are limited, posted or not.
CODE_LENGTH = 10
MAX_TYPED_LENGTH = 300
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
# What may come before a key in a pasted text: its link up to the #, the link of an
# invitation, or a label such as "My key:".
BEFORE = re.compile(
    r"\A(?:.*#|.*/join/|\W*(?:[^\W\d]+\s+)*(?:key|code)\s*:)", re.IGNORECASE | re.DOTALL
)


def new_key() -> str:
    return _random(KEY_LENGTH)


def new_nonce() -> str:
    """What a form carries so that pressing its button twice makes one owner."""
    return _random(KEY_LENGTH)


def key_made_from(nonce: str, secret: str) -> str:
    """The owner key that belongs to a form. Without the secret nobody can make it."""
    made = hmac.digest(f"owner key {secret}".encode(), nonce.encode(), "sha256")
    number, letters = int.from_bytes(made), []
    for _ in range(KEY_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def new_token() -> str:
    return _random(TOKEN_LENGTH).lower()


def new_code() -> str:
    return _random(CODE_LENGTH)


def read_key(text: str) -> str | None:
    """The key that somebody typed or pasted, or None if it cannot be a key.

    Only letters and digits count, in any case and width, and look-alike letters count
    as the right ones. A whole link to the key is read as the key.
    """
    return _read(text, KEY_LENGTH)


def read_code(text: str) -> str | None:
    """The join code that somebody typed, or None. Everything else as in read_key."""
    return _read(text, CODE_LENGTH)


def is_token(text: str) -> bool:
    """Whether the text can be the token of a share link or of a rating page."""
    return len(text) == TOKEN_LENGTH and set(text) <= set(ALPHABET.lower())


def read_token(text: str) -> str | None:
    """The token that somebody pasted as part of an address, or None.

    Case does not matter, look-alike letters count as the right ones, and whatever is
    neither a letter nor a digit is left out: chat and mail programs add periods,
    brackets, quotes, spaces and invisible characters, some of them encoded twice.
    """
    decoded = unescape(unquote(text[:MAX_TYPED_LENGTH]))
    token = letters_and_digits(decoded).translate(LOOK_ALIKES).lower()
    return token if is_token(token) else None


def read_link(text: str) -> str | None:
    """The token in a share link that somebody pasted, with more around it, or None."""
    end_of_path = re.split(r"/r/+", text[:MAX_TYPED_LENGTH], flags=re.IGNORECASE)[-1]
    return read_token(re.split(r"[\s/?#>]", end_of_path.strip(), maxsplit=1)[0])


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _read(text: str, length: int) -> str | None:
    if len(text) > MAX_TYPED_LENGTH or "\0" in text:
        return None
    typed = BEFORE.sub("", plain_text(unquote(text)))
    code = letters_and_digits(typed).translate(LOOK_ALIKES)
    return code if len(code) == length and set(code) <= set(ALPHABET) else None


def spaced(key: str) -> str:
    """A key or code in groups of five, for reading aloud or copying by hand."""
    return "-".join(key[start : start + 5] for start in range(0, len(key), 5))


def digest(key: str) -> str:
    """SHA-256 of a key; 100 random bits need no slow hash."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()
