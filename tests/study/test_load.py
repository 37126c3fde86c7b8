"""A study file becomes one Study, whichever way it is written; directories, Python studies and pretrainings."""

from __future__ import annotations

import json
import string
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.core.errors import StudyError
from isthmus.core.hashing import digest
from isthmus.study.document import Loader
from isthmus.study.load import load_pretraining, load_study
from isthmus.study.rates import Leg, Schedule, Scheme, Smoothing
from isthmus.study.recipe import named_recipe, recipe_names
from isthmus.study.spec import ModelSpec, Recipe, Stage, Study, Target

RECIPE = Recipe(learning_rate=1e-5, epochs=2, batch_tokens=2048)
HEAD = "from isthmus.study.spec import *\nfrom isthmus.study.recipe import named_recipe\n"
PYTHON = f"""{HEAD}
def study():
    return Study(
        study="small", question="Does it help?", model=ModelSpec(name="some/model", revision="abc"), data="data",
        seeds=[1, 2],
        arms={{
            "none": [],
            "mnli": [Stage(task="mnli")],
            "two": (Stage(task="panx"), Stage(task="mnli", languages=("en", "de"), split="dev")),
        }},
        targets=(Target(task="udpos"), Target(task="xquad", train="squad", splits=("test", "dev"))),
        source="en", languages=("en", "de", "no"),
        recipe=Recipe(learning_rate=1e-5, epochs=2, batch_tokens=2048),
        overrides={{"squad": {{"learning_rate": 1, "steps": 100}}}},
        groups={{"seen": ("de",), "unseen": ("no",)}},
    )
"""


def message(path: Path) -> str:
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return str(caught.value)


def test_a_yaml_study_is_read_with_its_shorthand_written_out(write, tmp_path):
    study = load_study(write()).study
    assert study.arms == {
        "none": (),
        "mnli": (Stage(task="mnli"),),
        "two": (Stage(task="panx"), Stage(task="mnli", languages=("en", "de"), split="dev")),
    }
    assert study.targets == (Target(task="udpos"), Target(task="xquad", train="squad", splits=("test", "dev")))
    assert study.recipe == RECIPE
    assert study.languages == ("en", "de", "no")
    assert study.data == str(tmp_path / "data")


def test_a_yaml_study_and_the_same_study_in_python_are_equal(write):
    assert load_study(write()).study == load_study(write(text=PYTHON, name="study.py")).study


def test_yaml_and_yml_with_byte_order_mark_and_windows_line_ends_are_the_same_study(write):
    plain = load_study(write())
    text = plain.file.read_bytes().replace(b"\n", b"\r\n")
    other = load_study(write(text=b"\xef\xbb\xbf" + text, name="study.yml"))
    assert (other.study, other.lines) == (plain.study, plain.lines)


def test_languages_may_be_all(write):
    assert load_study(write(("[en, de, no]", "all"))).study.languages == "all"


def test_a_recipe_is_named_or_named_with_changes(write):
    given = "recipe:\n  learning_rate: 1e-5\n  epochs: 2\n  batch_tokens: 2048\n"
    assert load_study(write((given, "recipe: phang2020\n"))).study.recipe == named_recipe("phang2020")
    changed = load_study(write((given, "recipe: {use: phang2020, learning_rate: 3e-5, steps: 10}\n"))).study.recipe
    assert (changed.learning_rate, changed.steps, changed.epochs, changed.batch_examples) == (3e-5, 10, None, 32)


def test_an_override_changes_the_recipe_of_its_task_only(write):
    study = load_study(write()).study
    assert study.recipe_for("udpos") == RECIPE
    assert study.recipe_for("squad") == Recipe(learning_rate=1.0, steps=100, batch_tokens=2048)


def test_a_whole_number_and_the_same_number_with_a_point_have_one_identity(write):
    whole, point = (load_study(write(("epochs: 2", f"epochs: {n}"))).study for n in ("2", "2.0"))
    assert digest(whole.model_dump()) == digest(point.model_dump())
    assert digest(whole.recipe_for("squad").model_dump()) == digest(
        load_study(write(("learning_rate: 1,", "learning_rate: 1.0,"))).study.recipe_for("squad").model_dump()
    )


