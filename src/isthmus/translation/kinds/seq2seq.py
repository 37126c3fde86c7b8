"""A Hugging Face encoder-decoder by beam search: NLLB and M2M100, told the languages by tokens, or Marian for one pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isthmus.core.errors import SetupError, UserError
from isthmus.translation.codes import language_token
from isthmus.translation.pieces import in_pieces, together
from isthmus.translation.translator import Order, Texts, Translator

if TYPE_CHECKING:
    import torch

WANTED = ("*.json", "*.safetensors", "*.model", "*.spm", "*.txt")
LONGER = 2  # a translation may have so many times the sub-words that a piece of a text may have, whatever its batch


def texts(order: Order) -> Texts:
    """Return what translates texts; raises SetupError or UserError where the model cannot be had or lacks a language."""
    folder = order.folders.get("path") or _fetched(order.settings["name"], order.settings["revision"])
    network = _loaded(folder, order)
    return network.translate


@dataclass(frozen=True)
class Network:
    """A model at work on one pair of languages: what goes before and after each text, and the token written first."""

    model: Any
    tokenizer: Any
    order: Order
    before: tuple[int, ...]
    after: tuple[int, ...]
    first: int | None
    device: torch.device

    def translate(self, asked: Sequence[str]) -> list[str]:
        """Return as many texts in the target language."""
        pieces, places = in_pieces(asked, self.order.settings["max_length"], lambda text: len(self._ids(text)))
        order = sorted(range(len(pieces)), key=lambda place: (len(pieces[place]), place))
        said = [""] * len(pieces)
        for start in range(0, len(order), self.order.batch):
            batch = order[start : start + self.order.batch]
            for place, text in zip(batch, self._batch([pieces[place] for place in batch]), strict=True):
                said[place] = text
        return together(said, places)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def _batch(self, pieces: Sequence[str]) -> list[str]:
        import torch

        from isthmus.compute.device import autocast

        most = (getattr(self.model.config, "max_position_embeddings", None) or 512) - len(self.before) - len(self.after)
        rows = [[*self.before, *self._ids(piece)[:most], *self.after] for piece in pieces]
        wide = max(map(len, rows))
        padding = self.tokenizer.pad_token_id
        ids = torch.tensor([[*row, *[padding] * (wide - len(row))] for row in rows], device=self.device)
        mask = torch.tensor([[1] * len(row) + [0] * (wide - len(row)) for row in rows], device=self.device)
        first = {} if self.first is None else {"forced_bos_token_id": self.first}
        settings = self.order.settings
        with torch.inference_mode(), autocast(self.device, settings["precision"]):
            found = self.model.generate(
                input_ids=ids,
                attention_mask=mask,
                num_beams=settings["beams"],
                do_sample=False,
                max_new_tokens=min(LONGER * settings["max_length"], most),
                **first,
            )
        said: list[str] = self.tokenizer.batch_decode(found, skip_special_tokens=True)
        return [text.strip() for text in said]


def _loaded(folder: Path, order: Order) -> Network:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    from isthmus.compute.device import accelerator

    if not list(folder.glob("*.safetensors")):
        what = "has no safetensors weights; isthmus reads no pickles. Choose a model, or a revision of it, that has them"
        raise SetupError(f"the translator in {folder} {what}")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = AutoModelForSeq2SeqLM.from_pretrained(folder, use_safetensors=True, trust_remote_code=False)
    except (ValueError, OSError, ImportError) as error:
        raise UserError(f"{folder} holds no encoder-decoder that can be loaded: {str(error).splitlines()[0]}") from error
    device = accelerator().device
    pair = model.config.model_type == "marian"
    source, target = (language_token(tokenizer, order, language, pair=pair) for language in (order.source, order.target))
    numbers = {token: int(tokenizer.convert_tokens_to_ids(token)) for token in (source, target) if token}
    # A Marian model of several targets reads the target's token; others read the source's and begin with the target's.
    read = target if pair else source
    return Network(
        model=model.to(device).eval(),
        tokenizer=tokenizer,
        order=order,
        before=(numbers[read],) if read else (),
        after=(int(tokenizer.eos_token_id),),
        first=numbers[target] if target and not pair else None,
        device=device,
    )


def _fetched(name: str, revision: str) -> Path:
    """Return a snapshot of a hub repository: configuration, tokenizer and safetensors weights, nothing that is pickled."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=list(WANTED)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        what = f"{name} at {revision} cannot be fetched from the hub ({str(error).splitlines()[0]})"
        raise SetupError(what) from error


TRANSLATOR = Translator(name="seq2seq", texts=texts)
