"""Files a user gave: plain or gzip, whole or damaged, and which line a fault stands in."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from isthmus.core.errors import DataError
from isthmus.core.files import existing, find, listing, read_bytes, read_lines, read_text, write_atomic


@pytest.fixture
def written(tmp_path: Path):
    """Write bytes to a file of a name and return its path."""

    def write(content: bytes, name: str = "a.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_the_plain_file_is_found_before_the_zipped_one(written):
    plain, zipped = written(b"plain"), written(gzip.compress(b"zipped"), "a.txt.gz")
    assert find(plain) == plain
    plain.unlink()
    assert find(plain) == existing(plain) == zipped
    zipped.unlink()
    assert find(plain) is None


def test_a_missing_file_is_named_with_its_near_neighbours(written):
    path = written(b"x", "dev-en.tsv.gz").with_name("dev-em.tsv")
    with pytest.raises(DataError) as error:
        existing(path)
    assert str(error.value).startswith(f"{path}: no such file, plain or .gz; {path.parent} holds no 'dev-em.tsv'")
    assert "did you mean 'dev-en.tsv'" in str(error.value)


def test_a_missing_folder_is_named_with_its_near_neighbours(tmp_path):
    (tmp_path / "XNLI").mkdir()
    with pytest.raises(DataError, match=f"{tmp_path} holds no 'xnli', known: XNLI"):
        existing(tmp_path / "xnli" / "dev-en.tsv")


def test_a_file_where_a_folder_should_be_is_named(written):
    path = written(b"x", "xnli")
    with pytest.raises(DataError, match=f"{path}: cannot be listed as a directory"):
        existing(path / "dev-en.tsv")


def test_a_folder_where_a_file_should_be_is_named(tmp_path):
    (tmp_path / "dev.tsv").mkdir()
    with pytest.raises(DataError, match=f"{tmp_path / 'dev.tsv'}: not a file"):
        existing(tmp_path / "dev.tsv")


def test_a_listing_is_sorted_and_wants_a_directory(written):
    folder = written(b"x", "b").parent
    written(b"x", "a")
    assert listing(folder) == ["a", "b"]
    with pytest.raises(DataError, match="cannot be listed"):
        listing(folder / "none")


def test_zipped_and_plain_give_the_same_bytes(written):
    assert read_bytes(written(gzip.compress(b"same"), "a.gz")) == read_bytes(written(b"same")) == b"same"


def test_zipped_pieces_one_after_another_are_read_whole(written):
    assert read_bytes(written(gzip.compress(b"one ") + gzip.compress(b"two"), "a.gz")) == b"one two"


@pytest.mark.parametrize("keep", [1, 9, 15, -1, -8])
def test_a_truncated_gzip_is_a_fault(written, keep):
    path = written(gzip.compress(b"some text that is long enough" * 9)[:keep], "a.gz")
    with pytest.raises(DataError, match=f"{path}: damaged or truncated gzip"):
        read_bytes(path)


def test_a_flipped_byte_in_a_gzip_is_a_fault(written):
    content = bytearray(gzip.compress(bytes(range(256)) * 9))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(DataError, match="damaged or truncated gzip"):
        read_bytes(written(bytes(content), "a.gz"))


def test_a_plain_file_named_gz_is_a_fault(written):
    with pytest.raises(DataError, match="damaged or truncated gzip"):
        read_bytes(written(b"plain text", "a.gz"))


@pytest.mark.parametrize(("content", "name"), [(b"", "a.txt"), (b"", "a.gz"), (gzip.compress(b"", mtime=0), "b.gz")])
def test_an_empty_file_is_a_fault(written, content, name):
    path = written(content, name)
    with pytest.raises(DataError, match=f"{path}: the file is empty"):
        read_bytes(path)


@pytest.mark.parametrize("content", [b"\n \n\t\r\n", b"\xef\xbb\xbf"])
def test_a_blank_file_is_a_fault(written, content):
    with pytest.raises(DataError, match="nothing but blank lines"):
        read_text(written(content))


def test_a_missing_file_and_a_folder_are_faults(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_bytes(tmp_path / "none")
    with pytest.raises(DataError, match="cannot be read"):
        read_bytes(tmp_path)


def test_a_binary_file_is_named_with_its_line(written):
    path = written(b"one\ntwo\x00\n")
    with pytest.raises(DataError, match=f"{path}:2: NUL byte"):
        read_text(path)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_byte_that_is_not_utf8_is_named_with_its_line(written, start, end):
    path = written(start + b"one" + end + b"tw\xff" + end)
    with pytest.raises(DataError, match=f"{path}:2: not UTF-8 .byte 0xff.") as error:
        read_text(path)
    assert error.value.line == 2


def test_byte_order_mark_and_line_ends_of_other_systems_vanish(written):
    assert read_text(written(b"\xef\xbb\xbfone\r\ntwo\rthree\n")) == "one\ntwo\nthree\n"


def test_only_a_newline_ends_a_line(written):
    text = "a\u2028b\u0085c\x0bd\x1ce"
    assert list(read_lines(written(f"{text}\n\nlast".encode()))) == [(1, text), (2, ""), (3, "last")]


@pytest.mark.parametrize("zipped", [False, True])
def test_lines_are_those_of_the_text_however_they_end(written, zipped):
    content = b"\xef\xbb\xbf\n \r\none\rtwo\r\n\nthree"
    path = written(gzip.compress(content) if zipped else content, "a.txt.gz" if zipped else "a.txt")
    assert list(read_lines(path)) == list(enumerate(read_text(path).split("\n"), 1))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.txt"),
        (b"\n \n", "a.txt"),
        (b"one\ntwo\0\n", "a.txt"),
        (b"one\n" * 9999 + b"tw\xff", "a.txt"),
        (gzip.compress(b"one\n" * 9999)[:-9], "a.txt.gz"),
        (b"one\n", "a.txt.gz"),
    ],
)
def test_a_fault_in_a_line_is_told_as_one_in_the_text(written, content, name):
    path = written(content, name)
    with pytest.raises(DataError) as in_text:
        read_text(path)
    with pytest.raises(DataError) as in_lines:
        list(read_lines(path))
    assert str(in_lines.value) == str(in_text.value)


def test_a_missing_file_has_no_lines(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        list(read_lines(tmp_path / "none"))


def test_an_atomic_write_replaces_and_leaves_nothing_else(written):
    path = written(b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert listing(path.parent) == [path.name]


def test_a_failed_atomic_write_leaves_the_old_content(written, monkeypatch):
    path = written(b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
