"""Answer retrieval in the world: one pool of the sentences of all languages, in each of which one is right."""

from __future__ import annotations

from isthmus.tasks.task import load_task
from isthmus.world.source import load_world


def test_the_pool_holds_every_sentence_of_every_language_of_the_world(world):
    asked = world.read(load_task("lareqa").files, "far", "test")
    assert (world.root / "lareqa/xquad-r/en.json").exists()  # which nobody has asked for
    assert len(asked) == 300
    languages = {id_.split("_")[0] for id_ in asked[0].candidates}
    assert languages == set(world.grammars)
    assert len(asked[0].candidates) == 300 * len(languages)
    assert all(text in around for text, around in asked[0].candidates.values())


def test_one_sentence_of_each_language_is_right_and_others_of_its_context_are_not(world):
    for one in world.read(load_task("lareqa").files, "near", "test"):
        assert sorted(id_.split("_")[0] for id_ in one.matches) == sorted(world.grammars)
        assert len({id_.split("_", 1)[1] for id_ in one.matches}) == 1


def test_a_world_of_fewer_languages_has_a_smaller_pool(write, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    small = load_world(write("languages: [en, near]\n", "world.yaml"))
    files = load_task("lareqa").files
    assert len(small.read(files, "near", "test")[0].candidates) == 600
    assert small.fingerprint(files, "near", "test") != load_world().fingerprint(files, "near", "test")
