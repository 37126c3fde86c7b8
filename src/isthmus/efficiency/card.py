"""The model card of an exported folder, in the format of the Hugging Face hub: facts on top as YAML, then a page of words.

The keys are those of the hub's documentation of model cards, ``model-index`` included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from isthmus.analysis.languages import languages as natural_languages
from isthmus.efficiency.exported import Asked, Exported

PIPELINES = {
    "classification": "text-classification",
    "tagging": "token-classification",
    "span": "question-answering",
    "choice": "multiple-choice",
}
HEADS = {
    "classification": "`dense`, tanh and `out` on the hidden state of the first sub-word give the logits of the labels",
    "tagging": "`out` on the hidden state of the first sub-word of each word gives the logits of the tags",
    "span": "`out` on every hidden state gives the logits of the first and of the last sub-word of the answer",
    "choice": "`score` (dense, tanh, out) on the hidden state of the first sub-word gives the score of one ending",
}
WORDS = {
    "vocabulary": "vocabulary trimmed to the languages",
    "merge": "low-rank updates folded in",
    "layers": "top layers left out",
    "heads": "attention heads pruned",
    "onnx": "exported to ONNX",
    "int8": "weights quantised to 8 bits, activations as they come (dynamic quantisation)",
}
FIGURES = ("pieces", "parameters", "opset", "furthest", "layers", "heads", "kept")  # of what a change tells


def card(asked: Asked, found: Exported) -> str:
    """Return the text of README.md."""
    facts = yaml.safe_dump(front_matter(asked, found), allow_unicode=True, sort_keys=False)
    parts = [
        f"---\n{facts}---\n",
        f"# {asked.task.name} in {', '.join(asked.examples)}\n\n{_opening(asked)}",
        f"## Scores\n\n{_scores(asked, found)}",
        f"## Size and speed\n\n{_cost(found)}",
        f"## How to run it\n\n{_running(asked)}",
        f"## How it was made\n\n{_making(asked, found)}",
        f"## Limits\n\n{_limits(asked, found)}",
        f"## Licence\n\n{_licence(asked)}",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def front_matter(asked: Asked, found: Exported) -> dict[str, Any]:
    """Return the facts that the hub reads; languages that are none of the world's are not among them."""
    task, hub = asked.task, None if asked.artificial else asked.task.files.hub
    results = [
        {
            "task": {"type": PIPELINES[task.kind]},
            "dataset": {
                "type": hub.repo if hub else task.name,
                "name": f"{task.name} ({language})",
                "split": asked.splits[language],
            },
            "metrics": [{"type": found.metric, "value": round(one.after, 2)}],
        }
        for language, one in found.languages.items()
    ]
    facts = {
        "language": [name for name in asked.examples if name in natural_languages() and not asked.artificial],
        "license": "other",
        "library_name": "onnx" if asked.onnx else "transformers",
        "pipeline_tag": PIPELINES[task.kind],
        "base_model": asked.base_model,
        "datasets": [hub.repo] if hub else [],
        "metrics": [found.metric],
        "tags": ["isthmus", "cross-lingual", *(["int8"] if asked.int8 else [])],
        "model-index": [{"name": asked.name, "results": results}],
    }
    return {key: value for key, value in facts.items() if value}


def _opening(asked: Asked) -> str:
    parts = [f"{asked.task.name}: {asked.task.description}. The model answers in {_listed(list(asked.examples))}."]
    parts += ["These are artificial languages, those of isthmus's world, whatever their names."] if asked.artificial else []
    parts += [f"Its labels: {', '.join(f'`{label}`' for label in asked.labels)}."] if asked.labels else []
    return " ".join(parts)


def _scores(asked: Asked, found: Exported) -> str:
    rows = [
        [language, asked.splits[language], f"{one.examples:,}", f"{one.before:.2f}", f"{one.after:.2f}", f"{one.loss:+.2f}",
         f"{100 * one.same:.1f} %"]
        for language, one in found.languages.items()
    ]  # fmt: skip
    head = ["language", "split", "examples", "before", "after", "loss", "answered alike"]
    words = f"{found.metric}, 0 to 100, is the official figure of {asked.task.name}."
    limit = f"A folder that loses more than {found.max_loss:g} points is not written."
    return f"{_table(head, rows)}\n\n{words} Before: the checkpoint; after: this folder. {limit}"


