"""Mewsli-X: mentions of entities in news, and a million descriptions of entities, one of which is the mentioned one's.

Mentions are JSON lines, ``{"context": {"language", "text", "sentence_spans"}, "mentions": [{"example_id", "mention_span",
"entity_id"}]}``: a file a language as XTREME splits them, or all languages in one file as they are released. Descriptions
are in ``candidate_set_entities.jsonl``, beside them or a folder above. XTREME blanks the ``entity_id`` of the test split;
a file ``wikinews_labels/SPLIT-LANGUAGE.json``, ``{example_id: [entity_id]}``, may give it back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from isthmus.core.errors import DataError, nearest
from isthmus.core.files import existing, find, read_text
from isthmus.sources.example import Ranked
from isthmus.sources.format import Format
from isthmus.sources.formats._entities import description, query
from isthmus.sources.json_lines import Record, read_records

ENTITIES = "candidate_set_entities.jsonl"
LABELS = "wikinews_labels"


def read(path: Path, _labels: Sequence[str], language: str) -> list[Ranked]:
    """Return the mentions of one language in a file; all have matches or none has."""
    pool = _pool(*_state(_entities(path)))
    given = _given(path)
    found: list[tuple[Ranked, Record]] = []
    for record in read_records(path):
        context = record.record("context")
        if context.text("language") != language:
            continue
        for mention in record.records("mentions"):
            id_ = mention.text("example_id")
            gold = mention.item("entity_id", str) or given.get(id_, "")
            if gold and gold not in pool:
                raise mention.fault(f"{ENTITIES} holds no {gold!r}, the entity of {id_!r}")
            found.append((Ranked(id_, query(context, mention), pool, (gold,) if gold else None), record))
    if not found:
        raise DataError(path, f"no mention in {language!r}; {nearest(language, _languages(path))}")
    return _checked(found)


def _checked(found: Sequence[tuple[Ranked, Record]]) -> list[Ranked]:
    bare = found[0][0].matches is None
    seen: set[str] = set()
    for mention, record in found:
        if (mention.matches is None) != bare:
            has, first = ("an", "no") if bare else ("no", "an")
            raise record.fault(f"{mention.id!r} has {has} entity, in a language whose first mention has {first} entity")
        if mention.id in seen:
            raise record.fault(f"the example_id {mention.id!r} stands here a second time")
        seen.add(mention.id)
    return [mention for mention, _ in found]


def _languages(path: Path) -> set[str]:
    return {record.record("context").text("language") for record in read_records(path)}


def parts(path: Path) -> tuple[Path, ...]:
    """Return the file of mentions, that of the entities and, where there is one, that of the labels."""
    labels = _labels_file(path)
    return (path, _entities(path), *([labels] if labels else []))


def _entities(path: Path) -> Path:
    """Return the file of the entities, beside the mentions or in the folder above."""
    return find(path.parent / ENTITIES) or existing(path.parent.parent / ENTITIES)


def _labels_file(path: Path) -> Path | None:
    stem = path.name.removesuffix(".gz").removesuffix(".jsonl")
    return find(path.parent.parent / LABELS / f"{stem}.json")


def _given(path: Path) -> dict[str, str]:
    """Return {example_id: entity_id} of the file of labels; nothing where there is none, or its labels were blanked."""
    labels = _labels_file(path)
    if labels is None:
        return {}
    try:
        tree = json.loads(read_text(labels))
    except json.JSONDecodeError as error:
        raise DataError(labels, f"not JSON ({error.msg}, column {error.colno})", error.lineno) from None
    if not isinstance(tree, dict):
        raise DataError(labels, f"expected an object of {{example_id: [entity_id]}}, found {type(tree).__name__}")
    for id_, entities in tree.items():
        if not (isinstance(entities, list) and len(entities) == 1 and isinstance(entities[0], str)):
            raise DataError(labels, f"{id_!r}: expected a list of one entity_id, found {entities!r:.60}")
    return {id_: entities[0].strip() for id_, entities in tree.items()}


def _state(path: Path) -> tuple[Path, int, int]:
    status = path.stat()
    return path, status.st_mtime_ns, status.st_size


@lru_cache(maxsize=1)  # eleven languages of one pool, a gigabyte in memory, read it once
def _pool(path: Path, _changed: int, _size: int) -> Mapping[str, tuple[str, str]]:
    pool: dict[str, tuple[str, str]] = {}
    for record in read_records(path):
        id_ = record.text("entity_id")
        if id_ in pool:
            raise record.fault(f"the entity_id {id_!r} stands here a second time")
        pool[id_] = (description(record), "")
    return pool


FORMAT = Format(read, parts, by_language=True)
