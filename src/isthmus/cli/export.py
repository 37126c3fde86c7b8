"""`isthmus export`: a trained model as a small folder that can be deployed, if no language loses too much by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.progress import Progress

from isthmus.cli.checkpoint import (
    Checkpoint,
    Chosen,
    OfArm,
    OfData,
    OfModel,
    OfSeed,
    OfTarget,
    OfTask,
    Wanted,
    choose,
)
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder
from isthmus.cli.printing import console, grid, print_json, say, size
from isthmus.core.errors import CorruptArtifact, DataError, SetupError
from isthmus.store.manifest import Manifest
from isthmus.store.store import Store
from isthmus.world.source import World

if TYPE_CHECKING:
    from isthmus.efficiency.exported import Exported

Tell = Callable[[str, int, int], None]
STAGES = {"train": "trained", "language_model": "trained", "variant": "changed", "pretrain": "pretrained", "model": "began"}


def export(
    checkpoint: Checkpoint,
    languages: Annotated[str, typer.Option(metavar="en,de", help="What it is to read; the vocabulary is trimmed to these.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="The directory to write; it must be new or empty.")],
    task: OfTask = None,
    data: OfData = None,
    onnx: Annotated[bool, typer.Option("--onnx/--no-onnx", help="For ONNX Runtime with a reader, or for torch.")] = True,
    int8: Annotated[bool, typer.Option("--int8", help="Weights of 8 bits; goes with --onnx.")] = False,
    max_loss: Annotated[
        float, typer.Option(metavar="POINTS", help="What a language may lose of the official figure, 0 to 100.")
    ] = 1.0,
    examples: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Score the first N of each language.", show_default="all")
    ] = None,
    split: Annotated[
        Literal["test", "dev"] | None, typer.Option(help="What is scored.", show_default="test, else dev")
    ] = None,
    keep: Annotated[
        Literal["characters", "seen"],
        typer.Option(help="Keep every piece of the characters of the task's text in these languages, or those it has."),
    ] = "characters",
    arm: OfArm = None,
    target: OfTarget = None,
    seed: OfSeed = None,
    model: OfModel = None,
    variant: Annotated[str, typer.Option(metavar="NAME", help="Of a study: which variant.", show_default="the model")] = "",
    threads: Annotated[int, typer.Option(min=1, help="Threads that answer as latency is measured.")] = 1,
    store: StoreFolder = DEFAULT_STORE,
    json: AsJson = False,
) -> None:
    """Write a trained model as a small folder that runs with onnxruntime, tokenizers and numpy alone.

    The vocabulary is trimmed to the languages. Checkpoint and folder are scored with the task's official figure on its own
    data; where a language loses more than --max-loss, nothing is written, and the command ends in 1. The folder holds the
    model, tokenizer.json, labels.json, a model card (README.md), a reader (predict.py) and example.py, which runs it.

    \b
    isthmus export study.yaml --arm nli --target xnli --languages en,de --out small
    isthmus export study.yaml --target xnli --languages en,de --int8 --max-loss 0.5 --out small
    isthmus export my-model --task xnli --data data --languages sw --examples 500 --no-onnx --out small
    """
    wanted = Wanted(task=task, data=data, arm=arm, target=target, seed=seed, model=model, variant=variant)
    chosen = choose(checkpoint, store, wanted)
    if split:
        chosen = replace(chosen, splits=(split,))
    asked = _languages(languages)
    with _shown(silent=json) as tell:
        tell("reading the data", 0, 1)
        scored = {language: chosen.examples(language, examples) for language in asked}
        there = chosen.languages()

        from isthmus.efficiency.deployable import texts_of
        from isthmus.efficiency.export import export as write
        from isthmus.efficiency.exported import Asked

        texts = {language: [text for one in _read(chosen, language) for text in texts_of(one)] for language in asked}
        found = write(
            Asked(
                chosen.name, chosen.folder, chosen.head, chosen.family, chosen.task, chosen.labels, scored, texts,
                {language: there[language] for language in asked}, chosen.max_length, chosen.stride, chosen.precision,
                keep, onnx, int8, max_loss, threads, *_made(chosen), isinstance(chosen.source, World),
            ),
            out, tell,
        )  # fmt: skip
    if json:
        print_json(_document(found))
    else:
        _print(found)
    if found.too_much:
        raise typer.Exit(1)


def _languages(given: str) -> list[str]:
    """Return the languages of a list with commas; raises SetupError for one that names none."""
    found = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    if not found:
        raise SetupError(f"--languages: found {given!r}; expected languages with commas between them, as en,de")
    return found


def _read(chosen: Chosen, language: str) -> Iterator[Any]:
    """Yield every example that the task's data have in a language, whatever its split; faulty ones were told before."""
    files = chosen.task.files
    for split in ("test", "dev"):
        if language in chosen.source.languages(files, split):
            yield from chosen.source.read(files, language, split, chosen.task.labels)
    if language == chosen.language:
        with suppress(DataError):
            yield from chosen.training()


