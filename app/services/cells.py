"""Values as the cells of a CSV file, which a spreadsheet must not take for formulas."""

import json
from typing import Any

# A spreadsheet takes a cell that begins with one of these for a formula; the full-width ones, where it is set up for
# Chinese, Japanese or Korean.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: Any) -> Any:
    """The value as it stands in a cell. Objects and lists are JSON."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
