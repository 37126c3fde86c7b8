"""Fine-tune an encoder: on one task (an intermediate stage, or a target) or on the streams of a mix (a stage)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isthmus.core.errors import UserError
from isthmus.evaluation.score import score_predictions
from isthmus.execution.context import Context
from isthmus.execution.data import raw_text, read_data, read_training
from isthmus.execution.session import session_of
from isthmus.study.rates import language_rates_from, rates_from
from isthmus.study.spec import Recipe
from isthmus.tasks.task import RAW, labels_of, load_kind

if TYPE_CHECKING:
    from isthmus.models.task_model import TaskModel
    from isthmus.training.languages import Spoken
    from isthmus.training.multitask import Labelled
    from isthmus.training.raw import Raw


def run(context: Context) -> None:
    """Write ``encoder/``, the head of a single task, and ``training.json`` (losses, scores, the fate of each head)."""
    _refuse_updates(context.inputs["model"])
    record = _mix(context) if "streams" in context.step.settings else _task(context)
    (context.output / "training.json").write_text(json.dumps(record), encoding="utf-8")


def _task(context: Context) -> dict[str, Any]:
    """Train on one task; development scores serve early stopping."""
    from isthmus.evaluation.predict import predict
    from isthmus.models.family import load_family
    from isthmus.models.trained import ENCODER, head_folder, head_labels, save_task_model
    from isthmus.training.fine_tune import encoding_for, fine_tune

    settings, places = context.step.settings, context.step.places
    recipe = Recipe(**settings["recipe"])
    kind = load_kind(settings["kind"])
    examples, spoken = _examples(settings, context)
    labels = settings["labels"] or labels_of(kind, examples)
    source, carried = context.inputs["model"], settings.get("carried")
    head = None
    if carried is not None:
        head = head_folder(source, carried["stream"])
        labels = head_labels(head)
    dev = None
    if settings["dev"] and recipe.early_stopping:
        dev = read_data(settings["dev"], places, recipe.early_stopping.examples)

    def dev_score(model: TaskModel) -> float:
        cut = encoding_for(model.network, recipe.max_length, recipe.stride)
        found = predict(model, dev or [], labels, cut, recipe.precision, lambda *_: None)
        gold, main = [kind.gold(e) for e in dev or []], settings["main"]
        scores = score_predictions(settings["metrics"], main, gold, found, language=settings["dev"]["language"])
        return float(scores["values"][main])

    tuned = fine_tune(
        load_family(settings["family"]), source / ENCODER, settings["kind"], labels, examples, recipe, settings["seed"],
        session_of(context), dev_score if dev else None, head, spoken, settings.get("lora"),
    )  # fmt: skip
    save_task_model(tuned.model, context.output, settings["kind"], labels)
    return {
        "steps": tuned.place.step,
        "planned_steps": tuned.steps,
        "tokens": tuned.place.tokens,
        "losses": tuned.place.losses,
        "dev_scores": tuned.place.scores,
        "collapses": tuned.collapses,
        "heads": {
            settings["kind"]: f"carried from {carried['task']}" if carried else "new",
            **({} if carried or not _headed(source) else {"of the stage before": "dropped"}),
        },
        **({"language_rates": tuned.languages} if tuned.languages else {}),
        **({"lora": {**settings["lora"], **_trained(tuned.model)}} if "lora" in settings else {}),
    }


def _trained(model: TaskModel) -> dict[str, int]:
    """Return how many weights were trained, and how many there are."""
    weights = list(model.parameters())
    return {"trained": sum(w.numel() for w in weights if w.requires_grad), "weights": sum(w.numel() for w in weights)}


def _refuse_updates(folder: Path) -> None:
    """Raise UserError where a model has low-rank updates beside its encoder: trained alone, it would lose them."""
    from isthmus.models.lora import ADAPTER

    if (folder / ADAPTER).exists():
        raise UserError(f"{folder}: found a model with low-rank updates; expected one they are folded into (merge: true)")


def _headed(folder: Path) -> bool:
    from isthmus.models.trained import HEAD, HEADS

    return (folder / HEAD).exists() or (folder / HEADS).exists()


def _mix(context: Context) -> dict[str, Any]:
    """Train on the streams of a mix."""
    from isthmus.models.family import load_family
    from isthmus.models.trained import ENCODER
    from isthmus.training.multitask import train_together

    settings, source = context.step.settings, context.inputs["model"]
    recipe = Recipe(**settings["recipe"])
    mixed = train_together(
        load_family(settings["family"]), source / ENCODER, {s["name"]: _member(s, context) for s in settings["streams"]},
        rates_from(settings["rates"]), recipe, settings["seed"], session_of(context),
    )  # fmt: skip
    mixed.save(context.output)
    languages = {s["name"]: s["language_rates"] for s in settings["streams"] if s["kind"] in RAW and "language_rates" in s}
    languages |= mixed.languages
    heads = {s["name"]: "new, kept" for s in settings["streams"] if s["kind"] not in RAW}
    heads |= {"vocabulary": f"{mixed.fate}, kept"} if mixed.fate else {}
    return {
        "steps": mixed.place.step,
        "planned_steps": recipe.steps,
        "tokens": mixed.place.tokens,
        "losses": mixed.place.losses,
        "losses_by_stream": mixed.place.by_stream,
        "rates": mixed.course.mean(),
        **({"schedule": mixed.course.changes} if mixed.course.changes else {}),
        **({"language_rates": languages} if languages else {}),
        "steps_by_stream": mixed.steps,
        "collapses": mixed.collapses,
        "heads": heads | ({"of the stage before": "dropped"} if _headed(source) else {}),
    }


def _member(stream: dict[str, Any], context: Context) -> Labelled | Raw:
    """Read the data of one stream of a mix."""
    from isthmus.training.multitask import Labelled
    from isthmus.training.raw import Raw

    settings = context.step.settings
    if stream["kind"] in RAW:
        text = raw_text(stream["data"], context.step.places, settings.get("train_examples"))
        return Raw(text, settings["mask"], settings["alpha"], stream.get("language_rates", {}), stream.get("pivot"))
    examples, spoken = _examples(stream, context)
    return Labelled(stream["kind"], stream["labels"] or labels_of(load_kind(stream["kind"]), examples), examples, spoken)


def _examples(asked: Mapping[str, Any], context: Context) -> tuple[list[Any], Spoken | None]:
    """Return the training examples of all languages, and how often each language is drawn where it has a rate."""
    from isthmus.training.languages import Spoken

    few = context.step.settings.get("train_examples")
    places, inputs = context.step.places, context.inputs
    found = {record["language"]: read_training(record, places, inputs, few) for record in asked["data"]}
    rates = asked.get("language_rates")
    spoken = Spoken({name: len(own) for name, own in found.items()}, language_rates_from(rates)) if rates else None
    return [example for own in found.values() for example in own], spoken
