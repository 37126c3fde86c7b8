"""What the documents say is so: their links lead somewhere, their study is a study, their version is the package's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

import isthmus
from isthmus.study.spec import Study

ROOT = Path(__file__).parents[2]


def test_every_link_inside_the_project_leads_to_a_file():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")]
    links = [(page, link) for page in documents for link in re.findall(r"\]\(([^)#:\s]+)[^):]*\)", page.read_text("utf-8"))]
    assert len(links) > 3
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_the_study_in_the_readme_is_a_study():
    [text] = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), flags=re.S)
    study = Study.model_validate_json(json.dumps(yaml.safe_load(text)))
    assert study.recipe_for("udpos").learning_rate > 0


def test_the_citation_names_the_version_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == isthmus.__version__


def test_the_verbs_of_the_makefile_explain_themselves():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    verbs = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.M)[1].split()
    assert {"setup", "demo", "test", "test-all", "check", "bench", "clean", "help"} <= set(verbs)
    assert set(verbs) == set(re.findall(r"^([\w-]+):.*## ", makefile, flags=re.M))


def test_the_constraints_hold_for_everybody():
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert "torch==2.13.0" in lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", line)] == []
