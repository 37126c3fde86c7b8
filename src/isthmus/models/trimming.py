"""Trimming a fast tokenizer to the pieces that some texts need; it cuts those texts as before, under other ids.

Why the cut stays the same, by kind of tokenizer. Unigram: the best path through a text is there still, no path is new, and
the price of an unknown character, which hangs on the least score, stays. BPE: every merge that was applied is there, in the
same order, and no merge is new. WordPiece: the longest match is there at every place, and where none was there is none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tokenizers import Tokenizer

from isthmus.core.errors import UserError
from isthmus.models.pieces import KINDS, derived, fits_bytes, greedy, is_byte, letters_of, made_of, spelt_bytes

KEEP = ("seen", "characters")
SHOWN = 60  # characters of a word in a message


@dataclass(frozen=True)
class Trimmed:
    """A trimmed tokenizer: its ``tokenizer.json``, the old id of each new id, how many pieces are there for the texts."""

    json: str
    kept: tuple[int, ...]
    ordinary: int

    @cached_property
    def number(self) -> dict[int, int]:
        """Return {old id: new id}."""
        return {old: new for new, old in enumerate(self.kept)}

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer itself, to which a special token that a text spells is text."""
        return loaded(self.json)


@dataclass(frozen=True)
class Sight:
    """What a tokenizer makes of texts: the words its model is given, the pieces they are cut into, and the texts that spell
    an added token, which are cut in another way when that is taken as what it is.
    """

    words: frozenset[str]
    pieces: frozenset[str]
    spelling: tuple[str, ...]


def trim(tokenizer_json: str, texts: Iterable[str], keep: str = "seen", also: Collection[int] = ()) -> Trimmed:
    """Return the tokenizer with the pieces alone that ``texts`` need; special and added tokens stay, and the ids ``also``.

    ``keep: seen`` keeps the pieces that the texts are cut into and each of their characters as a piece, ``characters`` every
    piece made of their characters (as the tokenizer's normalisation leaves them), so that any other text in them is cut as
    before too. Other characters become the unknown piece, or bytes where the tokenizer falls back on them. Raises UserError
    for a tokenizer of another kind than Unigram, BPE, WordPiece and WordLevel, and where a text would be cut otherwise.
    """
    full = loaded(tokenizer_json)
    state = json.loads(full.to_str())
    _check_kind(state)
    if keep not in KEEP:
        raise UserError(f"keep: found {keep!r}; expected {' or '.join(KEEP)}")
    sight = look(full, texts)
    needed = _needed(state, sight, keep)
    kept = _always(state, also) | needed
    numbers = _renumber(state, kept)
    special = {token["content"] for token in state["added_tokens"]}
    trimmed = Trimmed(json.dumps(state, ensure_ascii=False), tuple(numbers), len(needed - special))
    _check(full, trimmed, sight)
    return trimmed


def loaded(tokenizer_json: str) -> Tokenizer:
    """Return a tokenizer to which a special token that a text spells is text, as it is everywhere in isthmus."""
    tokenizer = Tokenizer.from_str(tokenizer_json)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return tokenizer


def look(full: Tokenizer, texts: Iterable[str]) -> Sight:
    """Return the words and pieces of texts, special tokens that they spell taken as text and as what they are."""
    contents = {token.content for token in full.get_added_tokens_decoder().values()}
    contents |= {normal_of(full, content) for content in contents} - {""}
    words: set[str] = set()
    spelling: list[str] = []
    for text in texts:
        normal = normal_of(full, text)
        words.update(words_of(full, normal))
        if any(content in text or content in normal for content in contents):
            spelling.append(text)
    model = full.model
    ids = {token.id for word in words for token in model.tokenize(word)}
    ids |= {i for cut in _both_cuts(full, spelling) for i in cut}
    return Sight(frozenset(words), frozenset(str(full.id_to_token(i)) for i in ids), tuple(spelling))


def normal_of(full: Tokenizer, text: str) -> str:
    """Return a text as the tokenizer normalises it."""
    return text if full.normalizer is None else str(full.normalizer.normalize_str(text))


