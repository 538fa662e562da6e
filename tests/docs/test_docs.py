"""What is not in the manual does not exist: settings, commands, error codes, dependencies, links."""

import argparse
import re
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import passerby
from passerby.errors import Refusal
from passerby.ops.cli import parser

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOT_SETTINGS = {"PASSERBY_CONFIG"}  # What the tracker's build leaves in a script for us to fill.


def manual() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md")))


def settings_in_code() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "passerby").rglob("*.py")]
    return {name for source in sources for name in re.findall(r'"(PASSERBY_[A-Z_]+)"', source)} - NOT_SETTINGS


def test_every_setting_is_described() -> None:
    described = set(re.findall(r"`(PASSERBY_[A-Z_]+)`", (DOCS / "settings.md").read_text(encoding="utf-8")))

    assert settings_in_code() - described == set()
    assert {name for name in described - settings_in_code() if not name.endswith("_FILE")} == set()


def commands() -> list[str]:
    actions = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return [name for action in actions for name in action.choices]


def test_every_command_is_described() -> None:
    text = manual()

    assert [name for name in commands() if f"passerby {name}" not in text] == []


def refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind}.union(*(refusals(sub) for sub in kind.__subclasses__()))


@pytest.mark.usefixtures("every_module")
def test_every_error_code_is_described() -> None:
    described = (DOCS / "errors.md").read_text(encoding="utf-8")

    assert sorted(kind.code for kind in refusals() if f"`{kind.code}`" not in described) == []


@pytest.fixture
def every_module() -> None:
    for module in walk_packages(passerby.__path__, "passerby."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


def test_every_dependency_has_its_reason_in_a_decision() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[\[><=;]", entry)[0].strip() for entry in project["dependencies"]}
    decisions = "\n".join(p.read_text(encoding="utf-8").lower() for p in (DOCS / "decisions").glob("*.md"))

    assert sorted(name for name in wanted if name.lower() not in decisions) == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_files_named_in_the_manual_are_there() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    missing = [
        f"{page.name}: {name}"
        for page in pages
        for name in re.findall(r"`((?:passerby|tests|bench|tools)/[\w/.-]+\.\w+)`", page.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    ]

    assert missing == []
