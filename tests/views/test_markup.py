"""What must hold for every template and static file, whatever they show."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.STATICFILES_DIRS[0]).parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static/css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
CSS_BYTES = 24 * 1024  # of one page; all pages share most of it
FORM = re.compile(r"<form[^>]*>")
STYLE = re.compile(r"css/[a-z]+\.css")
SCRIPT_LINES = 60
# Their HTML is shared by all who watch the same list: it may hold nothing that belongs to one browser.
REGIONS = (
    "board/_list.html",
    "accounts/_list.html",
    "failures/_list.html",
    "accounts/_account.html",
    "task/_live.html",
)
ICON = re.compile(r'#([a-z-]+)"/>')
INCLUDE = re.compile(r'{% include "([^"]+)"')
STATIC = re.compile(r"""{% static ['"]([^'"]+)['"]""")
HANDLER = re.compile(r"<[^>]+\son[a-z]+=")
LONE_SCRIPT = re.compile(r"<script(?![^>]*\s(?:data-)?src=)")

each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)


@each_template
def test_a_template_has_nothing_that_a_strict_policy_refuses(template: Path) -> None:
    text = template.read_text()
    assert "style=" not in text
    assert "<style" not in text
    assert not HANDLER.search(text)
    assert not LONE_SCRIPT.search(text)


@each_template
def test_every_static_file_that_a_template_names_exists(template: Path) -> None:
    for name in STATIC.findall(template.read_text()):
        assert (ROOT / "static" / name).is_file(), name


@each_template
def test_every_icon_that_a_template_names_is_drawn(template: Path) -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
    assert set(ICON.findall(template.read_text())) <= drawn


@pytest.mark.parametrize("region", REGIONS)
def test_a_live_region_holds_no_token_and_no_form_that_posts(region: str) -> None:
    for text in with_its_parts(ROOT / "templates" / region):
        assert "csrf" not in text
        assert all('method="get"' in form for form in FORM.findall(text))
        assert "request." not in text


@pytest.mark.parametrize("region", REGIONS)
def test_a_live_region_asks_its_own_url_and_replaces_itself(region: str) -> None:
    text = (ROOT / "templates" / region).read_text()
    assert re.search(r'hx-get="{{ [a-z]+\.poll_url }}" hx-trigger="every {{ .+? }}s" hx-swap="outerMorph"', text)


def test_the_sign_in_page_has_one_form_with_one_email_and_one_password() -> None:
    text = (ROOT / "templates/account/login.html").read_text()
    assert [text.count(part) for part in ("<form", 'type="email"', 'type="password"')] == [1, 1, 1]
    assert "remember" not in text


@each_template
def test_the_styles_of_a_page_stay_small(template: Path) -> None:
    shared = set(STYLE.findall((ROOT / "templates/_styles.html").read_text()))
    styles = shared | set(STYLE.findall(template.read_text()))
    assert sum((ROOT / "static" / style).stat().st_size for style in styles) <= CSS_BYTES


def test_every_style_belongs_to_a_page() -> None:
    named = {style for template in TEMPLATES for style in STYLE.findall(template.read_text())}
    assert named == {f"css/{style.name}" for style in STYLES}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_stays_short_enough_to_read_at_once(script: Path) -> None:
    assert len(script.read_text().splitlines()) <= SCRIPT_LINES


def with_its_parts(template: Path) -> Iterator[str]:
    """The text of a template and of all that it includes by name."""
    text = template.read_text()
    yield text
    for name in INCLUDE.findall(text):
        yield from with_its_parts(ROOT / "templates" / name)
