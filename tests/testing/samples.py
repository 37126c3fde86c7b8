"""A few rows of our own for every task, in its official layout."""

from __future__ import annotations

import json
from pathlib import Path

PAIRS = (
    "A man sleeps.\tA person rests.\tentailment\nA man sleeps.\tHe runs.\tcontradiction\nA dog eats.\tIt is red.\tneutral\n"
)
SAME = "Ann saw Bob.\tBob saw Ann.\t0\nAnn saw Bob.\tBob was seen by Ann.\t1\n"
PARTS = "Ann\tPROPN\nsleeps\tVERB\n.\tPUNCT\n\nShe\tPRON\nsaw\tVERB\nit\tPRON\n"
NAMES = "Ann\tB-PER\nwent\tO\nto\tO\nNew\tB-LOC\nYork\tI-LOC\n\nIt\tO\nrained\tO\n"
CATEGORIES = "Ann\tNP\nsleeps\tS[dcl]\\NP\n\nHe\tNP\nsaw\t(S[dcl]\\NP)/NP\nher\tNP\n"
TEXT = "Ann lives in Lima. She has a red house near the river. Bob bakes bread there."
ASKED = (("Where does Ann live?", "Lima"), ("What does Bob bake?", "bread"))


def squad(version="1.1", impossible=False):
    asked = [
        {"id": f"q{i}", "question": question, "answers": [{"text": answer, "answer_start": TEXT.index(answer)}]}
        for i, (question, answer) in enumerate(ASKED)
    ]
    if impossible:
        asked = [{**one, "is_impossible": False} for one in asked]
        asked.append({"id": "q9", "question": "Who is Eve?", "answers": [], "is_impossible": True})
    return json.dumps({"version": version, "data": [{"title": "t", "paragraphs": [{"context": TEXT, "qas": asked}]}]})


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def nli(first, second, label):
    return lines(*({first: "A man sleeps.", second: "He rests.", label: value} for value in ("entailment", "neutral")))


def anli():
    row = {"context": "A man sleeps.", "hypothesis": "He rests."}
    return lines(*({**row, "uid": label, "label": label} for label in "enc"))


def xquad_r():
    sentences = [f"{part}." for part in TEXT.removesuffix(".").split(". ")]
    breaks = [[TEXT.index(sentence), TEXT.index(sentence) + len(sentence)] for sentence in sentences]
    tree = json.loads(squad())
    tree["data"][0]["paragraphs"][0] |= {"sentences": sentences, "sentence_breaks": breaks}
    return json.dumps(tree)


COPA = lines(
    {"premise": "The glass fell.", "choice1": "It broke.", "choice2": "It sang.", "question": "effect", "label": 0},
    {"premise": "He is wet.", "choice1": "He slept.", "choice2": "It rained.", "question": "cause", "label": 1},
)
HELLASWAG = lines(
    *(
        {"ind": i, "ctx_a": "A man cooks.", "ctx_b": "he", "ctx": "A man cooks. he", "label": i, "endings": list("abcd")}
        for i in range(2)
    )
)
COMMONSENSE = lines(
    {
        "id": "c1",
        "answerKey": "B",
        "question": {"stem": "Where is bread?", "choices": [{"label": a, "text": f"in {a}"} for a in "ABCDE"]},
    }
)
COSMOS = (
    "id,context,question,answer0,answer1,answer2,answer3,label\n"
    'a,"Ann left, and it rained.",Why was Ann wet ?,Rain .,Snow .,Tea .,None of the above choices .,0\n'
)
SIQA = lines(
    {
        "context": "Ann fell.",
        "question": "How is she?",
        "answerA": "hurt",
        "answerB": "tall",
        "answerC": "old",
        "correct": "A",
    }
)
GLUE = "index\tsentence1\tsentence2\tlabel\n0\tIt rains.\tIt is wet.\tentailment\n1\tIt rains.\tHe sings.\tnot_entailment\n"
QUORA = (
    "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n7\t1\t2\tWhat is it?\tWhat is that?\t1\n8\t3\t4\tWho?\tWhen?\t0\n"
)

ENTITIES = {"Q1": "Hove is a town.", "Q2": "A storm is wind."}
ENTITY = {
    id_: {"entity_id": id_, "title": "t", "description": text, "sentence_spans": [{"start": 0, "end": len(text)}]}
    for id_, text in ENTITIES.items()
}
NEWS = "A storm hit Hove."
SPOKEN = {"language": "en", "text": NEWS, "sentence_spans": [{"start": 0, "end": len(NEWS)}]}


