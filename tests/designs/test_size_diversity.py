"""A budget of examples over languages: nested, even, the same by seed, and honest about how few rows there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.core.errors import StudyError
from isthmus.designs.design import Facts
from isthmus.designs.kinds.size_diversity import DESIGN, SizeDiversity
from isthmus.execution.data import read_data
from isthmus.study.spec import Stage
from isthmus.tasks.task import load_task
from isthmus.world.source import load_world

LANGUAGES = tuple("abcdefgh")


def size_diversity(**keys):
    given = {"task": "panx", "sizes": [40, 400], "spreads": [1, 2, 4], "pool": "all", "by": "random", "seed": 1}
    return {"size_diversity": given | keys}


def budgets(study) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return {arm: (languages, examples of each)}."""
    return {name: (made[0].languages, made[0].max_examples) for name, made in study.arms.items() if made}


def test_every_budget_is_shared_evenly_by_the_languages(expanded):
    found = budgets(expanded(size_diversity())[0])
    assert list(found) == [f"panx-{size}x{spread}" for spread in (1, 2, 4) for size in (40, 400)]
    assert {len(languages) * each for name, (languages, each) in found.items() if "-400x" in name} == {400}
    assert found["panx-400x4"] == (("de", "en", "fr", "sw"), 100)


@given(seed=st.integers(0, 50), draws=st.integers(1, 8), first=st.sampled_from([(), ("c",), ("h", "a")]))
def test_fewer_languages_are_among_more_in_every_row(seed, draws, first):
    settings = SizeDiversity(
        task=Stage(task="panx"), sizes=(8,), spreads=(2, 4), pool=LANGUAGES, by="random", seed=seed,
        draws=min(draws, len(LANGUAGES) - len(first)), first=first,
    )  # fmt: skip
    facts = Facts(languages=lambda task, split: LANGUAGES)
    study = type("Study", (), {"reference": "none"})
    arms = {name: set(stages[0].languages) for name, stages in DESIGN.make(settings, study, facts).arms.items()}
    larger = [languages for languages in arms.values() if len(languages) == 4]
    for languages in (one for one in arms.values() if len(one) == 2):
        assert any(languages < more for more in larger)
        assert set(first) <= languages


def test_the_same_seed_draws_the_same_languages(expanded):
    keys = {"spreads": [1, 2], "draws": 2}
    one, same, *others = [budgets(expanded(size_diversity(seed=seed, **keys))[0]) for seed in (1, 1, 2, 3, 4)]
    assert one == same
    assert any(other != one for other in others)


def test_as_many_rows_as_languages_are_balanced_and_fewer_are_warned_of(expanded):
    _, [few] = expanded(size_diversity())
    assert few.made.warnings[0].startswith("languages are unbalanced: ")
    assert few.made.warnings[0].endswith("; draws: 4 has each equally often")
    study, [many] = expanded(size_diversity(draws=4))
    assert many.made.warnings == ()
    # a row has a language of its own to begin with; all four languages together are one arm a size
    alone = [name for name in budgets(study) if "x1-" in name]
    assert (len(alone), [name for name in budgets(study) if "x4-" in name]) == (8, ["panx-40x4-row1", "panx-400x4-row1"])


def test_families_take_turns(expanded):
    families = {"west": ["en", "de"], "south": ["fr"], "far": ["sw"]}
    for seed in range(9):
        design = size_diversity(by="family", families=families, spreads=[2, 3], sizes=[12], seed=seed, first=["en"])
        found = budgets(expanded(design)[0])
        assert "de" not in found["panx-12x3"][0]
        assert found["panx-12x3"][0] == ("en", "fr", "sw")


def test_distance_takes_the_language_farthest_from_those_before(expanded):
    # sw differs from en in both traits, de in one; fr in none
    found = budgets(expanded(size_diversity(by="distance", first=["en"], spreads=[2, 3], sizes=[12]))[0])
    assert found["panx-12x2"][0] == ("en", "sw")
    assert found["panx-12x3"][0] == ("de", "en", "sw")


