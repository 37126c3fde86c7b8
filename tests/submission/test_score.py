"""The figures of a submission: the official mock submission's to the digit, and any other's as small oracles have them."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from string import punctuation

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seqeval.metrics import f1_score

from isthmus.submission.layout import VERSIONS, file_name
from isthmus.submission.score import score_submission
from isthmus.submission.validate import check_submission

# The averages over languages that XTREME's own evaluate_test.py expects.
OFFICIAL = {
    "pawsx": {"accuracy": 51.428571},
    "xnli": {"accuracy": 30.666667},
    "panx": {"f1": 57.507937, "precision": 54.729167, "recall": 62.75},
    "udpos": {"f1": 70.217460, "precision": 71.022326, "recall": 69.549821},
    "bucc2018": {"f1": 55.0},
    "tatoeba": {"accuracy": 53.611111},
    "xquad": {"exact_match": 77.272727, "f1": 79.958678},
    "mlqa": {"exact_match": 57.142857, "f1": 81.768707},
    "tydiqa": {"exact_match": 88.888889, "f1": 97.222222},
    "mewslix": {"map@20": 14.390252},
}
LANGUAGES = {"panx": "ru", "udpos": "ru", "xquad": "ru", "tydiqa": "ru", "bucc2018": "ru", "mewslix": "de"}
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def scored(predictions: Path, labels: Path, *tasks: str, version: str = "xtreme", partial: bool = False):
    return score_submission(check_submission(predictions, labels, VERSIONS[version], tasks, partial=partial))


@pytest.fixture(scope="module")
def mock(data_dir):
    folder = data_dir / "xtreme-mock"
    if not folder.is_dir():
        pytest.skip("the data hold no mock submission of google-research/xtreme")
    return folder / "predictions", folder / "labels"


@pytest.mark.parametrize("task", OFFICIAL)
def test_the_official_mock_submission_gets_the_official_averages(task, mock):
    document = scored(*mock, task, version="xtreme-r" if task == "mewslix" else "xtreme").document()
    found = {key: document[task][f"avg_{key}"] for key in OFFICIAL[task]}
    assert found == pytest.approx(OFFICIAL[task], abs=1e-6)


def test_the_averages_of_the_mock_submission_follow_from_those_of_its_tasks(mock):
    document = scored(*mock).document()
    figure = {task: values.get("f1", values.get("accuracy")) for task, values in OFFICIAL.items()}
    figure |= {task: fmean(OFFICIAL[task].values()) for task in ("xquad", "mlqa", "tydiqa")}
    nine = VERSIONS["xtreme"].languages
    assert document["all_task"] == pytest.approx(fmean(figure[task] for task in nine), abs=1e-6)
    for group, tasks in VERSIONS["xtreme"].groups.items():
        assert document[group] == pytest.approx(fmean(figure[task] for task in tasks), abs=1e-6)
    assert {task: document[task]["avg_metric"] for task in nine} == pytest.approx({t: figure[t] for t in nine}, abs=1e-6)
    assert document["isthmus"]["average"]["official"] == document["all_task"]


def test_the_document_has_the_keys_of_the_official_script_in_its_order_and_one_of_ours_at_the_end(mock):
    document = scored(*mock).document()
    groups = ["all_task", "classification", "tagging", "qa", "retrieval"]
    tasks = ["pawsx", "xnli", "panx", "udpos", "bucc2018", "tatoeba", "xquad", "mlqa", "tydiqa"]
    assert list(document) == [*groups, *tasks, "isthmus"]
    assert set(document["panx"]) == {"f1", "precision", "recall", "avg_f1", "avg_precision", "avg_recall", "avg_metric"}
    assert set(document["mlqa"]) == {"exact_match", "f1", "avg_exact_match", "avg_f1", "avg_metric"}
    assert set(document["xnli"]["accuracy"]) == set(VERSIONS["xtreme"].languages["xnli"])
    json.dumps(document, allow_nan=False)


def test_accuracy_of_tags_and_segmented_answers_stand_beside_the_official_figures(mock):
    document = scored(*mock).document()
    beside = document["isthmus"]["beside"]
    assert set(beside) == {"udpos", "xquad", "tydiqa"}
    assert beside["udpos"]["avg_accuracy"] == pytest.approx(74.194, abs=5e-4)
    for task in ("xquad", "tydiqa"):
        spaced = set(document[task]["f1"]) - {"zh", "th"}
        segmented, official = beside[task]["f1_segmented"], document[task]["f1"]
        assert [lang for lang in spaced if segmented[lang] < official[lang]] == []
    assert beside["xquad"]["f1_segmented"]["zh"] > document["xquad"]["f1"]["zh"]


def test_what_is_all_right_scores_100_in_every_task_and_average(submission):
    for version in VERSIONS:
        folders = submission(version)
        scores = score_submission(folders.check())
        assert {score.official.figure for score in scores.tasks.values()} == {100.0}
        assert set(scores.groups().values()) == {100.0}
        assert scores.average() == scores.average(truest=True) == 100.0
        for folder in (folders.predictions, folders.labels):
            folder.rename(folder.with_name(f"{folder.name}-{version}"))


def test_xtreme_r_gets_an_average_that_the_official_script_cannot_give_with_or_without_lareqa(submission):
    folders = submission("xtreme-r")
    scores = score_submission(folders.check())
    assert "all_task" not in scores.document()
    assert sorted(scores.counted) == sorted(VERSIONS["xtreme-r"].languages)
    (folders.labels / "lareqa").rename(folders.labels.parent / "kept")
    without = score_submission(folders.check())
    assert "lareqa" not in without.counted
    assert without.counted.count("xcopa") == 1
    assert len(without.counted) == 9
    assert without.average() == 100.0


def test_the_average_of_xtreme_r_counts_xcopa_once_though_it_is_in_two_groups(submission):
    folders = submission("xtreme-r")
    for language in VERSIONS["xtreme-r"].languages["xcopa"]:
        folders.write("xcopa", language, '{"label": 0}\n{"label": 1}\n{"label": 0}\n')
    scores = score_submission(folders.check())
    assert scores.groups()["multi_choice"] == 0
    assert scores.groups()["classification"] == 50
    assert scores.average() == pytest.approx(90)


def test_without_every_task_there_is_no_average_but_those_of_whole_groups(submission):
    scores = score_submission(submission("xtreme", "xnli", "pawsx", "panx").check())
    assert scores.average() is None
    assert scores.groups() == {"classification": 100.0}
    assert scores.absent["mlqa"] == "no predictions and no labels"


def test_a_task_without_all_its_languages_has_values_but_no_average(submission):
    folders = submission("xtreme", "xnli", "pawsx")
    folders.path("xnli", "de").unlink()
    scores = score_submission(folders.check(partial=True))
    document = scores.document()
    assert set(document["xnli"]) == {"accuracy"}
    assert len(document["xnli"]["accuracy"]) == 14
    assert document["isthmus"]["missing_languages"] == {"xnli": ["de"]}
    assert scores.groups() == {}
    assert scores.tasks["xnli"].official.figure == 100


def write_pair(folder: Path, task: str, gold: str, predicted: str):
    """Write one language of a task and return the scores of both folders as (official, beside)."""
    for name, text in (("labels", gold), ("predictions", predicted)):
        (folder / name / task).mkdir(parents=True, exist_ok=True)
        (folder / name / task / file_name(task, LANGUAGES[task])).write_text(text, "utf-8")
    version = "xtreme-r" if task == "mewslix" else "xtreme"
    score = scored(folder / "predictions", folder / "labels", task, version=version, partial=True).tasks[task]
    return tuple(
        {key: values[LANGUAGES[task]] for key, values in found.values.items()} if found else {}
        for found in (score.official, score.beside)
    )


def as_text(sentences):
    return "".join("".join(f"{tag}\n" for tag in tags) + "\n" for tags in sentences)


def tagged(tags):
    words = st.lists(st.tuples(st.sampled_from(tags), st.sampled_from(tags)), min_size=1, max_size=6)
    return st.lists(words, min_size=1, max_size=5).map(
        lambda text: tuple([[word[side] for word in sentence] for sentence in text] for side in (0, 1))
    )


@MANY
@given(tagged(["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]))
def test_names_score_as_seqeval_says(tmp_path, text):
    gold, predicted = text
    official, _ = write_pair(tmp_path, "panx", as_text(gold), as_text(predicted))
    assert official["f1"] == pytest.approx(100 * f1_score(gold, predicted, zero_division=0))


def runs(sentences):
    """What the official F1 counts: runs of equal tags as (sentence, first word, word after, tag); tags on S stand alone."""
    found = set()
    for number, tags in enumerate(sentences):
        first = 0
        for place in range(1, len(tags) + 1):
            if place == len(tags) or tags[place] != tags[first] or tags[first].startswith("S"):
                found.add((number, first, place, tags[first]))
                first = place
    return found


@MANY
@given(tagged(["NOUN", "PROPN", "VERB", "SYM", "SCONJ", "DET", "X"]))
def test_parts_of_speech_score_by_runs_of_equal_tags_and_accuracy_stands_beside(tmp_path, text):
    gold, predicted = text
    official, beside = write_pair(tmp_path, "udpos", as_text(gold), as_text(predicted))
    right, guessed = runs(gold), runs(predicted)
    assert official["f1"] == pytest.approx(200 * len(right & guessed) / (len(right) + len(guessed)))
    pairs = [pair for tags in zip(gold, predicted, strict=True) for pair in zip(*tags, strict=True)]
    assert beside["accuracy"] == pytest.approx(100 * fmean(a == b for a, b in pairs))


def plain_squad(text):
    """SQuAD's normalisation in three plain steps."""
    kept = "".join(character for character in text.lower() if character not in punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


def plain_f1(answer, guess):
    a, b = plain_squad(answer), plain_squad(guess)
    same = sum(min(a.count(word), b.count(word)) for word in set(a))
    return 2 * same / (len(a) + len(b)) if same else 0


WORDS = ["The", "a", "bridge", "Bridge,", "two", "banks.", "-", "мост"]
ANSWER = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@MANY
@given(st.lists(st.tuples(st.lists(ANSWER, min_size=1, max_size=3), ANSWER), min_size=1, max_size=4))
def test_answers_score_as_a_plain_scorer_of_squad_says(tmp_path, questions):
    entries = [
        {"id": f"q{n}", "question": "?", "answers": [{"text": answer, "answer_start": 0} for answer in answers]}
        for n, (answers, _) in enumerate(questions)
    ]
    gold = json.dumps({"data": [{"paragraphs": [{"qas": entries}]}]})
    # The order of a file of answers is of no account.
    predicted = json.dumps({f"q{n}": guess for n, (_, guess) in reversed(list(enumerate(questions)))})
    official, _ = write_pair(tmp_path, "tydiqa", gold, predicted)
    f1 = fmean(max(plain_f1(answer, guess) for answer in answers) for answers, guess in questions)
    exact = fmean(plain_squad(guess) in [plain_squad(answer) for answer in answers] for answers, guess in questions)
    assert official == {"f1": pytest.approx(100 * f1), "exact_match": pytest.approx(100 * exact)}


PAIRS = st.sets(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=8)


@MANY
@given(PAIRS.filter(bool), PAIRS)
def test_mined_pairs_score_as_sets_though_a_sentence_stands_in_several(tmp_path, gold, guessed):
    def text(pairs):
        return "".join(f"ru-{a}\ten-{b}\n" for a, b in pairs)

    official, _ = write_pair(tmp_path, "bucc2018", text(gold), text(guessed))
    hits = sum(pair in gold for pair in guessed)
    assert official["precision"] == pytest.approx(100 * hits / len(guessed) if guessed else 0)
    assert official["recall"] == pytest.approx(100 * hits / len(gold))
    assert official["f1"] == pytest.approx(200 * hits / (len(gold) + len(guessed)))


@MANY
@given(st.lists(st.tuples(st.integers(1, 30), st.permutations(range(1, 31)), st.integers(0, 20)), min_size=1, max_size=4))
def test_entities_score_by_the_reciprocal_rank_of_the_right_one(tmp_path, queries):
    gold = json.dumps({f"m{n}": [f"Q{right}"] for n, (right, _, _) in enumerate(queries)})
    named = [order[:depth] for _, order, depth in queries]
    predicted = json.dumps({f"m{n}": [f"Q{entity}" for entity in entities] for n, entities in enumerate(named)})
    official, _ = write_pair(tmp_path, "mewslix", gold, predicted)
    ranks = [1 / (ids.index(right) + 1) if right in ids else 0 for ids, (right, _, _) in zip(named, queries, strict=True)]
    assert official == {"map@20": pytest.approx(100 * fmean(ranks))}


@given(st.data())
@MANY
def test_labels_changed_at_random_score_by_the_share_that_is_left(tmp_path, data):
    labels = ["contradiction", "entailment", "neutral"]
    rows = data.draw(st.lists(st.tuples(st.sampled_from(labels), st.sampled_from(labels)), min_size=1, max_size=30))
    for name, side in (("labels", 0), ("predictions", 1)):
        (tmp_path / name / "xnli").mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "xnli" / "test-sw.tsv").write_text("".join(f"{row[side]}\n" for row in rows), "utf-8")
    score = scored(tmp_path / "predictions", tmp_path / "labels", "xnli", partial=True)
    share = Counter(a == b for a, b in rows)[True] / len(rows)
    assert score.tasks["xnli"].official.values == {"accuracy": {"sw": pytest.approx(100 * share)}}


def test_a_submission_with_faults_is_never_scored(submission):
    folders = submission("xtreme", "xnli")
    folders.write("xnli", "de", "neutral\n")
    with pytest.raises(AssertionError, match="with faults has no score"):
        score_submission(folders.check())


def test_a_whole_submission_to_one_version_is_a_part_of_the_other(submission):
    folders = replace(submission("xtreme-r", "xnli", "mlqa", "tydiqa", "panx"), version="xtreme")
    scores = score_submission(folders.check())
    assert set(scores.tasks) == {"xnli", "mlqa", "tydiqa", "panx"}
    assert set(scores.document()["panx"]["f1"]) == set(VERSIONS["xtreme"].languages["panx"])
