"""What the tests of sources share: writing a file of bytes or text, and reading one that must be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from isthmus.core.errors import DataError


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write text or bytes to a file and return its path."""

    def write(content: str | bytes, name: str = "data.tsv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def refused() -> Callable[..., DataError]:
    """Read a file that must be refused; return the error after checking that its message begins with file and line."""

    def read(reader: Callable[[Path, Sequence[str]], object], path: Path, labels: Sequence[str] = ()) -> DataError:
        with pytest.raises(DataError) as caught:
            reader(path, labels)
        error = caught.value
        assert str(error) == f"{error.path}{f':{error.line}' if error.line else ''}: {error.what}"
        assert error.path == path
        return error

    return read