def test_an_override_keeps_what_it_does_not_name(write):
    given = "recipe:\n  learning_rate: 1e-5\n  epochs: 2\n  batch_tokens: 2048\n"
    study = load_study(
        write((given, "recipe: phang2020\n"), ("squad: {learning_rate: 1, steps: 100}", "squad: {epochs: 5}"))
    ).study
    assert study.recipe_for("squad") == named_recipe("phang2020", epochs=5)
    assert study.recipe_for("squad").early_stopping == study.recipe.early_stopping


def test_every_named_recipe_is_valid():
    assert {"phang2020", "small-cpu"} <= set(recipe_names())
    for name in recipe_names():
        assert named_recipe(name).learning_rate > 0


def test_an_anchor_gives_the_same_value_where_its_alias_stands(write):
    study = load_study(write(("seen: [de]", "seen: &seen [de]"), ("languages: [en, de, no]", "languages: all"))).study
    assert study.groups["seen"] == ("de",)
    study = load_study(write(("mnli: [mnli]", "mnli: &one [mnli]"), ("  two:", "  again: *one\n  two:"))).study
    assert study.arms["again"] == study.arms["mnli"]


def test_data_may_stand_below_a_variable(write, tmp_path, monkeypatch):
    (tmp_path / "data/sub").mkdir()
    monkeypatch.setenv("SOME_DATA", str(tmp_path / "data"))
    for text in ("$SOME_DATA/sub", "${SOME_DATA}/sub"):
        assert load_study(write(("data: data", f'data: "{text}"'))).study.data == str(tmp_path / "data/sub")


def test_a_variable_with_a_relative_path_is_relative_to_the_current_directory(write, tmp_path, monkeypatch):
    (tmp_path / "else/where").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "else")
    monkeypatch.setenv("SOME_DATA", "where")
    assert load_study(write(("data: data", "data: $SOME_DATA"))).study.data == str(tmp_path / "else/where")


def test_a_tilde_is_the_home_directory(write, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_study(write(("data: data", "data: ~/data"))).study.data == str(tmp_path / "data")


def test_directories_of_the_model_are_made_absolute_too(write, tmp_path):
    (tmp_path / "tok").mkdir()
    old = "{name: some/model, revision: abc}"
    assert load_study(write((old, "{path: ./tok}"))).study.model.path == str(tmp_path / "tok")
    model = load_study(write((old, "{config: {model_type: bert}, tokenizer: tok}"))).study.model
    assert model.tokenizer == str(tmp_path / "tok")


def test_an_unset_variable_says_how_to_set_it(write, monkeypatch):
    monkeypatch.delenv("SOME_DATA", raising=False)
    said = message(write(("data: data", "data: $SOME_DATA/sub")))
    assert "study.yaml:4: data: found '$SOME_DATA/sub'" in said
    assert "export SOME_DATA=" in said


def test_a_missing_directory_and_a_file_in_its_place_are_named(write, tmp_path):
    assert "study.yaml:4: data: found 'dada', expected a directory: " in message(write(("data: data", "data: dada")))
    (tmp_path / "file").touch()
    assert message(write(("data: data", "data: file"))).endswith("file is a file")
    assert "study.yaml:3: model.path: found 'x'" in message(write(("{name: some/model, revision: abc}", "{path: x}")))


def test_an_error_found_later_is_located_at_its_key_or_the_nearest_one_around_it(write):
    loaded = load_study(write())
    found = {
        key: loaded.locate(StudyError("wrong", key=key)).line
        for key in (
            "arms.two[1].task",
            "arms.mnli[0].task",
            "targets[1].task",
            "overrides.squad.steps",
            "groups.seen[0]",
            "baselines",
        )
    }
    assert list(found.values()) == [9, 8, 12, 20, 22, 1]
    assert str(loaded.locate(StudyError("wrong", key="targets[0].task"))) == f"{loaded.file}:11: targets[0].task: wrong"
    elsewhere = StudyError("wrong", file="other.yaml", line=3, key="seeds")
    assert loaded.locate(elsewhere) is elsewhere


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("x = 1\n", "", "found nothing by the name of study, expected a function study() that returns a Study"),
        ("study = 5\n", "", "found 5 by the name of study"),
        ("\n\ndef study():\n    return {}\n", ":3", "study() returned dict, expected a Study"),
        ("def study(:\n", ":1", "SyntaxError: "),
        ("import nothing_of_this_name\n", ":1", "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("def study():\n    return 1 / 0\n", ":2", "ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit('no')\n", ":2", "SystemExit: no"),
        (f"{HEAD}\ndef study():\n    named_recipe('phang')\n", ":5", "unknown recipe 'phang'; did you mean 'phang2020'?"),
        (f"{HEAD}\ndef study():\n    Stage(taks='mnli', task='x')\n", ":5", "Stage.taks: unknown key; did you mean 'task'?"),
    ],
)
def test_a_python_study_that_gives_no_study_says_why_and_where(write, text, line, said):
    path = write(text=text, name="study.py")
    assert message(path).startswith(f"{path}{line}: {said}")


