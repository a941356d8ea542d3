"""Every address of the app, found from the app itself, as everybody who may come along."""

import re
from dataclasses import dataclass

import pytest

from app.extensions import db
from app.models import Role, Scope, User
from app.services import accounts, api_tokens
from tests.fixtures.visitor import Visitor

NO_JOB = "00000000-0000-0000-0000-000000000000"
SAFE = {"GET", "HEAD", "OPTIONS"}
# For an argument of an address, by its kind. What stands for none of these needs no more than a word.
FILLED_IN = {"int": "1", "path": "app.css", "uuid": NO_JOB}
ARGUMENT = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """Something that the app answers: what kind of thing it is follows from its own rule."""

    endpoint: str
    method: str
    path: str
    is_public: bool
    is_of_job: bool
    is_for_programs: bool
    takes_sessions_too: bool
    programs_are_admins: bool

    @property
    def is_for_pages(self):
        return self.takes_sessions_too or not self.is_for_programs

    @property
    def is_for_admins(self):
        is_page = self.path == "/admin" or self.path.startswith("/admin/")
        return is_page or self.programs_are_admins

    @property
    def changes(self):
        return self.method not in SAFE

    def __str__(self):
        return f"{self.method} {self.path}"


def found(app, job_id=NO_JOB):
    """Everything that the app answers."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        is_public = rule.endpoint == "static" or getattr(view, "is_public", False)
        is_of_job = "job_id" in rule.arguments
        is_for_programs = getattr(view, "is_for_programs", False)
        described = getattr(view, "endpoint", None)
        kinds = is_public, is_of_job, is_for_programs
        kinds += tuple(getattr(described, one, False) for one in ("takes_sessions", "for_admins"))
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield Address(rule.endpoint, method, _filled_in(rule.rule, job_id), *kinds)


def _filled_in(rule, job_id):
    def stands_for(argument):
        kind, name = argument.groups()
        return job_id if name == "job_id" else FILLED_IN.get(kind, "index")

    return ARGUMENT.sub(stands_for, rule)


def addresses(app, job_id=NO_JOB):
    """(endpoint, method, address) of everything that the app answers."""
    return ((one.endpoint, one.method, one.path) for one in found(app, job_id))


@pytest.fixture
def person(app, sign_in, visitor):
    """Somebody with a session: signed in before, and what was then done to their account."""

    def person(who):
        if who == "nobody":
            return visitor
        role = Role.USER if who in {"user", "deactivated user"} else Role.ADMIN
        email = f"{who.replace(' ', '-')}@giga.test"
        session = sign_in(email, role)
        if who.startswith("deactivated"):
            _alter(app, email, enabled=False)
        elif who == "former admin":
            _alter(app, email, role=Role.USER)
        return session

    return person


def _alter(app, email, **values):
    with app.app_context():
        db.session.query(User).filter_by(email=email).update(values)
        db.session.commit()


def asks_for_sign_in(answer, address):
    """A person is sent to the sign-in; a program is told, and never sent there."""
    if address.is_for_programs:
        return answer.status_code == 401
    to_sign_in = answer.status_code == 302 and answer.location.startswith("/login")
    return to_sign_in or answer.status_code == 401


@pytest.mark.parametrize("who", ["nobody", "deactivated user", "deactivated admin"])
def test_nobody_gets_anything_but_the_sign_in(app, person, make_job, no_csrf, who):
    job_id = make_job([1]).job_id
    caller = person(who)

    wrong = [
        str(one)
        for one in found(app, job_id)
        if not one.is_public and not asks_for_sign_in(caller.open(one.path, one.method), one)
    ]

    assert wrong == []


def test_what_is_public_has_nothing_to_do_with_jobs_or_people(app):
    public = [one for one in found(app) if one.is_public]

    assert {"static", "auth.login"} <= {one.endpoint for one in public}
    assert not [str(one) for one in public if one.is_of_job or one.path.startswith("/account")]


def test_what_is_for_admins_and_asks_for_no_sign_in_refuses_by_itself(app, visitor, no_csrf):
    """As a web server has to be answered, which shows nobody a page."""
    by_itself = [one for one in found(app) if one.is_public and one.is_for_admins]

    answers = {str(one): visitor.open(one.path, one.method).status_code for one in by_itself}

    assert set(answers.values()) <= {401, 403}


@pytest.mark.parametrize("who", ["user", "former admin"])
def test_what_is_for_admins_is_refused_to_others(app, person, no_csrf, who):
    caller = person(who)
    answers = {
        str(one): caller.open(one.path, one.method).status_code
        for one in found(app)
        if one.is_for_admins
    }

    assert set(answers.values()) == {403}
    assert len(answers) > 10


@pytest.mark.parametrize("who", ["user", "former admin"])
def test_another_persons_job_does_not_exist_for_others(app, person, make_job, no_csrf, who):
    job_id = make_job([1]).job_id
    caller = person(who)

    answers = {
        str(one): caller.open(one.path, one.method).status_code
        for one in found(app, job_id)
        if one.is_of_job and not one.is_for_programs
    }

    assert set(answers.values()) == {404}
    assert len(answers) > 20


@pytest.mark.parametrize("who", ["user", "former admin", "admin"])
def test_whoever_is_signed_in_sees_what_is_for_all(app, person, who):
    """What is refused to them is refused by what they may do with a tool, and by nothing else."""
    caller = person(who)
    is_admin = who == "admin"
    open_to_all = [
        one
        for one in found(app)
        if not (one.changes or one.is_of_job or one.is_for_programs or one.is_public)
        and (is_admin or not one.is_for_admins)
    ]

    answers = {one: caller.open(one.path).status_code for one in open_to_all}

    refused = {one.endpoint.partition(".")[0] for one, code in answers.items() if code == 403}
    assert refused == (set() if is_admin else {"apply_macro"})
    assert not {str(one) for one, code in answers.items() if code == 401 or code >= 500}


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_owners_and_admins_see_and_control_a_job(app, sign_in, person, make_job, no_csrf, who):
    caller = sign_in("agent@giga.test") if who == "owner" else person(who)
    job_id = make_job([1]).job_id
    of_job = [one for one in found(app, job_id) if one.is_of_job and not one.is_for_programs]

    jobs = [make_job([1]).job_id for _ in of_job]  # each does something else to its own

    answers = {}
    for one, own in zip(of_job, jobs, strict=True):
        path = one.path.replace(job_id, own)
        answers[str(one).replace(job_id, "…")] = caller.open(path, one.method).status_code

    refused = {name for name, code in answers.items() if code >= 400}
    # A plan is answered by an admin who did not make it.
    own = {"POST /jobs/…/approve", "POST /jobs/…/reject"}
    assert refused == (own if who == "owner" else set())
    assert len(answers) > 20


@pytest.mark.parametrize("who", ["user", "admin"])
def test_every_changing_form_wants_its_token(app, person, make_job, who):
    job_id, caller = make_job([1]).job_id, person(who)

    answers = {
        str(one): caller.open(one.path, one.method).status_code
        for one in found(app, job_id)
        if one.changes and one.is_for_pages and not one.is_public
    }

    assert set(answers.values()) == {400}
    assert len(answers) > 20


def test_a_session_is_no_token_of_a_program(app, person, make_job):
    """Else a page elsewhere could send what these take: they ask for no form's token."""
    job_id, caller = make_job([1]).job_id, person("admin")

    answers = {
        str(one): caller.open(one.path, one.method, json={}).status_code
        for one in found(app, job_id)
        if one.changes and not one.is_for_pages
    }

    assert set(answers.values()) == {401}


