"""The written folder: there completely or not at all, with a reader that stands on its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import venv
from dataclasses import replace

import pytest

from isthmus.core.errors import SetupError
from isthmus.efficiency.deployable import BLANK, TEMPLATES, asked_of, filling, publish, size_of, texts_of
from isthmus.efficiency.export import export
from isthmus.sources.example import Answer, Choice, Question, TaggedSentence, TextPair

from models_to_export import asked_for, checkpoint, reader_of  # isort: skip

READER_NEEDS = {"numpy", "onnxruntime", "tokenizers"}


def imported(file):
    """Return the packages that a file imports, beside those of Python itself."""
    tree = ast.parse(file.read_text("utf-8"), feature_version=(3, 11))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)


def test_the_reader_imports_what_its_requirements_name_and_the_example_imports_the_reader():
    assert imported(TEMPLATES / "predict.py") == READER_NEEDS
    assert imported(TEMPLATES / "example.py") == {"predict"}
    assert (TEMPLATES / "example.py").read_text("utf-8").count(BLANK) == 1


def test_the_place_of_a_folder_is_taken_all_at_once(tmp_path):
    with filling(tmp_path / "a/b/small") as room:
        (room / "folder").mkdir()
        (room / "folder/file").write_text("x", "utf-8")
        (room / "rest").write_text("x", "utf-8")
        assert not (tmp_path / "a").exists()
        publish(room / "folder", tmp_path / "a/b/small")
    assert [str(file.relative_to(tmp_path)) for file in sorted(tmp_path.rglob("*"))] == [
        "a",
        "a/b",
        "a/b/small",
        "a/b/small/file",
    ]


def test_an_empty_directory_is_filled(tmp_path):
    (tmp_path / "small").mkdir()
    with filling(tmp_path / "small") as room:
        (room / "folder").mkdir()
        (room / "folder/file").write_text("x", "utf-8")
        publish(room / "folder", tmp_path / "small")
    assert [file.name for file in tmp_path.rglob("*")] == ["small", "file"]


def test_what_is_there_already_is_left_as_it_is(tmp_path):
    (tmp_path / "small").mkdir()
    (tmp_path / "small/thesis.txt").write_text("years", "utf-8")
    for place, why in ((tmp_path / "small", "is not empty"), (tmp_path / "small/thesis.txt", "is a file")):
        with pytest.raises(SetupError, match=f"{why}; --out names a new directory"), filling(place):
            pytest.fail("there was nothing to fill")
    assert [file.name for file in sorted(tmp_path.rglob("*"))] == ["small", "thesis.txt"]


def test_a_place_that_cannot_be_written_is_named_before_any_work(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with (
        pytest.raises(SetupError, match=r"file/small cannot be written \(Not a directory\)"),
        filling(tmp_path / "file/small"),
    ):
        pytest.fail("there was nothing to fill")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_parent_is_named(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(SetupError, match="small cannot be written"), filling(tmp_path / "locked/small"):
        pytest.fail("there was nothing to fill")


@pytest.mark.parametrize(
    ("example", "asked", "texts"),
    [
        (TextPair("1", "a", None, "x"), {"first": "a"}, ["a"]),
        (TextPair("1", "a", "b", "x"), {"first": "a", "second": "b"}, ["a", "b"]),
        (TaggedSentence("1", ("a", "b"), ("X", "Y")), {"words": ["a", "b"]}, ["a b"]),
        (Question("1", "q", "c", (Answer("c", 0),)), {"question": "q", "context": "c"}, ["q", "c"]),
        (Choice("1", "c", None, ("a", "b"), 0), {"context": "c", "endings": ["a", "b"]}, ["c", "a", "b"]),
        (Choice("1", "c", "q", ("a",), 0), {"context": "c", "question": "q", "endings": ["a"]}, ["q", "c", "a"]),
    ],
)
def test_the_reader_is_asked_without_id_and_gold(example, asked, texts):
    assert asked_of(example) == asked
    assert sorted(texts_of(example)) == sorted(texts)


def test_files_are_counted_below_folders_and_alone(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/file").write_bytes(bytes(10))
    (tmp_path / "file").write_bytes(bytes(5))
    assert (size_of(tmp_path), size_of(tmp_path / "a", tmp_path / "file"), size_of(tmp_path / "none")) == (15, 15, 0)


@pytest.fixture(scope="module")
def written(tmp_path_factory, still_encoder):
    """An exported folder, and what its first example is answered by the reader here."""
    root = tmp_path_factory.mktemp("written")
    asked = asked_for("tagging", checkpoint("tagging", still_encoder, root / "model"), count=2)
    first = replace(asked.examples["en"][0], words=("“Ça,", "it's", "naïve\\", "'\"", "\n"), tags=("NOUN",) * 5)
    asked = replace(asked, examples={**asked.examples, "en": [first, *asked.examples["en"][1:]]}, max_loss=100.0)
    export(asked, root / "small", lambda *_: None)
    return root / "small", reader_of(root / "small").predict([asked_of(first)])[0]


def test_the_example_runs_from_anywhere_whatever_its_sentence_holds(written, tmp_path):
    folder, expected = written
    ran = subprocess.run(
        [sys.executable, "-B", str(folder / "example.py")], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(ran.stdout) == expected


@pytest.mark.slow
def test_the_folder_runs_where_only_its_requirements_are_installed(written, tmp_path):
    folder, expected = written
    venv.create(tmp_path / "fresh", with_pip=True)
    python = tmp_path / "fresh/bin/python"
    install = [str(python), "-m", "pip", "install", "-q", "-r", str(folder / "requirements.txt")]
    if subprocess.run(install, capture_output=True, check=False).returncode:
        pytest.skip("no index to install packages from")
    absent = "import importlib.util as u; print([n for n in ('torch', 'transformers', 'isthmus', 'onnx') if u.find_spec(n)])"
    clean = {"PATH": os.environ["PATH"]}
    run = {"cwd": tmp_path, "env": clean, "capture_output": True, "text": True, "check": True}
    assert subprocess.run([str(python), "-c", absent], **run).stdout == "[]\n"
    ran = subprocess.run([str(python), str(folder / "example.py")], **run)
    assert ast.literal_eval(ran.stdout) == expected