def test_a_python_study_is_checked_like_one_in_yaml(write):
    path = write(("seeds=[1, 2]", "seeds=[1, 1]"), text=PYTHON, name="study.py")
    assert message(path) == f"{path}:4: seeds[1]: 1 stands twice"
    path = write(("seeds=[1, 2]", "seeds={1, 2}"), text=PYTHON, name="study.py")  # a set has no order
    assert "Study.seeds: found {1, 2}, expected a list" in message(path)


def test_running_a_python_study_leaves_nothing_behind(write, tmp_path):
    imports = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    text = f"{imports}{PYTHON}\n@dataclass\nclass Own:\n    x: int\n"
    before = set(sys.modules)
    load_study(write(text=text, name="study.py"))
    assert {name for name in set(sys.modules) - before if "study" in name} == set()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data", "study.py"]


PRETRAINING = """\
data: data
pretrain:
  text: {de: [corpora/de.txt], no: [corpora/no.txt, more/no.txt.gz]}
  tokenizer: {vocab_size: 8000}
  network: {model_type: bert, hidden_size: 64, layers: [1, 2]}
  seed: 1
  tokens: 20_000_000
  batch_tokens: 4096
  learning_rate: 5e-4
"""


def test_a_pretraining_is_read(write, tmp_path):
    loaded = load_pretraining(write(text=PRETRAINING, name="small.yaml"))
    assert loaded.spec.pretrain.text["no"] == ("corpora/no.txt", "more/no.txt.gz")
    assert loaded.spec.pretrain.network["layers"] == [1, 2]
    assert loaded.spec.pretrain.tokens == 20_000_000
    assert loaded.spec.data == str(tmp_path / "data")
    assert loaded.locate(StudyError("no such file", key="pretrain.text.no[1]")).line == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  tokens:", "  token:", "small.yaml:7: pretrain.token: unknown key; did you mean 'tokens' or"),
        ("seed: 1", "seed: one", "small.yaml:6: pretrain.seed: found 'one', expected a whole number"),
        ("{vocab_size: 8000}", "{}", "small.yaml:4: pretrain.tokenizer.vocab_size: this key is missing"),
        ("[corpora/de.txt]", "[]", "small.yaml:3: pretrain.text.de: found an empty list, expected at least 1"),
        ("seed: 1", "seed: 1\n  tlm: 0.5", "small.yaml:2: pretrain: pivot 'en' must be a language of text"),
        ("data: data", "data: dada", "small.yaml:1: data: found 'dada', expected a directory"),
    ],
)
def test_a_faulty_pretraining_says_where(write, old, new, said):
    with pytest.raises(StudyError) as caught:
        load_pretraining(write((old, new), text=PRETRAINING, name="small.yaml"))
    assert said in str(caught.value)


class Dumper(yaml.SafeDumper):
    """Quotes exactly what our loader would not read as text."""

    yaml_implicit_resolvers = Loader.yaml_implicit_resolvers


names = st.text(string.ascii_letters + string.digits, min_size=1, max_size=4) | st.sampled_from(
    ["no", "on", "1e5", "true", "null"]
)
rates = st.floats(1e-9, 1, exclude_min=True)
counts = st.integers(1, 10**12)


