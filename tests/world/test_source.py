"""The world as a source: it lists, renders once, and is declared by a YAML file of one's own."""

from __future__ import annotations

import pytest

from isthmus.core.errors import DataError, StudyError
from isthmus.tasks.task import load_task
from isthmus.world.language import built_in
from isthmus.world.source import load_world

OWN = "name: own\nabout: mine\nlike: far\n"


def refusal(path) -> str:
    with pytest.raises(StudyError) as caught:
        load_world(path)
    return str(caught.value)


def test_a_set_exists_in_every_language_of_the_world(world):
    files = load_task("pawsx").files
    assert world.languages(files, "test") == tuple(sorted(built_in()))
    assert world.languages(load_task("mnli").files, "train") == ("en",)
    assert world.languages(load_task("xnli").files, "train") == ()


def test_a_bilingual_set_does_not_exist_in_english(world):
    for name in ("tatoeba", "bucc2018"):
        assert world.languages(load_task(name).files, "test") == tuple(sorted(set(built_in()) - {"en"}))


def test_a_file_is_rendered_when_it_is_asked_for_and_once(world):
    files = load_task("xquad").files
    path = world.root / "xquad/xquad.far.json"
    assert not path.exists()
    first = world.fingerprint(files, "far", "test")
    changed = path.stat().st_mtime_ns
    assert world.fingerprint(files, "far", "test") == first
    assert path.stat().st_mtime_ns == changed
    assert not (world.root / "xquad/xquad.near.json").exists()


def test_what_the_world_does_not_have_is_missing_data(world):
    with pytest.raises(DataError):
        world.read(load_task("xquad").files, "welsh", "test")


def test_a_world_file_names_its_languages_and_its_seed(write, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write(OWN)
    own = load_world(write("languages: [en, own.yaml, near]\nseed: 3\n", "world.yaml"))
    assert list(own.grammars) == ["en", "own", "near"]
    assert own.distances["own"] == load_world().distances["far"]
    files = load_task("xcopa").files
    assert len(own.read(files, "own", "test")) == 400
    assert own.fingerprint(files, "near", "test") != load_world().fingerprint(files, "near", "test")  # another seed


def test_the_same_language_reads_the_same_in_a_world_of_fewer(write, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    small, files = load_world(write("languages: [en, far]\n", "world.yaml")), load_task("pawsx").files
    assert small.root != load_world().root
    assert small.fingerprint(files, "far", "test") == load_world().fingerprint(files, "far", "test")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("languages: [en, farr]\n", "world.yaml:1: languages[1]: unknown language 'farr'; did you mean 'far'"),
        ("languages: [far, en]\n", "world.yaml:1: languages: found far, en; expected en first and every language once"),
        ("languages: [en, far, far]\n", "world.yaml:1: languages: found en, far, far; expected en first"),
        ("languages: []\n", "world.yaml:1: languages: found an empty list"),
        ("languages: [en, gone.yaml]\n", "gone.yaml: no such file"),
        ("languages: [en]\nsed: 3\n", "world.yaml:2: sed: unknown key; did you mean 'seed'?"),
        ("languages: [en]\nseed: -1\n", "world.yaml:2: seed: found -1, expected 0 or more"),
        ("languages: [en, bad.yaml]\n", "bad.yaml:4: ordr: unknown key; did you mean 'order'?"),
    ],
)
def test_a_faulty_world_file_is_refused_with_file_and_line(write, text, message):
    write(OWN + "ordr: SVO\n", "bad.yaml")
    assert message in refusal(write(text, "world.yaml"))
