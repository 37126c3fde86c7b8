"""What the records of a study are made of: names, counts and shares, and a base that is frozen and strict."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

T = TypeVar("T")
# A list is as good as a tuple; a set is not, for it has no order.
Many = Annotated[tuple[T, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]
Some = Annotated[Many[T], Field(min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+.\-]*$")]
# A task, or raw text of a domain: mlm/news.
TaskName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+.\-]*(/[A-Za-z0-9][A-Za-z0-9_.\-]*)?$")]
# The same, of a model where a study has several: ARM@MODEL.
ArmName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+.\-]*(@[A-Za-z0-9][A-Za-z0-9_+.\-]*)?$")]
Rate = Annotated[float, Field(gt=0, le=1)]
Share = Annotated[float, Field(ge=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0)]
Precision = Literal["fp32", "bf16"]
Split = Literal["train", "dev", "test"]


def _commit(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{40}", text):
        raise ValueError(f"found {text!r}, expected a commit of 40 hexadecimal digits, which means the same tomorrow")
    return text


Commit = Annotated[str, AfterValidator(_commit)]


def _all(value: Any) -> Any:
    if value != "all":
        raise ValueError(f"found {value!r}, expected all or a list of languages")
    return value


Languages = Annotated[
    Annotated[Literal["all"], BeforeValidator(_all), Tag("|all")] | Annotated[Some[Name], Tag("|list")],
    Discriminator(lambda value: "|all" if isinstance(value, str) else "|list"),
]


StageLanguages = Annotated[
    Annotated[Literal["all"], BeforeValidator(_all), Tag("|all")]
    | Annotated[Many[Name], Tag("|list")]
    | Annotated[dict[TaskName, Languages], Tag("|by task")],
    Discriminator(lambda value: {str: "|all", dict: "|by task"}.get(type(value), "|list")),
]


class Record(BaseModel):
    """Frozen, strict about types and keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
