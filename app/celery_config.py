"""Celery's settings, each with its reason. The jobs table is the truth; the broker only wakes workers."""

from typing import Any

from kombu import Queue

# Slices of jobs; short upkeep that must not wait behind them for long; mail and webhooks, whose receivers may be slow;
# slices of the pipeline.
QUEUES = ("zendesk", "upkeep", "notices", "pipeline")
UPKEEP_SECONDS = 5.0
MACROS_SECONDS = 20.0
RETENTION_SECONDS = 300.0
SESSIONS_SECONDS = 3600.0

# What is done by the clock.
SCHEDULE = {
    "upkeep": {
        "task": "app.tasks.upkeep.upkeep",
        "schedule": UPKEEP_SECONDS,
        # One that waited so long is of no use: others are there already. Less would starve
        # it when every process is busy with a slice.
        "options": {"expires": 6 * UPKEEP_SECONDS},
    },
    # A look at one row. The macros are copied when their copy is ten minutes old, when a try
    # failed two minutes ago, or at once after an account was connected.
    "macros": {
        "task": "app.tasks.macro_copying.renew_macros_if_due",
        "schedule": MACROS_SECONDS,
        "options": {"expires": 3 * MACROS_SECONDS},
    },
    # What is old goes a little at a time, so that nobody has to wait for it.
    "retention": {
        "task": "app.tasks.retention.purge_what_is_old",
        "schedule": RETENTION_SECONDS,
        "options": {"expires": RETENTION_SECONDS},
    },
    "sessions": {
        "task": "app.tasks.upkeep.forget_old_sessions",
        "schedule": SESSIONS_SECONDS,
        "options": {"expires": SESSIONS_SECONDS},
    },
}


def celery_config(redis_url: str, prefix: str, concurrency: int) -> dict[str, Any]:
    return {
        "broker_url": redis_url,
        "result_backend": redis_url,
        # For operators who look: slices themselves leave no result, since the jobs table has it.
        "task_ignore_result": True,
        "result_expires": 24 * 3600,
        # Every queue is declared, so that the plain worker command consumes all of them.
        "task_queues": [Queue(name) for name in QUEUES],
        "task_default_queue": "zendesk",
        "task_routes": {
            "app.tasks.upkeep.*": {"queue": "upkeep"},
            "app.tasks.account_mail.*": {"queue": "upkeep"},
            "app.tasks.notices.*": {"queue": "notices"},
            "app.tasks.pipeline_tasks.*": {"queue": "pipeline"},
            "app.tasks.macro_copying.renew_macros_if_due": {"queue": "upkeep"},
        },
        # A message that is lost is sent again by upkeep; late acknowledgement would only add duplicates.
        "task_acks_late": False,
        # A worker that holds back messages it has no time for delays other jobs.
        "worker_prefetch_multiplier": 1,
        "worker_concurrency": concurrency,
        # Python's heap never shrinks by itself.
        "worker_max_tasks_per_child": 1000,
        # Slices last about 20 s: one that is still at it after two minutes hangs.
        "task_soft_time_limit": 120,
        "task_time_limit": 180,
        # Redis may start after us, and may go away for as long as it likes.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": 3600,
            "global_keyprefix": prefix,
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        "result_backend_transport_options": {"global_keyprefix": prefix},
        # A page that queues a job must not hang when Redis is down: upkeep queues it later.
        "task_publish_retry_policy": {
            "max_retries": 2,
            "interval_start": 0,
            "interval_step": 0.2,
            "interval_max": 0.5,
        },
        # Flower shows the job's id, and when each slice was sent.
        "task_send_sent_event": True,
        "worker_send_task_events": True,
        "task_track_started": True,
        # Nothing but JSON is ever unpacked.
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "timezone": "UTC",
        "worker_hijack_root_logger": False,
        "beat_schedule": SCHEDULE,
    }
