"""Runs the model of this folder; needs onnxruntime, tokenizers and numpy, and nothing else.

    model = Model()
    model.predict([{"first": "One text.", "second": "Another one, or leave it out."}])     a label each
    model.predict([{"words": ["One", "sentence", "."]}])                                   a tag for each word
    model.predict([{"question": "Where?", "context": "A text that says it."}])             a piece of the context
    model.predict([{"context": "He was cold", "endings": ["so he ...", "and yet ..."]}])   the number of an ending, from 0

Which of these it reads, labels.json says (``kind``). What is longer than a window is read in several, and no answer is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import category

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MUST = {"classification": ["first"], "tagging": ["words"], "span": ["question", "context"], "choice": ["context", "endings"]}
MAY = {"classification": ["second"], "choice": ["question"]}  # be left out
LISTS = ("words", "endings")  # are lists of texts; all else is a text
WORD_MARKS = "▁Ġ"  # a piece of nothing but these says nothing of its word
MARKS = {"Mn", "Mc", "Me", "Cf"}  # characters, by Unicode category, that a tokenizer may leave out
LONGEST_ANSWER, CANDIDATES = 30, 20  # sub-words of an answer; starts and ends that are looked at
Framed = tuple[list[int], list[int]]  # the sub-words of a window and the number of the text that each belongs to


class Model:
    """The model of a folder, and what it reads and answers."""

    def __init__(self, folder: str | Path = Path(__file__).parent, threads: int = 0) -> None:
        """Load a folder; ``threads`` are those of one prediction, 0 for all cores."""
        self.facts = json.loads((Path(folder) / "labels.json").read_text(encoding="utf-8"))
        self.labels: list[str] = self.facts["labels"]
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.tokenizer.encode_special_tokens = True  # a text that spells </s> frames nothing by it
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors alone
        graph = str(Path(folder) / "model.onnx")
        self.session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self.inputs = [one.name for one in self.session.get_inputs()]
        self.room: int = self.facts["max_length"] - sum(len(self.facts["frame"][k]) for k in ("before", "between", "after"))

    def predict(self, examples: Sequence[Mapping[str, Any]], batch: int = 1) -> list[Any]:
        """Return one prediction an example; ``batch`` windows are computed at a time.

        Raises ValueError, naming the example, for one that is not of the form that the top of this file shows.
        """
        kind = self.facts["kind"]
        for number, example in enumerate(examples):
            if fault := _fault(kind, example):
                raise ValueError(f"example {number}: expected {' and '.join(MUST[kind])}, {fault}; found {example!r}")
        read: dict[str, Any] = {
            "classification": self._classify,
            "tagging": self._tag,
            "span": self._answer,
            "choice": self._choose,
        }
        return read[kind](examples, batch) if len(examples) else []

    def _classify(self, examples: Sequence[Mapping[str, Any]], batch: int) -> list[str]:
        """Return the label with the highest mean log-probability over the windows of each example."""
        windows: list[Framed] = []
        owners: list[int] = []
        first_ids = self._ids([e["first"] for e in examples])
        second_ids = self._ids([e.get("second") or "" for e in examples])
        for number, pair in enumerate(zip(first_ids, second_ids, strict=True)):
            alone = examples[number].get("second") is None
            own = [self._framed(a, None if alone else b) for a, b in self._pairs(*pair)]
            windows += own
            owners += [number] * len(own)
        logits = np.array(self._logits(windows, batch), np.float64)
        logits -= logits.max(-1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(-1, keepdims=True))
        totals = np.zeros((len(examples), len(self.labels)))
        np.add.at(totals, owners, logits)
        return [self.labels[best] for best in (totals / np.bincount(owners)[:, None]).argmax(-1)]

    def _pairs(self, first: list[int], second: list[int]) -> list[tuple[list[int], list[int]]]:
        """Return the two texts where they fit, else every pairing of their windows."""
        if len(first) + len(second) <= self.room:
            return [(first, second)]
        short = min(len(first), len(second), self.room // 2)
        rooms = (short, self.room - short) if len(first) <= len(second) else (self.room - short, short)
        sized = zip((first, second), rooms, strict=True)
        cut = [[text[s:e] for s, e in self._cuts(len(text), room)] if text else [text] for text, room in sized]
        return [(a, b) for a in cut[0] for b in cut[1]]

    def _choose(self, examples: Sequence[Mapping[str, Any]], batch: int) -> list[int]:
        """Return the number of the best ending; a context that is too long loses its beginning."""
        contexts = self._ids([f"{e['context']} {e.get('question') or ''}".strip() for e in examples])
        endings = iter(self._ids([ending for e in examples for ending in e["endings"]]))
        windows: list[Framed] = []
        for example, context in zip(examples, contexts, strict=True):
            for _ in example["endings"]:
                ending = next(endings)[: self.room]
                windows.append(self._framed(context[max(0, len(context) + len(ending) - self.room) :], ending))
        scores = iter(self._logits(windows, batch))
        return [int(np.argmax([float(next(scores)) for _ in e["endings"]])) for e in examples]

    def _tag(self, examples: Sequence[Mapping[str, Any]], batch: int) -> list[list[str]]:
        """Return one tag a word, from the window in which it stands farthest from an edge."""
        windows: list[Framed] = []
        places: list[tuple[int, int, int, int]] = []
        encoded = self.tokenizer.encode_batch(
            [list(e["words"]) for e in examples], is_pretokenized=True, add_special_tokens=False
        )
        for number, (example, pieces) in enumerate(zip(examples, encoded, strict=True)):
            words = self._words(len(example["words"]), pieces)
            for start, end, first, last in self._word_windows([len(own) for own, _ in words]):
                body: list[int] = []
                for word, (own, lead) in enumerate(words[start:end], start):
                    if first <= word < last:
                        places.append((len(windows), number, word, len(self.facts["frame"]["before"]) + len(body) + lead))
                    body += own
                windows.append(self._framed(body))
        logits = self._logits(windows, batch)
        tags: list[list[str]] = [[""] * len(e["words"]) for e in examples]
        for window, number, word, position in places:
            tags[number][word] = self.labels[int(logits[window][position].argmax())]
        return tags

    def _words(self, size: int, pieces: Any) -> list[tuple[list[int], int]]:
        """Return the sub-words of each word and which of them bears the tag; unknown where the tokenizer left nothing."""
        ids: list[list[int]] = [[] for _ in range(size)]
        leads: list[int | None] = [None] * size
        for piece, text, word in zip(pieces.ids, pieces.tokens, pieces.word_ids, strict=True):
            if leads[word] is None and text.strip(WORD_MARKS):
                leads[word] = len(ids[word])
            ids[word].append(piece)
        unknown = [self.facts["unknown"]]
        found = zip(ids, leads, strict=True)
        return [(own[: self.room] or unknown, lead if lead and lead < self.room else 0) for own, lead in found]

    def _word_windows(self, sizes: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
        """Yield (start, end, first, last): a window holds words start..end and answers for words first..last."""
        spans, start = [], 0
        while True:
            end, used = start, 0
            while end < len(sizes) and used + sizes[end] <= self.room:
                used += sizes[end]
                end += 1
            spans.append((start, end))
            if end == len(sizes):
                break
            back, shared = end, 0
            while back > start + 1 and shared + sizes[back - 1] <= self.facts["stride"]:
                back -= 1
                shared += sizes[back]
            start = back
        borders = [0, *((end + begin + 1) // 2 for (_, end), (begin, _) in pairwise(spans)), len(sizes)]
        yield from ((*span, *own) for span, own in zip(spans, pairwise(borders), strict=True) if own[0] < own[1])

    def _answer(self, examples: Sequence[Mapping[str, Any]], batch: int) -> list[str]:
        """Return the best piece of each context, found in overlapping windows."""
        windows, places = [], []
        frame = self.facts["frame"]
        longest = self.facts["max_length"] // 2 - (self.facts["max_length"] - self.room)
        contexts = self.tokenizer.encode_batch([e["context"] for e in examples], add_special_tokens=False)
        questions = self._ids([e["question"] for e in examples])
        for number, (asked, context) in enumerate(zip(questions, contexts, strict=True)):
            question = asked[:longest]
            offsets = _places(examples[number]["context"], context.offsets)
            for start, end in self._cuts(len(context.ids), self.room - len(question)):
                places.append((number, len(frame["before"]) + len(question) + len(frame["between"]), offsets[start:end]))
                windows.append(self._framed(question, context.ids[start:end]))
        best = [(-np.inf, "")] * len(examples)
        for (number, first, offsets), logits in zip(places, self._logits(windows, batch), strict=True):
            if offsets:
                score, start, end = _best(logits[first : first + len(offsets)])
                if score > best[number][0]:
                    best[number] = (score, examples[number]["context"][offsets[start][0] : offsets[end][1]])
        return [text for _, text in best]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in self.tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def _framed(self, first: Sequence[int], second: Sequence[int] | None = None) -> Framed:
        """Return a window of one text or two, with the special sub-words before, between and after."""
        frame = self.facts["frame"]
        if second is None:
            head, tail = [*frame["before"], *first, *frame["after_one"]], []
        else:
            head, tail = [*frame["before"], *first, *frame["between"]], [*second, *frame["after"]]
        return head + tail, [0] * len(head) + [frame["second_type"]] * len(tail)

    def _cuts(self, length: int, room: int) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of windows of at most ``room`` sub-words that share the stride, or half of a small room."""
        start = 0
        while True:
            end = min(start + room, length)
            yield start, end
            if end == length:
                return
            start = end - min(self.facts["stride"], room // 2)

    def _logits(self, windows: Sequence[Framed], batch: int) -> list[Any]:
        """Return what the network says of each window, computed in batches of like lengths."""
        found: list[Any] = [None] * len(windows)
        order = sorted(range(len(windows)), key=lambda number: len(windows[number][0]))
        for begin in range(0, len(order), batch):
            chosen = order[begin : begin + batch]
            shape = len(chosen), len(windows[chosen[-1]][0])
            feed = {name: np.zeros(shape, np.int64) for name in ("attention_mask", "token_type_ids")}
            feed["input_ids"] = np.full(shape, self.facts["padding"], np.int64)
            for row, number in enumerate(chosen):
                ids, types = windows[number]
                feed["input_ids"][row, : len(ids)] = ids
                feed["token_type_ids"][row, : len(ids)] = types
                feed["attention_mask"][row, : len(ids)] = 1
            logits = self.session.run(None, {name: feed[name] for name in self.inputs})[0]
            for row, number in enumerate(chosen):
                found[number] = logits[row]
        return found


def _fault(kind: str, example: Any) -> str:
    """Say what is wrong with the form of an example, nothing where it is right."""
    if not isinstance(example, Mapping):
        return "by name"
    for field in (*MUST[kind], *MAY.get(kind, [])):
        value, listed = example.get(field), field in LISTS
        texts = value if listed else [value]
        sound = isinstance(texts, list | tuple) and all(isinstance(one, str) for one in texts)
        left_out = value is None and field not in MUST[kind]
        if not left_out and not (sound and (texts or field != "endings")):
            return f"{field} {'a list of texts' if listed else 'a text'}"
    return ""


def _best(logits: Any) -> tuple[float, int, int]:
    """Return (score, first, last) of the best span among the sub-words of a window's context."""
    starts = np.argsort(-logits[:, 0], kind="stable")[:CANDIDATES]
    ends = np.argsort(-logits[:, 1], kind="stable")[:CANDIDATES]
    length = ends[None, :] - starts[:, None]
    score = logits[starts, 0][:, None] + logits[ends, 1][None, :]
    score = np.where((length < 0) | (length >= LONGEST_ANSWER), -np.inf, score)
    if np.isinf(score).all():
        best = int(logits.sum(-1).argmax())
        return float(logits[best].sum()), best, best
    row, column = divmod(int(score.argmax()), score.shape[1])
    return float(score[row, column]), int(starts[row]), int(ends[column])


def _places(text: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the characters of each sub-word, without white space and with the marks that were left out behind it."""
    found = []
    for (start, end), until in zip(offsets, [*(begin for begin, _ in offsets), len(text)][1:], strict=True):
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        while start < end < until and category(text[end]) in MARKS:
            end += 1
        found.append((start, end))
    return found
