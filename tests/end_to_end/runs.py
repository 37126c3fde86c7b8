"""The command line as a user gives it, in a process of its own that can be killed; and what a store then holds."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import yaml
from small_world import small_spec, write_world

from isthmus.store.store import Store

ISTHMUS = str(Path(sysconfig.get_path("scripts")) / "isthmus")


@dataclass(frozen=True)
class Bench:
    """A study file in a folder of its own."""

    folder: Path
    study: Path

    def command(self, verb, *arguments, store="store"):
        """Return the words of a command on the study, or on the store alone."""
        words = verb.split()
        given = [] if words[0] == "store" else [str(self.study)]
        return [ISTHMUS, *words, *given, "--store", str(self.folder / store), "--json", *arguments]

    def start(self, store="store"):
        """Start a run in a process group of its own, as a terminal does."""
        words = self.command("run", "--jobs", "2", "--threads", "1", "--checkpoint-every", "0.2", store=store)
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True, env=self.environment)

    def ask(self, verb, *arguments, store="store"):
        """Give a command and return its exit status and the JSON it printed."""
        words = self.command(verb, *arguments, store=store)
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, env=self.environment, check=False)
        return done.returncode, json.loads(done.stdout)

    @property
    def environment(self):
        return {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}

    def store(self, name="store"):
        return Store(self.folder / name)


def set_up(folder, size=24, **changes):
    """Write a world and a study of it."""
    study = folder / "study.yaml"
    study.write_text(yaml.safe_dump(small_spec(write_world(folder / "data", size), **changes)), encoding="utf-8")
    return Bench(folder, study)


def end(process):
    """Wait for a run and return what it printed; it must have ended well."""
    told = json.loads(process.communicate()[0])
    assert process.returncode == 0, told
    return told


def contents(store):
    """Return {artifact: {file: bytes}} without the manifests, which hold dates."""
    return {
        id_: {name: (store.path(id_) / name).read_bytes() for name in sorted(store.manifest(id_).files)}
        for id_ in store.ids()
    }


def attempts(store):
    """Return how often each step was begun: {id: number}."""
    return {log.stem: log.read_text(errors="replace").count("=== ") for log in (store.root / "logs").glob("*.log")}
