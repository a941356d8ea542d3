"""Settings of the web server: `gunicorn -c python:deploy.gunicorn 'app:create_app()'`."""

import os
import re
from typing import Any

from gunicorn import glogging

from app import logs

# What a request that cannot be read is said to have in it, after what is wrong with it.
_UNREADABLE = re.compile(r"(Invalid request from ip=\S+: [^:'\"]*).*", re.DOTALL)


class Logger(glogging.Logger):
    """Gunicorn's words, in the shape of ours. The app itself logs the requests, without their paths."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logs.set_up(as_json=os.environ.get("FLASK_ENV") == "production")
        self.error_log.handlers = []
        self.error_log.propagate = True

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """A request that failed outside of the app is told without its address, which may hold a token."""
        super().exception(str(msg).replace("%s", "%.0s"), *args, **kwargs)

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """The same for a request that cannot be read: its line has the address, and its headers a token."""
        super().warning(_UNREADABLE.sub(r"\1", str(msg)), *args, **kwargs)


logger_class = Logger
bind = os.environ.get("WEB_ADDRESS", "127.0.0.1:5000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = 8  # SYNC_SLOTS of them, at most, run small jobs
timeout = 60
# Longer than SYNC_SECONDS: a small job that runs in a request comes to its end.
graceful_timeout = 30
keepalive = 30  # nginx keeps its connections open
# The heartbeat's file: on a slow disk a process would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 # nosec
# Which headers of a proxy are believed is TRUSTED_PROXIES' business alone.
forwarded_allow_ips = ""
# Its default place is shared with any other gunicorn of this user.
control_socket_disable = True
