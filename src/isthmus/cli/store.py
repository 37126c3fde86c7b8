"""`isthmus store`: finding damage, mending it, and removing what nobody needs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from isthmus.cli.opened import open_store, open_study
from isthmus.cli.options import DEFAULT_STORE, AsJson, StoreFolder
from isthmus.cli.printing import console, count, print_json, size
from isthmus.core.errors import SetupError
from isthmus.store.gc import Removal, plan_removal, remove

store = typer.Typer(no_args_is_help=True, help="Look after the results that are kept: verify, repair, gc.")


@store.command()
def verify(store: StoreFolder = DEFAULT_STORE, json: AsJson = False) -> None:
    """Compare every file that is kept with the digest it was written with; exit with 1 when any is damaged.

    \b
    isthmus store verify
    """
    kept = open_store(store, must_exist=True)
    found = kept.verify()
    if json:
        print_json({"store": str(kept.root), "problems": [asdict(problem) for problem in found]})
    else:
        for problem in found:
            console().print(str(problem))
        damaged = len({problem.id for problem in found})
        console().print(f"{count(len(list(kept.ids())), 'artifact')}, {damaged or 'none'} damaged")
    if found:
        raise typer.Exit(1)


@store.command()
def repair(store: StoreFolder = DEFAULT_STORE, json: AsJson = False) -> None:
    """Remove every damaged artifact, so that the next run computes it again.

    \b
    isthmus store repair
    """
    kept = open_store(store, must_exist=True)
    damaged = {problem.id: problem.name for problem in kept.verify()}
    for id_ in damaged:
        kept.discard(id_)
    if json:
        print_json({"store": str(kept.root), "removed": [{"id": id_, "name": name} for id_, name in damaged.items()]})
        return
    for id_, name in damaged.items():
        console().print(f"removed: {name or 'unreadable'} ({id_[:12]})")
    console().print(f"{count(len(damaged), 'damaged artifact')} removed")


@store.command()
def gc(
    studies: Annotated[
        list[Path] | None, typer.Argument(metavar="[STUDY]...", help="Studies whose steps are kept; all else goes.")
    ] = None,
    store: StoreFolder = DEFAULT_STORE,
    everything: Annotated[bool, typer.Option("--all", help="Keep nothing.")] = False,
    older_than: Annotated[
        float | None, typer.Option(min=0, metavar="DAYS", help="Only what was not touched for so many days.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run/--yes", help="Only tell what would go, or remove it.")] = True,
    json: AsJson = False,
) -> None:
    """Remove what no given study needs: artifacts, checkpoints and logs. Without --yes it only tells what would go.

    \b
    isthmus store gc study.yaml another.yaml
    isthmus store gc study.yaml --older-than 30 --yes
    """
    if bool(studies) == everything:
        raise SetupError("name the studies whose results are kept, or give --all to keep nothing")
    kept = open_store(store, must_exist=True)
    keep = {id_ for study in studies or () for id_ in open_study(study, store).plan.steps}
    removals = plan_removal(kept, keep, older_than)
    if not dry_run:
        removals = remove(kept, removals)
    if json:
        gone = [removal._asdict() for removal in removals]
        freed = sum(removal.size for removal in removals)
        print_json({"store": str(kept.root), "dry_run": dry_run, "removed": gone, "bytes": freed})
    else:
        _tell(removals, dry_run)


def _tell(removals: list[Removal], dry_run: bool) -> None:
    for removal in removals:
        console().print(f"{removal.name or 'unfinished'} ({removal.id[:12]}): {size(removal.size)}")
    freed = f"{count(len(removals), 'step')}, {size(sum(removal.size for removal in removals))}"
    console().print(f"would be removed: {freed}; --yes removes them" if dry_run else f"removed: {freed}")
