"""isthmus: intermediate-task training and zero-shot cross-lingual transfer as one declared study."""

__version__ = "0.1.0"