def _cost(found: Exported) -> str:
    rows = [
        ["on disk", f"{found.bytes_before / 1e6:.1f} MB", f"{found.bytes_after / 1e6:.1f} MB"],
        ["median latency", f"{1e3 * found.latency.before:.2f} ms", f"{1e3 * found.latency.after:.2f} ms"],
    ]
    machine = found.machine
    on = f"{machine.cpu}, {machine.threads} of {machine.cores} cores"
    with_ = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    return (
        f"{_table(['', 'before', 'after'], rows)}\n\n"
        "Latency: one example at a time, from its text to its answer, "
        f"{found.latency.queries} examples asked of both in turn; on {on}; {with_}. "
        f"Another machine has other figures.{_doubt(found)}"
    )


def _doubt(found: Exported) -> str:
    noise = found.latency.noise
    return f" The machine was not quiet, so doubt these: {'; '.join(noise.why)}." if noise.noisy else ""


def _running(asked: Asked) -> str:
    if asked.onnx:
        return (
            "```\npip install -r requirements.txt\npython example.py\n```\n\n"
            "`predict.py` is all it takes: `Model().predict([example])`; its first lines show what an example looks like. "
            "`labels.json` holds the labels in the order of the outputs, the length of a window, and the special sub-words."
        )
    return (
        "`AutoModel.from_pretrained(folder)` and `AutoTokenizer.from_pretrained(folder)` load the encoder. Its head is in "
        f"`head.safetensors`: {HEADS[asked.task.kind]}. `labels.json` holds the labels in that order, the length of a "
        "window and the special sub-words. Where config.json has `segment_positions`, the positions of a "
        "pair's second text begin anew, which AutoModel has to be given. A folder with a reader is written with --onnx."
    )


def _making(asked: Asked, found: Exported) -> str:
    lines = [f"- {what}: {said}" for what, said in asked.made]
    for change in found.changes:
        figures = [f"{key}: {_figure(value)}" for key, value in change.items() if key in FIGURES]
        lines.append(f"- {WORDS.get(change['change'], change['change'])}")
        lines[-1] += f" ({', '.join(figures)})" if figures else ""
    return "\n".join(lines)


def _figure(value: Any) -> str:
    """Return a figure in words; a list of two is that before and after."""
    if isinstance(value, list):
        return " to ".join(_figure(one) for one in value)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


def _limits(asked: Asked, found: Exported) -> str:
    kept = {
        "characters": "every piece made of characters that the task's text in these languages has",
        "seen": "the pieces that the task's text in these languages has",
    }[asked.keep]
    lines = [
        f"- It reads {_listed(list(asked.examples))}. Its vocabulary keeps {kept}; "
        "any other character is read as the tokenizer reads what it does not know.",
        *_cut_otherwise(found),
        "- The scores are those of the examples named above. Text of another sort may be answered worse.",
        f"- A text longer than {asked.max_length} sub-words is read in several windows, which share {asked.stride}.",
    ]
    if asked.int8:
        lines.append(
            "- With 8 bits an answer may depend a little on what else is in a batch; the scores are of batches of one."
        )
    return "\n".join(lines)


def _cut_otherwise(found: Exported) -> list[str]:
    """Say how much new text the trimmed vocabulary cuts as the full one does, where that was tried."""
    trimmed: Mapping[str, Any] = next((change for change in reversed(found.changes) if change["change"] == "vocabulary"), {})
    shares = {language: share for language, share in trimmed.get("as_before", {}).items() if share is not None}
    if not shares:
        return []
    told = ", ".join(f"{language} {100 * share:.1f} %" for language, share in shares.items())
    return [f"- Of every other sentence, held back to try it, a vocabulary so trimmed cuts as the full one does: {told}."]


def _licence(asked: Asked) -> str:
    base = f" and of {asked.base_model}" if asked.base_model else ", and of the encoder it began with"
    own = "made by isthmus itself" if asked.artificial else asked.task.licence
    unchecked = f"Not checked, and yours to check: the licences of the data it learnt from{base}."
    return f"{unchecked} The data of {asked.task.name}: {own}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, marks, *rows])
