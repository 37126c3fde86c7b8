"""The command `isthmus`: all its verbs, and how an error is told, whichever verb it came from."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import isthmus
from isthmus.cli.baselines import baselines
from isthmus.cli.bench import bench
from isthmus.cli.data import data
from isthmus.cli.export import export
from isthmus.cli.listing import list_names
from isthmus.cli.measure import measure
from isthmus.cli.plan import plan
from isthmus.cli.pretrain import pretrain
from isthmus.cli.printing import print_json, say
from isthmus.cli.report import report
from isthmus.cli.run import run
from isthmus.cli.score import score
from isthmus.cli.show import show
from isthmus.cli.status import status
from isthmus.cli.store import store
from isthmus.cli.submit import submit
from isthmus.core.errors import IsthmusError, StudyError, UserError

INTERRUPTED = 130
USAGE: type[Exception] = typer.BadParameter.__mro__[1]  # UsageError, whose own home moves with the version of typer


class Verbs(TyperGroup):
    """The group of all commands: an error of ours ends in one message, or one JSON object where JSON was asked for."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; exit with 2 when the user can mend it, 1 when not, 130 when interrupted."""
        as_json, debug = "--json" in ctx.args, ctx.params["debug"]
        try:
            return super().invoke(ctx)
        except IsthmusError as error:
            if debug:
                raise
            _tell(error, as_json)
            raise typer.Exit(2 if isinstance(error, UserError) else 1) from None
        except USAGE as error:
            if not as_json:
                raise
            print_json({"error": {"kind": "UsageError", "message": error.format_message()}})  # type: ignore[attr-defined]
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            if debug:
                raise
            say("interrupted; nothing was lost")
            raise typer.Exit(INTERRUPTED) from None


def _tell(error: IsthmusError, as_json: bool) -> None:
    if not as_json:
        say(f"error: {error}", style="red")
        return
    told: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, StudyError):
        told |= {"file": str(error.file) if error.file else None, "line": error.line, "key": error.key}
    print_json({"error": told})


def _version(wanted: bool) -> None:
    if wanted:
        print(f"isthmus {isthmus.__version__}")
        raise typer.Exit


app = typer.Typer(
    name="isthmus",
    cls=Verbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def isthmus_(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Intermediate-task training and zero-shot cross-lingual transfer: a declared study in, tables and a page out.

    \b
    isthmus plan study.yaml     what would be done, and what it costs
    isthmus run study.yaml      do it; the same command goes on after a stop
    isthmus show study.yaml     the table
    isthmus report study.yaml   the page: effects, languages, scores, provenance
    isthmus submit study.yaml   what to hand in to XTREME; isthmus score scores it
    isthmus baselines xnli      what a task gives away without any encoder
    isthmus bench predict ...   what trained models cost when they are used: latency, throughput, memory
    isthmus export study.yaml   a trained model as a small folder that can be deployed
    """


app.command("plan")(plan)
app.command("run")(run)
app.command("status")(status)
app.command("show")(show)
app.command("report")(report)
app.command("submit")(submit)
app.command("score")(score)
app.command("baselines")(baselines)
app.command("list")(list_names)
app.command("pretrain")(pretrain)
app.add_typer(store, name="store")
app.add_typer(data, name="data")
app.add_typer(bench, name="bench")
app.command("measure")(measure)
app.command("export")(export)


def main() -> None:
    """Run the command line and leave the process with its exit status."""
    app(prog_name="isthmus")
    sys.exit(0)
