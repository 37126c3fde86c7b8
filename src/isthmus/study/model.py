"""The encoder that arms start from, as data."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from isthmus.study.network import Shape, wrong_sizes
from isthmus.study.pretraining import Pretraining
from isthmus.study.record import Record


class ModelSpec(Record):
    """The encoder all arms start from: exactly one of hub ``name`` (with ``revision``), ``path``, ``config``, ``pretrain``.

    ``config`` (a Hugging Face configuration) gives random weights and needs ``tokenizer``, a directory.
    ``network`` says how large a model of the hub is, where that is not known; estimates of cost use it, and no id has it.
    """

    family: str = "encoder"
    name: str | None = None
    revision: str | None = None
    path: str | None = None
    config: dict[str, Any] | None = None
    tokenizer: str | None = None
    pretrain: Pretraining | None = None
    network: Shape | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> ModelSpec:
        given = [key for key in ("name", "path", "config", "pretrain") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of name, path, config, pretrain; found {', '.join(given) or 'none'}")
        if self.name is not None and self.revision is None:
            raise ValueError("name needs a revision (a commit), so that the study means the same tomorrow")
        if self.name is None and self.revision is not None:
            raise ValueError("revision belongs to name, a model of the hub")
        if self.name is None and self.network is not None:
            raise ValueError("network belongs to name, a model of the hub; the size of any other is known")
        if (self.config is None) != (self.tokenizer is None):
            raise ValueError("config and tokenizer (a directory with a tokenizer) go together")
        if what := wrong_sizes(self.config or {}):
            raise ValueError(f"config.{what}")
        return self
