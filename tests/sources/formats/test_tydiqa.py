"""TyDiQA-GoldP's release: one file, and of it the questions of one language."""

from __future__ import annotations

import json
from functools import partial

import pytest

from isthmus.sources.directory import Directory
from isthmus.sources.files import Files
from isthmus.sources.formats.tydiqa import NAMES, read
from isthmus.tasks.task import load_task


def release(*ids):
    asked = [{"id": id_, "question": "Who?", "answers": [{"text": "Ada", "answer_start": 0}]} for id_ in ids]
    return json.dumps({"data": [{"paragraphs": [{"context": "Ada came.", "qas": [one]}]} for one in asked]})


def test_a_language_has_the_questions_whose_ids_begin_with_its_english_name(written):
    path = written(release("finnish-1-0", "english-7-0", "finnish--3-1"), "tydiqa.json")
    assert [q.id for q in read(path, (), "fi")] == ["finnish-1-0", "finnish--3-1"]
    assert [q.id for q in read(path, (), "en")] == ["english-7-0"]


def test_every_language_of_the_task_is_known_by_name():
    assert tuple(NAMES) == load_task("tydiqa").languages


def test_a_directory_reads_each_language_of_the_one_file(written):
    path = written(release(*(f"{name}-1-0" for name in NAMES.values())), "tydiqa.json")
    files = Files(format="tydiqa", train="tydiqa.json", languages=tuple(NAMES))
    source = Directory(path.parent)
    assert source.languages(files, "train") == tuple(sorted(NAMES))
    assert {code: [q.id for q in source.read(files, code, "train")] for code in NAMES} == {
        code: [f"{name}-1-0"] for code, name in NAMES.items()
    }


@pytest.mark.parametrize(
    ("content", "language", "what"),
    [
        (release("finnish-1-0"), "en", "no question in 'en', whose ids begin with 'english'; did you mean 'finnish'?"),
        (release("swahili-1-0"), "ar", "no question in 'ar', whose ids begin with 'arabic'; known: swahili"),
        (release("finnish-1-0", "finnish-1-0"), "fi", "this id stands more than once"),
        ('{"data": []}', "fi", "no question in the file"),
    ],
)
def test_a_file_without_the_language_is_refused(written, refused, content, language, what):
    assert what in refused(partial(read, language=language), written(content, "tydiqa.json")).what
