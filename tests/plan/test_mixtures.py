"""Mixes, stages with a recipe of their own and low-data settings: their steps, their names, and what is refused."""

from __future__ import annotations

import pytest
from sketches import HELD, RECIPE, SIZE, FakeSource, plan

from isthmus.core.errors import StudyError
from isthmus.sources.hub import Hub

STEPS = {"recipe": {"steps": 50}}

TEXT = {"mix": ["panx", "mlm"], "rates": {"panx": 0.5, "mlm": 0.5}, **STEPS}


class Parallel(FakeSource):
    """Holds text that is parallel by id too."""

    def languages(self, files, split):
        return super().languages(files, split) if files.pattern(split) in HELD else ("de", "en")


PARALLEL = Parallel()


def planned(stage, source=None, **changes):
    return plan(
        source, arms={"none": [], "a": [stage]}, **{"targets": [{"task": "udpos"}], "seeds": [1], "baselines": [], **changes}
    )


def stage_of(stage, source=None, **changes):
    return next(step for step in planned(stage, source, **changes) if step.name.startswith("a/seed 1/stage 1"))


def mix(**changes):
    return {
        "mix": ["mnli", "panx", "mlm"],
        "rates": {"scheme": "temperature", "temperature": 2, "mlm": 0.4},
        **STEPS,
        **changes,
    }


def test_a_mix_is_one_training_step_that_names_all_of_its_data():
    step = stage_of(mix(languages={"mlm": "all"}))
    assert (step.kind, step.name) == ("train", "a/seed 1/stage 1 mnli+panx+mlm")
    streams = {stream["name"]: stream for stream in step.settings["streams"]}
    assert {name: [data["language"] for data in stream["data"]] for name, stream in streams.items()} == {
        "mnli": ["en"],
        "panx": ["en"],
        "mlm": ["de", "en"],
    }
    assert streams["mnli"]["kind"] == "classification"
    assert step.settings["rates"] == {"scheme": "temperature", "cap": None, "temperature": 2.0, "mlm": 0.4}
    assert step.settings["recipe"]["steps"] == 50
    # Raw text, 0.4 of the batches, fills windows of 256; examples of the others have 40 sub-words where nobody counted them.
    assert step.cost.tokens == pytest.approx(50 * RECIPE["batch_examples"] * (0.6 * 40 + 0.4 * 256))


def test_the_order_of_a_mix_and_the_scale_of_its_rates_are_no_part_of_what_it_is():
    turned = {"mix": ["panx", "mnli"], "rates": {"panx": 0.75, "mnli": 0.25}, **STEPS}
    same = {"mix": ["mnli", "panx"], "rates": {"mnli": 1, "panx": 3}, **STEPS}
    assert stage_of(turned).id == stage_of(same).id
    assert stage_of(turned | {"rates": {"panx": 0.5, "mnli": 0.5}}).id != stage_of(same).id


