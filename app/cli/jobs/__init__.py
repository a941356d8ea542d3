"""`flask jobs`: jobs on the command line. Each command acts for a person, with their rights and no more.

Exit codes: 0 all as wanted; 1 wrong use or refused; 2 wrong options; 3 the job completed, but tickets failed or are
unknown; 4 the job failed or was cancelled; 5 it waits for a person: planned, paused, or for an approval. 130 and 141
are as shells have them: Ctrl-C ended the watching, or whoever read the output went away.
"""

from app.cli.jobs import acting, exporting, running, watching
from app.cli.jobs.group import GROUP

__all__ = ["GROUP", "acting", "exporting", "running", "watching"]
