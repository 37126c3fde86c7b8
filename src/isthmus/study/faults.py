"""What pydantic refuses, said in plain English: one StudyError a fault, with its dotted key and the nearest valid one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Tag, ValidationError
from pydantic_core import ErrorDetails

from isthmus.core.errors import StudyError, nearest
from isthmus.study.document import below
from isthmus.study.record import Record

EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "string_too_short": "some text",
    "literal_error": "{expected}",
    "string_pattern_mismatch": "a name: letters, digits and _ + . -, beginning with a letter or a digit",
}


def together(faults: Sequence[StudyError]) -> StudyError:
    """Return the only fault, or one error whose message lists them all by line, one a line."""
    ordered = sorted(faults, key=lambda fault: fault.line or 0)
    if len(ordered) == 1:
        return ordered[0]
    several = StudyError("\n".join(str(fault) for fault in ordered))
    several.file = ordered[0].file  # each says it by itself: nobody shall put another file before them
    return several


def faults_of(error: ValidationError, above: str = "") -> list[StudyError]:
    """Return one StudyError for each thing pydantic refused; ``above`` is the key of the record that was validated."""
    root = next((record for record in Record.__subclasses__() if record.__name__ == error.title), Record)
    return [_fault(details, root, above) for details in error.errors()]


def _fault(details: ErrorDetails, root: type[Record], above: str) -> StudyError:
    # pydantic adds to the way the branch of a union it took ("|list", see spec.py) and "[key]" for a mapping's key
    taken = [part for part in details["loc"] if part != "[key]"]
    way = [part for part in taken if not _is_branch(part)]
    return StudyError(_what(details, _keys_at(root, taken[:-1])), key=reduce(below, way, above))


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and part.startswith("|")


def _what(details: ErrorDetails, known: list[str]) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown key; {nearest(str(details['loc'][-1]), known)}"
    if kind == "missing":
        return "this key is missing, and there is no default"
    if kind == "value_error":
        return str(context["error"])
    expected = EXPECTED[kind].format(**context) if kind in EXPECTED else details["msg"]
    quotes = "; put it in quotes" if kind == "string_type" and isinstance(details["input"], int | float) else ""
    return f"found {show(details['input'])}, expected {expected}{quotes}"


def show(value: Any) -> str:
    """Return a value as a reader of the file knows it, cut to a readable length."""
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    if isinstance(value, dict | list | tuple):
        name = "mapping" if isinstance(value, dict) else "list"
        return f"a {name}" if value else f"an empty {name}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _keys_at(annotation: Any, way: Sequence[str | int]) -> list[str]:
    """Return the keys that the record at the end of ``way`` may have."""
    for part in way:
        annotation = next(_branch(annotation, str(part)) if _is_branch(part) else _inside(annotation, part), None)
    records = [option for option in _options(annotation) if isinstance(option, type) and issubclass(option, Record)]
    named = [(name, field) for record in records for name, field in record.model_fields.items()]
    # Of records that are alternatives to each other some have keys in common.
    return list(dict.fromkeys(name for name, field in named if not str(field.validation_alias or "").startswith("|")))


def _branch(annotation: Any, tag: str) -> Iterator[Any]:
    """Yield what stands in a union under a tag."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        if Tag(tag) in marks:
            yield inner
        else:
            yield from _branch(inner, tag)
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _branch(one, tag)


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, Record):
            if part in option.model_fields:
                yield option.model_fields[str(part)].annotation
        elif get_origin(option) in (dict, tuple):
            yield get_args(option)[1 if get_origin(option) is dict else 0]


def _options(annotation: Any) -> list[Any]:
    """Return the types an annotation permits: unions and ``Annotated`` unpacked."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _options(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [option for one in get_args(annotation) for option in _options(one)]
    return [annotation]
