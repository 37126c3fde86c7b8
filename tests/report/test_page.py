"""The page as text: whole, escaped, accessible, and sufficient unto itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from isthmus.cli.report import write_report
from isthmus.report.page import clock, points, strength

MOST_BYTES = 3_000_000


class Reader(HTMLParser):
    """Collects (tag, attributes), the text, and what was left open or closed without being opened."""

    OPEN_ENDED = ("meta", "input", "td", "tr", "th", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text, self.open, self.wrong = "", [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in self.OPEN_ENDED:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag):
        if tag in self.OPEN_ENDED:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text += data

    def every(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    def write(opened) -> str:
        file = Path(opened.study.data).parent / "study.yaml"
        return write_report(opened, file, tmp_path_factory.mktemp("page") / "page.html").read_text("utf-8")

    return write


@pytest.fixture(scope="module")
def page(finished, written) -> str:
    return written(finished)


@pytest.fixture(scope="module")
def read(page) -> Reader:
    return Reader(page)


def test_every_element_is_closed_and_every_id_is_one_element(read):
    assert (read.open, read.wrong) == ([], [])
    ids = Counter(attributes["id"] for _, attributes in read.tags if "id" in attributes)
    assert [name for name, number in ids.items() if number > 1] == []


def test_whatever_is_referred_to_is_there(read):
    ids = {attributes.get("id") for _, attributes in read.tags}
    named = [
        name for _, a in read.tags for key in ("for", "aria-labelledby", "data-table") for name in a.get(key, "").split()
    ]
    assert [name for name in [*named, *(a["href"][1:] for a in read.every("a"))] if name not in ids] == []
    assert len(named) > 40


def test_nothing_is_loaded_from_anywhere(read, page):
    assert [
        a for _, a in read.tags if a.keys() & {"src", "srcset", "action", "data", "background", "poster", "xlink:href"}
    ] == []
    assert read.every("link") == read.every("img") == read.every("iframe") == read.every("form") == []
    assert all(a["href"].startswith("#") for a in read.every("a"))
    assert re.findall(r"@import|url\(|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(", page) == []


def test_the_page_forbids_itself_every_script_but_its_own(page, read):
    script = re.search(r"<script>(.*?)</script>", page, flags=re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = [a["content"] for a in read.every("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}'" in policy
    assert len(read.every("script")) == 1


def test_text_of_examples_stays_text(page, read):
    assert "<script>document.title = 'hacked'</script>" in read.text
    assert "&lt;script&gt;document.title = &#39;hacked&#39;&lt;/script&gt;" in page


def test_it_says_what_was_asked_and_answers_in_three_sentences_and_one_on_claims(page, read):
    assert read.every("html") == [{"lang": "en"}]
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Does English NLI or QA first lift zero-shot transfer?"]
    answer = re.search(r'<div id="answer".*?</div>', page, flags=re.S)[0]
    assert len(re.findall("<p>", answer)) == 4
    assert "<b>nli</b> on <b>xnli</b>" in answer
    assert "<b>nli</b> on <b>tatoeba</b>" in answer.split("<p>")[2]


def test_every_table_has_a_name_and_headings_with_a_scope(page):
    tables = re.findall(r"<table.*?</table>", page, flags=re.S)
    assert len(tables) > 10
    assert [t[:80] for t in tables if "<caption" not in t and "aria-labelledby" not in t and 'class="tags"' not in t
            and 'class="data claims"' not in t] == []  # fmt: skip
    assert re.findall(r"<th(?! scope=)[ >]", page) == []


def test_every_drawing_says_what_it_shows(page):
    drawings = re.findall(r"<svg(?![^>]*aria-hidden).*?</svg>", page, flags=re.S)
    assert len(drawings) >= 8 + 6  # 2 arms on 4 targets; learning curves of pretraining, 2 stages and 3 trained targets
    assert all(
        re.match(r'<svg [^>]*role="img"[^>]*><title [^>]*>[^<]+</title><desc [^>]*>[^<]+</desc>', d) for d in drawings
    )


def test_a_cell_tells_its_sign_without_its_colour(page):
    cells = re.findall(r'<button type="button" class="cell ([^"]*)"(.*?)</button>', page, flags=re.S)
    assert len(cells) == 2 * (4 + 3 + 4 + 4)  # retrieval has no pair in the source language
    for classes, inside in cells:
        delta = re.search(r"</span>([+−]?[\d.]+)", inside)[1]
        assert ("▲" in inside) == ("clear" in classes and delta.startswith("+"))
        assert ("▼" in inside) == ("clear" in classes and delta.startswith("−"))
        assert ("clear gain" in inside, "clear loss" in inside) == ("▲" in inside, "▼" in inside)
        assert ("≤" in inside) == ("low" in classes.split())


def test_where_holms_correction_is_not_to_be_trusted_stands_below_the_effects(read):
    matrix = read.text.partition("Every effect as a table")[0]
    assert "P-values corrected by Holm over all 8 headline averages compared with none" in matrix
    assert "With 3 seeds even these may be chance where seeds differ" in matrix


def test_the_verdict_on_a_claim_stands_beside_it(read):
    assert "NLI first helps NLI" in read.text
    assert "✓ supported" in read.text


def test_collapsed_runs_seeds_and_pretraining_are_among_the_limitations(page):
    limits = re.search(r'<ul class="limits">.*?</ul>', page, flags=re.S)[0]
    assert "qa/seed 1/udpos collapsed" in limits
    assert "3 fine-tuning seeds" in limits
    assert "pretrained once (seed 1)" in limits


def test_every_training_run_and_the_machine_are_named(page, finished):
    names = [step.name for step in finished.plan if step.kind in ("train", "pretrain")]
    assert [name for name in names if f">{name}</th>" not in page] == []
    assert "workbench" in page
    assert "torch&nbsp;2.13" in page


def test_the_study_file_is_on_the_page_and_its_words_are_cited(page):
    assert "text: NLI first helps NLI, source: a paper" in page
    assert "arXiv:2005.13013" in page
    assert "Conneau et al. 2018" in page


def test_the_same_store_gives_the_same_page(finished, written, page):
    assert written(finished) == page


def test_a_half_finished_study_says_what_is_missing(invented, written):
    read = Reader(written(invented(seeds=(1, 2), share=0.5)))
    assert "This study is not finished." in read.text
    assert "no score yet of" in read.text or "planned scores are missing" in read.text
    assert (read.open, read.wrong) == ([], [])


def test_a_study_that_has_not_begun_has_a_page(invented, written):
    read = Reader(written(invented(seeds=(1,), languages="en de", share=0.0)))
    assert "There is nothing to compare yet." in read.text
    assert "Nothing can be compared yet." in read.text
    assert (read.open, read.wrong) == ([], [])


def test_one_seed_is_admitted_wherever_an_interval_is_explained(invented, written):
    page = written(invented(seeds=(1,)))
    assert "one seed: nothing is known of other runs" in page
    assert "There is one fine-tuning seed" in page
    assert "the choice of test examples only" in page


def test_forty_four_languages_stay_far_below_the_limit(invented, written):
    codes = (
        "en de nl af fr es it pt bg ru hu et fi el he ar fa ur hi bn mr ta te ml th vi id jv tl tr eu ka kk ko ja zh my sw"
    )
    page = written(invented(seeds=(1,), languages=f"{codes} yo pl uk ro lt wo"))
    assert page.count('class="mark') > 2 * 4 * 43
    assert len(page.encode()) < MOST_BYTES / 3


def test_names_that_are_markup_stay_names(invented, written):
    opened = invented(seeds=(1,), languages="en de")
    file = Path(opened.study.data).parent / "study.yaml"
    file.write_text(file.read_text("utf-8") + "# </pre><img src=x onerror=alert(1)>\n", "utf-8")
    assert Reader(written(opened)).every("img") == []


@pytest.mark.parametrize(
    ("delta", "classes"),
    [(0.0, "s0"), (0.49, "s0"), (0.5, "up s1"), (-0.5, "down s1"), (4.99, "up s2"), (-12.0, "down s4"), (33.0, "up s5")],
)
def test_a_colour_grows_with_the_size_of_a_difference(delta, classes):
    assert strength(delta) == classes


@pytest.mark.parametrize(("value", "words"), [(None, "–"), (1.25, "+1.2"), (-0.04, "+0.0"), (-3.0, "−3.0")])
def test_points_have_a_sign(value, words):
    assert points(value) == words


@pytest.mark.parametrize(("seconds", "words"), [(0.42, "0.4 s"), (59.6, "1 min 0 s"), (59.4, "59 s"), (7265, "2 h 1 min")])
def test_times_are_told_as_people_do(seconds, words):
    assert clock(seconds) == words
