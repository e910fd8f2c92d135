"""The limits of the renderer and those of the strict phone are held against each other."""

import pytest

from app.phones import cisco, cisco_rules


@pytest.mark.parametrize(
    ("of_renderer", "of_rules"),
    [
        (cisco.LIMITS.page_rows, cisco_rules.ENTRY_LIMIT),
        (cisco.LIMITS.menu_items, cisco_rules.ITEM_LIMIT),
        (cisco.LIMITS.title, cisco_rules.TITLE_LIMIT),
        (cisco.LIMITS.title, cisco_rules.PROMPT_LIMIT),
        (cisco.LIMITS.title, cisco_rules.FIELD_LIMIT),
        (cisco.LIMITS.row_name, cisco_rules.ENTRY_NAME_LIMIT),
        (cisco.LIMITS.number, cisco_rules.NUMBER_LIMIT),
        (cisco.LIMITS.item_name, cisco_rules.ITEM_NAME_LIMIT),
        (cisco.LIMITS.text, cisco_rules.TEXT_LIMIT),
        (cisco.PAGE_LIMIT, cisco_rules.PAGE_LIMIT),
        (cisco.URL_LIMIT, cisco_rules.URL_LIMIT),
        (cisco.PATH_LIMIT, cisco_rules.PATH_LIMIT),
        (cisco.INPUT_LIMIT, cisco_rules.INPUT_LIMIT),
    ],
)
def test_both_files_have_the_same_limits(of_renderer: int, of_rules: int) -> None:
    assert of_rules == of_renderer


def test_the_longest_link_that_is_rendered_obeys_the_rules() -> None:
    longest = cisco.LIMITS.base_url + len("/") + cisco.LIMITS.link
    assert longest <= cisco_rules.URL_LIMIT