def test_only_a_mix_with_text_has_settings_of_masking():
    assert {"mask", "alpha"} <= stage_of(TEXT).settings.keys()
    assert (
        not {"mask", "alpha"} & stage_of({"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, **STEPS}).settings.keys()
    )


def test_a_mix_has_the_recipe_of_the_study_and_its_own_changes_but_no_override_of_a_task():
    made = planned(
        mix(recipe={"steps": 9, "learning_rate": 1.0}), overrides={"udpos": {"clip": 3.0}},
        targets=[{"task": "udpos"}, {"task": "panx"}],
    )  # fmt: skip
    recipe = next(step for step in made if "mnli+panx+mlm" in step.name and "stage" in step.name).settings["recipe"]
    assert (recipe["steps"], recipe["epochs"], recipe["learning_rate"], recipe["clip"]) == (9, None, 1.0, 1.0)
    with pytest.raises(StudyError, match=r"trains on 'mnli' alone \(the recipe of a mix is its stage's\); known: udpos"):
        planned(mix(), overrides={"mnli": {"epochs": 1}})


@pytest.mark.parametrize(
    ("stage", "key", "expected"),
    [
        (mix(mix=["mnli", "pnax", "mlm"]), "arms.a[0].mix[1]", "unknown task 'pnax'; did you mean 'panx'"),
        (mix(mix=["mnli", "tatoeba", "mlm"]), "arms.a[0].mix[1]", "nothing can be trained on tatoeba (retrieval)"),
        (mix(languages={"panx": ["en", "sw"]}), "arms.a[0]", "no train data of panx in 'sw'"),
        (mix(split="dev", languages={"panx": ["en", "de"]}), "arms.a[0]", "no dev data of mlm in 'en'"),
        ({"task": "tatoeba", "languages": "all"}, "arms.a[0].task", "nothing can be trained on tatoeba"),
        ({"task": "squad", "languages": "all", "split": "dev"}, "arms.a[0]", "no dev split of squad in any language"),
    ],
)
def test_a_stage_that_cannot_be_is_refused(stage, key, expected):
    with pytest.raises(StudyError) as caught:
        planned(stage)
    assert caught.value.key == key
    assert expected in str(caught.value)


def test_a_mix_with_data_that_a_target_is_judged_on_is_refused():
    cheat = {"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, "split": "dev", "languages": {"panx": ["de"]}, **STEPS}
    with pytest.raises(StudyError, match="panx de dev is what the target panx is judged on") as caught:
        planned(cheat, targets=[{"task": "panx", "splits": ["test", "dev"]}])
    assert caught.value.key == "arms.a[0]"


def test_a_stage_or_a_target_with_a_recipe_of_its_own_leaves_the_others_alone():
    made = planned(
        {"task": "panx", "recipe": {"steps": 7}}, targets=[{"task": "udpos"}, {"task": "panx", "recipe": {"clip": 2.0}}]
    )
    recipes = {step.name: step.settings["recipe"] for step in made if step.kind == "train"}
    assert (recipes["a/seed 1/stage 1 panx"]["steps"], recipes["a/seed 1/stage 1 panx"]["clip"]) == (7, 1.0)
    assert (recipes["a/seed 1/udpos"]["epochs"], recipes["a/seed 1/udpos"]["clip"]) == (2.0, 1.0)
    assert (recipes["none/seed 1/panx"]["epochs"], recipes["none/seed 1/panx"]["clip"]) == (2.0, 2.0)


def test_a_recipe_of_a_target_cuts_its_windows_too():
    made = planned({"task": "panx"}, targets=[{"task": "udpos", "recipe": {"max_length": 64, "stride": 9}}])
    predicted = [step.settings for step in made if step.kind == "predict"]
    assert {(settings["max_length"], settings["stride"]) for settings in predicted} == {(64, 9)}


@pytest.mark.parametrize(
    ("recipe", "what"), [({"lerning_rate": 1.0}, "learning_rate"), ({"stride": 300}, "stride 300 must be")]
)
def test_a_recipe_of_a_target_that_makes_no_sense_is_refused_at_its_key(recipe, what):
    with pytest.raises(StudyError, match=what) as caught:
        planned({"task": "panx"}, targets=[{"task": "udpos", "recipe": recipe}])
    assert caught.value.key.startswith("targets[0].recipe")


def test_early_stopping_may_be_asked_for_by_one_target_alone():
    stop = {"early_stopping": {"every": 5, "patience": 2}}
    made = planned({"task": "panx"}, targets=[{"task": "udpos", "recipe": stop}])
    assert {step.name: step.settings["dev"] is None for step in made if step.kind == "train"} == {
        "a/seed 1/stage 1 panx": True,
        "a/seed 1/udpos": False,
        "none/seed 1/udpos": False,
    }


def test_a_few_examples_are_a_step_of_their_own_and_cost_less():
    whole, few, more = stage_of({"task": "panx"}), *(stage_of({"task": "panx", "max_examples": n}) for n in (2, 10**6))
    assert len({whole.id, few.id, more.id}) == 3
    assert few.cost.tokens == 2 * 2 * 40
    assert more.cost.tokens == whole.cost.tokens == 2 * SIZE / 4
    assert stage_of({"task": "mlm", "max_examples": 2}).settings["train_examples"] == 2
    assert stage_of(mix(max_examples=3)).settings["train_examples"] == 3


def test_a_low_data_target_is_the_same_run_as_a_stage_on_as_many_examples():
    made = planned(
        {"task": "panx", "max_examples": 100}, targets=[{"task": "udpos"}, {"task": "panx", "train_examples": 100}]
    )
    stage = next(step for step in made if step.name == "a/seed 1/udpos").inputs["model"]
    assert made.steps[stage].name == "none/seed 1/panx"


def test_a_rule_learns_from_as_few_examples_as_the_target():
    made = planned({"task": "panx"}, targets=[{"task": "udpos", "train_examples": 5}], baselines=["majority"])
    assert {step.settings["train_examples"] for step in made if step.kind == "baseline"} == {5}


def test_retrieval_has_no_training_examples():
    with pytest.raises(StudyError, match="tatoeba is retrieval, which trains nothing") as caught:
        planned({"task": "panx"}, targets=[{"task": "tatoeba", "layer": 1, "train_examples": 5}])
    assert caught.value.key == "targets[0].train_examples"


def test_what_is_not_asked_for_is_no_setting():
    plain = {"data", "dev", "family", "kind", "labels", "main", "metrics", "recipe", "seed"}
    assert all(step.settings.keys() == plain for step in planned({"task": "panx"}) if step.kind == "train")
    assert stage_of({"task": "mlm"}).settings.keys() == {"data", "recipe", "mask", "alpha", "seed"}


# Ids of steps as they were before schedules, rates of languages, translation and settings of masking.
OLD = {
    "8b01ae4ba690e2663041b72e1edaca02dd69f178e72c8edd056e1f2d1c0ac54a": mix(languages={"mlm": "all"}),
    "5887c902105b169756721ccd0738789d4ea28e1a803441c69a62f02c90a527ac": {
        "mix": ["mnli", "panx"],
        "rates": {"mnli": 1, "panx": 3},
        **STEPS,
    },
    "bf135f647bcea28784f7a0d69b39dfe77b58be1b332ae59189885645fce9062e": {"task": "mlm", "languages": "all"},
    "6823f917b46bb5ab42d7c0423b8bc2692035302355670f25eb8f693c1747ec15": {"task": "panx"},
    "713ee9a0461eb9a3f2568f4b2eb57e26a126733e6bfc519b6c05cd51e5686573": {
        "task": "panx",
        "languages": ["en", "de"],
        "split": "dev",
    },
}


@pytest.mark.parametrize("id_", OLD)
def test_steps_of_studies_that_ask_for_nothing_new_keep_their_ids(id_):
    assert stage_of(OLD[id_]).id == id_


def test_masking_and_smoothing_of_text_are_settings_of_the_stage():
    for stage in ({"task": "mlm", "languages": "all"}, TEXT):
        step = stage_of(stage)
        assert (step.settings["mask"], step.settings["alpha"]) == (0.15, 0.3)
        assert stage_of(stage | {"mask": 0.15, "alpha": 0.3}).id == step.id
        changed = stage_of(stage | {"mask": 0.4, "alpha": 0.0}).settings
        assert (changed["mask"], changed["alpha"]) == (0.4, 0.0)


def test_a_schedule_is_a_setting_of_the_mix():
    legs = [{"until": 0.5, "rates": {"panx": 2}}, {"until": 1, "rates": {"scheme": "uniform", "mlm": 0.5}}]
    rates = stage_of(TEXT | {"rates": {"schedule": legs}}).settings["rates"]
    assert rates["schedule"][0] == {"until": 0.5, "rates": {"panx": 1.0}}
    assert rates["schedule"][1]["rates"]["mlm"] == 0.5


SEVERAL = {"task": "panx", "languages": ["en", "de"], "split": "dev"}


def test_rates_of_languages_are_settings_where_they_are_asked_for():
    assert stage_of(SEVERAL | {"language_rates": {"en": 1, "de": 3}}).settings["language_rates"] == {"en": 0.25, "de": 0.75}
    assert stage_of(SEVERAL | {"language_rates": {"alpha": 0.3}}).settings["language_rates"] == {"alpha": 0.3, "cap": None}
    both = {"mix": ["mnli", "panx"], "rates": {"scheme": "uniform"}, "split": "dev", "languages": {"panx": "all"}, **STEPS}
    for rates in ({"alpha": 0.3}, {"panx": {"alpha": 0.3}}):
        streams = {stream["name"]: stream for stream in stage_of(both | {"language_rates": rates}).settings["streams"]}
        assert streams["panx"]["language_rates"] == {"alpha": 0.3, "cap": None}
        assert "language_rates" not in streams["mnli"]
    spoken = TEXT | {"languages": {"mlm": "all"}, "language_rates": {"mlm": {"en": 1, "de": 1}}}
    text, _ = stage_of(spoken).settings["streams"]
    assert text["language_rates"] == {"en": 0.5, "de": 0.5}


def test_translation_is_a_stage_of_its_own_and_a_stream_of_a_mix():
    alone = stage_of({"task": "tlm", "languages": ["de"]}, source=PARALLEL)
    assert (alone.kind, alone.settings["pivot"]) == ("language_model", "en")
    assert [data["language"] for data in alone.settings["data"]] == ["de", "en"]
    mixed = {"mix": ["panx", "tlm", "mlm"], "rates": {"scheme": "uniform", "mlm": 0.2, "tlm": 0.3}, **STEPS}
    step = stage_of(mixed | {"languages": {"tlm": "all"}}, source=PARALLEL)
    streams = {stream["name"]: stream for stream in step.settings["streams"]}
    assert (streams["tlm"]["kind"], streams["tlm"]["pivot"]) == ("tlm", "en")
    assert [data["language"] for data in streams["tlm"]["data"]] == ["de", "en"]
    assert "pivot" not in streams["mlm"]
    assert step.settings["rates"]["tlm"] == 0.3


@pytest.mark.parametrize(
    ("stage", "key", "expected"),
    [
        ({"task": "panx", "mask": 0.2}, ".mask", "mask is of raw text (mlm or tlm), and the stage has none"),
        ({"task": "panx", "alpha": 0.2}, ".alpha", "alpha is of raw text"),
        (mix(mix=["mnli", "panx"], rates={"mnli": 1, "panx": 1}, mask=0.2), ".mask", "mask is of raw text"),
        ({"task": "panx", "language_rates": {"alpha": 1}}, ".language_rates", "panx is trained in 'en' alone"),
        (SEVERAL | {"language_rates": {"en": 1}}, ".language_rates", "none for 'de'; give one for each language"),
        (
            SEVERAL | {"language_rates": {"en": 1, "de": 1, "dee": 1}},
            ".language_rates.dee",
            "does not train in 'dee'; did you mean 'de'",
        ),
        (
            {"task": "mlm", "languages": "all", "language_rates": {"alpha": 0.5}},
            ".language_rates",
            "raw text is smoothed by alpha, a key of the stage; mlm takes a number a language",
        ),
        (
            mix(languages={"mlm": "all"}, language_rates={"mlm": {"en": 1, "sw": 1}}),
            ".language_rates.mlm.sw",
            "does not train in 'sw'",
        ),
        (mix(language_rates={"alpha": 0.5}), ".language_rates", "no task of the mix is trained in several languages"),
        ({"task": "tlm"}, ".languages", "tlm pairs text in 'en' with that in other languages; languages: all, say"),
        ({"task": "tlm", "languages": ["en"]}, ".languages", "tlm pairs text in 'en' with that in other languages"),
        (TEXT | {"mix": ["panx", "tlm"], "rates": {"panx": 1, "tlm": 1}}, ".languages", "languages: {tlm: all}, say"),
        ({"task": "tlm", "languages": ["sw"]}, "", "no train data of tlm in 'en'"),
        ({"task": "tlm", "languages": "all"}, "", "the data hold no train split of tlm in any language"),
    ],
)
def test_mixtures_that_cannot_be_are_refused_at_their_key(stage, key, expected):
    with pytest.raises(StudyError) as caught:
        planned(stage)
    assert caught.value.key == f"arms.a[0]{key}"
    assert expected in str(caught.value)


def test_translation_has_no_score_to_stop_early_by():
    with pytest.raises(StudyError, match=r"no development score.*overrides: \{tlm: \{early_stopping: null\}\}") as caught:
        planned({"task": "tlm", "languages": "all", "recipe": {"early_stopping": {"every": 1, "patience": 1}}})
    assert caught.value.key == "arms.a[0].task"


BY_DOMAIN = {"text/news/{language}.txt": ("de", "en"), "text/law/{language}.txt": ("en",)}


class ByDomain(FakeSource):
    """Holds raw text of two domains, one of them in English alone."""

    def languages(self, files, split):
        return BY_DOMAIN.get(files.pattern(split)) or super().languages(files, split)

    def domains(self, files, split):
        return ("law", "news") if files.pattern(split) == "text/{language}.txt" else ()


def test_text_of_several_domains_is_a_stream_each_with_data_of_its_own():
    rates = {"scheme": "uniform", "mlm/news": 0.2, "mlm/law": 0.1}
    stage = {"mix": ["panx", "mlm/news", "mlm/law"], "rates": rates, "languages": {"mlm/news": "all"}, **STEPS}
    step = stage_of(stage, ByDomain())
    assert step.name == "a/seed 1/stage 1 panx+mlm/news+mlm/law"
    streams = {one["name"]: one for one in step.settings["streams"]}
    assert list(streams) == ["mlm/law", "mlm/news", "panx"]
    assert {name: one["kind"] for name, one in streams.items()} == {"mlm/law": "mlm", "mlm/news": "mlm", "panx": "tagging"}
    assert [(one["task"], one["language"]) for one in streams["mlm/news"]["data"]] == [
        ("mlm/news", "de"),
        ("mlm/news", "en"),
    ]
    assert streams["mlm/news"]["data"][1]["digest"] != streams["mlm/law"]["data"][0]["digest"]
    assert (step.settings["mask"], step.settings["alpha"]) == (0.15, 0.3)
    assert {name: step.settings["rates"][name] for name in ("mlm/news", "mlm/law")} == {"mlm/news": 0.2, "mlm/law": 0.1}


def test_text_of_a_domain_alone_is_a_stage_of_language_modelling():
    step = stage_of({"task": "mlm/news", "languages": "all"}, ByDomain())
    assert (step.kind, [one["language"] for one in step.settings["data"]]) == ("language_model", ["de", "en"])


@pytest.mark.parametrize(
    ("stage", "source", "said"),
    [
        (
            {"task": "mlm/nws"},
            ByDomain(),
            "arms.a[0]: no train data of mlm/nws in 'en': data: no en; did you mean 'mlm/news' or",
        ),
        (
            {"task": "mlm/nws", "languages": "all"},
            ByDomain(),
            "arms.a[0]: the data hold no train split of mlm/nws in any language; did you mean 'mlm/news' or",
        ),
        ({"task": "mlm/law", "languages": ["de"]}, ByDomain(), "arms.a[0]: no train data of mlm/law in 'de': data: no de"),
        (
            {"task": "mlm/law", "languages": "all"},
            Hub(),
            "in any language; raw text of a domain lies in a directory (data or local), as text/law/{language}.txt",
        ),
        ({"task": "mnli/news"}, ByDomain(), "arms.a[0].task: unknown task 'mnli/news'; did you mean 'mlm/news'"),
    ],
)
def test_a_domain_that_the_data_do_not_hold_is_refused_with_those_they_hold(stage, source, said):
    targets = [{"task": "pawsx"}] if isinstance(source, Hub) else [{"task": "udpos"}]
    with pytest.raises(StudyError) as caught:
        plan(source, arms={"none": [], "a": [stage]}, targets=targets, seeds=[1], baselines=[])
    assert said in str(caught.value)
