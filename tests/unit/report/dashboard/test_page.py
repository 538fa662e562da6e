import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from passerby.errors import Fault
from passerby.query.grammar import INTERNAL
from passerby.query.schema import query_schema
from passerby.report.dashboard import assets as room
from passerby.report.dashboard.boot import Boot, BootGoal
from passerby.report.dashboard.views import script_json

WEB = Path(__file__).parents[4] / "web"


def boot(**changes: object) -> Boot:
    plain: dict[str, object] = dict.fromkeys(Boot.__struct_fields__)
    plain |= {"domain": "example.com", "now": datetime(2026, 2, 18, tzinfo=UTC), "goals": [], "sites": []}
    return Boot(**{**plain, **changes})  # type: ignore[arg-type]  # A builder: the test names what matters.


def test_a_goal_cannot_end_the_script_element_it_is_written_into() -> None:
    name = "</script><script>alert('&')</script><!--"
    text = script_json(boot(goals=[BootGoal(name, None)]))
    assert not re.search(r"[<>&]", text)
    assert json.loads(text)["goals"][0]["name"] == name


def test_boot_data_has_exactly_the_members_the_page_reads() -> None:
    source = (WEB / "src/boot.ts").read_text(encoding="utf-8")
    interface = source[source.index("export interface Boot {") : source.index("export function readBoot")]
    declared = re.findall(r"^  (\w+):", interface, flags=re.MULTILINE)
    assert sorted(declared) == sorted(json.loads(script_json(boot())))


def test_the_pages_types_are_those_of_the_query_language() -> None:
    """When this fails: `npm run schema` in web/."""
    language = msgspec.json.encode(query_schema(INTERNAL), order="sorted")
    written = (WEB / "src/api/schema.d.ts").read_text(encoding="utf-8")
    assert f"schema {hashlib.sha256(language).hexdigest()}" in written


def test_the_head_names_every_file_the_entry_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        json.dumps(
            {
                "src/main.tsx": {"file": "dashboard/main-1.js", "imports": ["_shared.js"], "css": ["dashboard/a.css"]},
                "_shared.js": {"file": "dashboard/shared-2.js", "css": ["dashboard/b.css"]},
            }
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(room, "MANIFEST", manifest)
    room.assets.cache_clear()
    found = room.assets()
    room.assets.cache_clear()
    assert found.script == "/static/dashboard/main-1.js"
    assert found.styles == ("/static/dashboard/b.css", "/static/dashboard/a.css")
    assert found.preloads == ("/static/dashboard/shared-2.js",)


def test_a_checkout_without_a_build_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MANIFEST", tmp_path / "none.json")
    room.assets.cache_clear()
    with pytest.raises(Fault, match="npm run build"):
        room.assets()
