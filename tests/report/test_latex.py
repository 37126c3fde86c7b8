"""LaTeX that a paper can take over: whole, escaped, a column for every cell."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies

from isthmus.claims.resolve import resolve
from isthmus.cli.report import evidence_of
from isthmus.report.latex import SPECIAL, escaped, to_latex


@pytest.fixture(scope="module")
def text(finished) -> str:
    study = finished.study.model_copy(update={"claims": (*finished.study.claims, "phang2020")})
    opened = replace(finished, study=study, questions=resolve(study))
    return to_latex(evidence_of(opened, Path(study.data).parent / "study.yaml"))


def test_every_group_and_every_environment_is_closed(text):
    bare = text.replace(r"\{", "").replace(r"\}", "")
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    begun: list[str] = []
    for what, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if what == "begin":
            begun.append(name)
        else:
            assert begun.pop() == name
    assert begun == []


def test_every_row_has_a_cell_for_every_column(text):
    tables = re.findall(r"\\begin\{(tabular|longtable)\}\{(.*?)\}\n(.*?)\\end\{\1\}", text, flags=re.S)
    assert len(tables) == 4 + 2  # zero-shot, en, near, unseen; effects and claims
    for _, columns, body in tables:
        plain = re.sub(r"p\{[^{}]*\}", "l", re.sub(r">\{[^{}]*\}", "", columns))
        widths = len(re.findall(r"[lr]", plain))
        rows = [line for line in body.splitlines() if line.endswith(r" \\")]
        assert rows
        assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {widths}


def test_it_uses_only_what_its_preamble_loads(text):
    preamble, body = text.split(r"\begin{document}")
    assert "booktabs" in preamble
    assert "longtable" in preamble
    known = {"begin", "end", "centering", "small", "caption", "toprule", "midrule", "bottomrule", "endhead", "textbf"}
    known |= {"ensuremath", "raggedright", "arraybackslash", "linewidth", "pm", "le", "to"}
    known |= set(re.findall(r"\\([a-z]+)", "".join(SPECIAL.values())))
    assert set(re.findall(r"\\([a-zA-Z]+)", body)) <= known


def test_arms_stand_by_targets_with_intervals_and_clear_ones_are_bold(text):
    [head] = re.findall(r"^arm & (xnli.*?) \\\\$", text.partition(r"\end{tabular}")[0], flags=re.M)
    assert head == "xnli (accuracy) & xquad (f1) & udpos (f1) & tatoeba (accuracy)"
    [nli] = re.findall(r"^nli & (.*?) \\\\$", text.partition(r"\end{tabular}")[0], flags=re.M)
    cells = nli.split(" & ")
    assert re.fullmatch(r"\\textbf\{\+[\d.]+\} \[\+[\d.]+, \+[\d.]+\]", cells[0])
    assert cells[3].startswith(r"\textbf{\ensuremath{-}")


def test_claims_are_the_last_table(text):
    last = text.rpartition(r"\begin{longtable}")[2]
    assert "NLI first helps NLI & a paper" in last
    assert "not asked here" in last


def test_a_study_without_scores_is_a_document_that_says_so(invented):
    opened = invented(share=0.0)
    study = opened.study.model_copy(update={"claims": ()})
    text = to_latex(evidence_of(replace(opened, study=study), Path(study.data).parent / "study.yaml"))
    assert text.endswith("\\end{document}\n")
    assert r"\begin{document}" in text


def test_special_signs_stand_for_themselves():
    assert escaped(r"50 % of a_b & {c} \ #1 $x$ ^~") == (
        r"50 \% of a\_b \& \{c\} \textbackslash{} \#1 \$x\$ \textasciicircum{}\textasciitilde{}"
    )


@given(strategies.text())
def test_no_text_can_open_a_group_or_a_command_of_its_own(words):
    found = escaped(words)
    for made in sorted(set(SPECIAL.values()), key=len, reverse=True):
        found = found.replace(made, "")
    assert not set(found) & set("\\{}$&#%_^\n")
