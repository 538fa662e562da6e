"""Write passerby/data/crawlers.tsv from the PyPI packages ai-crawler-index and crawler-user-agents."""

import json
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from layout import DATA, write_table

HEADER = """\
Patterns (Rust regex syntax) of User-Agents that are not people; the first that matches wins.
Columns: kind (ai, bot, library, automation), family, operator, purpose, pattern.
Source: PyPI ai-crawler-index {ai_version} (data CC0-1.0) and crawler-user-agents {crawler_version} (MIT).
Made by tools/reference/refresh.py; do not edit. Patterns of our own stand in crawlers_own.tsv."""
# Category of ai-crawler-index → our kind and purpose. AI is what learns from a page or answers with it.
INDEX_CATEGORIES = {
    "ai-training": ("ai", "training"),
    "dataset": ("ai", "dataset"),
    "ai-search": ("ai", "search"),
    "user-fetch": ("ai", "user"),
    "search": ("bot", "search"),
    "seo": ("bot", "seo"),
    "archive": ("bot", "archive"),
    "preview": ("bot", "preview"),
    "tool": ("bot", "tool"),
}
CRAWLER_TAGS = {
    "ai-crawler": ("ai", "other"),
    "http-library": ("library", "tool"),
    "browser-automation": ("automation", "tool"),
    "search-engine": ("bot", "search"),
    "social-preview": ("bot", "preview"),
    "feed-reader": ("bot", "feed"),
    "archiver": ("bot", "archive"),
    "academic": ("bot", "research"),
    "advertising": ("bot", "advertising"),
    "monitoring": ("bot", "monitoring"),
    "scanner": ("bot", "scanner"),
    "seo": ("bot", "seo"),
}
NO_USER_AGENT = "(control token only"
CASE_MATTERS_CHARS_MAX = 4  # `YaK` must not be found in a kayak.

Row = tuple[str, str, str, str, str]


def write_crawlers() -> Path:
    """AI crawlers and other named bots first (longest name first), then the long list of patterns."""
    header = HEADER.format(ai_version=version("ai-crawler-index"), crawler_version=version("crawler-user-agents"))
    return write_table(DATA / "crawlers.tsv", header, _index_rows() + _pattern_rows())


def _index_rows() -> list[Row]:
    index = json.loads(files("ai_crawler_index").joinpath("data.json").read_text(encoding="utf-8"))
    crawlers = [crawler for crawler in index["crawlers"] if not crawler["ua"].startswith(NO_USER_AGENT)]
    # Longest first, so that Googlebot-Image is not taken for Googlebot.
    crawlers.sort(key=lambda crawler: (-len(crawler["ua"]), crawler["ua"]))
    return [_index_row(crawler) for crawler in crawlers]


def _index_row(crawler: dict[str, Any]) -> Row:
    kind, purpose = INDEX_CATEGORIES[crawler["category"]]
    token = crawler["ua"]
    flags = "" if len(token) <= CASE_MATTERS_CHARS_MAX else "(?i)"
    pattern = rf"{flags}(?:^|[^A-Za-z0-9]){re.escape(token)}(?:[^A-Za-z]|$)"
    return kind, crawler["name"], crawler["operator"], purpose, pattern


def _pattern_rows() -> list[Row]:
    data = files("crawleruseragents").joinpath("crawler-user-agents.json").read_text(encoding="utf-8")
    return [_pattern_row(crawler) for crawler in json.loads(data)]


def _pattern_row(crawler: dict[str, Any]) -> Row:
    tags = crawler["tags"]
    kind, purpose = next(CRAWLER_TAGS[tag] for tag in CRAWLER_TAGS if tag in tags)
    return kind, _family_of(crawler), "", purpose, crawler["pattern"]


def _family_of(crawler: dict[str, Any]) -> str:
    """A readable name: what the pattern matches in the crawler's own User-Agent."""
    found = (re.search(crawler["pattern"], instance) for instance in crawler["instances"])
    text = next((match.group() for match in found if match), crawler["pattern"])
    name = re.sub(r"\s+", " ", text.replace("\\", "")).strip(" /;()^$+")
    return name or str(crawler["pattern"])
