"""From arms and targets to steps: what is shared, what is added, what needs no training, and that nothing is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sketches import HELD, below, ids, names, plan, with_text

from isthmus.core.errors import StudyError
from isthmus.plan.planner import make_plan
from isthmus.sources.directory import Directory
from isthmus.study.load import load_study

REAL_MINI = Path(__file__).parents[2] / "studies" / "real-mini.yaml"


def named(plan, name):
    return next(step for step in plan if step.name == name)


def ancestors(plan, start):
    """Return every step that has to be done before the steps of ``start``, and these."""
    found = set(start)
    for step in reversed(list(plan)):
        if step.id in found:
            found |= set(step.inputs.values())
    return found


def made_by(plan, cell):
    """Return the step whose predictions a cell scores."""
    return plan.steps[plan.steps[cell.step].inputs["predictions"]]


def test_a_stage_on_a_task_is_the_same_step_as_the_target_of_the_baseline_arm_on_it():
    made = plan()
    stage = named(made, "panx-first/seed 1/udpos").inputs["model"]
    assert made.steps[stage].name == "none/seed 1/panx"


def test_arms_that_begin_alike_share_their_beginning():
    arms = {"a": [{"task": "panx"}, {"task": "mnli"}], "b": [{"task": "panx"}, {"task": "squad"}]}
    made = plan(arms=arms, targets=[{"task": "udpos"}], seeds=[1])
    assert sorted(step.name for step in made if step.kind == "train") == [
        "a/seed 1/stage 1 panx",
        "a/seed 1/stage 2 mnli",
        "a/seed 1/udpos",
        "b/seed 1/stage 2 squad",
        "b/seed 1/udpos",
    ]


def test_seeds_share_nothing_but_the_model_and_what_trains_nothing():
    one, two = plan(seeds=[1]), plan(seeds=[2])
    assert names(one, ids(one) & ids(two)) == {
        "model",
        *(f"none/seed 1/tatoeba/{language}/{kind}" for language in ("de", "sw") for kind in ("predict", "score")),
    }


def test_one_more_language_adds_its_predictions_and_scores_only():
    few, more = plan(languages=["en", "de"]), plan(languages=["en", "de", "sw"])
    assert ids(few) < ids(more)
    added = [more.steps[id_] for id_ in ids(more) - ids(few)]
    assert {step.kind for step in added} == {"predict", "score"}
    assert {step.settings["data"]["language"] for step in added} == {"sw"}


def test_one_more_seed_adds_its_own_steps_only():
    few, more = plan(seeds=[1, 2]), plan(seeds=[1, 2, 3])
    assert ids(few) < ids(more)
    assert all("/seed 3/" in name for name in names(more, ids(more) - ids(few)))


def test_one_more_arm_adds_its_own_steps_only():
    few = plan()
    more = plan(arms={"none": [], "panx-first": [{"task": "panx"}], "both": [{"task": "panx"}, {"task": "mnli"}]})
    assert ids(few) < ids(more)
    assert all(name.startswith("both/") for name in names(more, ids(more) - ids(few)))


def test_retrieval_trains_nothing_and_reads_the_model_an_arm_ends_with():
    made = plan(targets=[{"task": "tatoeba", "layer": 1}])
    by_arm = {(cell.arm, cell.seed): made.steps[made_by(made, cell).inputs["model"]] for cell in made.cells}
    assert {key: step.name for key, step in by_arm.items()} == {
        ("none", 1): "model",
        ("none", 2): "model",
        ("panx-first", 1): "panx-first/seed 1/stage 1 panx",
        ("panx-first", 2): "panx-first/seed 2/stage 1 panx",
    }


def test_mining_trains_nothing_and_is_told_the_development_data_of_its_own_language_which_cost_too():
    made = plan(targets=[{"task": "bucc2018", "layer": 1}, {"task": "tatoeba", "layer": 1}], languages=["de"], seeds=[1])
    mining, retrieval = (named(made, f"none/seed 1/{task}/de/predict") for task in ("bucc2018", "tatoeba"))
    assert mining.settings["dev"] == mining.settings["data"] | {
        "split": "dev",
        "digest": "digest of ('bucc2018/{language}-en.dev.{language}', 'de')",
    }
    assert made.steps[mining.inputs["model"]].name == "model"
    assert "dev" not in retrieval.settings
    assert mining.cost.tokens == 2 * retrieval.cost.tokens


def test_the_threshold_of_no_answer_is_tuned_in_the_source_language_unless_that_is_what_is_judged(monkeypatch):
    for name, languages in (("train-v2.0", "en"), ("dev-v2.0", "en"), ("test-{language}", "de")):
        monkeypatch.setitem(HELD, f"squad_v2.0/{name}.json", languages)
    made = plan(targets=[{"task": "squad_v2"}], arms={"none": []}, seeds=[1])
    told = named(made, "none/seed 1/squad_v2/de/predict").settings["dev"]
    assert (told["task"], told["language"], told["split"]) == ("squad_v2", "en", "dev")
    made = plan(targets=[{"task": "squad_v2", "splits": ["dev"]}], arms={"none": []}, seeds=[1])
    assert "dev" not in named(made, "none/seed 1/squad_v2/en/predict").settings


def test_a_run_is_selected_by_the_figure_of_the_task_it_is_trained_on_and_so_shared():
    made = plan(targets=[{"task": "xquad"}], arms={"none": []}, seeds=[1])
    settings = named(made, "none/seed 1/xquad").settings
    assert (settings["metrics"], settings["main"]) == (("squad",), "f1")
    assert "squad_segmented" in named(made, "none/seed 1/xquad/de/score").settings["metrics"]


def test_the_split_is_the_first_of_those_asked_for_that_a_language_has():
    made = plan(targets=[{"task": "panx", "splits": ["test", "dev"]}])
    assert {(cell.language, cell.split) for cell in made.cells} == {("en", "test"), ("de", "dev")}
    assert {step.settings["data"]["split"] for step in made if "/de/" in step.name} == {"dev"}


def test_every_language_but_the_source_is_zero_shot_and_what_trains_nothing_is_so_in_all():
    made = plan(baselines=["majority", "bag"])
    for cell in made.cells:
        assert cell.zero_shot == (cell.language != "en" or cell.task == "tatoeba"), cell


def test_a_cell_says_what_is_measured_where():
    made = plan(seeds=[1], arms={"none": []}, targets=[{"task": "udpos"}], languages=["en", "sw"])
    cell = made.cells[-1]
    assert (cell.arm, cell.seed, cell.task, cell.language, cell.split, cell.main) == ("none", 1, "udpos", "sw", "test", "f1")
    score = made.steps[cell.step]
    assert score.kind == "score"
    assert score.settings["data"] == made_by(made, cell).settings["data"]
    assert score.settings["metrics"] == ("span_f1", "token_accuracy")


def test_a_baseline_without_a_network_serves_its_kinds_of_task_without_a_seed():
    made = plan(baselines=["lexicon", "bag"])
    cells = [cell for cell in made.cells if cell.arm.startswith("baseline:")]
    assert {(cell.arm, cell.task, cell.seed) for cell in cells} == {
        ("baseline:lexicon", "udpos", None),
        ("baseline:lexicon", "panx", None),
        ("baseline:bag", "tatoeba", None),
    }
    lexicon, bag = named(made, "baseline:lexicon/udpos/sw/predict"), named(made, "baseline:bag/tatoeba/sw/predict")
    assert (lexicon.inputs, lexicon.settings["train"]["language"]) == ({}, "en")
    assert (made.steps[bag.inputs["tokenizer"]].kind, bag.settings["train"]) == ("model", None)


def test_the_untrained_network_is_fine_tuned_as_the_others_but_waits_for_no_pretraining(tmp_path):
    made = with_text(tmp_path)
    cells = [cell.step for cell in made.cells if cell.arm == "baseline:untrained" and cell.seed == 1]
    before = [made.steps[id_] for id_ in ancestors(made, cells)]
    assert {step.kind for step in before} == {"tokenizer", "model", "train", "predict", "score"}
    own, of_arm = named(made, "baseline:untrained/seed 1/udpos"), named(made, "none/seed 1/udpos")
    assert own.settings == of_arm.settings
    assert made.steps[of_arm.inputs["model"]].kind == "pretrain"


def test_the_untrained_twin_of_a_model_of_the_hub_takes_its_shape_from_it_and_its_weights_from_the_seed():
    made = plan(baselines=["untrained"])
    one, two = (named(made, f"untrained/seed {seed}") for seed in (1, 2))
    assert one.settings == {"origin": "untrained", "seed": 1}
    assert one.inputs == two.inputs == {"model": named(made, "model").id}
    assert one.id != two.id


def test_a_stage_on_raw_text_goes_on_with_language_modelling_in_all_its_languages():
    made = plan(
        arms={"text": [{"task": "mlm", "languages": ["en", "de"]}, {"task": "panx"}]}, overrides={"mlm": {"epochs": 9}}
    )
    stage = made.steps[named(made, "text/seed 1/stage 2 panx").inputs["model"]]
    assert (stage.kind, stage.name) == ("language_model", "text/seed 1/stage 1 mlm")
    assert [record["language"] for record in stage.settings["data"]] == ["en", "de"]
    assert stage.settings["recipe"]["epochs"] == 9


def test_windows_of_retrieval_are_cut_by_the_recipe_overridden_for_it():
    made = plan(overrides={"tatoeba": {"max_length": 200}})
    assert {step.settings["max_length"] for step in made if step.kind == "predict" and "/tatoeba/" in step.name} == {200}


STAGES = st.sampled_from([{"task": task} for task in ("panx", "mnli", "squad", "udpos", "mlm")])
TARGETS = [
    {"task": "udpos"},
    {"task": "panx", "splits": ["test", "dev"]},
    {"task": "xnli"},
    {"task": "xquad", "max_examples": 3},
    {"task": "tatoeba", "layer": 0},
]
STUDIES = st.fixed_dictionaries(
    {
        "arms": st.dictionaries(st.sampled_from("abc"), st.lists(STAGES, max_size=3), min_size=1),
        "targets": st.lists(st.sampled_from(TARGETS), min_size=1, unique_by=lambda target: target["task"]),
        "seeds": st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True),
        "languages": st.sampled_from(["all", ["en", "de"], ["de", "en"]]),
        "baselines": st.lists(st.sampled_from(["untrained", "majority", "lexicon", "window", "bag"]), unique=True),
    }
)


@settings(max_examples=40)
@given(STUDIES)
def test_every_plan_is_in_order_has_a_score_for_every_cell_and_nothing_that_serves_none(asked):
    made = plan(**asked)
    seen = set()
    for step in made:
        assert set(step.inputs.values()) <= seen
        seen.add(step.id)
    places = [(cell.arm, cell.seed, cell.task, cell.language) for cell in made.cells]
    assert len(places) == len(set(places))
    assert {cell.step for cell in made.cells} == ids(made, "score")
    assert {cell.arm for cell in made.cells} >= asked["arms"].keys()
    assert ancestors(made, [cell.step for cell in made.cells]) | {named(made, "model").id} == ids(made)
    for cell in made.cells:
        predicted = made_by(made, cell)
        assert predicted.kind == ("baseline" if cell.seed is None else "predict")
        assert (predicted.settings["data"]["task"], predicted.settings["data"]["language"]) == (cell.task, cell.language)


@settings(max_examples=15)
@given(STUDIES)
def test_planning_twice_gives_the_same_plan(asked):
    assert list(plan(**asked)) == list(plan(**asked))


def test_the_real_study_is_planned_over_all_languages_that_the_data_hold(data_dir, monkeypatch):
    monkeypatch.setenv("ISTHMUS_DATA", str(data_dir))
    study = load_study(REAL_MINI).study
    made = make_plan(study, Directory(Path(study.data)), {"data": study.data})
    languages = {}
    for cell in made.cells:
        languages.setdefault((cell.arm, cell.seed, cell.task), set()).add(cell.language)
    arms = [*study.arms, "baseline:untrained"]
    for task, least in (("udpos", 35), ("panx", 25), ("tatoeba", 20), ("xquad", 8)):
        assert all(len(languages[arm, seed, task]) >= least for arm in arms for seed in study.seeds)
    for baseline, task in (
        ("majority", "udpos"),
        ("lexicon", "udpos"),
        ("majority", "panx"),
        ("window", "xquad"),
        ("bag", "tatoeba"),
    ):
        assert languages[f"baseline:{baseline}", None, task] == languages["none", 1, task]
    pretraining = next(step for step in made if step.kind == "pretrain")
    assert len(below(made, pretraining.id)) > len(made) / 2
    assert pretraining.cost.flops > 1e13


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("zero-shot", "panx is not judged on 'zero-shot': every language is trained on by some arm; known: all, en"),
        ("de", "panx is not judged on 'de': it has no data there; known: all, en"),
    ],
)
def test_a_claim_on_what_its_target_lacks_is_refused_before_anything_runs(on, said):
    claim = {"text": "t", "arm": "a", "against": "b", "target": "panx", "on": on, "expect": "higher"}
    arms = {"a": [{"task": "panx"}], "b": [{"task": "panx"}, {"task": "udpos"}]}
    with pytest.raises(StudyError, match=said) as caught:
        plan(arms=arms, targets=[{"task": "panx", "head": "kept"}, {"task": "udpos"}], claims=[claim])
    assert caught.value.key == "claims[0].on"


def test_a_group_that_no_target_has_data_in_is_refused_and_one_with_some_is_not():
    assert plan(targets=[{"task": "udpos"}], groups={"here": ["de", "fi"]})
    with pytest.raises(StudyError, match="no target has data in fi or deu; known: de, en, sw") as caught:
        plan(targets=[{"task": "udpos"}], groups={"nowhere": ["fi", "deu"]})
    assert caught.value.key == "groups.nowhere"
