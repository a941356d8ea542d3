"""The vendored front-end files are those that their README names."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "app" / "static" / "vendor"


def test_every_file_has_the_sum_that_the_readme_says():
    rows = re.findall(r"^\| (\S+\.(?:css|js)) .*\| ([0-9a-f]{64}) \|$", readme(), re.MULTILINE)

    actual = {
        path.name: sha256(path) for path in VENDOR.iterdir() if path.suffix in {".css", ".js"}
    }

    assert dict(rows) == actual


def test_nothing_is_fetched_from_elsewhere():
    for path in VENDOR.glob("*.css"):
        assert not re.search(r"url\((?!['\"]?data:)", path.read_text())


def readme():
    return (VENDOR / "README.md").read_text()


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
