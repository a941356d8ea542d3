"""The admins' pages about people."""

import re

import pytest

from app.database import writing
from app.extensions import db
from app.models import AuditEvent, JobStatus, Role, User
from app.services import accounts
from tests.fixtures.giga import PASSWORD
from tests.fixtures.mail import SENDER
from tests.fixtures.visitor import Page, Visitor

NEW = "blue kettle tram"
HOSTILE = "a&'b=`{{7*7}}`#$%+x@giga.test"


@pytest.fixture
def page_of(app, make_user):
    """The address of somebody's page, whose account is made."""

    def page_of(email="agent@giga.test", role=Role.USER):
        make_user(email, role)
        with app.app_context():
            return f"/admin/people/{accounts.by_email(email).id}"

    return page_of


@pytest.fixture
def notes(app):
    def notes():
        with app.app_context():
            here = db.session.query(AuditEvent).filter(AuditEvent.action.like("user.%"))
            rows = here.order_by(AuditEvent.id)
            return [(one.actor, one.action, one.target, one.detail, one.address) for one in rows]

    return notes


def link_in(answer):
    (link,) = re.findall(r'id="link" value="([^"]+)"', answer.text)
    return link


def invite(admin, email="new@giga.test", role="user"):
    return admin.submit("/admin/people/invite", email=email, role=role)


def test_an_invitation_gives_a_link_that_is_shown_once(app, admin, notes):
    answer = invite(admin, "New@giga.test", "admin")

    link = link_in(answer)
    assert link.startswith("http://localhost/invitation/")
    assert "/invitation/" not in admin.get("/admin/people").text
    guest = Visitor(app)
    opened = guest.get(link.removeprefix("http://localhost"))
    guest.submit(opened.location, password=NEW, again=NEW)
    guest.sign_in("new@giga.test", NEW)
    assert guest.get("/admin").status_code == 200
    assert notes()[0] == (
        *("admin@giga.test", "user.invite", "new@giga.test"),
        *({"after": "admin"}, "127.0.0.1"),
    )


def test_an_invitation_is_mailed_where_mail_is_set(app, admin, mailbox):
    app.config["PUBLIC_URL"] = "https://giga.example.com"

    answer = invite(admin)

    assert "was mailed to new@giga.test" in answer.text
    assert link_in(answer) in mailbox.words()
    (mail,) = mailbox.mails
    assert (mail["To"], mail["From"]) == ("new@giga.test", SENDER)


def test_a_link_that_was_mailed_to_somebody_with_a_password_is_theirs_alone(
    app, admin, page_of, mailbox
):
    app.config["PUBLIC_URL"] = "https://giga.example.com"

    answer = admin.submit(page_of(), f"{page_of()}/link")

    assert "was mailed to agent@giga.test" in answer.text
    assert "/reset/" not in answer.text
    assert "https://giga.example.com/reset/" in mailbox.words()


def test_without_an_address_of_ours_nothing_is_mailed_and_that_is_said(admin, mailbox):
    answer = invite(admin)

    assert "must set PUBLIC_URL first" in answer.text
    assert link_in(answer).startswith("http://localhost/invitation/")
    assert mailbox.mails == []


def test_a_mail_that_is_refused_leaves_the_link_to_be_given_by_hand(app, admin, mailbox):
    app.config["PUBLIC_URL"] = "https://giga.example.com"
    mailbox.refuses = "550 No such person here"

    answer = invite(admin)

    assert "550 No such person here" in answer.text
    assert link_in(answer).startswith("https://giga.example.com/invitation/")


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("agent@giga.test", "There is an account for agent@giga.test already."),
        ("<b>", "is not an email address"),
        ("a" * 300, "At most 254 characters."),
        ("", "Type an email address."),
    ],
)
def test_an_invitation_that_cannot_be_says_why_and_keeps_what_was_typed(
    admin, make_user, email, words
):
    make_user("agent@giga.test")

    answer = invite(admin, email, "admin")

    assert (answer.status_code, words in answer.text) == (422, True)
    assert "<b>" not in answer.text
    assert re.search(r'checked[^>]*value="admin"', answer.text)


def test_the_list_tells_who_is_what(app, admin, make_user, make_job):
    make_job([1])
    make_user("off@giga.test")
    with app.app_context(), writing():
        accounts.by_email("off@giga.test").enabled = False
        db.session.commit()
    invite(admin)

    text = admin.get("/admin/people").text

    rows = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in text.split("<tr>")[2:]]
    assert rows[0].startswith("admin@giga.test (you) Admin Active")
    assert "UTC" in rows[0], "signed in a moment ago"
    assert rows[1].startswith("agent@giga.test User Active Off Never 1 job at work")
    assert rows[2].startswith("new@giga.test User Invited Off Never 0")
    assert rows[3].startswith("off@giga.test User Switched off Off Never 0")


def test_people_are_looked_for_and_paged(app, admin):
    with app.app_context():
        db.session.add_all(User(email=f"p{number:03}@giga.test") for number in range(60))
        db.session.commit()

    first = admin.get("/admin/people")
    (second,) = re.findall(r'rel="next" href="([^"]+)"', first.text)

    assert "p048@giga.test" in first.text
    assert "p059@giga.test" in admin.get(second).text
    assert "admin@giga.test" not in admin.get("/admin/people?text=P05").text.partition("<main")[2]
    assert "Nobody matches." in admin.get("/admin/people?text=%25").text


