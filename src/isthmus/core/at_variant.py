"""Names that carry a variant: what was trained as ARM and made cheaper as VARIANT is the configuration ``ARM/VARIANT``.

No name of an arm or a variant may hold the sign itself; the full model goes by the name of its arm, ``ARM@MODEL`` where a
study has several models. The variant is taken off before the model is asked for.
"""

from __future__ import annotations

SIGN = "/"


def at_variant(arm: str, variant: str) -> str:
    """Return the name of a variant of an arm's models, the arm's own where ``variant`` is empty."""
    return f"{arm}{SIGN}{variant}" if variant else arm


def variant_in(name: str) -> str:
    """Return the variant that a name carries, empty for the full model."""
    return name.partition(SIGN)[2]


def without_variant(name: str) -> str:
    """Return the arm of a configuration, with the model that it carries."""
    return name.partition(SIGN)[0]
