"""Translate training examples of one task into one language, with their answers."""

from __future__ import annotations

import json
from pathlib import Path

from isthmus.core.errors import DataError
from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_data
from isthmus.plan.translating import FILES, folder_digest
from isthmus.study.place import HUB


def run(context: Context) -> None:
    """Write ``examples.jsonl`` and ``translation.json``, the counts of what was kept and dropped."""
    from isthmus.translation.translate import Desk, translate
    from isthmus.translation.translator import Order
    from isthmus.translation.written import EXAMPLES, TRANSLATION, write_examples

    settings, places = context.step.settings, context.step.places
    data, translator, where = settings["data"], settings["translator"], places["translator"]
    examples = read_data(data, places, settings.get("max_examples"))
    folders = {name: Path(where[name]) for name in FILES if name in where}
    for name, folder in folders.items():
        if folder_digest(folder) != translator[FILES[name]]:
            raise DataError(folder, "this directory changed since this run was planned; run again")
    order = Order(
        settings=translator,
        task=data["task"],
        split=data["split"],
        source=data["language"],
        target=settings["language"],
        root=None if places["data"] == HUB else Path(places["data"]),
        folders=folders,
        batch=where.get("batch", 1),
    )

    def report(done: int, total: int) -> None:
        context.report(Progress(done, total, "texts", phase=settings["language"]))

    found = translate(order, examples, Desk(context.work, report, context.stopping))
    write_examples(context.output / EXAMPLES, found.examples)
    (context.output / TRANSLATION).write_text(json.dumps(found.counts), encoding="utf-8")