def test_a_role_is_given_and_taken_after_a_question_and_from_the_next_request_on(
    sign_in, admin, page_of, notes
):
    eve, page = sign_in("eve@giga.test"), page_of("eve@giga.test")
    assert eve.get("/admin/people").status_code == 403

    asked = admin.get(f"{page}/role")
    admin.submit(f"{page}/role")
    assert eve.get("/admin/people").status_code == 200
    admin.submit(f"{page}/role")

    assert "Make them an admin?" in asked.text
    assert eve.get("/admin/people").status_code == 403
    assert [note[1:4] for note in notes()] == [
        ("user.role", "eve@giga.test", {"before": "user", "after": "admin"}),
        ("user.role", "eve@giga.test", {"before": "admin", "after": "user"}),
    ]


def test_nobody_can_take_away_their_own_role_or_switch_themself_off(app, admin, page_of):
    page = page_of("admin@giga.test", Role.ADMIN)
    page_of("eve@giga.test", Role.ADMIN)

    for deed in ("role", "deactivate"):
        answer = admin.submit(page, f"{page}/{deed}", role="user")
        assert "another admin can" in admin.get(answer.location).text

    assert "This is you." in admin.get(page).text
    assert f"{page}/deactivate" not in admin.get(page).text
    with app.app_context():
        me = accounts.by_email("admin@giga.test")
        assert (me.role, me.enabled) == (Role.ADMIN, True)


def test_switching_off_ends_sessions_and_says_what_still_runs(agent, admin, page_of, make_job):
    job, page = make_job([1]), page_of()

    asked = admin.get(f"{page}/deactivate")
    answer = admin.submit(f"{page}/deactivate")

    assert "1 job</a> of theirs is still at work" in asked.text
    assert "is switched off" in admin.get(answer.location).text
    assert agent.get("/").status_code == 302
    db.session.refresh(job)
    assert job.status == JobStatus.PENDING


def test_their_jobs_can_be_cancelled_with_it(admin, page_of, make_job, notes):
    job, page = make_job([1]), page_of()

    answer = admin.submit(f"{page}/deactivate", cancel_jobs="y")

    assert "One job is cancelled" in admin.get(answer.location).text
    db.session.refresh(job)
    assert job.status == JobStatus.CANCELLING
    assert [note[:4] for note in notes()] == [
        ("admin@giga.test", "user.deactivate", "agent@giga.test", {"before": True, "after": False})
    ]


def test_switching_on_again_lets_them_in_with_their_old_password(app, agent, admin, page_of):
    page = page_of()
    admin.submit(f"{page}/deactivate")

    answer = admin.submit(page, f"{page}/activate")

    assert "Their old password works again." in admin.get(answer.location).text
    assert agent.get("/").status_code == 302, "a session that was ended stays so"
    assert Visitor(app).sign_in("agent@giga.test", PASSWORD).status_code == 302


def test_somebody_can_be_signed_out_everywhere(agent, admin, page_of, notes):
    page = page_of()

    admin.submit(page, f"{page}/sessions/end")

    assert agent.get("/").status_code == 302
    assert [note[1] for note in notes()] == ["user.sessions.end"]


def test_who_is_switched_off_gets_no_link(admin, page_of):
    page = page_of()
    admin.submit(f"{page}/deactivate")

    answer = admin.submit(page, f"{page}/link")

    assert "Switch it on first." in admin.get(answer.location).text


@pytest.mark.parametrize("deed", ["role", "deactivate", "activate", "link", "sessions/end"])
def test_only_admins_have_any_of_it_done(app, agent, page_of, notes, deed):
    app.config["WTF_CSRF_ENABLED"] = False
    page = page_of("eve@giga.test", Role.ADMIN)

    answer = agent.open(f"{page}/{deed}", "POST", data={"role": "user"})

    assert answer.status_code == 403
    assert notes() == []


@pytest.mark.parametrize("path", ["/admin/people/999", "/admin/people/99999999999999999999"])
def test_somebody_who_is_not_there_is_said_in_words(admin, path):
    assert admin.get(path).status_code == 404


def test_a_role_that_is_none_is_refused(admin, page_of):
    page = page_of()

    assert admin.submit(f"{page}/role", role="owner").status_code == 400


def test_odd_emails_are_shown_as_they_are_and_do_nothing(admin, page_of):
    page = page_of(HOSTILE)

    shown = admin.get("/admin/people").text + admin.get(page).text + admin.get(f"{page}/role").text

    assert "a&amp;&#39;b=`{{7*7}}`#$%+x@giga.test" in shown


def test_an_admin_switches_off_the_two_factor_of_somebody_who_lost_it(
    with_two_factor, admin, page_of
):
    with_two_factor()
    page = page_of()
    assert "Two-factor On" in Page(admin.get(page).text).text

    admin.submit(page, f"{page}/two-factor/reset")

    assert "Two-factor Off" in Page(admin.get(page).text).text


def test_a_persons_page_says_how_many_access_tokens_work(admin, page_of, make_token):
    before = Page(admin.get(page_of()).text).text
    make_token()
    after = Page(admin.get(page_of()).text).text

    assert "Access tokens that work 0 Jobs" in before
    assert "Access tokens that work 1 – a new password does not end it, switching the" in after
