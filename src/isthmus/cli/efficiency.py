"""`isthmus show --efficiency`: what inference costs, and what cheaper forms of the models lose, on the terminal."""

from __future__ import annotations

import sys

from isthmus.cli.opened import Opened
from isthmus.cli.printing import console, print_json
from isthmus.core.errors import SetupError
from isthmus.report.efficiency import Efficiency, efficiency
from isthmus.report.efficiency_export import efficiency_csv, efficiency_json
from isthmus.report.efficiency_grids import efficiency_notes
from isthmus.report.efficiency_summary import efficiency_grids, exceptions
from isthmus.report.efficiency_words import answered
from isthmus.report.markdown import written
from isthmus.report.terminal import draw


def print_efficiency(opened: Opened, *, languages: bool, markdown: bool, csv: bool, json: bool) -> None:
    """Print the tables of cost, with what they come to in words; or as Markdown, as CSV, or as one JSON document.

    Raises SetupError where the study has neither variants nor measurements.
    """
    found = efficiency(opened.study, opened.plan, opened.store)
    if found is None:
        raise SetupError(
            f"{opened.study.study} has neither variants nor measurements: no model of it is trained, or its file has "
            "neither `variants:` nor `efficiency:`"
        )
    if json:
        print_json(efficiency_json(found))
    elif csv:
        sys.stdout.write(efficiency_csv(found))
    else:
        grids = efficiency_grids(found, languages=languages)
        lead = [sentence if markdown else sentence.replace("`", "") for sentence in (*answered(found), *_apart(found))]
        notes = list(efficiency_notes(found))
        if not languages and found.tasks:
            notes.append("--languages adds every comparison, loss and cost, over all languages and in each")
        if markdown:
            sys.stdout.write(written(grids, notes, lead))
        else:
            draw(grids, notes, console(), lead)


def _apart(found: Efficiency) -> list[str]:
    """Return what does not show the same speed, and why, as one list."""
    told = list(exceptions(found))
    return ["Not the same, or not shown to be:\n" + "\n".join(f"- {one}" for one in told)] if told else []
