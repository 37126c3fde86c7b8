"""Floor 8: the command line. It asks the rooms below and prints what they say; no computing is done here."""

from isthmus.cli.entry import app, main

__all__ = ["app", "main"]
