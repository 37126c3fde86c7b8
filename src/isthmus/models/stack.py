"""The layers of an encoder body, one above the other, wherever an architecture keeps them."""

from __future__ import annotations

from torch import nn

from isthmus.core.errors import UserError
from isthmus.models.network import Network


def layers_of(network: Network) -> nn.ModuleList:
    """Return the layers of a network, the lowest first.

    Raises UserError for an architecture that keeps no list of them, as those do that use one layer again and again.
    """
    for part in network.body.modules():
        if isinstance(part, nn.ModuleList) and len(part) == network.depth:
            return part
    kind = getattr(network.body.config, "model_type", type(network.body).__name__)
    raise UserError(f"{network.folder}: model_type {kind!r} keeps no list of its {network.depth} layers; expected one")