def test_the_languages_are_named(expanded):
    _, [one] = expanded(size_diversity(by="distance", first=["en"], spreads=[2], sizes=[12]))
    assert one.made.notes == ("languages: en, sw",)


def test_in_parallel_data_the_languages_of_a_budget_have_the_same_examples(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    world, task = load_world(), load_task("panx")

    def read(language, few):
        found = world.fingerprint(task.files, language, "train")
        record = {"task": "panx", "language": language, "split": "train", "digest": found.digest}
        examples = read_data(record, {"data": world.root}, few)
        return [(example.id, sorted(set(example.tags))) for example in examples]

    assert read("en", 20) == read("near", 20) == read("far", 40)[:20]


FAULTS = [
    ({"spreads": [3]}, "sizes[0]: 40 examples cannot be shared evenly by 3 languages; the nearest number is 39"),
    ({"sizes": [1], "spreads": [2]}, "sizes[0]: 1 examples cannot be shared evenly by 2 languages; the nearest number is 2"),
    ({"spreads": [1, 5]}, "spreads[1]: found 5, but the pool has 4 languages"),
    ({"spreads": [2, 2]}, "spreads[1]: 2 stands twice"),
    ({"pool": ["en", "dee"]}, "pool[1]: no train data of panx in 'dee'; did you mean 'de'?"),
    ({"pool": ["en", "en"]}, "pool[1]: 'en' stands twice"),
    ({"task": "ccg"}, "pool: the data hold no train split of ccg"),
    ({"task": {"mix": ["panx", "udpos"], "rates": {"panx": 1, "udpos": 1}}}, "task: found a mix, expected a single task"),
    ({"task": {"task": "panx", "max_examples": 9}}, "task.max_examples: max_examples is what this design chooses"),
    ({"first": ["fi"]}, "first[0]: 'fi' is not in the pool; known: de, en, fr, sw"),
    ({"first": ["de", "de"]}, "first[1]: 'de' stands twice"),
    (
        {"by": "family", "families": {"a": ["de", "en"], "b": ["fr", "de", "sw"]}},
        "families.b[1]: 'de' is in the family 'a' and in the family 'b'",
    ),
    ({"draws": 5}, "draws: found 5, but 4 languages begin as many rows at most"),
    ({"by": "family"}, "families: families ({name: [languages]}) go with by: family, and with it only"),
    ({"by": "family", "families": {"a": ["de", "en"]}}, "families: 'fr' of the pool is in no family"),
    ({"by": "distance", "task": "udpos"}, "by: no traits are declared of 'fi'; expected random or family"),
    ({"by": "far"}, "by: found 'far', expected 'random', 'family' or 'distance'"),
]


@pytest.mark.parametrize(("keys", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_what_cannot_be_spread_is_told_at_its_key(expanded, keys, said):
    with pytest.raises(StudyError) as caught:
        expanded(size_diversity(**keys))
    assert str(caught.value).startswith(f"design.size_diversity.{said}")


def test_a_task_of_one_language_is_spread_by_translation_and_what_stays_in_the_source_is_not_translated(expanded):
    facts = Facts(languages=lambda task, split: ("en",))
    design = size_diversity(task={"task": "mnli", "via": "translation"}, pool=["en", "xx"], first=["en"], spreads=[1, 2])
    study, _ = expanded(design, facts, translator={"kind": "exact"})
    told = {name: (made[0].languages, made[0].via) for name, made in study.arms.items() if made}
    assert told["mnli-40x1"] == (("en",), None)
    assert told["mnli-40x2"] == (("en", "xx"), "translation")


def test_a_pool_of_all_languages_says_nothing_to_a_translator(expanded):
    design = size_diversity(task={"task": "mnli", "via": "translation"})
    with pytest.raises(StudyError) as raised:
        expanded(design, Facts(languages=lambda task, split: ("en",)), translator={"kind": "exact"})
    assert str(raised.value) == (
        "design.size_diversity.pool: a stage via translation has no list of languages of its own; name those of the pool"
    )
