"""Targets that compare sentence vectors and train nothing: what cannot be asked of them, and what their settings say."""

from __future__ import annotations

from typing import Any

from isthmus.core.errors import StudyError
from isthmus.study.spec import Target
from isthmus.tasks.task import Task

SIMILARITY = {"retrieval": "cosine", "mining": "ratio"}  # where a study names none: as jiant and XTREME compare
NEIGHBOURS = 4
KEYS = ("layer", "chosen_on", "similarity", "neighbours", "search")  # of a target, that no other kind of task has


def refuse_contradictions(target: Target, task: Task, key: str) -> None:
    """Raise StudyError where a retrieval or mining target lacks its layer or names what changes nothing."""
    for name in ("train", "train_examples"):
        if getattr(target, name) is not None:
            raise StudyError(f"{task.name} is {task.kind}, which trains nothing", key=f"{key}.{name}")
    if target.head != "new":
        raise StudyError(f"{task.name} is {task.kind}, which has no head", key=f"{key}.head")
    if target.layer is None:
        raise StudyError(f"{task.name} needs layer, the hidden state whose vectors are compared", key=key)
    if task.kind == "mining" and target.chosen_on is not None:
        what = f"{task.name} is mining, which chooses its layer on the development data of each language"
        raise StudyError(what, key=f"{key}.chosen_on")
    if task.kind != "mining" and target.search is not None:
        raise StudyError(f"{task.name} is {task.kind}, whose search is always exact", key=f"{key}.search")
    if task.kind != "mining" and target.layer == "chosen" and target.chosen_on is None:
        what = "layer: chosen needs chosen_on, the language whose score chooses the layer for every other"
        raise StudyError(what, key=f"{key}.layer")
    if target.neighbours is not None and _similarity(target, task) == "cosine":
        raise StudyError("neighbours changes nothing where the similarity is cosine", key=f"{key}.neighbours")


def settings_of(target: Target, task: Task) -> dict[str, Any]:
    """Return what the settings of a predict step say of how vectors are compared.

    Retrieval by cosine says nothing of its similarity, for its ids are older than the key.
    """
    settings: dict[str, Any] = {"layer": target.layer, "pooling": target.pooling}
    similarity = _similarity(target, task)
    if similarity != "cosine":
        settings |= {"similarity": similarity, "neighbours": target.neighbours or NEIGHBOURS}
    elif task.kind == "mining":
        settings |= {"similarity": similarity}
    return settings | ({"search": target.search} if target.search else {})


def _similarity(target: Target, task: Task) -> str:
    return target.similarity or SIMILARITY[task.kind]
