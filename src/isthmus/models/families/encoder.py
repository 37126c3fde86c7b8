"""Bidirectional encoders: any that AutoModel loads (XLM-R, mBERT, ModernBERT, DeBERTa ...)."""

from __future__ import annotations

from isthmus.models.family import Family
from isthmus.models.head import load_head
from isthmus.models.network import load_network

FAMILY = Family("encoder", load_network, load_head)