def words_of(full: Tokenizer, normal: str) -> list[str]:
    """Return what the tokenizer's model is given of a normalised text: it sees no farther than one of these words."""
    return [normal] if full.pre_tokenizer is None else [word for word, _ in full.pre_tokenizer.pre_tokenize_str(normal)]


def _both_cuts(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the ids of texts, added tokens that they spell taken as text, and once more taken as what they are."""
    found: list[list[int]] = []
    for literal in (False, True):
        tokenizer.encode_special_tokens = literal
        found += [one.ids for one in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    return found


def same_cut(full: Tokenizer, trimmed: Trimmed, texts: Sequence[str]) -> list[bool]:
    """Return of each text whether it is cut into the same pieces as by the full tokenizer."""
    split = [words_of(full, normal_of(full, text)) for text in texts]
    wrong = _cut_otherwise(full, trimmed, {word for words in split for word in words})
    return [wrong.isdisjoint(words) for words in split]


def _cut_otherwise(full: Tokenizer, trimmed: Trimmed, words: Collection[str]) -> set[str]:
    before, after = full.model, trimmed.tokenizer.model

    def same(word: str) -> bool:
        return [token.id for token in before.tokenize(word)] == [trimmed.kept[token.id] for token in after.tokenize(word)]

    return {word for word in words if not same(word)}


def _check_kind(state: Mapping[str, Any]) -> None:
    model = state["model"]
    if model["type"] not in KINDS:
        raise UserError(f"a {model['type']} tokenizer cannot be trimmed; expected one of {', '.join(KINDS)}")
    if model["type"] in ("WordPiece", "WordLevel") and model["unk_token"] not in model["vocab"]:
        raise UserError(
            f"a {model['type']} tokenizer without an unknown piece cannot be trimmed: other words would have none"
        )


def _entries(model: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return (piece, id) of the model in the order of ids."""
    if model["type"] == "Unigram":
        return [(piece, i) for i, (piece, _) in enumerate(model["vocab"])]
    return sorted(model["vocab"].items(), key=lambda entry: int(entry[1]))


def _needed(state: Mapping[str, Any], sight: Sight, keep: str) -> set[str]:
    """Return the pieces that texts need."""
    model = state["model"]
    vocabulary = {piece for piece, _ in _entries(model)}
    characters, alone = _judges(state, sight)
    needed = set(sight.pieces & vocabulary)
    if keep == "characters":
        needed |= {piece for piece in vocabulary if characters(piece)}
    else:
        needed |= {piece for piece in vocabulary if alone(piece) and characters(piece)}
    if model["type"] == "WordPiece":
        # A word that ends as unknown matched something before; without that, it might end as something else.
        for word in sight.words:
            needed.update(greedy(word, vocabulary, model["continuing_subword_prefix"]))
    if model["type"] == "BPE":
        ranks = {(left, right): rank for rank, (left, right) in enumerate(model["merges"])}
        for piece in sorted(needed):
            needed.update(vocabulary.intersection(derived(piece, model, ranks)))
    return needed


def _judges(state: Mapping[str, Any], sight: Sight) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Return what says whether a piece is made of seen characters, and whether it is a character alone."""
    if byte_level(state):
        fits = fits_bytes(set("".join(spelt_bytes(word).decode("utf-8", "ignore") for word in sight.words)))
        return fits, lambda piece: len(piece) == 1
    seen = set("".join(sight.words))
    return lambda piece: made_of(piece, state["model"], seen), lambda piece: len(letters_of(piece, state["model"])) == 1


def byte_level(state: Mapping[str, Any]) -> bool:
    """Return whether the pieces of a tokenizer are spelt in bytes."""

    def inside(part: Any) -> bool:
        below = part.get("pretokenizers", part.get("normalizers", ())) if part else ()
        return bool(part) and (part["type"] == "ByteLevel" or any(map(inside, below)))

    return inside(state["pre_tokenizer"]) or inside(state["normalizer"])


def _always(state: Mapping[str, Any], also: Collection[int]) -> set[str]:
    """Return the pieces that stay whatever the texts are."""
    model = state["model"]
    entries = _entries(model)
    framing = {*also, *_frame_ids(state["post_processor"])}
    kept = {token["content"] for token in state["added_tokens"]} | {piece for piece, i in entries if i in framing}
    known = model.get("unk_id") if model["type"] == "Unigram" else model["unk_token"]
    if model["type"] == "Unigram":
        least = min(score for _, score in model["vocab"])
        # The price of an unknown character is the least score less a constant: one piece of that score must stay.
        kept.add(next(piece for piece, score in model["vocab"] if score == least))
        kept |= {piece for piece, i in entries if i == known}
    elif known is not None:
        kept.add(known)
    if model.get("byte_fallback"):
        kept |= {piece for piece, _ in entries if is_byte(piece)}
    if known is None or byte_level(state):
        # Where nothing stands for the unknown, every character stays: it would be lost, or an error.
        kept |= {piece for piece, _ in entries if len(letters_of(piece, model)) == 1}
    return kept


def _frame_ids(processor: Mapping[str, Any] | None) -> set[int]:
    """Return the ids that a post-processor puts around texts."""
    match processor:
        case {"type": "Sequence", "processors": parts}:
            return {i for part in parts for i in _frame_ids(part)}
        case {"type": "TemplateProcessing", "special_tokens": tokens}:
            return {i for token in tokens.values() for i in token["ids"]}
        case {"type": "BertProcessing" | "RobertaProcessing", "sep": [_, sep], "cls": [_, cls]}:
            return {sep, cls}
    return set()


def _renumber(state: dict[str, Any], kept: Collection[str]) -> list[int]:
    """Leave ``kept`` alone in a tokenizer's state, under new ids in the order of the old; return the old id of each."""
    model = state["model"]
    entries = _entries(model)
    numbers = [i for piece, i in entries if piece in kept]
    # Added tokens that the model does not know come after its pieces: there the library numbers them.
    known = {piece for piece, _ in entries}
    numbers += sorted(token["id"] for token in state["added_tokens"] if token["content"] not in known)
    new = {old: i for i, old in enumerate(numbers)}
    if model["type"] == "Unigram":
        model["vocab"] = [model["vocab"][old] for piece, old in entries if piece in kept]
        model["unk_id"] = None if model["unk_id"] is None else new[model["unk_id"]]
    else:
        model["vocab"] = {piece: new[old] for piece, old in entries if piece in kept}
    if model["type"] == "BPE":
        prefix = model["continuing_subword_prefix"] or ""
        model["merges"] = [
            [left, right]
            for left, right in model["merges"]
            if {left, right, left + right.removeprefix(prefix)} <= model["vocab"].keys()
        ]
    for token in state["added_tokens"]:
        token["id"] = new[token["id"]]
    _renumber_frame(state["post_processor"], new)
    return numbers


def _renumber_frame(processor: dict[str, Any] | None, new: Mapping[int, int]) -> None:
    if missing := _frame_ids(processor) - new.keys():
        raise UserError(f"the tokenizer puts the id {min(missing)} around texts, which none of its pieces has")
    match processor:
        case {"type": "Sequence", "processors": parts}:
            for part in parts:
                _renumber_frame(part, new)
        case {"type": "TemplateProcessing", "special_tokens": tokens}:
            for token in tokens.values():
                token["ids"] = [new[i] for i in token["ids"]]
        case {"type": "BertProcessing" | "RobertaProcessing", "sep": sep, "cls": cls}:
            for pair in (sep, cls):
                pair[1] = new[pair[1]]


def _check(full: Tokenizer, trimmed: Trimmed, sight: Sight) -> None:
    """Raise UserError where the trimmed tokenizer is not the full one with fewer pieces, to any of the texts."""
    expected = {full.id_to_token(old): new for old, new in trimmed.number.items()}
    if trimmed.tokenizer.get_vocab() != expected:
        raise UserError("the tokenizer cannot be trimmed: two of its pieces have one id, or one piece has two")
    both = zip(_both_cuts(full, sight.spelling), _both_cuts(trimmed.tokenizer, sight.spelling), strict=True)
    if wrong := _cut_otherwise(full, trimmed, sight.words):
        raise UserError(f"the tokenizer cannot be trimmed: it would cut {min(wrong)[:SHOWN]!r} otherwise than before")
    if any(before != [trimmed.kept[i] for i in after] for before, after in both):
        raise UserError("the tokenizer cannot be trimmed: it would cut a text that spells a special token otherwise")
