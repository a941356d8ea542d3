"""Giga Tools: does to 50,000 Zendesk tickets what Zendesk's own screen does to 100."""

import os

from flask import Flask

from app.config import Config


def create_app(config: Config | None = None) -> Flask:
    from app import (
        account,
        admin,
        api,
        auth,
        choosing,
        cli,
        dashboard,
        extensions,
        guide,
        insights,
        jobs,
        limits,
        logs,
        operating,
        static_files,
        tasks,
        tools,
        web,
    )

    app = Flask(
        __name__,
        instance_relative_config=True,
        instance_path=os.environ.get("GIGA_INSTANCE_PATH"),
    )
    app.config.from_object(config or Config.from_environment())
    logs.init_app(app)
    extensions.init_app(app)
    tasks.init_app(app)
    web.init_app(app)
    static_files.init_app(app)
    auth.init_app(app)
    app.register_blueprint(dashboard.bp)
    app.register_blueprint(jobs.bp)
    app.register_blueprint(insights.bp)
    app.register_blueprint(limits.bp)
    app.register_blueprint(choosing.bp)
    app.register_blueprint(guide.bp)
    app.register_blueprint(account.bp)
    app.register_blueprint(admin.bp)
    operating.init_app(app)
    tools.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    return app
