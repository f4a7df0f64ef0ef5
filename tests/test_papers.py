"""The papers keep their word: README, Dockerfile and CHANGELOG say what the code does."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from dashboard.environment import Environment

HERE = Path(__file__).resolve().parent.parent
README = (HERE / "README.md").read_text()


def test_every_environment_variable_stands_in_the_readme_with_its_meaning() -> None:
    for name, field in Environment.model_fields.items():
        assert re.search(rf"^\| `{name}` \| .+ \| {re.escape(field.description or '')} \|$", README, re.M), name


def test_the_readme_names_no_variable_that_does_not_exist() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.M))
    assert named == set(Environment.model_fields)


def test_every_command_of_ours_stands_in_the_readme() -> None:
    ours = {name for name, app in get_commands().items() if app == "dashboard"}
    assert ours == set(re.findall(r"^\| `manage\.py (\w+)", README, re.M))


def test_every_file_that_the_papers_point_to_exists() -> None:
    papers = [HERE / "README.md", HERE / "CONTRIBUTING.md", *(HERE / "docs").rglob("*.md")]
    for paper in papers:
        for target in re.findall(r"\]\(([^)#:]+)\)", paper.read_text()):
            assert (paper.parent / target).exists(), f"{paper.name} points to {target}"


def test_the_images_build_step_runs() -> None:
    """There is no container engine here, so the one step that runs our code is taken from the Dockerfile itself."""
    text = (HERE / "Dockerfile").read_text().replace("\\\n", " ")
    step = next(line for line in text.splitlines() if "collectstatic" in line).removeprefix("RUN ")
    words = [*shlex.split(step.replace(".venv/bin/python", sys.executable)), "--dry-run"]
    variables = {word.split("=", 1)[0]: word.split("=", 1)[1] for word in words if re.match(r"[A-Z_]+=", word)}
    command = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    result = subprocess.run(command, cwd=HERE, env=variables, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("word", ["../shared", "/work/", "TODO", "FIXME"])
def test_no_paper_speaks_of_anything_but_the_product(word: str) -> None:
    for paper in [HERE / "README.md", HERE / "CONTRIBUTING.md", HERE / "CHANGELOG.md", *(HERE / "docs").rglob("*.md")]:
        assert word not in paper.read_text(), paper.name
