"""Reading macros."""


def test_active_macros_leave_out_the_old_ones(call):
    everything, active = (call.get(f"/macros{end}").json["macros"] for end in ("", "/active"))

    assert len(everything) == len(active) + 1


def test_a_macro_has_its_actions(call):
    listed = call.get("/macros").json["macros"][0]

    macro = call.get(f"/macros/{listed['id']}.json").json["macro"]

    assert macro["actions"][0] == {"field": "status", "value": "solved"}
