"""The macros that the help desk comes with, as people write them: some hundreds, few alike."""

from collections.abc import Iterator
from typing import Any

from .directory import STAFF, groups_of
from .fields import (
    AWAITING_RETURN,
    MADE_GOOD,
    ORDER_FIELD,
    PRODUCT_FIELD,
    REFUND_FIELD,
    RESOLUTION_FIELD,
    RETURNS_FORM,
    SYMPTOMS_FIELD,
    TRADE_BRAND,
    UNITS_FIELD,
    WAITING_FOR_PARTS,
    WITH_ENGINEERING,
)
from .macros import FIRST_MACRO, Actions, Macro
from .words import GROUPS

_USUAL: tuple[tuple[str, Actions], ...] = (
    ("Close and thank", (("status", "solved"), ("comment_value", "Thank you for writing to us."))),
    (
        "Billing::Double charge found",
        (
            ("current_tags", "double-charge refund-due"),
            ("group_id", str(GROUPS["Billing"])),
            (
                "comment_value_html",
                "<p>Hello {{ticket.requester.first_name}},</p><p>we found the second payment.</p>",
            ),
        ),
    ),
    (
        "Billing::Refund sent",
        (
            ("status", "solved"),
            ("remove_tags", "refund-due"),
            (f"custom_fields_{REFUND_FIELD}", "true"),
        ),
    ),
    ("Billing::Ask for the invoice number", (("status", "pending"), ("priority", "normal"))),
    (
        "Shipping::Carrier delay",
        (("current_tags", "carrier-delay"), ("status", "hold"), ("type", "incident")),
    ),
    (
        "Shipping::Send again",
        (("set_tags", "shipping-delay resend"), ("group_id", str(GROUPS["Shipping"]))),
    ),
    (
        "Technical::Restart first",
        (
            ("comment_mode_is_public", "true"),
            ("comment_value", ["channel:all", "Please hold the button for ten seconds."]),
            ("status", "pending"),
        ),
    ),
    (
        "Technical::Raise to engineering",
        (("priority", "urgent"), ("type", "problem"), ("current_tags", "engineering")),
    ),
    ("Technical::Recall of batch 7", (("current_tags", "recall-answered"), ("status", "solved"))),
    ("Take it", (("assignee_id", "current_user"), ("status", "open"))),
    (
        "Internal note: checked",
        (("comment_mode_is_public", "false"), ("comment_value", "Checked, nothing to do.")),
    ),
    ("Ask for a photo", (("status", "pending"), ("current_tags", "photo-asked"))),
)

