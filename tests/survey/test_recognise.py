"""What a file holds is found out without its place."""

from __future__ import annotations

import json

import pytest

from isthmus.survey.recognise import Recogniser

UNIVERSAL = "".join(f"{i}\tw\tw\tNOUN\t_\t_\t0\troot\t_\t_\n" for i in (1, 2, 3)) + "\n"
CHOICE = {"premise": "It rained.", "choice1": "He got wet.", "choice2": "He slept.", "question": "effect", "label": 0}
NLI = {"sentence1": "A man sleeps.", "sentence2": "It rains.", "gold_label": "neutral"}


@pytest.fixture
def format_of(lay):
    """A function that returns the format of a file of some content, as a new recogniser sees it."""

    def format_of(name, content):
        return Recogniser().guess(lay({name: content}) / name).format

    return format_of


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("more/dev-hr.tsv", "Pada.\tSuho je.\tcontradiction\nPada.\tMokro je.\tentailment\n", "pairs"),
        ("more/dev-hr.tsv.gz", "Pada.\tSuho je.\tcontradiction\nPada.\tMokro je.\tentailment\n", "pairs"),
        ("pos/test-sn.tsv", "Vana\tNOUN\nvatatu\tNUM\n\nImba\tNOUN\n", "tags"),
        ("ner/test-sn.tsv", "sn:Vana\tO\nsn:Ana\tB-PER\n\nsn:Imba\tO\n", "wikiann"),
        ("ud/sn.conllu", UNIVERSAL * 3, "conllu"),
        ("rte/dev.tsv", "index\tsentence1\tsentence2\tlabel\n0\tIt rains.\tIt is wet.\tentailment\n", "table"),
        ("rte/test.tsv", "index\tsentence1\tsentence2\n0\tIt rains.\tIt is wet.\n", "table"),
        ("nli/dev.jsonl", f"{json.dumps(NLI)}\n" * 3, "json_pairs"),
        ("choices/dev.jsonl", f"{json.dumps(CHOICE)}\n" * 3, "copa"),
        ("corpus/eu.txt", "Zubia luzea da.\nIbaia ere bai.\n", "lines"),
        ("corpus/eu.tsv", "MAT.1\tZubia luzea da.\nMAT.2\tIbaia ere bai.\n", "lines"),
    ],
)
def test_a_file_is_recognised_by_its_content(format_of, name, content, format_):
    assert format_of(name, content) == format_


def test_questions_are_told_by_whether_all_have_answers(format_of, squad):
    assert format_of("a.json", squad("a bridge", "a river")) == "squad"
    assert format_of("b.json", squad("a bridge", answers=[], is_impossible=True)) == "squad_v2"


def test_a_bad_row_among_good_ones_hides_nothing(format_of):
    good = "It rains.\tIt is wet.\tentailment\n"
    assert format_of("more/dev-hr.tsv", good * 2 + "one column\n" + good * 4) == "pairs"
    assert format_of("nli/dev.jsonl", f"{json.dumps(NLI)}\n" * 5 + "{\n") == "json_pairs"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.md", "Some data.\n"),
        ("README.txt", "Some data.\n"),
        ("SHA256SUMS", "0123  file\n"),
        ("paper.pdf", "%PDF-1.5\n"),
        ("sizes.tsv", "path\tset\tlanguage\tbytes\na\tb\tc\t1\nd\te\tf\t2\n"),
        ("config.json", '{"layers": 3, "sizes": [1, 2]}'),
    ],
)
def test_what_is_no_data_is_no_data(lay, name, content):
    guess = Recogniser().guess(lay({name: content}) / name)
    assert (guess.format, guess.answers, guess.part_of) == ("", None, None)


def test_two_files_that_name_each_other_are_a_bitext(lay):
    root = lay({"laser/t.amh-eng.amh": "A\n", "laser/t.amh-eng.eng": "One\n", "laser/t.ber-eng.ber": "B\n"})
    one, english = root / "laser/t.amh-eng.amh", root / "laser/t.amh-eng.eng"
    guess = Recogniser().guess(one)
    assert (guess.format, guess.language, list(guess.files.values())) == ("bitext", "amh", [one, english])
    assert Recogniser().guess(english).part_of == one
    assert Recogniser().guess(root / "laser/t.ber-eng.ber").format == ""


def test_a_folder_of_the_same_is_recognised_file_by_file(lay, squad):
    root = lay({"a/1.json": squad("a"), "a/2.json": squad("a", answers=[], is_impossible=True), "a/3.json": squad("b")})
    recogniser = Recogniser()
    assert [recogniser.guess(root / f"a/{n}.json").format for n in (1, 2)] == ["squad", "squad_v2"]
