"""A new tool is one module, one template, one test, and no edit elsewhere."""

import sys

import pytest

from app import create_app, tools
from tests.fixtures.giga import configured
from tests.fixtures.visitor import Visitor

MODULE = '''
"""Do nothing."""

from flask import Blueprint, render_template_string

from app.tools import Tool

bp = Blueprint("do_nothing", __name__, url_prefix="/tools/do-nothing")
TOOL = Tool("do-nothing", "Do nothing", "Leaves every ticket as it is.", bp, requires_admin={admin})


@bp.get("")
def index():
    return render_template_string(
        "{{% extends 'base.html' %}}{{% block title %}}Nothing{{% endblock %}}"
        "{{% block content %}}<h1>Nothing</h1>{{% endblock %}}"
    )
'''


@pytest.fixture
def app_with_tool(request, tmp_path, monkeypatch, database_url, redis_url):
    """The app, with one more module in its folder of tools."""
    (tmp_path / "do_nothing.py").write_text(MODULE.format(admin=request.param))
    monkeypatch.setattr(tools, "__path__", [*tools.__path__, str(tmp_path)])
    yield create_app(configured(database_url, redis_url))
    sys.modules.pop("app.tools.do_nothing")


@pytest.fixture
def app(app_with_tool):
    return app_with_tool


@pytest.mark.parametrize("app_with_tool", [False], indirect=True)
def test_a_tool_is_found_by_its_module_alone(agent):
    assert "Leaves every ticket as it is." in agent.get("/").text
    assert agent.get("/tools/do-nothing").status_code == 200


@pytest.mark.parametrize("app_with_tool", [True], indirect=True)
def test_a_tool_for_admins_is_neither_shown_to_others_nor_answers_them(agent):
    assert "Do nothing" not in agent.get("/").text
    assert agent.get("/tools/do-nothing").status_code == 403


@pytest.mark.parametrize("app_with_tool", [True], indirect=True)
def test_a_tool_for_admins_is_there_for_an_admin(app, admin):
    assert isinstance(admin, Visitor)
    assert admin.get("/tools/do-nothing").status_code == 200


@pytest.mark.parametrize("app_with_tool", [False], indirect=True)
def test_every_tool_has_what_the_contract_asks(app):
    found = {tool.slug: tool for tool in app.extensions["tools"]}

    assert {"tag-manager", "do-nothing"} <= set(found)
    for tool in found.values():
        assert tool.title
        assert tool.summary
        assert 0 < tool.default_limit <= tool.max_limit
        assert tool.blueprint.url_prefix == f"/tools/{tool.slug}"


def test_a_tool_that_makes_no_order_for_programs_is_found_when_the_app_starts():
    with pytest.raises(TypeError, match="Forgetful does not say which order it is"):

        class Forgetful(tools.ProgramOrder):
            tool: str
