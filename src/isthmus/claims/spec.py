"""A file of claims as data: frozen records that name arms by the part they play, since no paper knows a study's names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from isthmus.study.record import Count, Many, Name, Positive, Record, Some

Compare = Literal[
    "singles",
    "singles-and-others",
    "multi",
    "multi-and-best",
    "best-by-target",
    "mlm",
    "mlm-shares",
    "domain-shares",
    "translated",
    "other-languages",
    "orders",
    "examples",
    "languages",
    "models",
    "stages",
]
Quantity = Literal["score", "latency", "throughput", "cost", "loss"]
Change = Literal["layers", "lora", "heads", "vocabulary", "exit", "runtime", "precision"]
ONE_CHOICE = ("multi-and-best", "best-by-target")  # choose an arm, each model its own
Holds = Literal["mean", "each", "most"]
Expect = Literal["higher", "lower", "none", "not-higher"]


class Scale(Record):
    """What the sizes of a file were measured on; a study of anything else is judged on direction only.

    ``models`` are names of the hub, ``targets`` those averaged over, ``mixed`` the number of tasks of the multi-task arm.
    """

    words: str
    models: Some[str]
    targets: Some[Name]
    mixed: Count | None = None


class Statement(Record):
    """One claim: a difference between arms, named by their parts (``compare``, see ``roles``), on targets, and a direction.

    ``compare: models`` asks how much greater the difference that ``of`` names is for the largest model of a study than for
    the smallest; without ``of`` how much better the arms themselves are. ``tasks`` narrow the arms to those trained on them;
    ``holds`` says whether the mean over the pairs of arms decides, each of them, or more than half. ``targets`` are averaged
    over; with ``rest`` they are compared with the study's other targets. ``on`` names averages over languages, of which the
    first that the study has is taken: a target's own headline (zero-shot, or all) where none is named. ``expect: none``
    means within ± ``margin`` points, ``not-higher`` at most ``margin`` points above. ``size`` is the published difference in
    points and ``tolerance`` how far from it another may lie; ``size_against`` says what it was measured against where that
    is no arm of a study: it is told then, not compared.

    ``quantity`` is what is compared: scores; latency (seconds) or throughput (examples a second), of each variant by itself;
    cost, the smallest at the accuracy of the arms compared with; or loss, what variants lose beyond what those of the arms
    compared with lose (higher: less). Differences and ``margin`` are per cent of times and costs, points of all else.
    """

    id: Name
    text: str
    source: str = ""  # where in the file's source: a section or a table; or another work
    status: Literal["published", "hypothesis"] = "published"
    quantity: Quantity = "score"
    changes: Many[Change] = ()  # of the variants that are meant; empty: all of them, and the full models
    but: Many[Change] = ()  # of the variants that are left out all the same
    compare: Compare
    of: Compare | None = None
    tasks: Many[Name] = ()
    holds: Holds = "mean"
    targets: Many[Name] = ()  # empty: all of the study
    rest: bool = False
    on: Many[Name] = ()
    expect: Expect
    margin: Positive | None = None
    size: Annotated[float, Field(ge=-100, le=100)] | None = None
    tolerance: Positive | None = None
    size_against: str = ""

    @model_validator(mode="after")
    def _belongs_together(self) -> Statement:
        if (self.expect in ("none", "not-higher")) == (self.margin is None):
            raise ValueError(
                "margin, in points or per cent, goes with expect: none and expect: not-higher, and with them only"
            )
        if (self.size is None) != (self.tolerance is None):
            raise ValueError("size and tolerance, both in points, go together")
        if self.size is not None and self.status == "hypothesis":
            raise ValueError("a hypothesis has no published size")
        if self.size is not None and self.holds != "mean":
            raise ValueError("a size is one of a mean; it goes with holds: mean")
        if self.size is not None and self.size * {"higher": 1, "lower": -1}.get(self.expect, 0) <= 0:
            raise ValueError(f"found {self.size:+g} points, which is not {self.expect}")
        if self.size_against and self.size is None:
            raise ValueError("size_against says what a size was measured against, and there is no size")
        if self.of is not None and self.compare != "models":
            raise ValueError("of names what is compared between models; it goes with compare: models")
        if self.of in ONE_CHOICE or self.of == "models":
            raise ValueError(f"the difference of {self.of} cannot be compared between models")
        if self.rest and not self.targets:
            raise ValueError("rest compares targets with the others, so it needs targets")
        if self.compare == "singles-and-others" and not self.tasks:
            raise ValueError("singles-and-others needs the tasks whose arms are compared with the other ones")
        if self.compare == "best-by-target" and (self.rest or self.holds != "mean"):
            raise ValueError("best-by-target is one average over targets: neither rest nor holds goes with it")
        if self.quantity != "score":
            self._is_of_serving()
        elif self.changes or self.but:
            raise ValueError("changes and but name variants; they go with quantity: latency, throughput and loss")
        return self

    def _is_of_serving(self) -> None:
        """Raise ValueError for what goes with scores alone."""
        if self.rest or self.size is not None or self.of is not None or self.compare in ONE_CHOICE:
            raise ValueError(f"rest, size, of and a choice of the best go with quantity: score; found {self.quantity}")
        if self.compare == "models" and self.quantity in ("cost", "loss"):
            raise ValueError(f"quantity: {self.quantity} compares arms of one model; found compare: models")
        if self.quantity == "cost" and (self.holds != "mean" or self.margin is not None or self.changes or self.but):
            raise ValueError(
                "quantity: cost is one mean over all variants, higher or lower: no holds, margin, changes or but"
            )
        if both := [change for change in self.changes if change in self.but]:
            raise ValueError(f"found {both[0]} in changes and in but; a variant is meant or left out")


class ClaimFile(Record):
    """One file: a paper's claims or the hypotheses of a question; ``procedure`` says how the paper went about it."""

    title: str
    source: str = ""
    scale: Scale | None = None
    procedure: Many[str] = ()
    claims: Some[Statement]

    @model_validator(mode="after")
    def _ids_are_names(self) -> ClaimFile:
        ids = [claim.id for claim in self.claims]
        if twice := next((name for i, name in enumerate(ids) if name in ids[:i]), None):
            raise ValueError(f"the id {twice!r} stands twice")
        for claim in self.claims:
            if claim.size is not None and self.scale is None:
                raise ValueError(f"{claim.id} has a size, so the file needs scale, what it was measured on")
            if claim.status == "published" and not (claim.source or self.source):
                raise ValueError(f"{claim.id} is published nowhere: give it or the file a source, or status: hypothesis")
        return self
