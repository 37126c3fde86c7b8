"""The section on what inference costs, as the page has it and as a browser shows it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.cli.efficiency import print_efficiency
from isthmus.cli.opened import Opened
from isthmus.cli.report import write_report
from isthmus.report.efficiency import efficiency
from isthmus.report.efficiency_grids import cost_ends, cost_ratio, loss_grid, same_grid, spoken_grid
from isthmus.report.efficiency_summary import counts_grid
from isthmus.report.efficiency_words import answered

EFFICIENT = """\
study: efficient
question: Does a stage make inference cheaper?
data: data
models:
  small: {pretrain: {text: {en: [text/en.txt]}, tokenizer: {vocab_size: 100}, seed: 1, tokens: 1000, batch_tokens: 100,
    learning_rate: 0.001, network: {hidden_size: 16, num_hidden_layers: 2, intermediate_size: 32}}}
  large: {pretrain: {text: {en: [text/en.txt]}, tokenizer: {vocab_size: 100}, seed: 1, tokens: 1000, batch_tokens: 100,
    learning_rate: 0.001, network: {hidden_size: 16, num_hidden_layers: 3, intermediate_size: 32}}}
seeds: SEEDS
arms: {none: [], nli: [{task: mnli}]}
targets: [xnli]
source: en
languages: all
groups: {near: [de]}
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority]
variants: {shallow: {layers: 1}, int8: {precision: int8}}
efficiency: {threads: 1}
"""


@pytest.fixture(scope="module")
def measured(invented: Callable[..., Opened]) -> Opened:
    return invented(seeds=(1, 2), languages="en de fi ja", study=EFFICIENT)


def page_of(opened: Opened, folder: Path) -> Path:
    return write_report(opened, Path(opened.study.data).parent / "study.yaml", folder / "page.html")


@pytest.fixture(scope="module")
def page(measured: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(measured, tmp_path_factory.mktemp("cost"))


@pytest.fixture(scope="module")
def section(page: Path) -> str:
    return section_of(page)


def section_of(page: Path) -> str:
    return re.search(r'<section id="efficiency".*?</section>', page.read_text("utf-8"), re.S)[0]


def cells(section: str, table: str) -> list[list[str]]:
    body = re.search(rf'<table id="{table}".*?<tbody>(.*?)</tbody>', section, re.S)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


def test_a_study_without_variants_has_neither_the_section_nor_its_entry(finished, tmp_path):
    text = page_of(finished, tmp_path).read_text("utf-8")
    assert 'id="efficiency"' not in text
    assert "#efficiency" not in text


def test_figures_of_the_page_are_those_of_the_analysis(measured, section):
    found = efficiency(measured.study, measured.plan, measured.store)
    shown = [[cell.replace("−", "-") for cell in row] for row in cells(section, "cost-same")]
    assert shown == [list(row) for row in same_grid(found).rows]
    assert [row[-2:] for row in cells(section, "cost-equal")] == [
        [cost_ratio(one), cost_ends(one)] for front in found.fronts if not front.single for one in front.equal
    ]
    titles = re.findall(r"<h3>(.*?)</h3>", section)
    assert titles[:3] == [
        "Is an arm with a stage as fast?",
        "The smallest cost at equal accuracy",
        "What cheaper forms save and lose",
    ]
    assert cells(section, "cost-counts") == [list(row) for row in counts_grid(found).rows]
    assert len(cells(section, "cost-forms")) == len(found.forms)
    assert len(cells(section, "cost-losses")) == len(loss_grid(found).rows)
    assert cells(section, "cost-costs-languages") == [list(row) for row in spoken_grid(found).rows]


def test_the_answer_the_methods_and_the_limitations_speak_of_cost(measured, page):
    text = html.unescape(re.sub(r"</?b>", "`", page.read_text("utf-8")))
    for sentence in answered(efficiency(measured.study, measured.plan, measured.store)):
        assert sentence in text
    assert "Cost of inference</dt><dd>Cost is measured after 2 rounds of warm-up" in text
    assert "those of one machine (Invented CPU <9>, 1 thread)" in text


def test_the_name_of_the_machine_is_escaped(section):
    assert "Invented CPU &lt;9&gt;" in section
    assert "<9>" not in section


def test_a_half_filled_store_gives_a_page_that_says_what_is_missing(invented, tmp_path):
    opened = invented(seeds=(1,), languages="en de", study=EFFICIENT, share=0.7)
    section = section_of(page_of(opened, tmp_path))
    found = efficiency(opened.study, opened.plan, opened.store)
    (done, planned), (runs, asked) = found.scores, found.runs
    assert 0 < done < planned
    assert f"{planned - done} of {planned} scores of variants are still missing" in section
    assert (runs < asked) == ("runs of measurements are still missing" in section)


def test_an_unbegun_study_has_a_section_that_says_that_nothing_is_measured(invented, tmp_path):
    section = section_of(page_of(invented(seeds=(1,), languages="en de", study=EFFICIENT, share=0.0), tmp_path))
    assert "Nothing is measured yet." in section
    assert "2 of 2 runs of measurements are still missing" in section
    assert "<figure" not in section


ONE = re.sub(r"models:\n  small: (.*?)\n  large:.*?\nseeds", r"model: \1\nseeds", EFFICIENT, flags=re.S)
ARMS = "arms: {none: [], nli: [{task: mnli}]}"
ODD = {
    "one arm": (
        ONE.replace(ARMS, "arms: {none: []}"),
        "What cheaper forms save and lose",
        "Is an arm with a stage as fast?",
    ),
    "no arm without": (
        ONE.replace(ARMS, "arms: {nli: [{task: mnli}]}"),
        "What cheaper forms save",
        "smallest cost at equal",
    ),
    "no times": (ONE.replace("efficiency: {threads: 1}\n", ""), "What cheaper forms save and lose", "Accuracy against cost"),
    "no variants": (re.sub("variants:.*\n", "", ONE), "Is an arm with a stage as fast?", "What cheaper forms"),
}


@pytest.mark.parametrize(("study", "there", "absent"), ODD.values(), ids=ODD)
def test_a_study_that_lacks_a_part_has_a_page_and_tables_without_it(invented, tmp_path, capsys, study, there, absent):
    opened = invented(seeds=(1,), languages="en de", study=study)
    section = section_of(page_of(opened, tmp_path))
    print_efficiency(opened, languages=True, markdown=True, csv=False, json=False)
    shown = capsys.readouterr().out
    assert there in section
    assert absent not in section
    assert "None" not in section + shown
    rows = [line for line in shown.splitlines() if line.startswith("|")]
    assert rows
    assert not any("| model |" in row for row in rows)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_section_is_drawn_at_any_width_in_both_themes_and_nothing_sticks_out(browser, page, width, dark):
    browser.open(page, width, dark=dark)
    browser.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.complaints() == []
    assert browser.js("document.documentElement.scrollWidth") <= width
    drawn = browser.js(
        "[...document.querySelectorAll('#efficiency figure svg')].map(one => one.getBoundingClientRect().width)"
    )
    assert len(drawn) == 1 + 4 + 2 + 1  # ratios; fronts of averages and the source; losses of two models; lengths of words
    assert all(200 < wide <= 441 for wide in drawn)


def test_its_entry_leads_to_it_from_the_top(browser, page):
    browser.open(page, 360)
    browser.js("document.querySelector('nav a[href=\"#efficiency\"]').click()")
    assert browser.js("location.hash") == "#efficiency"
    assert browser.js("document.querySelector('nav a[href=\"#efficiency\"]').textContent") == "Cost"


@pytest.mark.parametrize("dark", [False, True])
def test_arms_are_told_apart_by_colour_and_by_shape_and_both_fronts_by_dashes(browser, page, dark):
    browser.open(page, 1280, dark=dark)
    style = "getComputedStyle(document.querySelector('#efficiency figure {}'))"
    fills = [browser.js(f"{style.format(f'.point.c{i}:not(.off) .dot')}.fill") for i in range(2)]
    assert len({*fills, browser.js("getComputedStyle(document.body).backgroundColor")}) == 3
    names = "[...document.querySelectorAll('#efficiency .point.c{} .dot')].map(one => one.tagName)"
    assert set(browser.js(names.format(0))) == {"circle"}
    assert set(browser.js(names.format(1))) == {"path"}
    dashes = [browser.js(f"{style.format(f'.front.{kind} path')}.strokeDasharray") for kind in ("plain", "staged")]
    assert dashes[0] != "none"
    assert dashes[1] == "none"


def test_words_in_the_drawings_of_cost_keep_within_them_and_apart(browser, page):
    browser.open(page, 360)
    all_words = "[...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()])"
    box = "svg.getBoundingClientRect()"
    out = f"{all_words}.filter(([_, r]) => r.left < {box}.left - 6 || r.right > {box}.right + 6)"
    drawn = "[...document.querySelectorAll('#efficiency figure svg')]"
    assert browser.js(f"{drawn}.flatMap(svg => {out}.map(([words]) => words))") == []
    across = "Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2"
    both = f"{across} && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5"
    pairs = (
        f"(all => all.flatMap(([x, a], i) => all.slice(i + 1).filter(([y, b]) => {both}).map(([y]) => [x, y])))({all_words})"
    )
    assert browser.js(f"{drawn}.flatMap(svg => {pairs})") == []
