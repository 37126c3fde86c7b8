"""How often what is drawn in a mix: rates of its tasks, by number, by a scheme or by a schedule, and of their languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    field_validator,
    model_serializer,
    model_validator,
)

from isthmus.core.errors import nearest
from isthmus.study.record import Count, Name, Positive, Record, Some, TaskName

Weight = Annotated[float, Field(ge=0)]
TEXT_TASKS = ("mlm", "tlm")  # raw text has no examples to count: a scheme says its rate
TextRate = Annotated[float, Field(gt=0, lt=1)]
DOMAINS = "|domains"  # where pydantic finds the rates of domains; faults leave such a word out of their keys


def is_text(task: str) -> bool:
    """Say whether a task is raw text, of all the data hold (``mlm``) or of one domain (``mlm/news``)."""
    return task.partition("/")[0] in TEXT_TASKS


class Scheme(Record):
    """Rates of a mix by the number of training examples of each task (Raffel et al. 2020, section 3.5.2).

    A task is drawn in proportion to min(examples, ``cap``) ** (1 / ``temperature``); ``mlm`` and ``tlm`` are the rates of
    raw text, which has no examples to count, and are taken off before the tasks share the rest. Raw text of a domain has
    one by its name: ``{scheme: uniform, mlm/news: 0.2, mlm/law: 0.1}``.
    """

    scheme: Literal["proportional", "uniform", "temperature"]
    cap: Count | None = None
    temperature: Positive | None = None
    mlm: TextRate | None = None
    tlm: TextRate | None = None
    domains: dict[TaskName, TextRate] = Field({}, validation_alias=DOMAINS)

    @property
    def text(self) -> dict[str, float]:
        """Return the rates of raw text."""
        return {name: rate for name in TEXT_TASKS if (rate := getattr(self, name)) is not None} | self.domains

    def with_text(self, rates: Mapping[str, float]) -> Scheme:
        """Return the scheme with these rates of raw text and no others; raises pydantic's ValidationError."""
        rest = {name: value for name, value in self.model_dump().items() if not is_text(name)}
        return Scheme.model_validate(rest | dict(rates))

    def settings(self) -> dict[str, Any]:
        """Return what is hashed of it."""
        # Ids are older than tlm.
        return {name: value for name, value in self.model_dump().items() if name != "tlm" or value is not None}

    @model_serializer(mode="wrap")
    def _with_domains(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in plain(self).items() if name != "domains"} | self.domains

    @model_validator(mode="before")
    @classmethod
    def _domains_apart(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        own = {name: rate for name, rate in given.items() if "/" in str(name) and is_text(str(name))}
        return {**{name: value for name, value in given.items() if name not in own}, DOMAINS: own} if own else given

    @model_validator(mode="after")
    def _belongs_together(self) -> Scheme:
        if (self.scheme == "temperature") != (self.temperature is not None):
            raise ValueError("temperature (a number) goes with scheme: temperature, and with it only")
        if self.scheme == "uniform" and self.cap is not None:
            raise ValueError("cap changes nothing where the scheme is uniform")
        if sum(self.text.values()) >= 1:
            what = f"{' and '.join(self.text)} leave nothing to the tasks"
            raise ValueError(f"{what}; expected rates that sum to less than 1")
        return self


def _is_scheme(value: Any) -> bool:
    return isinstance(value, Scheme) or (isinstance(value, dict) and "scheme" in value)


class Leg(Record):
    """A part of a schedule: rates that hold ``until`` a share of the run is over, or are reached ``at`` one.

    ``rates`` are a number a task, of which 0, or a task left out, is no turn, or a scheme.
    """

    until: Annotated[float, Field(gt=0, le=1)] | None = None
    at: Annotated[float, Field(ge=0, le=1)] | None = None
    rates: Annotated[
        Annotated[Scheme, Tag("|scheme")] | Annotated[dict[TaskName, Weight], Tag("|rates")],
        Discriminator(lambda value: "|scheme" if _is_scheme(value) else "|rates"),
    ]

    @field_validator("rates")
    @classmethod
    def _something(cls, rates: dict[str, float] | Scheme) -> dict[str, float] | Scheme:
        if isinstance(rates, dict) and not any(rates.values()):
            raise ValueError("they sum to nothing; expected a rate above 0 for one task at least")
        return rates

    @model_validator(mode="after")
    def _one_place(self) -> Leg:
        if (self.until is None) == (self.at is None):
            raise ValueError("give exactly one of until (the rates hold until then) and at (a point on a straight line)")
        return self

    @property
    def place(self) -> float:
        """Return its share of the run, whichever way it is meant."""
        found = self.at if self.until is None else self.until
        assert found is not None, "a leg has a place"
        return found


class Schedule(Record):
    """Rates of a mix that change during a run, by shares of its steps.

    Entries with ``until`` hold between the one before and their own place, the last until 1; entries with ``at`` are points
    between which every task's share goes in a straight line, and before the first and after the last it stays.
    """

    schedule: Some[Leg]

    @property
    def linear(self) -> bool:
        """Say whether its entries are points of a line."""
        return self.schedule[0].at is not None

    @model_validator(mode="after")
    def _in_order(self) -> Schedule:
        word = "at" if self.linear else "until"
        if any((leg.at is not None) != self.linear for leg in self.schedule):
            raise ValueError("give every entry of a schedule until, or every entry at")
        for i, (one, two) in enumerate(pairwise(self.schedule)):
            if two.place <= one.place:
                what = f"{word} {two.place:g} in entry {i + 2} is not after {one.place:g} before it; expected rising numbers"
                raise ValueError(f"schedule: {what}")
        if self.linear and len(self.schedule) == 1:
            raise ValueError("schedule: one point is no line; give two entries at least, at different places")
        if not self.linear and self.schedule[-1].place != 1:
            raise ValueError(f"schedule: the last until is {self.schedule[-1].place:g}, expected 1, the end of the run")
        return self


def _form(value: Any) -> str:
    if isinstance(value, Schedule) or (isinstance(value, dict) and "schedule" in value):
        return "|schedule"
    return "|scheme" if _is_scheme(value) else "|rates"


Rates = Annotated[
    Annotated[Scheme, Tag("|scheme")]
    | Annotated[Schedule, Tag("|schedule")]
    | Annotated[dict[TaskName, Positive], Tag("|rates")],
    Discriminator(_form),
]


class Smoothing(Record):
    """Rates of languages by examples: in proportion to min(examples, ``cap``) ** ``alpha`` (Conneau et al. 2020, 3.1).

    ``alpha: 1`` is in proportion to the examples, ``alpha: 0`` every language alike.
    """

    alpha: Annotated[float, Field(ge=0, le=1)] = 1.0
    cap: Count | None = None


def _language_form(value: Any) -> str:
    if isinstance(value, Smoothing) or (isinstance(value, dict) and value.keys() & {"alpha", "cap"}):
        return "|smoothing"
    return "|number"


LanguageRates = Annotated[
    Annotated[Smoothing, Tag("|smoothing")] | Annotated[dict[Name, Positive], Tag("|number")],
    Discriminator(_language_form),
]


def _stage_form(value: Any) -> str:
    if isinstance(value, dict) and any(isinstance(own, dict | Smoothing) for own in value.values()):
        return "|by task"
    return _language_form(value)


StageLanguageRates = Annotated[
    Annotated[Smoothing, Tag("|smoothing")]
    | Annotated[dict[Name, Positive], Tag("|number")]
    | Annotated[dict[TaskName, LanguageRates], Tag("|by task")],
    Discriminator(_stage_form),
]


def shared(rates: Mapping[str, float]) -> dict[str, float]:
    """Return rates as shares that sum to 1, without those of 0."""
    total = sum(rates[name] for name in sorted(rates))
    return {name: rate / total for name, rate in rates.items() if rate}


def settings_of(rates: Mapping[str, float] | Scheme | Schedule | Smoothing) -> dict[str, Any]:
    """Return rates as plain values: numbers that sum to 1, or the keys of a scheme, a schedule or a smoothing."""
    if isinstance(rates, Schedule):
        word = "at" if rates.linear else "until"
        return {"schedule": [{word: leg.place, "rates": settings_of(leg.rates)} for leg in rates.schedule]}
    if isinstance(rates, Scheme):
        return rates.settings()
    return rates.model_dump() if isinstance(rates, Smoothing) else shared(rates)


def rates_from(settings: Mapping[str, Any]) -> dict[str, float] | Scheme | Schedule:
    """Return the rates of a mix that ``settings_of`` made plain."""
    if "schedule" in settings:
        return Schedule.model_validate(settings)
    return Scheme.model_validate(settings) if "scheme" in settings else dict(settings)


def language_rates_from(settings: Mapping[str, Any]) -> dict[str, float] | Smoothing:
    """Return the rates of languages that ``settings_of`` made plain."""
    return Smoothing.model_validate(settings) if "alpha" in settings else dict(settings)


def wrong_rates(rates: Mapping[str, float] | Scheme | Schedule, mix: Collection[str]) -> str | None:
    """Say what is wrong with rates for the tasks of a mix; None is nothing."""
    legs = [leg.rates for leg in rates.schedule] if isinstance(rates, Schedule) else [rates]
    for leg in legs:
        if isinstance(leg, Scheme):
            for name in dict.fromkeys((*filter(is_text, mix), *leg.text)):
                if (name in mix) != (name in leg.text):
                    return f"a scheme needs {name}, a rate below 1, where {name} is in the mix, and only there"
        elif foreign := [name for name in leg if name not in mix]:
            return f"{foreign[0]!r} is not in the mix; {nearest(foreign[0], mix)}"
    for name in mix:
        if not any(isinstance(leg, Scheme) or leg.get(name) for leg in legs):
            return f"none for {name!r}; give one for each task of the mix"
    return None
