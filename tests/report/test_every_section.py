"""A page with every section in a real browser: what designs add to a report is seen, led to, and keeps within the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.cli.opened import Opened
from isthmus.cli.report import write_report

EVERYTHING = """\
study: everything
question: Does a page with every section open as well?
data: data
models:
  small: {pretrain: {text: {en: [text/en.txt]}, tokenizer: {vocab_size: 100}, seed: 1, tokens: 1000, batch_tokens: 100,
    learning_rate: 0.001, network: {hidden_size: 16, num_hidden_layers: 1, intermediate_size: 32}}}
  large: {pretrain: {text: {en: [text/en.txt]}, tokenizer: {vocab_size: 100}, seed: 1, tokens: 1000, batch_tokens: 100,
    learning_rate: 0.001, network: {hidden_size: 16, num_hidden_layers: 2, intermediate_size: 32}}}
seeds: SEEDS
arms:
  none: []
  mnli: [{task: mnli}]
  squad: [{task: squad}]
  mnli.squad: [{task: mnli}, {task: squad}]
  squad.mnli: [{task: squad}, {task: mnli}]
  one-few: [{task: udpos, languages: [en], max_examples: 4}]
  one-more: [{task: udpos, languages: [en], max_examples: 16}]
  two-few: [{task: udpos, languages: [en, de], max_examples: 2}]
  two-more: [{task: udpos, languages: [en, de], max_examples: 8}]
  share-0: [{mix: [squad, mlm], rates: {squad: 1, mlm: 1}}]
  share_of_one_hundred_percent_in_the_news_and_a_long_name: [{mix: [squad, mlm/news], rates: {squad: 1, mlm/news: 1}}]
targets: [xnli]
source: en
languages: all
selection: dev
recipe: {learning_rate: 0.001, steps: 2, batch_tokens: 100}
baselines: [majority]
"""
SECTIONS = ("matrix", "best", "shares", "models", "order", "surfaces", "gains", "features", "scores", "curves", "examples")
SECTIONS += ("methods", "limits", "claims", "provenance", "references")


@pytest.fixture(scope="module")
def every(invented: Callable[..., Opened], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with every section: orders, sizes, shares and two models among its arms, of which the best is chosen."""
    folder = tmp_path_factory.mktemp("every")
    (folder / "study.yaml").write_text(EVERYTHING, "utf-8")
    opened = invented(seeds=(1, 2), languages="en de nl af fi ja ko", study=EVERYTHING)
    return write_report(opened, folder / "study.yaml", folder / "page.html")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1100])
def test_a_page_with_every_section_opens_without_a_complaint_and_nothing_sticks_out(browser, every, width, dark):
    browser.open(every, width, dark=dark)
    browser.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.complaints() == []
    assert browser.js("document.documentElement.scrollWidth") <= width
    sections = browser.js("[...document.querySelectorAll('main section')].map(one => one.id)")
    assert [one for one in sections if not re.fullmatch(r"order-\d+", one)] == list(SECTIONS)


@pytest.mark.parametrize("width", [360, 1100])
def test_every_section_has_an_entry_that_is_seen_and_leads_there_in_their_order(browser, every, width):
    browser.open(every, width)
    assert browser.js("[...document.querySelectorAll('nav a')].map(one => one.getAttribute('href').slice(1))") == [*SECTIONS]
    ends = browser.js("[...document.querySelectorAll('nav a')].map(one => one.getBoundingClientRect().right)")
    assert all(0 < end <= width for end in ends)
    assert browser.js("[...document.querySelectorAll('nav')].every(one => one.scrollWidth <= one.clientWidth)")


def test_words_of_drawings_keep_within_them_and_apart(browser, every):
    browser.open(every, 360)
    words = "[...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()])"
    box = "svg.getBoundingClientRect()"
    out = f"{words}.filter(([_, r]) => r.width && (r.left < {box}.left - 3 || r.right > {box}.right + 3))"
    drawn = "[...document.querySelectorAll('figure svg')]"
    assert browser.js(f"{drawn}.flatMap(svg => {out}.map(([words]) => words))") == []
    across = "Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2"
    both = f"{across} && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5"
    pairs = f"(all => all.flatMap(([x, a], i) => all.slice(i + 1).filter(([y, b]) => {both}).map(([y]) => [x, y])))({words})"
    assert browser.js(f"{drawn}.flatMap(svg => {pairs})") == []
