"""Long texts are split by sentences and put together again."""

from __future__ import annotations

from isthmus.translation.flores import FLORES
from isthmus.translation.pieces import in_pieces, together


def words(text):
    return len(text.split())


def test_a_short_text_is_one_piece_and_a_long_one_whole_sentences():
    texts = ["One. Two.", "The cat sat down. The dog slept here. It rained. Nobody saw a single one of all these things."]
    pieces, places = in_pieces(texts, 6, words)
    assert pieces == [
        "One. Two.",
        "The cat sat down.",
        "The dog slept here. It rained.",
        "Nobody saw a single one of all these things.",
    ]
    assert places == [[0], [1, 2, 3]]
    assert together(pieces, places) == texts


def test_an_empty_text_is_a_piece():
    assert in_pieces([""], 6, words) == ([""], [[0]])


def test_every_language_of_the_benchmarks_has_a_code_of_its_own():
    from isthmus.tasks.task import TASKS, load_task

    names = {language for name in TASKS.names() for language in load_task(name).languages}
    assert len(set(FLORES.values())) == len(FLORES) == 50
    assert {language for language in names if language not in FLORES} <= {"no"}
