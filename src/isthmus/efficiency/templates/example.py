"""Runs the model of this folder on one example: python example.py (see requirements.txt)."""

from __future__ import annotations

from typing import Any

from predict import Model

EXAMPLE: dict[str, Any] = {}
print(Model().predict([EXAMPLE])[0])
