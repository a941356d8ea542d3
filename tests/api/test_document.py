"""The OpenAPI document: true of every address, whatever is sent there."""

import json
from contextvars import Context

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks

from app.services.export import COLUMNS
from app.services.macro_library import copying
from tests.jobs.test_status import STATUS_KEYS

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.ignored_auth,
]


@pytest.fixture
def schema(app):
    app.config |= {"API_READS_A_MINUTE": 10**6, "API_WRITES_A_MINUTE": 10**6}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.validate()
    return schema


@pytest.fixture
def macros(in_app):
    """Some that can be found."""
    copying.renew()


def ask_all(schema, program, mode, examples, job_id=None, beneath="/"):
    """Send so many made-up calls to each address, and check each answer against the document. How many were sent."""
    asked = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if (job_id and "{job_id}" not in operation.path) or not operation.path.startswith(beneath):
            continue
        of_job = {"path_parameters": {"job_id": job_id}} if job_id else {}

        @given(case=operation.as_strategy(mode, **of_job))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case):
            asked.append(case)
            Context().run(call, case, program.token)

        ask()
    return len(asked)


def call(case, token):
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.usefixtures("macros")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_the_document_says(schema, program, run_job, sandbox, mode):
    job = run_job(tickets=[sandbox.add_ticket()])

    assert ask_all(schema, program, mode, examples=2) > 30
    assert ask_all(schema, program, mode, examples=1, job_id=job.job_id) > 10


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_what_is_for_admins_answers_them_as_the_document_says(schema, admins_program, mode):
    assert ask_all(schema, admins_program, mode, examples=2, beneath="/api/tasks/") >= 5


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("macros")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_as_the_document_says_however_often_one_asks(
    schema, program, run_job, sandbox, mode
):
    job = run_job(tickets=[sandbox.add_ticket()])

    assert ask_all(schema, program, mode, examples=15) > 250
    assert ask_all(schema, program, mode, examples=15, job_id=job.job_id) > 150


def test_every_shape_says_what_the_status_of_a_job_has(schema):
    components = schema.raw_schema["components"]["schemas"]

    assert set(components["Job"]["properties"]) == STATUS_KEYS
    assert set(components["Ticket"]["properties"]) == set(COLUMNS)


def test_each_tool_that_makes_jobs_can_be_ordered_by_programs(app, schema):
    sent = schema.raw_schema["paths"]["/api/v1/jobs"]["post"]["requestBody"]["content"]

    text = str(sent["application/json"])

    slugs = [tool.slug for tool in app.extensions["tools"] if tool.program]
    assert slugs == ["apply-macro-to-view", "tag-manager"]
    assert all(f"'tool': '{slug}'" in text for slug in slugs)  # in its examples


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/jobs", {"status", "tool", "cursor", "limit"}),
        ("/jobs/{job_id}/tickets", {"job_id", "outcome", "cursor", "limit"}),
        ("/macros", {"q", "cursor", "limit"}),
    ],
)
def test_what_an_address_may_carry_is_told(schema, path, names):
    told = schema.raw_schema["paths"][f"/api/v1{path}"]["get"]["parameters"]

    assert {one["name"] for one in told} == names


def test_the_example_orders_are_what_may_be_sent(app, schema):
    sent = schema.raw_schema["paths"]["/api/v1/jobs"]["post"]["requestBody"]["content"]
    examples = sent["application/json"]["examples"].values()

    for example in examples:
        app.extensions["orders"].validate_json(json.dumps(example["value"]))
    assert len(examples) == 4
