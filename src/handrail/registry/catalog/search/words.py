"""Words as both databases keep and compare them: lower case, without accents, ASCII letters and digits only.

The databases' own tokenizers differ from each other and from one version to the next, so they never see raw text.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

WORD_MAX: Final = 60
# Stands between two fields, so that no phrase reaches across.
BORDER: Final = "0z0"


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order.

    Letters outside ASCII become `u` and their number in hexadecimal, so that beginnings of words stay beginnings.
    """
    found: list[str] = []
    current: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if char.isascii() and char.isalnum():
            current.append(char)
        elif char.isalnum():
            current.append(f"u{ord(char):05x}")
        elif unicodedata.category(char) != "Mn" and current:
            found.append("".join(current)[:WORD_MAX])
            current = []
    if current:
        found.append("".join(current)[:WORD_MAX])
    return found


def fields_text(fields: Iterable[str]) -> str:
    """Return the words of several fields as one text, with borders between them."""
    return f" {BORDER} ".join(text for field in fields if (text := " ".join(words_of(field))))


def grams_of(word: str) -> list[str]:
    """Return every three letters of a word and its first two, each once; nothing for a number, which has no typos."""
    if word.isdigit() or len(word) < 3:
        return []
    padded = f" {word}"
    return sorted({padded[at : at + 3] for at in range(len(padded) - 2)})
