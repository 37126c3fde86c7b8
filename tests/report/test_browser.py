"""The report in a real browser."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from chromium import PATIENCE, Browser

from isthmus.cli.opened import Opened
from isthmus.cli.report import write_report


@pytest.fixture(scope="module")
def page(finished: Opened, tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = Path(finished.study.data).parent / "study.yaml"
    return write_report(finished, study, tmp_path_factory.mktemp("page") / "page.html")


@pytest.fixture
def at(browser: Browser, page: Path) -> Callable[..., Browser]:
    """A function that opens the page anew at a width and returns the browser."""

    def opened(width: int = 1280, *, dark: bool = False) -> Browser:
        browser.open(page, width, dark=dark)
        return browser

    return opened


def column(browser: Browser, table: str, number: int) -> list[str]:
    rows = f"[...document.querySelectorAll('#{table} tbody:not(.fixed) tr')]"
    return browser.js(f"{rows}.map(row => row.cells[{number}].textContent.trim())")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_it_opens_without_a_complaint_and_asks_for_nothing_but_itself(at, page, width, dark):
    browser = at(width, dark=dark)
    browser.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.complaints() == []
    assert browser.requests() == [page.as_uri()]


def test_the_page_may_not_ask_for_anything_even_if_it_wanted_to(at):
    browser = at()
    browser.js("document.body.append(Object.assign(new Image(), {src: 'https://example.org/spy.png'}))")
    browser.js("fetch('https://example.org/spy').catch(() => { document.body.dataset.refused = 'yes' })")
    end = time.monotonic() + PATIENCE
    while browser.js("document.body.dataset.refused") != "yes":
        assert time.monotonic() < end, "the page's own policy did not refuse a request"
    assert any("Content Security Policy" in json.dumps(wrong) for wrong in browser.complaints())


@pytest.mark.parametrize("width", [360, 1280])
def test_matrix_and_plots_are_drawn_and_nothing_sticks_out(at, width):
    browser = at(width)
    shown = "[...document.querySelectorAll('.matrix')].filter(one => one.offsetParent)"
    assert browser.js(f"{shown}.length") == 1
    assert browser.js(f"{shown}[0].querySelectorAll('button.cell').length") == 2 * 4
    seen = "[...document.querySelectorAll('figure svg, button.cell')].filter(one => one.getClientRects().length)"
    sizes = browser.js(f"{seen}.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])")
    assert len(sizes) > 20
    assert all(wide > 40 and high > 30 for wide, high in sizes)
    assert browser.js("document.documentElement.scrollWidth") <= width


def test_the_colours_of_gains_and_losses_differ_in_both_themes(at):
    for dark in (False, True):
        browser = at(dark=dark)
        colours = browser.js("['.cell.up', '.cell.down', 'body'].map(name => "
                             "getComputedStyle(document.querySelector(name)).backgroundColor)")  # fmt: skip
        assert len(set(colours)) == 3


def test_the_theme_can_be_changed_and_is_told(at):
    browser = at()
    background = "getComputedStyle(document.body).backgroundColor"
    before = browser.js(background)
    browser.js("document.querySelector('.theme').click()")
    assert browser.js(background) != before
    assert browser.js("document.querySelector('.theme').textContent") == "Light"
    browser.js("document.querySelector('.theme').click()")
    assert browser.js(background) == before


def test_a_click_on_a_heading_sorts_by_number_and_another_turns_the_order(at):
    browser = at()
    before = column(browser, "score-0", 2)
    click = "document.querySelector('#score-0 thead th:nth-child(3) button').click()"
    browser.js(click)
    falling = column(browser, "score-0", 2)
    numbers = [float(words.rstrip("≤")) for words in falling]
    assert numbers == sorted(numbers, reverse=True)
    assert falling != before
    assert browser.js("document.querySelector('#score-0 thead th:nth-child(3)').ariaSort") == "descending"
    averages = browser.js("document.querySelector('#score-0 tbody.fixed tr').cells[0].textContent")
    browser.js(click)
    assert column(browser, "score-0", 2) == falling[::-1]
    assert browser.js("document.querySelector('#score-0 tbody.fixed tr').cells[0].textContent") == averages


def test_names_are_sorted_as_words(at):
    browser = at()
    browser.js("document.querySelector('#score-0 thead th:nth-child(1) button').click()")
    assert column(browser, "score-0", 0) == ["de", "en", "fi", "ja", "nl"]


def test_pointing_at_a_cell_shows_every_language_and_seed(at):
    browser = at()
    browser.point_at("#matrix-0 button.cell[data-arm=qa][data-task=xquad]")
    detail = browser.js("document.querySelector('#detail').innerText")
    assert detail.startswith("qa on xquad")
    assert {language for language in ("de", "nl", "fi", "ja") if f"\n{language}\n" in detail} == {"de", "nl", "fi", "ja"}
    assert "\nen\n" not in detail
    seeds = browser.js("document.querySelector('#detail .seeds').textContent")
    assert len(seeds.split()) == 3


def test_cells_are_reached_by_keyboard_and_tell_the_same(at):
    browser = at()
    browser.js("document.querySelector('#matrix-0 button.cell[data-arm=nli][data-task=xnli]').focus()")
    browser.press("Tab")
    assert browser.js("document.querySelector('#detail h3').textContent") == "nli on xquad"
    assert browser.js("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_switch_changes_the_languages_by_keyboard(at):
    browser = at()
    browser.js("document.querySelector('#scope-0').focus()")
    browser.press("ArrowRight")
    assert browser.js("document.querySelector('#matrix-0').offsetParent === null") is True
    assert browser.js("document.querySelector('#matrix-1').offsetParent === null") is False


def test_a_mark_of_a_plot_tells_its_numbers(at):
    browser = at()
    browser.point_at("#gains .mark circle")
    assert "seeds" in browser.js("document.querySelector('#tip').textContent")
    assert browser.js("document.querySelector('#tip').hidden") is False


def test_the_download_holds_the_table(at, tmp_path):
    browser = at()
    browser.js("URL.createObjectURL = blob => { blob.text().then(text => { window.csv = text }); return '#' }")
    browser.js("document.querySelector('button.csv[data-table=score-0]').click()")
    end = time.monotonic() + PATIENCE
    while not browser.js("window.csv || ''"):
        assert time.monotonic() < end, "nothing was downloaded"
    header, *rows = browser.js("window.csv").splitlines()
    assert header.startswith("language,n,none,nli,qa,majority")
    assert len(rows) == 3 + 5  # zero-shot, near, unseen; five languages
    assert all(row.count(",") == header.count(",") for row in rows)


def test_a_script_in_the_text_of_an_example_stays_text(at):
    browser = at()
    browser.js("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert "<script>document.title = 'hacked'</script>" in browser.js("document.querySelector('#examples').innerText")
    assert browser.js("document.title") == "invented – isthmus report"
    assert browser.js("document.scripts.length") == 1


def test_it_is_whole_without_scripts(browser, page):
    browser.do("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.do("Page.navigate", url=page.as_uri())
        time.sleep(1)
        root = browser.do("DOM.getDocument")["root"]["nodeId"]
        for selector in ("#matrix-0 button.cell", "figure svg", "#score-0", "#all-effects"):
            found = browser.do("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
            width = browser.do("DOM.getBoxModel", nodeId=found)["model"]["width"]
            assert width > 40, selector
    finally:
        browser.do("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_words_do_not_run_over_each_other_in_a_plot(at, width, dark):
    browser = at(width, dark=dark)
    overlaps = browser.js("""
      [...document.querySelectorAll('figure svg')].flatMap(svg => {
        const boxes = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);
        return boxes.flatMap(([a, x], i) => boxes.slice(i + 1)
          .filter(([, y]) => Math.min(x.right, y.right) - Math.max(x.left, y.left) > 1
                          && Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top) > 4)
          .map(([b]) => [svg.querySelector('title').textContent, a, b]));
      })""")
    assert overlaps == []


def test_text_on_every_colour_can_be_read_in_both_themes(at):
    names = ".ramp .cell, .lead, .theme, .facts dt, .data .baseline, .detail .seeds, .outcome b, footer"
    for dark in (False, True):
        browser = at(dark=dark)
        pairs = browser.js(f"""
          [...document.querySelectorAll('{names}')].map(one => {{
            const colours = [getComputedStyle(one).color], clear = 'rgba(0, 0, 0, 0)';
            for (let under = one; under && colours.length < 2; under = under.parentElement) {{
              const found = getComputedStyle(under).backgroundColor;
              if (found !== clear) colours.push(found);
            }}
            return [one.className + one.tagName, ...colours] }})""")
        assert len(pairs) > 20
        assert [(name, contrast(ink, paper)) for name, ink, paper in pairs if contrast(ink, paper) < 4.5] == []


def contrast(ink: str, paper: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1, relative luminance); 4.5 is what text of this size needs."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(ink), light(paper)), reverse=True)
    return (high + 0.05) / (low + 0.05)
