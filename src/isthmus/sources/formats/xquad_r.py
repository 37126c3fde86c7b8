"""XQuAD-R, the data of LAReQA: XQuAD's JSON with ``sentence_breaks`` beside each context, a file a language in one folder.

The questions are those of one file; the pool they are asked of is every sentence of every file of the folder, whichever
languages are there, with its paragraph around it. Right are the sentences that hold the answer in any language, joined by
the question's id (LAReQA, Roy et al. 2020, section 3.1; XTREME's utils_lareqa.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from isthmus.core.errors import DataError
from isthmus.core.files import existing, listing, read_text
from isthmus.sources.example import Question, Ranked
from isthmus.sources.format import Format
from isthmus.sources.formats import squad

SUFFIX = ".json"


def read(path: Path, _labels: Sequence[str] = ()) -> list[Ranked]:
    """Return the questions of a file; a candidate's id is ``LANGUAGE_PARAGRAPH_SENTENCE``, paragraphs counted from 1.

    Where the answers of any file of the folder were stripped, no question has matches.
    """
    pool: dict[str, tuple[str, str]] = {}
    right: defaultdict[str, list[str]] = defaultdict(list)
    bare = False
    own: Sequence[Question] = ()
    for file in parts(path):
        questions = {question.id: question for question in squad.read(file)}
        own = tuple(questions.values()) if file == path else own
        for number, (paragraph, spans) in enumerate(_paragraphs(file), 1):
            context = paragraph["context"]
            ids = [f"{_language(file)}_{number}_{i}" for i in range(len(spans))]
            pool.update(zip(ids, ((context[start:end], context) for start, end in spans), strict=True))
            for entry in paragraph["qas"]:
                answers = questions[entry["id"]].answers
                bare = bare or answers is None
                if answers:
                    sentence = _holder(file, entry["id"], context, spans, answers[0].start)
                    right[entry["id"]] += [id_ for id_ in ids if pool[id_][0] == sentence]
    return [Ranked(q.id, q.question, pool, None if bare else tuple(right[q.id])) for q in own]


def parts(path: Path) -> tuple[Path, ...]:
    """Return the files of all languages in the folder, in the order of their names: each gives candidates."""
    stems = {name.removesuffix(".gz").removesuffix(SUFFIX) for name in listing(path.parent) if _names_data(name)}
    return tuple(existing(path.parent / f"{stem}{SUFFIX}") for stem in sorted(stems))


def _names_data(name: str) -> bool:
    return name.removesuffix(".gz").endswith(SUFFIX) and not name.startswith(".")


def _language(file: Path) -> str:
    return file.name.removesuffix(".gz").removesuffix(SUFFIX)


def _paragraphs(file: Path) -> Iterator[tuple[dict[str, Any], list[tuple[int, int]]]]:
    """Yield the paragraphs of a file that reads as SQuAD's, and the (start, end) of their sentences."""
    for i, article in enumerate(json.loads(read_text(file))["data"]):
        for j, paragraph in enumerate(article["paragraphs"]):
            yield paragraph, _spans(file, f"data[{i}].paragraphs[{j}]", paragraph)


def _spans(file: Path, where: str, paragraph: dict[str, Any]) -> list[tuple[int, int]]:
    breaks = paragraph.get("sentence_breaks")
    if breaks is None:
        raise DataError(file, f"{where}: the key 'sentence_breaks' is missing; XQuAD-R has it, XQuAD itself does not")
    last, length = 0, len(paragraph["context"])
    if not isinstance(breaks, list) or not breaks:
        raise DataError(file, f"{where}: 'sentence_breaks' must be a list of [start, end], found {breaks!r:.60}")
    for span in breaks:
        if not (isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span)):
            raise DataError(file, f"{where}.sentence_breaks: expected [start, end] in characters, found {span!r:.60}")
        if not last <= span[0] < span[1] <= length:
            what = f"{span} does not lie in the {length} characters of the context behind the sentence before it"
            raise DataError(file, f"{where}.sentence_breaks: {what}")
        last = span[1]
    return [(start, end) for start, end in breaks]


def _holder(file: Path, id_: str, context: str, spans: Sequence[tuple[int, int]], place: int) -> str:
    """Return the sentence in which an answer begins; a few answers run on into the next one."""
    for start, end in spans:
        if start <= place < end:
            return context[start:end]
    raise DataError(file, f"question {id_!r}: the answer at character {place} begins in none of its context's sentences")


# A paragraph has some five sentences, and each is a candidate that is read with all of it.
FORMAT = Format(read, parts, mark=b'"question"', again=5.0)
