"""Replies that the help desk's macros send, in the languages in which it is asked."""

from collections.abc import Iterator
from typing import Any

from .fields import (
    AWAITING_RETURN,
    PRODUCT_FIELD,
    REFUND_FIELD,
    RESOLUTION_FIELD,
    RETURNS_FORM,
    UNITS_FIELD,
    WAITING_FOR_PARTS,
)
from .macros import Actions

HELLO = {
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


def replies() -> Iterator[tuple[str, Actions, dict[str, Any]]]:
    """Each reply in its languages: to be sent, and as a draft that stays internal."""
    for group, title, actions, texts in _REPLIES:
        for language, text in texts.items():
            html = f"<p>{HELLO[language]}</p><p>{text}</p><p>{_GOODBYE[language]}</p>"
            said = ("comment_value_html", html)
            more = {"attachments": 1} if "attached" in title or "label" in title else {}
            public = ("comment_mode_is_public", "true")
            yield f"{group}::{language}::{title}", (*actions, public, said), more
            draft = (said, ("comment_mode_is_public", "false"))
            yield f"{group}::{language}::Drafts::{title}", draft, {}
