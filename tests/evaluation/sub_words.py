"""Tokenizers for baselines, in the shape of Hugging Face's fast ones."""

from __future__ import annotations

from types import SimpleNamespace

from tokenizers import Tokenizer, models, pre_tokenizers


def characters(text: str = ""):
    """Return a tokenizer whose sub-words are the characters of ``text`` and of ASCII, blanks left out."""
    letters = dict.fromkeys(chr(code) for code in range(33, 127)) | dict.fromkeys(text)
    made = Tokenizer(models.WordLevel({letter: i for i, letter in enumerate(["?", *letters])}, unk_token="?"))
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("", "isolated")])
    return SimpleNamespace(backend_tokenizer=made)


def words(*texts: str):
    """Return a tokenizer whose sub-words are the words and the marks of ``texts``."""
    cut = pre_tokenizers.Whitespace()
    known = dict.fromkeys(word for text in texts for word, _ in cut.pre_tokenize_str(text))
    made = Tokenizer(models.WordLevel({word: i for i, word in enumerate(["?", *known])}, unk_token="?"))
    made.pre_tokenizer = cut
    return SimpleNamespace(backend_tokenizer=made)
