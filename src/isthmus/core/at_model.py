"""Names that carry a model: in a study with several models an arm or a baseline is called ``NAME@MODEL``.

No name of a study may hold the sign itself, so a name without it belongs to a study with one model, or to no model.
"""

from __future__ import annotations

AT = "@"


def at_model(name: str, model: str) -> str:
    """Return the name of an arm or a baseline of a model, the name itself where ``model`` is empty."""
    return f"{name}{AT}{model}" if model else name


def model_in(name: str) -> str:
    """Return the model that a name carries, empty where it carries none."""
    return name.partition(AT)[2]


def without_model(name: str) -> str:
    """Return a name without the model that it carries."""
    return name.partition(AT)[0]
