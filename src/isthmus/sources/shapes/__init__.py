"""Shapes of rows on the Hugging Face hub, one file each, exporting ``shape``; see ``sources/shape``."""
