"""How long whole jobs take and what they cost, beside the least that Zendesk's limits allow.

    python -m bench.jobs --sizes 500,5000 --macros 500 --script 500 --speed 5 --write

Each job runs in processes of its own (web app, worker, beat, Valkey, sandbox). What was measured is kept as it ends, so
a long measurement can be cut, and taken up with the sizes that are left.
"""

import argparse

from bench import jobs_report, results, script
from bench.measuring import measure
from bench.orders import KINDS
from bench.runs import Runs


def main() -> None:
    chosen = _parser().parse_args()
    if chosen.write:
        results.refuse_too_fast(chosen.speed)
    runs = Runs.load() if chosen.write else Runs()
    for kind, sizes in (("tags", chosen.sizes), ("macro", chosen.macros)):
        for size in sizes:
            run = measure(KINDS[kind], size, chosen.speed)
            runs.note(run)
            print(jobs_report.line(run), flush=True)
            _keep(runs, chosen.write)
    if chosen.script:
        runs.script = script.measure(chosen.script, chosen.speed)
        _keep(runs, chosen.write)
    print(jobs_report.report(runs))


def _keep(runs: Runs, write: bool) -> None:
    if write:
        runs.save()
        results.keep(jobs_report.report(runs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sizes", type=_numbers, default=[], help="of jobs that add a tag: 500,5000,50000,500000"
    )
    parser.add_argument(
        "--macros", type=_numbers, default=[], help="of jobs that apply a macro with placeholders"
    )
    parser.add_argument("--script", type=int, help="tickets of the zenpy script, if it is to run")
    parser.add_argument(
        "--speed", type=float, default=5.0, help="of the sandbox; 5 at most to keep"
    )
    parser.add_argument("--write", action="store_true", help="keep the figures, in RESULTS.md")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(word.replace("_", "")) for word in text.split(",") if word]


if __name__ == "__main__":
    main()