_HELLO = {
    "EN": "Hi {{ticket.requester.first_name | default: 'there'}},",
    "DE": "Guten Tag {{ticket.requester.name}},",
    "FR": "Bonjour {{ticket.requester.first_name}},",
    "ES": "Hola {{ticket.requester.first_name}}:",
    "JA": "{{ticket.requester.name}} 様",
}
_GOODBYE = {
    "EN": "Kind regards,<br>{{current_user.first_name}}",
    "DE": "Freundliche Grüße<br>{{current_user.name}}",
    "FR": "Bien à vous,<br>{{current_user.first_name}}",
    "ES": "Un saludo,<br>{{current_user.first_name}}",
    "JA": "{{current_user.name}}",
}
# Group, title, what it does besides the reply, and the reply in each language.
_REPLIES: tuple[tuple[str, str, Actions, dict[str, str]], ...] = (
    (
        "Billing",
        "Payment outage: try again",
        (("status", "pending"), ("current_tags", "outage-told")),
        {
            "EN": "our payment page was out of order and works again. Please try {{ticket.title}} once more.",
            "DE": "unsere Bezahlseite war gestört und geht wieder. Bitte versuchen Sie es noch einmal.",
            "FR": "notre page de paiement était en panne ; elle fonctionne de nouveau.",
            "ES": "nuestra página de pago falló y ya funciona. Inténtelo otra vez, por favor.",
            "JA": "お支払いページの障害は解消しました。もう一度お試しください。",
        },
    ),
    (
        "Billing",
        "Refund takes five days",
        (("status", "pending"), (f"custom_fields_{REFUND_FIELD}", "true")),
        {
            "EN": "the refund for {{ticket.ticket_field_360001}} left us today. Banks take up to five days.",
            "DE": "die Erstattung ist heute raus. Banken brauchen bis zu fünf Tage.",
            "FR": "le remboursement est parti aujourd'hui ; comptez cinq jours.",
            "ES": "el reembolso salió hoy; el banco tarda hasta cinco días.",
        },
    ),
    (
        "Billing",
        "Refund refused",
        (("status", "solved"), ("remove_tags", "refund-due"), ("priority", "low")),
        {
            "EN": "we checked <b>{{ticket.ticket_field_360001}}</b>. The time to return it is over.",
            "DE": "wir haben geprüft und können leider nichts erstatten, da die Frist vorbei ist.",
        },
    ),
    (
        "Billing",
        "Invoice attached",
        (("status", "solved"), (f"custom_fields_{RESOLUTION_FIELD}", "explained")),
        {
            "EN": "please find the invoice for {{ticket.organization.name | default: 'your order'}} attached.",
            "DE": "anbei die Rechnung. Die Umsatzsteuer ist ausgewiesen.",
            "FR": "veuillez trouver la facture ci-jointe.",
        },
    ),
    (
        "Shipping",
        "Depot strike: we send it another way",
        (("status", "hold"), ("current_tags", "strike rerouted"), ("type", "incident")),
        {
            "EN": "we send your {{ticket.ticket_field_option_title_360002}} past the strike.",
            "DE": "das Depot wird bestreikt. Wir schicken Ihr Gerät auf anderem Weg.",
            "FR": "le dépôt est en grève, nous envoyons votre colis autrement.",
            "ES": "el almacén está en huelga; lo enviamos por otra vía.",
            "JA": "配送所のストライキのため、別の方法でお送りします。",
        },
    ),
    (
        "Shipping",
        "Lost parcel: a new one is on its way",
        (("status", "pending"), (f"custom_fields_{RESOLUTION_FIELD}", "replaced")),
        {
            "EN": "your parcel is lost. A new one leaves today; no need to do anything.",
            "DE": "Ihr Paket ist verloren gegangen, ein neues geht heute raus.",
            "ES": "su paquete se ha perdido; hoy sale otro.",
        },
    ),
    (
        "Shipping",
        "Wrong item: return label",
        (
            ("custom_status_id", str(AWAITING_RETURN)),
            ("ticket_form_id", str(RETURNS_FORM)),
            ("current_tags", "return-label"),
        ),
        {
            "EN": "sorry for the mix-up. Use the label and send the wrong item back to us.",
            "DE": "entschuldigen Sie die Verwechslung. Das Rücksendeetikett liegt bei.",
            "FR": "désolés pour l'erreur, voici l'étiquette de retour.",
        },
    ),
    (
        "Accounts",
        "Reset link sent",
        (("status", "pending"), ("assignee_id", "current_user")),
        {
            "EN": "we sent a new link to {{ticket.requester.email}}. It is good for one hour.",
            "DE": "wir haben einen neuen Link an {{ticket.requester.email}} geschickt.",
            "FR": "un nouveau lien vient de partir vers {{ticket.requester.email}}.",
            "JA": "新しいリンクを {{ticket.requester.email}} に送りました。",
        },
    ),
    (
        "Accounts",
        "Account unlocked",
        (("status", "solved"), ("remove_tags", "locked")),
        {"EN": "your account is open again.", "DE": "Ihr Konto ist wieder frei."},
    ),
    (
        "Accounts",
        "Prove that it is you",
        (("status", "pending"), ("type", "question"), ("current_tags", "identity-asked")),
        {
            "EN": "before we change anything, please answer from the address of the account.",
            "ES": "antes de cambiar nada, responda desde la dirección de su cuenta.",
        },
    ),
    (
        "Technical",
        "Kettle firmware: go back to 4.1",
        (
            ("status", "pending"),
            ("current_tags", "firmware-4-2 downgrade"),
            (f"custom_fields_{PRODUCT_FIELD}", "kettle_k2"),
        ),
        {
            "EN": "please unplug the kettle. In the app choose <i>Firmware, Earlier version, 4.1</i>.",
            "DE": "bitte ziehen Sie den Stecker und wählen in der App <i>Firmware, Frühere Version, 4.1</i>.",
            "FR": "débranchez la bouilloire puis revenez à la version 4.1 dans l'application.",
            "ES": "desenchufe el hervidor y vuelva a la versión 4.1 en la aplicación.",
            "JA": "電源を抜き、アプリでバージョン 4.1 に戻してください。",
        },
    ),
    (
        "Technical",
        "Pairing: use the 2.4 GHz network",
        (("status", "pending"), ("current_tags", "pairing-steps")),
        {
            "EN": "it knows only 2.4 GHz.<ol><li>Switch 5 GHz off</li><li>Pair</li></ol>",
            "DE": "das Gerät kennt nur Netze mit 2,4 GHz. Schalten Sie 5 GHz kurz aus.",
            "FR": "l'appareil ne connaît que les réseaux à 2,4 GHz.",
        },
    ),
    (
        "Technical",
        "Burning smell: stop using it",
        (("priority", "urgent"), ("set_tags", "recall-batch-7 safety"), ("type", "problem")),
        {
            "EN": "please stop using the blender and unplug it. We replace it at once.",
            "DE": "bitte benutzen Sie den Mixer nicht mehr. Wir ersetzen ihn sofort.",
            "ES": "deje de usar la batidora y desenchúfela. La cambiamos enseguida.",
        },
    ),
    (
        "Technical",
        "Waiting for parts",
        (("custom_status_id", str(WAITING_FOR_PARTS)), ("current_tags", "needs-parts")),
        {"EN": "the part is on order.", "DE": "das Ersatzteil ist bestellt."},
    ),
    (
        "Technical",
        "App update fixes the crash",
        (("status", "solved"), (f"custom_fields_{RESOLUTION_FIELD}", "repaired")),
        {
            "EN": "version 4.2.1 of the app fixes this. Please update and tell us if it does not.",
            "FR": "la version 4.2.1 de l'application corrige ce problème.",
            "JA": "アプリのバージョン 4.2.1 で修正されました。",
        },
    ),
    (
        "Sales",
        "Gift card: balance restored",
        (("status", "solved"), (f"custom_fields_{RESOLUTION_FIELD}", "refunded")),
        {
            "EN": "your gift card has its balance back. Sorry!",
            "DE": "Ihr Gutschein hat sein Guthaben wieder.",
            "ES": "su tarjeta regalo vuelve a tener saldo.",
        },
    ),
    (
        "Sales",
        "Filter box stopped",
        (("status", "solved"), ("remove_tags", "subscription"), ("current_tags", "cancelled")),
        {
            "EN": "we stopped the box. Nothing more will come or be charged.",
            "DE": "das Abo ist beendet.",
            "FR": "l'abonnement est arrêté.",
        },
    ),
    (
        "Sales",
        "Discount added by hand",
        (("status", "solved"), (f"custom_fields_{UNITS_FIELD}", "1")),
        {"EN": "we took 10 % off {{ticket.ticket_field_360001}} by hand."},
    ),
)
# One for each kind of action that the others do not have.
_SELDOM: tuple[tuple[str, Actions], ...] = (
    ("Triage::To my group", (("group_id", "current_groups"), ("assignee_id", "current_user"))),
    ("Triage::Give back", (("assignee_id", ""), ("group_id", str(GROUPS["Technical"])))),
    ("Triage::Nobody's", (("group_id", ""), ("assignee_id", ""))),
    ("Triage::To Gil", (("assignee_id", "9002"), ("comment_mode_is_public", False))),
    ("Triage::Task for later", (("type", "task"), ("priority", "low"), ("status", "open"))),
    ("Triage::Question", (("type", "question"), ("priority", "high"))),
    ("Triage::Mine, and follow it", (("assignee_id", "current_user"), ("follower", "9001"))),
    ("Triage::Follow it", (("follower", "current_user"),)),
    ("Triage::Copy to Ada", (("cc", "9001"),)),
    ("Triage::Trade customer", (("brand_id", str(TRADE_BRAND)), ("current_tags", "b2b"))),
    ("Triage::Say what it is about", (("subject", "[{{ticket.id}}] {{ticket.title}}"),)),
    (
        "Triage::Clean tags",
        (("set_tags", "clean"), ("status", "open")),
    ),
    ("Triage::Leaks", ((f"custom_fields_{SYMPTOMS_FIELD}", "leaking"),)),
    ("Triage::No refund", ((f"custom_fields_{REFUND_FIELD}", "false"),)),
    ("Triage::Order unknown", ((f"custom_fields_{ORDER_FIELD}", ""),)),
    ("Triage::With engineering", (("custom_status_id", str(WITH_ENGINEERING)),)),
    ("Triage::Made good", (("custom_status_id", str(MADE_GOOD)),)),
    (
        "Chat::Greeting",
        (
            ("comment_value", ["channel:chat", "Hi {{ticket.requester.first_name}}, one moment!"]),
            ("comment_value", ["channel:web", "Hello {{ticket.requester.name}},\n\none moment."]),
        ),
    ),
    ("Chat::Are you still there?", (("comment_value", ["channel:chat", "Still there?"]),)),
    (
        "Chat::Summary",
        (
            ("comment_mode_is_public", False),
            (
                "comment_value",
                "Ticket {{ticket.id}}, {{ticket.status}}, {{ticket.group.name}},"
                " {{ticket.assignee.name | default: 'nobody'}}: {{ticket.tags}}\n{{ticket.link}}",
            ),
        ),
    ),
    ("Partners::Share with the carrier", (("share_ticket", "31001"), ("status", "hold"))),
    (
        "Partners::Ask the supplier",
        (
            (
                "side_conversation",
                [
                    "Part for {{ticket.ticket_field_360002}}",
                    "<p>When can you send it?</p>",
                    "supplier@parts.example",
                    "text/html",
                ],
            ),
            ("custom_status_id", str(WAITING_FOR_PARTS)),
        ),
    ),
    (
        "Partners::Tell engineering",
        (("side_conversation_slack", ["Ticket {{ticket.id}}", "Please look", "C0001", "text"]),),
    ),
    (
        "Partners::Ask Billing",
        (
            (
                "side_conversation_ticket",
                ["Please check", "<p>{{ticket.title}}</p>", "SupportAssignable:group/501", "html"],
            ),
        ),
    ),
    ("Skills::German only", (("set_skills", "5001"),)),
    ("Skills::Also firmware", (("add_skills", "5002"), ("current_tags", "firmware"))),
    ("Skills::Anybody", (("remove_skills", "5001 5002"),)),
)
_PERSONAL: tuple[tuple[str, Actions], ...] = (
    ("my signature", (("comment_value_html", "<p>--<br>{{current_user.name}}</p>"),)),
    ("park", (("status", "hold"), ("comment_mode_is_public", "false"))),
    ("zz test, do not use", (("current_tags", "test"), ("priority", "low"))),
    ("callback tomorrow", (("current_tags", "callback"), ("status", "pending"))),
    (
        "nice words",
        (
            (
                "comment_value_html",
                "<p>Thank you for your patience, {{ticket.requester.name}}!</p>",
            ),
            ("status", "solved"),
        ),
    ),
)
_OLD_TITLES = ("Summer sale", "Office closed", "Warehouse move", "Recall of 2024", "Beta app")
_TEAM_ONLY = ("Escalate", "Second look", "Lead must approve", "Quality sample")


