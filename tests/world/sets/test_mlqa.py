"""MLQA in the world: pairs of one language, the same questions in every language, in longer contexts than XQuAD's."""

from __future__ import annotations

from isthmus.tasks.task import load_task


def test_contexts_have_three_facts_or_four_in_every_language(world):
    files = load_task("mlqa").files
    for language in ("en", "far"):
        for split, size in (("dev", 300), ("test", 400)):
            questions = world.read(files, language, split)
            assert len(questions) == size
            assert {one.context.count(". ") + 1 for one in questions} == {3, 4}


def test_the_questions_are_the_same_in_every_language(world):
    files = load_task("mlqa").files
    ours, theirs = (world.read(files, language, "test") for language in ("near", "lex"))
    assert [one.id for one in ours] == [one.id for one in theirs]
    assert [len(one.question.split()) for one in ours] == [len(one.question.split()) for one in theirs]
    assert all(one.question != other.question for one, other in zip(ours, theirs, strict=True))


def test_its_questions_are_none_of_squads_nor_of_xquads(world):
    asked = {one.question for one in world.read(load_task("mlqa").files, "en", "test")}
    for name, split in (("squad", "dev"), ("xquad", "test")):
        others = {one.question for one in world.read(load_task(name).files, "en", split)}
        assert len(asked & others) < 5
