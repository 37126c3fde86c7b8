"""Mewsli-X's pairs to train on: a mention in an English Wikipedia page, and the entity it means, one pair a JSON line.

``{"contextual_mention": {"context": ..., "mention": ...}, "entity": ...}``, each part as in the files of ``mewslix``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from isthmus.sources.example import Ranked
from isthmus.sources.format import Format
from isthmus.sources.formats._entities import description, query
from isthmus.sources.json_lines import read_records


def read(path: Path, _labels: Sequence[str] = ()) -> list[Ranked]:
    """Return the mentions of a file; the pool is the entities of the file, each by the description it has first."""
    pool: dict[str, tuple[str, str]] = {}
    found: dict[str, Ranked] = {}
    for record in read_records(path):
        entity, pair = record.record("entity"), record.record("contextual_mention")
        mention = pair.record("mention")
        id_, gold = mention.text("example_id"), entity.text("entity_id")
        if mention.text("entity_id") != gold:
            raise mention.fault(f"{id_!r} means {mention.text('entity_id')!r}, but the entity beside it is {gold!r}")
        if id_ in found:
            raise mention.fault(f"the example_id {id_!r} stands here a second time")
        pool.setdefault(gold, (description(entity), ""))
        found[id_] = Ranked(id_, query(pair.record("context"), mention), pool, (gold,))
    return list(found.values())


FORMAT = Format(read)