def lists(of, least=0):
    return st.lists(of, min_size=least, max_size=4, unique=True).map(tuple)


@st.composite
def mixes(draw):
    mix = draw(lists(names.filter(lambda name: name not in ("scheme", "schedule", "tlm")), 2))
    scheme = st.builds(
        Scheme, scheme=st.just("temperature"), temperature=st.floats(0.5, 9), cap=st.none() | counts,
        mlm=st.just(0.5) if "mlm" in mix else st.none(),
    )  # fmt: skip
    by_task = st.dictionaries(st.sampled_from(mix), st.just("all") | lists(names, 1), max_size=3)
    numbers = st.fixed_dictionaries(dict.fromkeys(mix, st.floats(0.1, 9)))
    legs = st.builds(lambda *own: tuple(Leg(at=i / 2, rates=one) for i, one in enumerate(own)), *[scheme | numbers] * 3)
    smoothing = st.builds(Smoothing, alpha=st.floats(0, 1), cap=st.none() | counts)
    languages = st.dictionaries(names.filter(lambda name: name not in ("alpha", "cap")), st.floats(0.1, 9), min_size=1)
    return Stage(
        mix=mix,
        rates=draw(scheme | numbers | st.builds(Schedule, schedule=legs)),
        languages=draw(st.just("all") | lists(names) | by_task),
        language_rates=draw(
            st.none() | smoothing | st.dictionaries(st.sampled_from(mix), smoothing | languages, min_size=1)
        ),
        mask=draw(st.none() | st.floats(0.1, 1)),
        alpha=draw(st.none() | st.floats(0, 1)),
        recipe={"steps": draw(counts), "epochs": None},
    )


@st.composite
def studies(draw):
    source, rest = "en", draw(lists(names.filter(lambda n: n != "en")))
    length = draw(st.sampled_from([("epochs", draw(rates)), ("steps", draw(counts))]))
    changes = st.fixed_dictionaries({}, optional={"warmup": st.just(0.5), "clip": st.just(2.0)})
    split, most = st.sampled_from(["train", "dev"]), st.none() | counts
    languages = st.just("all") | lists(names)
    single = st.builds(Stage, task=names, languages=languages, split=split, max_examples=most, recipe=changes)
    targets = st.builds(
        Target, task=names, train=st.none() | names, train_examples=most, layer=st.none() | st.integers(-9, 9),
        max_examples=most, recipe=changes,
    )  # fmt: skip
    recipe = Recipe(learning_rate=draw(rates), batch_tokens=draw(counts), **dict([length]))
    return Study(
        study=draw(names),
        question=draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30)),
        model=ModelSpec(name=draw(names), revision=draw(names)),
        data=tempfile.gettempdir(),
        seeds=draw(lists(st.integers(0, 2**40), 1)),
        arms=draw(st.dictionaries(names, st.lists(single | mixes(), max_size=4).map(tuple), min_size=1, max_size=3)),
        targets=draw(st.lists(targets, min_size=1, max_size=3, unique_by=lambda t: t.task).map(tuple)),
        source=source,
        languages=draw(st.sampled_from(["all", (source, *rest)])),
        recipe=recipe,
        overrides=draw(
            st.dictionaries(names, st.fixed_dictionaries({}, optional={"warmup": st.just(0.25), "steps": counts}))
        ),
        baselines=draw(lists(names)),
        groups={"all-of-them": (source, *rest)},
    )


@given(study=studies(), block=st.booleans())
@settings(deadline=None)
def test_any_valid_study_written_as_yaml_is_read_back_equal(study, block):
    plain = json.loads(study.model_dump_json())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        text = yaml.dump(plain, Dumper=Dumper, allow_unicode=True, sort_keys=False, default_flow_style=not block)
        path.write_text(text, encoding="utf-8")
        assert load_study(path).study == study.model_copy(update={"data": str(Path(study.data).resolve())})


def test_reading_studies_needs_no_heavy_import():
    heavy = {"torch", "transformers", "datasets", "numpy", "rich", "typer"}
    code = f"import sys, isthmus.study.load; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