def mention(word, entity):
    start = NEWS.index(word)
    span = {"start": start, "end": start + len(word), "text": word}
    return {"example_id": word, "entity_id": entity, "mention_span": span}


MENTIONS = mention("Hove", "Q1"), mention("storm", "Q2")
NEWS_PAIRS = lines(
    *({"contextual_mention": {"context": SPOKEN, "mention": one}, "entity": ENTITY[one["entity_id"]]} for one in MENTIONS)
)
SAMPLES: dict[str, dict[str, str]] = {
    "anli": {f"anli_v1.0/R{i}/{split}.jsonl": anli() for i in (1, 2, 3) for split in ("train", "dev")},
    "bucc2018": {
        "bucc2018/de-en.test.de": "de-1\tDas Haus ist rot.\nde-2\tEs regnet.\n",
        "bucc2018/de-en.test.en": "en-1\tIt rains.\nen-2\tHe left.\n",
        "bucc2018/de-en.test.gold": "de-2\ten-1\n",
    },
    "ccg": {"ccg/train.tsv": CATEGORIES, "ccg/dev.tsv": CATEGORIES},
    "commonsenseqa": {"commonsenseqa/train_rand_split.jsonl": COMMONSENSE},
    "copa": {"xcopa/train-en.jsonl": COPA, "xcopa/val-en.jsonl": COPA},
    "cosmosqa": {"cosmosqa/train.csv": COSMOS, "cosmosqa/valid.csv": COSMOS},
    "hellaswag": {"hellaswag/hellaswag_train.jsonl": HELLASWAG},
    "lareqa": {"lareqa/xquad-r/en.json": xquad_r(), "lareqa/xquad-r/de.json": xquad_r()},
    "mewslix": {
        "mewslix/candidate_set_entities.jsonl": lines(*ENTITY.values()),
        "mewslix/wikinews_mentions/dev-en.jsonl": lines({"context": SPOKEN, "mentions": MENTIONS}),
    },
    "mewslix_pairs": {"mewslix/wikipedia_pairs-train.jsonl": NEWS_PAIRS},
    "mlm": {"text/en.txt": "Ann sleeps.\nBob bakes.\n"},
    "tlm": {"parallel/en.tsv": "1\tAnn sleeps.\n", "parallel/de.tsv": "1\tAnn schläft.\n"},
    "mlqa": {"mlqa/MLQA_V1/test/test-context-de-question-de.json": squad()},
    "mnli": {"xnli/train-en.tsv": PAIRS, "xnli/dev-en.tsv": PAIRS},
    "panx": {"panx/train-en.tsv": NAMES, "panx/test-de.tsv": NAMES},
    "pawsx": {"pawsx/train-en.tsv": SAME, "pawsx/test-de.tsv": SAME},
    "qqp": {"QQP/train.tsv": QUORA, "QQP/dev.tsv": QUORA},
    "rte": {"RTE/train.tsv": GLUE, "RTE/dev.tsv": GLUE},
    "siqa": {"siqa/socialIQa_v1.4_trn.jsonl": SIQA, "siqa/socialIQa_v1.4_dev.jsonl": SIQA},
    "snli": {"snli_1.0/snli_1.0_train.jsonl": nli("sentence1", "sentence2", "gold_label")},
    "squad": {"squad/train-v1.1.json": squad(), "squad/dev-v1.1.json": squad()},
    "squad_sentences": {"squad/train-v1.1.json": squad(), "squad/dev-v1.1.json": squad()},
    "squad_v2": {"squad_v2.0/train-v2.0.json": squad("v2.0", impossible=True)},
    "tatoeba": {"tatoeba/de-en.de": "Es regnet.\nIch gehe.\n", "tatoeba/de-en.en": "It rains.\nI go.\n"},
    "tydiqa": {"tydiqa/tydiqa-goldp-v1.1-train/tydiqa.goldp.en.train.json": squad()},
    "udpos": {"udpos/train-en.tsv": PARTS, "udpos/test-de.tsv": PARTS},
    "xcopa": {"xcopa/train-en.jsonl": COPA, "xcopa/test-it.jsonl": COPA},
    "xnli": {"xnli/dev-de.tsv": PAIRS, "xnli/test-de.tsv": PAIRS},
    "xquad": {"xquad/xquad.de.json": squad()},
}
SAMPLES["anli_plus"] = SAMPLES["anli"] | SAMPLES["mnli"] | SAMPLES["snli"] | {
    "snli_1.0/snli_1.0_dev.jsonl": nli("sentence1", "sentence2", "gold_label")
}  # fmt: skip


def write_sample(folder: Path, name: str) -> Path:
    """Write the rows of a task below a folder and return it."""
    for path, text in SAMPLES[name].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