def library() -> list[Macro]:
    """All of them, with ids from the first on."""
    return [
        Macro(FIRST_MACRO + place, title, actions, **more)
        for place, (title, actions, more) in enumerate(_all())
    ]


def _all() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    for title, actions in _USUAL:
        yield title, actions, {}
    yield "Old: holiday greeting", (("status", "solved"),), {"active": False}
    for title, actions in _SELDOM:
        yield title, actions, {}
    yield from _replies()
    yield from _for_teams()
    yield from _personal()
    for title in _OLD_TITLES:
        for language, hello in _HELLO.items():
            text = f"<p>{hello}</p><p>{title}.</p>"
            yield f"zz Old::{language}::{title}", (("comment_value_html", text),), {"active": False}


def _replies() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    """Each reply in its languages: to be sent, and as a draft that stays internal."""
    for group, title, actions, texts in _REPLIES:
        for language, text in texts.items():
            html = f"<p>{_HELLO[language]}</p><p>{text}</p><p>{_GOODBYE[language]}</p>"
            said = ("comment_value_html", html)
            more = {"attachments": 1} if "attached" in title or "label" in title else {}
            public = ("comment_mode_is_public", "true")
            yield f"{group}::{language}::{title}", (*actions, public, said), more
            draft = (said, ("comment_mode_is_public", "false"))
            yield f"{group}::{language}::Drafts::{title}", draft, {}


def _for_teams() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    for group, number in GROUPS.items():
        for place, title in enumerate(_TEAM_ONLY):
            priority = ("normal", "high", "urgent", "low")[place]
            note = f"<p>{title}: {{{{ticket.title}}}} ({{{{ticket.link}}}})</p>"
            actions = (
                ("priority", priority),
                ("current_tags", f"{group}-{title}".lower().replace(" ", "-")),
                ("comment_mode_is_public", "false"),
                ("comment_value_html", note),
            )
            yield f"{group}::Team::{title}", actions, {"group_ids": (number,)}


def _personal() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    for person in STAFF.values():
        for title, actions in _PERSONAL:
            yield title, actions, {"owner_id": person.id}
        note = f"Belongs to {STAFF[person.id].name}, group {groups_of(person)[0]}"
        yield "note to self", (("comment_value", note),), {"owner_id": person.id}
