"""Claims by name: each is one YAML file in ``data``, and its file name is its name; or a file beside the study."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from isthmus.claims.spec import ClaimFile
from isthmus.core.errors import UnknownName
from isthmus.study.document import read_mapping
from isthmus.study.faults import faults_of, together

FOLDER = Path(__file__).with_name("data")
SUFFIXES = (".yaml", ".yml")


def claim_names() -> tuple[str, ...]:
    """Return the names of all files of claims that come with the package, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def load_claims(name: str, folder: Path | None = None) -> ClaimFile:
    """Return the claims of a name, or of a YAML file in ``folder`` where the name ends in .yaml.

    Raises UnknownName with the nearest names, and StudyError listing every fault of a file as ``file:line: key: what``.
    """
    if Path(name).suffix in SUFFIXES:
        return read_claims((folder or Path()) / name)
    if name not in claim_names():
        raise UnknownName("file of claims", name, claim_names())
    return read_claims(FOLDER / f"{name}.yaml")


def read_claims(path: Path) -> ClaimFile:
    """Read one file of claims; raises StudyError listing every fault."""
    content, origin = read_mapping(path)
    try:
        return ClaimFile.model_validate(content)
    except ValidationError as error:
        raise together([origin.locate(fault) for fault in faults_of(error)]) from None