def _made(chosen: Chosen) -> tuple[list[tuple[str, str]], str]:
    """Return what is known of the making of a checkpoint, (what, said), and the name of the model it began with."""
    told = [("checkpoint", f"{chosen.name}{f' ({chosen.step[:12]})' if chosen.step else ''}")]
    told += [(what, str(said)) for what in ("arm", "model", "variant", "seed") if (said := getattr(chosen, what))]
    base = ""
    for manifest in _before(chosen):
        settings = manifest.payload["settings"]
        if manifest.payload["kind"] == "model" and settings.get("origin") == "hub":
            base = settings["name"]
            told.append(("base model", f"{base} at {settings.get('revision') or 'its newest revision'}"))
        else:
            what = STAGES.get(manifest.payload["kind"], manifest.payload["kind"])
            seed = f", seed {settings['seed']}" if "seed" in settings else ""
            told.append((what, f"{manifest.name} ({manifest.id[:12]}{seed})"))
    return told, base


def _before(chosen: Chosen) -> Iterator[Manifest]:
    """Yield the manifests of a checkpoint of the store and of all it was made from, the latest first, as far as they go."""
    if not chosen.step:
        return
    store, id_ = Store(chosen.folder.parents[2]), chosen.step
    while id_ and store.has(id_):
        try:
            manifest = store.manifest(id_)
        except CorruptArtifact:
            return
        yield manifest
        id_ = manifest.payload["inputs"].get("model", "")


@contextmanager
def _shown(*, silent: bool) -> Iterator[Tell]:
    """Give what shows how far it is: a bar for each phase on a terminal, a line for each elsewhere, nothing for JSON."""
    to = console(messages=True)
    if silent:
        yield lambda *_: None
    elif to.is_terminal:
        with Progress(console=to, transient=True) as progress:
            bars: dict[str, Any] = {}

            def draw(what: str, done: int, total: int) -> None:
                if what not in bars:
                    bars[what] = progress.add_task(what)
                progress.update(bars[what], completed=done, total=total)

            yield draw
    else:
        seen: set[str] = set()

        def line(what: str, *_: int) -> None:
            if what not in seen:
                seen.add(what)
                say(what)

        yield line


def _print(found: Exported) -> None:
    rows = [
        [language, f"{one.examples:,}", f"{one.before:.2f}", f"{one.after:.2f}", f"{one.loss:+.2f}", f"{one.same:.1%}",
         "too much" if language in found.too_much else ""]
        for language, one in found.languages.items()
    ]  # fmt: skip
    to = console()
    to.print(grid(["language", "examples", f"{found.metric} before", "after", "loss", "answered alike", ""], rows))
    times = f"{1e3 * found.latency.before:.2f} ms before, {1e3 * found.latency.after:.2f} ms after"
    to.print(f"on disk: {size(found.bytes_before)} before, {size(found.bytes_after)} after; median latency: {times}")
    if found.latency.noise.noisy:
        to.print(f"the machine was NOISY, so doubt the latency: {'; '.join(found.latency.noise.why)}", style="yellow")
    if found.written:
        runs = f"; python {found.written / 'example.py'} runs it" if (found.written / "example.py").exists() else ""
        to.print(f"written to {found.written}, with its model card, README.md{runs}")
    else:
        lost = ", ".join(found.too_much)
        say(f"nothing was written: {lost} would lose more than --max-loss {found.max_loss:g} points", style="red")


def _document(found: Exported) -> dict[str, Any]:
    return {
        "written": str(found.written) if found.written else None,
        "metric": found.metric,
        "max_loss": found.max_loss,
        "languages": {
            language: {
                "examples": one.examples, "before": one.before, "after": one.after, "loss": one.loss, "same": one.same,
                "too_much": language in found.too_much,
            }
            for language, one in found.languages.items()
        },
        "bytes": {"before": found.bytes_before, "after": found.bytes_after},
        "p50_seconds": {"before": found.latency.before, "after": found.latency.after, "queries": found.latency.queries},
        "noise": list(found.latency.noise.why),
        "changes": [dict(change) for change in found.changes],
    }  # fmt: skip
