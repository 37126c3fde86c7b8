"""Which baselines there are and which kinds of task each serves, known without loading any.

A copy, as data, of what the files of ``evaluation/baselines`` declare: planning may not look up there. A test holds the two
together.
"""

from __future__ import annotations

SERVES = {
    "bag": ("retrieval",),
    "lexicon": ("tagging",),
    "majority": ("classification", "tagging"),
    "window": ("span",),
}
