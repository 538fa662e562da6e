import re

import pytest

from passerby.query.filters import Leaf, Operator
from passerby.query.goals import goals_of, has_goal_filter, selected_goals, wildcard_pattern
from passerby.query.site import Goal
from tests.support.asking import site, valid

SITE = site(
    goals=(
        Goal(id=1, display_name="Signup", event_name="Signup"),
        Goal(id=2, display_name="Visit /a", page_path="/a"),
        Goal(id=3, display_name="signup page", page_path="/signup"),
    )
)


@pytest.mark.parametrize(
    ("leaf", "names"),
    [
        (Leaf(Operator.IS, "event:goal", ("Signup",)), ["Signup"]),
        (Leaf(Operator.IS, "event:goal", ("signup",)), []),
        (Leaf(Operator.IS, "event:goal", ("signup",), modifier=False), ["Signup"]),
        (Leaf(Operator.CONTAINS, "event:goal", ("ign",)), ["Signup", "signup page"]),
        (
            Leaf(Operator.CONTAINS, "event:goal", ("SIGN", "visit"), modifier=False),
            ["Signup", "Visit /a", "signup page"],
        ),
        (Leaf(Operator.CONTAINS, "event:goal", ()), []),
    ],
)
def test_goals_are_found_by_what_they_are_called(leaf: Leaf, names: list[str]) -> None:
    assert [goal.display_name for goal in goals_of(leaf, SITE)] == names


def test_every_goal_filter_narrows_the_choice() -> None:
    filters = valid(SITE, filters=[["contains", "event:goal", ["i"]], ["is", "event:goal", ["Visit /a"]]]).filters

    assert [goal.display_name for goal in selected_goals(filters, SITE)] == ["Visit /a"]
    assert selected_goals((), SITE) == SITE.goals


def test_a_goal_in_behaviour_is_no_goal_filter() -> None:
    assert not has_goal_filter(valid(SITE, filters=[["has_done", ["is", "event:goal", ["Signup"]]]]).filters)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/blog/*", "/blog/a/b", True),
        ("/blog/**", "/blog/", True),
        ("/blog*", "/other/blog", False),
        ("/a|/b", "/b", True),
        ("/a|/b", "/ab", False),
        ("/a.b+c", "/a.b+c", True),
        ("/a.b", "/axb", False),
        ("*", "", True),
    ],
)
def test_a_wildcard_stands_for_any_characters_of_a_whole_path(pattern: str, path: str, *, expected: bool) -> None:
    assert bool(re.search(wildcard_pattern(pattern), path)) is expected
