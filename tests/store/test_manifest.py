"""What is written is read again, and whatever is changed afterwards is found and named."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.core.errors import CorruptArtifact
from isthmus.core.hashing import digest
from isthmus.store import manifest as manifest_module
from isthmus.store.manifest import MANIFEST, listing, problems, read_manifest, write_manifest

PAYLOAD = {"kind": "train", "settings": {"rate": 3e-05, "labels": ["ja", "nö"]}, "inputs": {}}
ID = digest(PAYLOAD)

names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
paths = st.lists(names.filter(lambda name: name not in (".", "..")), min_size=1, max_size=3).map("/".join)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_module.os, "fsync", lambda _: None)
        yield


def apart(files: dict[str, bytes]) -> bool:
    """No path is a folder of another, and none is the manifest's."""
    return all(not b.startswith(f"{a}/") for a in (*files, MANIFEST) for b in files) and MANIFEST not in files


artifacts = st.dictionaries(paths, st.binary(max_size=60), max_size=5).filter(apart)


def write(folder: Path, files: dict[str, bytes], name: str = "xnli en") -> Path:
    folder.mkdir()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    write_manifest(folder, ID, name, PAYLOAD, {"host": "a", "seconds": 1.5})
    return folder


@settings(max_examples=60, deadline=None)
@given(artifacts, names)
def test_any_files_come_back_and_the_manifest_lists_them_all(files: dict[str, bytes], name: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(Path(scratch) / ID, files, name)
        assert list(problems(folder)) == []
        manifest = read_manifest(folder)
        assert (manifest.id, manifest.name, manifest.payload) == (ID, name, PAYLOAD)
        assert {path: size for path, (size, _) in manifest.files.items()} == {path: len(c) for path, c in files.items()}
        assert set(listing(folder)) == {*files, MANIFEST}


@settings(max_examples=100, deadline=None)
@given(artifacts, st.data())
def test_any_one_change_is_found_and_its_file_named(files: dict[str, bytes], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(Path(scratch) / ID, files)
        path = data.draw(st.sampled_from(sorted([*files, MANIFEST])))
        content = (folder / path).read_bytes()
        change = data.draw(
            st.sampled_from(["flip", "truncate", "lengthen", "delete", "add", "link"] if content else ["delete"])
        )
        if change == "flip":
            at, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
            (folder / path).write_bytes(content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :])
        elif change == "truncate":
            (folder / path).write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
        elif change == "lengthen":
            (folder / path).write_bytes(content + b"\n")
        elif change == "delete":
            (folder / path).unlink()
        else:
            path = f"{Path(path).parent}/x".removeprefix("./") + "y" * 21  # longer than any name drawn
            (folder / path).write_bytes(b"") if change == "add" else (folder / path).symlink_to("/dev/null")
        assert [problem.file for problem in problems(folder)] == [path]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda file: file.unlink(), "missing"),
        (lambda file: file.write_bytes(b"123"), "truncated: 3 bytes instead of 6"),
        (lambda file: file.write_bytes(b"1234567"), "too long: 7 bytes instead of 6"),
        (lambda file: file.write_bytes(b"12345x"), "changed: its bytes are not those that were written"),
        (lambda file: (file.unlink(), file.symlink_to("/dev/null")), "not a plain file"),
    ],
)
def test_the_kind_of_damage_is_told(tmp_path: Path, damage, what: str) -> None:
    folder = write(tmp_path / ID, {"head.json": b"123456"})
    damage(folder / "head.json")
    assert [str(problem) for problem in problems(folder)] == [f"artifact {ID[:12]} (xnli en): head.json: {what}"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}", b'{"id": 1}', b"\xff\xfe", b"NaN"])
def test_an_unreadable_manifest_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path / ID, {})
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(CorruptArtifact, match=rf"^artifact {ID[:12]}: manifest.json: unreadable.*isthmus store repair"):
        read_manifest(folder)


def test_a_manifest_edited_by_hand_is_not_believed(tmp_path: Path) -> None:
    folder = write(tmp_path / ID, {})
    fields = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps({**fields, "name": "panx"}, sort_keys=True, indent=1))
    with pytest.raises(CorruptArtifact, match="changed"):
        read_manifest(folder)


def test_an_artifact_in_another_ones_place_is_foreign(tmp_path: Path) -> None:
    folder = write(tmp_path / ID, {"a": b"1"})
    elsewhere = tmp_path / digest("another")
    shutil.copytree(folder, elsewhere)
    with pytest.raises(
        CorruptArtifact, match=rf"{elsewhere.name[:12]}: manifest.json: foreign: it is that of {ID[:12]} \(xnli en\)"
    ):
        read_manifest(elsewhere)


def test_a_payload_that_does_not_give_the_id_is_foreign(tmp_path: Path) -> None:
    folder = tmp_path / digest("what the folder says")
    folder.mkdir()
    write_manifest(folder, folder.name, "forged", PAYLOAD, {})
    assert [problem.what.split(":")[0] for problem in problems(folder)] == ["foreign"]


def test_without_digests_sizes_still_count(tmp_path: Path) -> None:
    folder = write(tmp_path / ID, {"a": b"123", "b": b"123"})
    (folder / "a").write_bytes(b"12x")
    (folder / "b").write_bytes(b"12")
    assert [problem.file for problem in problems(folder, digests=False)] == ["b"]


@pytest.mark.parametrize("odd", ["link", "manifest"])
def test_an_action_may_leave_only_plain_files_and_no_manifest(tmp_path: Path, odd: str) -> None:
    folder = tmp_path / ID
    folder.mkdir()
    if odd == "link":
        (folder / "weights").symlink_to("/dev/null")
    else:
        (folder / MANIFEST).write_bytes(b"{}")
    with pytest.raises(AssertionError, match="plain files"):
        write_manifest(folder, ID, "odd", PAYLOAD, {})
