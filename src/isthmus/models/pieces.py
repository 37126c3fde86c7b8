"""The pieces of tokenizers: what they are spelt with, and how one is made of smaller ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

KINDS = ("Unigram", "BPE", "WordPiece", "WordLevel")
BYTE = re.compile(r"<0x[0-9A-F]{2}>")  # how a piece that stands for one byte is written, where a model falls back on bytes
CONTINUING = range(0x80, 0xC0)  # bytes of UTF-8 that do not begin a character


def is_byte(piece: str) -> bool:
    """Return whether a piece stands for one byte."""
    return BYTE.fullmatch(piece) is not None


def letters_of(piece: str, model: Mapping[str, Any]) -> str:
    """Return a piece without the marks that say where in a word it stands."""
    prefix, suffix = model.get("continuing_subword_prefix") or "", model.get("end_of_word_suffix") or ""
    return piece.removeprefix(prefix).removesuffix(suffix)


def made_of(piece: str, model: Mapping[str, Any], characters: Collection[str]) -> bool:
    """Return whether a piece has no other letters than ``characters``."""
    return all(letter in characters for letter in letters_of(piece, model))


@cache
def _alphabet() -> dict[str, int]:
    """Return {letter: byte} of byte-level BPE: printable bytes are themselves, the others follow from U+0100 (GPT-2)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + i): byte for i, byte in enumerate(others)}


def spelt_bytes(piece: str) -> bytes:
    """Return the bytes that a piece of byte-level BPE spells; letters outside its alphabet spell none."""
    alphabet = _alphabet()
    return bytes(alphabet[letter] for letter in piece if letter in alphabet)


def fits_bytes(characters: Collection[str]) -> Callable[[str], bool]:
    """Return what says whether a byte-level piece can stand in a text of ``characters``, at its edges parts of one."""
    encoded = {character.encode("utf-8", "ignore") for character in characters}
    heads = {one[:end] for one in encoded for end in range(len(one))}
    tails = {one[start:] for one in encoded for start in range(1, len(one) + 1)}
    within = {one[start:end] for one in encoded for start in range(len(one)) for end in range(start + 1, len(one) + 1)}

    def fits(piece: str) -> bool:
        raw = spelt_bytes(piece)
        if raw in within:
            return True
        start = next((i for i, byte in enumerate(raw) if byte not in CONTINUING), len(raw))
        if raw[:start] not in tails:
            return False
        for end in range(len(raw), start - 1, -1):
            try:
                whole = raw[start:end].decode()
            except UnicodeDecodeError:
                continue
            return raw[end:] in heads and all(character in characters for character in whole)
        return False

    return fits


def derived(piece: str, model: Mapping[str, Any], ranks: Mapping[tuple[str, str], int]) -> set[str]:
    """Return what BPE makes on the way to a piece, itself among it: within a word no other merge touches its letters.

    ``ranks`` are {(left, right): place among the merges}.
    """
    if is_byte(piece):
        return {piece}
    prefix = model.get("continuing_subword_prefix") or ""
    symbols = _symbols(piece, model)
    made = set(symbols)
    while pairs := [(ranks[pair], i) for i, pair in enumerate(pairwise(symbols)) if pair in ranks]:
        _, at = min(pairs)
        symbols[at : at + 2] = [symbols[at] + symbols[at + 1].removeprefix(prefix)]
        made.add(symbols[at])
    return made


def _symbols(piece: str, model: Mapping[str, Any]) -> list[str]:
    """Return the letters of a piece, each with the marks that it has in a word."""
    prefix, suffix = model.get("continuing_subword_prefix") or "", model.get("end_of_word_suffix") or ""
    letters = [prefix + letter for letter in letters_of(piece, model)]
    if letters and not piece.startswith(prefix):
        letters[0] = letters[0].removeprefix(prefix)
    if letters and suffix and piece.endswith(suffix):
        letters[-1] += suffix
    return letters


def greedy(word: str, vocabulary: Collection[str], prefix: str) -> list[str]:
    """Return the pieces that WordPiece matches in a word, longest first from the left, until nothing matches."""
    found: list[str] = []
    start = 0
    while start < len(word):
        lead = prefix if start else ""
        ends = (end for end in range(len(word), start, -1) if lead + word[start:end] in vocabulary)
        end = next(ends, None)
        if end is None:
            break
        found.append(lead + word[start:end])
        start = end
    return found
