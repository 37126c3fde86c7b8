"""Every file is met once, whatever links there are."""

from __future__ import annotations

from isthmus.survey.walk import walk


def names(root):
    return {met.path.relative_to(root).as_posix(): met.wrong for met in walk(root)}


def test_files_are_met_by_name_and_what_is_hidden_is_not(lay):
    root = lay({"b/2": "x", "b/1": "x", "a": "x", ".git/config": "x", "b/.DS_Store": "x"})
    assert list(names(root)) == ["a", "b/1", "b/2"]


def test_a_folder_that_is_named_like_a_file_is_met_itself(lay):
    root = lay({"dev-en.tsv/dev-en.tsv": "x", "kept/a": "x"})
    assert [(met.path.relative_to(root).as_posix(), met.folder) for met in walk(root)] == [
        ("dev-en.tsv", True),
        ("dev-en.tsv/dev-en.tsv", False),
        ("kept/a", False),
    ]


def test_a_link_to_a_folder_elsewhere_is_followed(lay, tmp_path):
    root = lay({"a": "x"})
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/xnli.tsv").write_text("x", "utf-8")
    (root / "xnli").symlink_to(tmp_path / "kept")
    assert names(root) == {"a": "", "xnli/xnli.tsv": ""}


def test_a_circle_of_links_is_walked_once_and_told(lay):
    root = lay({"a/b/file": "x"})
    (root / "a/b/up").symlink_to(root)
    (root / "a/here").symlink_to(root / "a")
    found = names(root)
    assert found.pop("a/b/file") == ""
    assert found == dict.fromkeys(("a/b/up", "a/here"), "a link to a folder above it, not followed")
    assert not any(met.fault for met in walk(root))


def test_two_folders_that_link_to_each_other_end(lay):
    root = lay({"a/1": "x", "b/2": "x"})
    (root / "a/b").symlink_to(root / "b")
    (root / "b/a").symlink_to(root / "a")
    assert {name for name, wrong in names(root).items() if not wrong} == {"a/1", "a/b/2", "b/2", "b/a/1"}


def test_a_link_that_leads_nowhere_or_to_itself_is_a_fault(lay):
    root = lay({"a": "x"})
    (root / "gone").symlink_to(root / "nowhere")
    (root / "self").symlink_to(root / "self")
    faults = {met.path.name: met.wrong for met in walk(root) if met.fault}
    assert set(faults) == {"gone", "self"}
    assert faults["gone"] == "cannot be read (No such file or directory)"