@pytest.fixture
def program(app, make_user):
    """A program that calls with somebody's token."""

    def program(email, role=Role.USER):
        make_user(email, role)
        with app.app_context():
            owner = accounts.by_email(email)
            secret = api_tokens.create(owner, "A program", Scope.WRITE, days=1)
            db.session.commit()
        caller, headers = Visitor(app), {"Authorization": f"Bearer {secret}"}

        def call(one):
            more = {"json": {"plan_digest": "x"}} if one.changes else {}
            return caller.open(one.path, one.method, headers=headers, **more).status_code

        return call

    return program


@pytest.mark.parametrize("who", ["other", "former admin"])
def test_a_program_does_not_find_another_persons_job(app, program, make_job, who):
    job_id = make_job([1]).job_id
    email = f"{who.replace(' ', '-')}@giga.test"
    call = program(email, Role.USER if who == "other" else Role.ADMIN)
    _alter(app, email, role=Role.USER)

    answers = {
        str(one): call(one) for one in found(app, job_id) if one.is_of_job and one.is_for_programs
    }

    assert set(answers.values()) == {404}


@pytest.mark.parametrize("who", ["user", "former admin"])
def test_what_is_for_admins_is_refused_to_the_programs_of_others(app, program, who):
    email = f"{who.replace(' ', '-')}@giga.test"
    call = program(email, Role.USER if who == "user" else Role.ADMIN)
    _alter(app, email, role=Role.USER)

    answers = {
        str(one): call(one) for one in found(app) if one.is_for_admins and one.is_for_programs
    }

    assert set(answers.values()) == {403}
    assert len(answers) >= 5


def test_the_program_of_somebody_deactivated_is_not_let_in(app, program, make_job):
    job_id, call = make_job([1]).job_id, program("gone@giga.test", Role.ADMIN)
    _alter(app, "gone@giga.test", enabled=False)

    answers = {
        str(one): call(one)
        for one in found(app, job_id)
        if one.is_for_programs and not one.is_public
    }

    assert set(answers.values()) == {401}


def test_an_admin_sees_everybodys_jobs(sign_in, make_job):
    job_id = make_job([1]).job_id

    admin = sign_in("admin@giga.test", Role.ADMIN)

    assert admin.get(f"/jobs/{job_id}").status_code == 200
    assert job_id in admin.get("/jobs").text


def test_a_user_does_not_see_other_peoples_jobs_in_the_list(sign_in, make_job):
    job_id = make_job([1]).job_id

    assert job_id not in sign_in("other@giga.test").get("/jobs").text


def test_a_fragment_for_somebody_signed_out_sends_the_whole_page_to_the_sign_in(app):
    address = "/jobs/00000000-0000-0000-0000-000000000000/progress"

    answer = Visitor(app).open(address, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_whoever_signs_in_again_comes_back_to_the_page_that_they_watched(app):
    page = "https://elsewhere.test/jobs?status=running"

    answer = Visitor(app).open("/now", headers={"HX-Request": "true", "HX-Current-URL": page})

    assert answer.headers["HX-Redirect"] == "/login?next=/jobs?status%3Drunning"


@pytest.mark.parametrize("path", ["/nowhere", "/jobs/no-such-job", "/tools/none"])
def test_what_is_not_there_is_said_in_words(agent, path):
    answer = agent.get(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_trouble_of_ours_shows_a_page_without_details(app, agent, monkeypatch):
    app.config |= {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
    monkeypatch.setitem(app.view_functions, "dashboard.index", lambda: 1 / 0)

    answer = agent.get("/")

    assert answer.status_code == 500
    assert "What was saved before is safe" in answer.text
    assert "ZeroDivisionError" not in answer.text
