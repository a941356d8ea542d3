"""A program that supervises the children of `children.json`, for tests to interrupt and to kill."""

import json
import sys
from pathlib import Path

from deploy.supervisor import Child, OperatorError, Supervisor


def child(script: str, ready_file: str = "", **settings: object) -> Child:
    ready = (lambda process: Path(ready_file).exists()) if ready_file else None
    return Child(argv=["sh", "-c", script], ready=ready, **settings)  # pyright: ignore[reportArgumentType]


def main(folder: Path) -> int:
    children = [
        child(**settings) for settings in json.loads((folder / "children.json").read_text())
    ]
    try:
        with Supervisor(folder) as supervisor:
            supervisor.start(*children)
            (folder / "all-ready").touch()
            supervisor.watch()
    except OperatorError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
