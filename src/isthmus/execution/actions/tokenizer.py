"""Train a Unigram tokenizer on raw text."""

from __future__ import annotations

from isthmus.core.seeds import stream
from isthmus.execution.context import Context, Progress
from isthmus.execution.data import read_text


def run(context: Context) -> None:
    """Write ``tokenizer/``, the files that AutoTokenizer loads."""
    from isthmus.models.tokenizer import save_tokenizer, train_tokenizer

    settings, places = context.step.settings, context.step.places
    text = {language: corpus.texts for language, corpus in read_text(settings["text"], places).items()}
    context.report(Progress(0, 1, "tokenizer", phase="learning pieces"))
    spec = settings["tokenizer"]
    order = stream(settings["seed"], "tokenizer")
    tokenizer = train_tokenizer(
        text, spec["vocab_size"], spec["alpha"], spec["lowercase"], order, spec.get("algorithm", "unigram")
    )
    save_tokenizer(tokenizer, context.output / "tokenizer")
