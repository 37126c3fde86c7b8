"""Variants of trained models as data, and what of their cost is measured: what a study on inference efficiency declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from isthmus.study.record import Count, Languages, Many, Name, Positive, Record, Seed, Some

Part = Annotated[float, Field(gt=0, lt=1)]
Depth = Annotated[
    Annotated[dict[Name, Count], Tag("|by model")] | Annotated[Count, Tag("|number")],
    Discriminator(lambda value: "|by model" if isinstance(value, dict) else "|number"),
]


class Lora(Record):
    """Low-rank adaptation (Hu et al. 2021): updates of ``rank``, scaled by ``alpha`` / rank (``alpha``: twice the rank)."""

    rank: Count = 8
    alpha: Positive | None = None

    def settings(self) -> dict[str, Any]:
        """Return what is hashed of it."""
        return {"rank": self.rank, "alpha": self.alpha if self.alpha is not None else 2.0 * self.rank}


class Variant(Record):
    """A trained model made cheaper. What is named is done in this order.

    ``layers`` keeps the lowest layers and ``lora`` freezes the encoder but for low-rank updates, both before the target is
    trained; ``merge`` folds the updates in. After training, ``heads`` keeps that share of the attention heads, the least
    important removed; ``vocabulary`` keeps what some languages need of it (``keep: seen``, the pieces that the task's text
    in them has; ``keep: characters``, every piece of its characters); ``exit`` answers from the first layer that is so
    confident (classification alone). ``runtime`` is what computes, ``precision`` the numbers it computes with.
    """

    layers: Depth | None = None  # models of several depths have one each: {small: 1, base: 2}
    lora: Lora | None = None
    merge: bool = False
    heads: Part | None = None
    vocabulary: Languages | None = None
    keep: Literal["seen", "characters"] | None = None
    exit: Part | None = None
    runtime: Literal["torch", "onnx", "compile"] = "torch"
    precision: Literal["bf16", "int8"] | None = None

    @model_validator(mode="after")
    def _belongs_together(self) -> Variant:
        if self == Variant.model_construct():
            raise ValueError("this is the full model; name what is cheaper about it, as layers: 2 or precision: int8")
        if self.merge and self.lora is None:
            raise ValueError("merge folds low-rank updates in; it goes with lora")
        if self.keep is not None and self.vocabulary is None:
            raise ValueError("keep says which pieces of a trimmed vocabulary stay; it goes with vocabulary")
        if self.exit is not None and self.runtime != "torch":
            raise ValueError(f"early exit decides while it computes, so it runs in torch; found runtime: {self.runtime}")
        if self.exit is not None and self.precision is not None:
            raise ValueError("early exit goes with full precision alone")
        if self.runtime == "onnx" and self.precision == "bf16":
            raise ValueError("runtime: onnx goes with full precision or int8; bf16 is for torch")
        if self.runtime == "compile" and self.precision == "int8":
            raise ValueError("runtime: compile goes with full precision or bf16; int8 is for torch and onnx")
        if self.lora is not None and not self.merge:
            beside = {"heads": self.heads, "vocabulary": self.vocabulary, "exit": self.exit, "precision": self.precision}
            if wrong := [key for key, value in beside.items() if value is not None]:
                raise ValueError(f"{wrong[0]} needs the low-rank updates folded in; add merge: true")
        return self

    def depth(self, model: str) -> int | None:
        """Return how many layers a model keeps, None where it keeps all."""
        return self.layers[model] if isinstance(self.layers, dict) else self.layers

    def later(self) -> list[tuple[str, dict[str, Any]]]:
        """Return (change, its keys) of what is done after training, in order; keys say no languages."""
        changes: list[tuple[str, dict[str, Any]]] = [("merge", {})] if self.merge else []
        changes += [("heads", {"heads": self.heads})] if self.heads is not None else []
        changes += [("vocabulary", {"keep": self.keep or "seen"})] if self.vocabulary is not None else []
        changes += [("exit", {"exit": self.exit})] if self.exit is not None else []
        changes += [(self.runtime, {})] if self.runtime != "torch" else []
        return changes + ([(self.precision, {})] if self.precision is not None else [])


class Efficiency(Record):
    """What is measured of every arm, model and variant, side by side; what is left out is not measured.

    ``targets`` and ``variants``: which of the study's (all where none are named; the full model always); ``seeds``: of which
    the checkpoints are timed (the first); ``languages``: in which (the study's); ``examples``: the first of each that are
    asked, one by one and in batches. A variant is asked ``queries`` times in a language, in ``rounds`` rounds and for
    ``seconds`` at least, and goes over all examples in batches ``passes`` times. ``device`` is that of the run where none is
    named.
    """

    targets: Many[str] = ()
    variants: Many[Name] = ()
    seeds: Many[Seed] = ()
    languages: Some[Name] | None = None
    examples: Count = 100
    threads: Count = 1
    device: Literal["cpu", "cuda"] | None = None
    queries: Count = 64
    rounds: Annotated[int, Field(ge=5)] = 20
    seconds: Positive = 1.0
    passes: Annotated[int, Field(ge=5)] = 12
    grid: bool = False  # every batch size at every length as well

    def protocol(self) -> Mapping[str, Any]:
        """Return how it is measured, as plain values."""
        return {key: getattr(self, key) for key in ("threads", "device", "queries", "rounds", "seconds", "passes", "grid")}
