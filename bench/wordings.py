"""Other words for the sandbox's problems, and problems that it does not have: for measuring alone, never for tuning.

Each problem's wordings are in two halves, those at even places and those at odd ones. `half("tuning")` may be looked at
while something is tuned; `half("test")` is for the figures that are kept.
"""

from typing import NamedTuple


class Wording(NamedTuple):
    """What customers write about one problem. `share`: of all tickets, in thousandths; 0 for those of the sandbox."""

    key: str
    subjects: tuple[str, ...]
    bodies: tuple[str, ...]
    tongues: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    product: str | None = None
    share: int = 0
    half: str = ""  # a new problem is in one half alone

    def texts(self, language: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Subjects, bodies and their language, as the sandbox's problems have them."""
        found = self.tongues.get(language)
        return (*found, language) if found else (self.subjects, self.bodies, "en")


def half(name: str) -> tuple[Wording, ...]:
    """`tuning` or `test`."""
    first = ("tuning", "test").index(name)
    return tuple(_halved(one, first) for one in WORDINGS if one.half in ("", name))


def _halved(one: Wording, first: int) -> Wording:
    if one.half:
        return one
    tongues = {
        language: (subjects[first::2], bodies[first::2])
        for language, (subjects, bodies) in one.tongues.items()
    }
    return one._replace(
        subjects=one.subjects[first::2], bodies=one.bodies[first::2], tongues=tongues
    )


WORDINGS = (
    Wording(
        "billing",
        (
            "Two withdrawals for a single purchase",
            "Card debited twice",
            "You took my money two times",
            "Same charge appears double",
            "Billed again although already paid {order}",
            "Paid once, charged twice",
            "Duplicate payment, please reverse one",
            "Second debit for {order}, why?",
            "double billing!!",
            "one order two charges",
        ),
        (
            "Looking at my online banking I notice the purchase of the {product} went through twice.",
            "There is an extra debit on my credit card that I never approved, same sum, same day.",
            "I paid for {order} one time only. Kindly reverse the surplus charge.",
            "your system charged me twice in {month}, i want the second one back",
            "The sum left my account on Monday and again on Tuesday.",
            "Two identical charges from your shop show up on the card statement.",
            "Could somebody explain why my card was debited a second time for the {product}?",
            "We were invoiced once but the amount was withdrawn two times from our account.",
        ),
        {
            "de": (
                ("Betrag doppelt belastet", "Kreditkarte zweimal belastet"),
                (
                    "Der Kauf {order} wurde meiner Karte zweimal belastet, ich habe nur einmal bestellt.",
                    "Das Geld ist zweimal von meinem Konto abgegangen. Bitte eine Zahlung stornieren.",
                ),
            ),
            "fr": (
                ("Carte prélevée deux fois", "Prélèvement en double"),
                (
                    "Ma carte a été prélevée deux fois du même montant pour {order}.",
                    "Le montant de la commande a été prélevé en double sur mon compte.",
                ),
            ),
            "es": (
                ("Doble cobro en mi tarjeta", "Pago duplicado"),
                (
                    "Se ha cobrado dos veces el mismo importe por {order}.",
                    "El banco muestra el pago duplicado de {month}, devuelvan uno.",
                ),
            ),
        },
    ),
    Wording(
        "shipping-delay",
        (
            "My order never showed up",
            "When will {order} be delivered?",
            "Package overdue by a week",
            "Shipment seems lost",
            "No movement on the tracking page",
            "Courier has not come yet",
            "Delivery of {product} much too late",
            "Have you even dispatched {order}?",
            "parcel missing",
            "tracking frozen for a week",
        ),
        (
            "The delivery date has passed and there is no sign of the courier.",
            "Tracking has been showing the same status since {month}: in transit.",
            "I am still expecting the {product}, the package should have been here ten days ago.",
            "how long does shipping to {city} take?? its been ages",
            "The courier's site claims it never received the package from your warehouse.",
            "No parcel, no notice in the letter box, no news on the tracking page.",
            "Your mail said dispatched, the tracking number says unknown.",
            "I took two days off to receive the delivery and nobody came.",
        ),
        {
            "de": (
                ("Lieferung kommt nicht an", "Paket immer noch nicht da"),
                (
                    "Laut Sendungsverfolgung liegt das Paket seit einer Woche im Verteilzentrum.",
                    "Der Liefertermin ist vorbei und der Paketdienst war nicht da.",
                ),
            ),
            "fr": (
                ("Livraison en retard", "Colis jamais arrivé"),
                (
                    "La livraison était prévue la semaine dernière, le colis n'est pas arrivé.",
                    "Le transporteur n'a aucune trace de mon colis.",
                ),
            ),
        },
    ),
    Wording(
        "login",
        (
            "Unable to log into my profile",
            "Reset link for the password does not arrive",
            "Sign-in rejected",
            "My credentials are refused",
            "Account blocked after three attempts",
            "Verification code not accepted at login",
            "can't get into my account",
            "login broken",
            "Lost access to my account",
            "How do I reset my password?",
        ),
        (
            "Every time I type my password the login form tells me it is incorrect.",
            "I pressed 'forgot password' repeatedly but the reset email is not delivered.",
            "The verification code sent by text message is rejected as invalid when I sign in.",
            "my account is blocked since yesterday, please unlock it",
            "After logging in I land on the login screen again, in an endless loop.",
            "I cannot sign in with my email any more, it says unknown user.",
            "The password reset link says that it has expired although I clicked right away.",
            "I got a new phone and the authenticator codes do not let me into my account.",
        ),
        {
            "de": (
                ("Komme nicht in mein Konto", "Login schlägt fehl"),
                (
                    "Mein Passwort wird beim Anmelden nicht akzeptiert, obwohl es stimmt.",
                    "Nach dem Anmelden lande ich wieder auf der Login-Seite.",
                ),
            ),
            "es": (
                ("No puedo entrar en mi cuenta", "Contraseña rechazada"),
                (
                    "La página dice que mi contraseña es incorrecta y no puedo entrar.",
                    "No llega el correo para cambiar la contraseña de mi cuenta.",
                ),
            ),
        },
    ),
    Wording(
        "app-crash",
        (
            "Your application shuts down on launch",
            "App force closes constantly",
            "Constant crashing on my phone",
            "App dies after the splash screen",
            "The mobile app is unusable, it crashes",
            "App hangs and quits",
            "crashes every time",
            "Application stops working when I select {product}",
            "app keeps crashing after latest version",
            "It shuts itself: the app",
        ),
        (
            "The application terminates a moment after I launch it, with no message at all.",
            "Whenever I choose the {product} on the overview the app crashes to the desktop.",
            "Reinstalling the app did not help, it still crashes on launch.",
            "app crashes, i tap the icon and poof its gone",
            "The app froze, then the phone reported that it is not responding.",
            "Ever since the version from {month} your app crashes several times per day.",
            "I cleared the cache and restarted the phone, yet the app quits at once.",
            "It crashes while loading the list of my devices.",
        ),
        {
            "fr": (
                ("L'application plante au démarrage", "L'appli se ferme toute seule"),
                (
                    "L'application plante dès que j'ouvre la liste des appareils.",
                    "Depuis la mise à jour l'appli se ferme au bout de deux secondes.",
                ),
            ),
        },
    ),
    Wording(
        "pairing",
        (
            "Cannot link the {product} to my network",
            "Wireless setup unsuccessful",
            "{product} will not join the router",
            "Setup of the device aborts midway",
            "Not discoverable over Bluetooth",
            "Lost wireless connection after changing provider",
            "network setup error",
            "{product} keeps dropping off the WiFi",
            "pairing unsuccessful, please help",
            "Device cannot find my wlan",
        ),
        (
            "During setup the {product} cannot find our wireless network, other gadgets can.",
            "The connection wizard gets most of the way and then aborts with an unknown error.",
            "We switched internet provider and since then the {product} is offline.",
            "held the pairing button, light flashes, phone never finds it",
            "I entered the WiFi password correctly three times, the {product} refuses to connect.",
            "It pairs over Bluetooth but loses the router after a minute.",
            "Does it support 5 GHz? It does not connect to our mesh network in {city}.",
            "The app shows the device as offline although the router lists it as connected.",
        ),
        {
            "de": (
                ("Gerät findet das WLAN nicht", "Einrichtung im Netzwerk scheitert"),
                (
                    "Der {product} findet unser WLAN nicht, das Handy schon.",
                    "Die Einrichtung bricht immer mit einem Verbindungsfehler ab, Router wurde neu gestartet.",
                ),
            ),
        },
    ),
    Wording(
        "leak",
        (
            "Water escaping from the {product}",
            "Unit drips on the worktop",
            "Moisture under the appliance",
            "My {product} is not watertight",
            "Water coming out underneath",
            "Gasket worn, water runs out",
            "drips all the time",
            "Leaking {product}",
            "Floor wet because of the {product}",
            "There is a leak at the base",
        ),
        (
            "When filled, water seeps out of the base within minutes.",
            "I find the worktop soaked whenever the {product} was in use.",
            "The rubber gasket looks torn and water runs down the side.",
            "leaks like a sieve, my kitchen floor is soaked",
            "Drops form at the seam below the handle and run onto the table.",
            "It has been leaking since I descaled it in {month}.",
            "There is a hairline crack and water gets out through it.",
            "I put a towel beneath it, an hour later the towel was dripping wet.",
        ),
        {
            "es": (
                ("Fuga de agua en el aparato", "Gotea por la base"),
                (
                    "El aparato tiene una fuga y moja toda la mesa.",
                    "Gotea agua por la base desde que lo compré.",
                ),
            ),
        },
    ),
    Wording(
        "refund",
        (
            "Reimbursement outstanding",
            "Return sent, nothing credited",
            "No refund after my return",
            "Please pay back {order}",
            "When do I get reimbursed?",
            "Refund promised but not paid",
            "refund missing",
            "Repayment for the returned {product}",
            "you owe me a refund",
            "Partial refund only",
        ),
        (
            "The {product} went back to you a month ago, and the refund has not been credited.",
            "You confirmed receiving my return, but my card has not been credited.",
            "Please check the reimbursement for {order}, I was told it takes a week.",
            "sent it back, got the confirmation, got no money. refund please",
            "The refund you announced in {month} has not reached my bank account.",
            "I was reimbursed without the shipping costs, the rest of the refund is missing.",
            "Three mails about my refund and no reply. The return arrived at your place long ago.",
            "What is the status of the repayment for the item I returned?",
        ),
        {
            "de": (
                ("Rückzahlung nicht angekommen", "Warte auf mein Geld für die Retoure"),
                (
                    "Die Rücksendung ist bei Ihnen eingegangen, aber die Rückzahlung fehlt.",
                    "Ich warte seit Wochen auf die Erstattung der Retoure {order}.",
                ),
            ),
            "fr": (
                ("Retour effectué, pas de remboursement", "En attente de remboursement"),
                (
                    "J'ai renvoyé l'article et le remboursement n'est pas arrivé.",
                    "Le remboursement promis en {month} n'est toujours pas sur mon compte.",
                ),
            ),
        },
    ),
    Wording(
        "wrong-item",
        (
            "Delivered product is a different one",
            "You shipped the incorrect article",
            "White instead of black delivered",
            "Parcel contains someone else's order",
            "Different model than ordered",
            "Incorrect item received for {order}",
            "wrong product sent",
            "Not the {product} I asked for",
            "Swapped orders?",
            "Colour does not match the order",
        ),
        (
            "I opened the parcel and found an incorrect product, not the {product}.",
            "The delivered colour is wrong, the order clearly says black.",
            "You sent me the article of another customer, the delivery note has a different name.",
            "ordered the {product}, received something else entirely",
            "The model in the package is last year's, I had ordered the current one.",
            "Please send the correct item and a label to return the wrong one.",
            "Wrong size and wrong model were packed for {order}.",
            "My delivery was evidently mixed up with that of a person from {city}.",
        ),
    ),
    Wording(
        "discount",
        (
            "Promotion not applied",
            "Voucher code rejected",
            "Reduction missing in the cart",
            "Coupon cannot be redeemed",
            "Checkout ignores my promo code",
            "Newsletter discount has no effect",
            "code invalid",
            "Where do I enter the promotional code?",
            "Sale price not honoured",
            "discount gone at checkout",
        ),
        (
            "On entering the promotional code the shop tells me it cannot be redeemed.",
            "The advertised reduction for the {product} is not applied in my cart.",
            "My coupon from {month} should be valid till the end of the year, it is rejected.",
            "promo code wont work, tried with and without capitals",
            "The price in the cart is higher than in the advertisement.",
            "I was promised 15 % off as a returning customer but the total remains the same.",
            "Can the voucher be deducted afterwards? The checkout did not accept it.",
            "The discount disappears once I choose the delivery method.",
        ),
    ),
    Wording(
        "invoice",
        (
            "Please send the bill as a document",
            "Request for a tax receipt",
            "Company name missing on the invoice",
            "Invoice not attached",
            "Corrected invoice needed",
            "Where can I download my invoice?",
            "invoice pls",
            "VAT invoice for {order}",
            "Accounting needs a receipt",
            "Change of name on the bill",
        ),
        (
            "Our accounting requires an invoice with the VAT id of our company.",
            "I never received an invoice for the {product}, only a confirmation.",
            "The invoice carries a wrong company name, please issue a corrected one.",
            "please mail me the invoice for {order} as pdf thanks",
            "For the tax return I need the receipts of {month}.",
            "The invoice download in my profile leads to an empty page.",
            "Kindly put our tax number and the address in {city} on the bill.",
            "The amount on the invoice does not contain the VAT separately.",
        ),
        {
            "de": (
                ("Rechnung mit Umsatzsteuer benötigt", "Rechnung fehlt"),
                (
                    "Unsere Buchhaltung braucht eine Rechnung mit Steuernummer für {order}.",
                    "Ich habe keine Rechnung für die Bestellung bekommen, bitte als PDF senden.",
                ),
            ),
        },
    ),
    Wording(
        "subscription",
        (
            "End my subscription",
            "I want to terminate the filter plan",
            "Too many filters, please stop",
            "Pausing deliveries of filters",
            "Recurring order cannot be cancelled",
            "Skip the next filter delivery",
            "cancel subscription",
            "Change the interval of my plan",
            "still getting filters after cancelling",
            "Terminate monthly plan",
        ),
        (
            "I terminated the plan weeks ago, and again a box of filters was delivered.",
            "How can I stop the recurring filter deliveries? I find no such option.",
            "Please end my subscription at the next possible date.",
            "dont want filters anymore, cancel it",
            "We are away until {month}, so please skip the next two boxes.",
            "The subscription renewed itself though I had cancelled it.",
            "I would like to receive the filters every two months instead of monthly.",
            "Your site has no link to terminate the plan, merely to upgrade it.",
        ),
    ),
    Wording(
        "battery",
        (
            "Rechargeable cell exhausted quickly",
            "{product} runs out of power fast",
            "Will not charge overnight",
            "Power lasts only an hour",
            "Charger does not load the {product}",
            "Battery life has become terrible",
            "battery drains",
            "No charge after a night on the dock",
            "low battery all the time",
            "Charging contact faulty?",
        ),
        (
            "The battery drains within hours although it was fully charged.",
            "I left the {product} on the charger the whole night and the battery is at two per cent.",
            "Since {month} a full charge is only enough for one use.",
            "battery is rubbish, must recharge every day",
            "The charging indicator blinks red and the battery level does not rise.",
            "It shuts off suddenly as though the battery were empty.",
            "Is there a replacement battery? Mine no longer takes a charge.",
            "It charges only if I hold the plug at an angle.",
        ),
    ),
    Wording(
        "kettle-firmware",
        (
            "Kettle overheats after new firmware",
            "K2 will not turn off any more",
            "Boiling does not end since version 4.2",
            "Since updating, the kettle ignores the set temperature",
            "New software makes the kettle boil dry",
            "K2 firmware problem: endless boiling",
            "kettle boils forever",
            "Kettle K2 automatic shut-off gone after update",
            "Downgrade K2 firmware?",
            "Update 4.2.0 broke the thermostat",
        ),
        (
            "After installing firmware 4.2.0 my kettle carries on boiling and never turns off.",
            "The automatic shut-off of the K2 has stopped functioning with the new firmware.",
            "I choose 70 degrees and the kettle goes to boiling anyway, ever since the update.",
            "the firmware update made it boil the water away, nearly a fire",
            "With 4.2.0 the thermostat is ignored. My neighbour's K2 has the same fault.",
            "How can I return to the previous firmware? The kettle is unsafe now.",
            "The kettle boils over, and the app says that firmware 4.2.0 is the latest.",
            "It heated the empty kettle after last night's automatic update.",
        ),
        {
            "de": (
                ("K2 heizt nach Update immer weiter", "Firmware 4.2: Kessel wird zu heiß"),
                (
                    "Seit dem Update auf 4.2.0 schaltet der Wasserkocher nicht mehr ab.",
                    "Mit der neuen Firmware ignoriert der K2 die eingestellte Temperatur und kocht.",
                ),
            ),
        },
        product="Kettle K2",
    ),
    Wording(
        "payment-outage",
        (
            "Payment does not go through",
            "Transaction refused with code 5031",
            "Your checkout is down",
            "Can't complete my purchase",
            "All my cards get rejected",
            "5031 on the payment form",
            "paying impossible",
            "Checkout spins endlessly",
            "Payment aborted, is the shop offline?",
            "unable to pay with any method",
        ),
        (
            "When I press 'pay now' the page shows code 5031 and the purchase is not completed.",
            "Neither credit card nor PayPal goes through, the payment form just aborts.",
            "The checkout loads and loads, then it states that the payment was unsuccessful.",
            "cant pay, error 5031, tried 3 cards",
            "My card is fine elsewhere, only your payment page rejects it.",
            "The payment got stuck at the confirmation step and the basket is full again.",
            "Is there an outage? Payments have been failing for hours.",
            "I received no confirmation because the payment step failed with 5031.",
        ),
        {
            "de": (
                ("Bezahlen klappt nicht, 5031", "Zahlung wird abgelehnt"),
                (
                    "Beim Bezahlen erscheint der Fehler 5031 und die Bestellung wird nicht abgeschlossen.",
                    "Alle meine Karten werden an der Kasse abgelehnt.",
                ),
            ),
        },
    ),
    Wording(
        "depot-strike",
        (
            "Goods held at Hillmere",
            "Industrial action at the depot, what now?",
            "Hillmere depot: parcel not released",
            "Will the strike delay {order}?",
            "My package is trapped in Hillmere",
            "Depot workers on strike, delivery?",
        ),
        (
            "The tracking says that the parcel is at Hillmere, where people are on strike.",
            "Could you reroute my {product}? Hillmere depot is closed by the strike.",
            "The strike in Hillmere was on the radio, please resend {order} from elsewhere.",
            "Parcel waits in the Hillmere depot for ten days because of the walkout.",
            "can i pick it up in hillmere myself despite the strike?",
            "The courier blames the strike at the Hillmere depot.",
        ),
    ),
    Wording(
        "phone-system-15",
        (
            "System 15 is not compatible with the app",
            "Blank app since I upgraded to OS 15",
            "App and new phone system do not go together",
            "After upgrading my phone to 15 the app stays black",
            "OS 15: application will not open",
            "Support for system 15?",
        ),
        (
            "Since my phone upgraded itself to system 15 the app shows nothing but black.",
            "On OS 15 the application asks for Bluetooth permission in a loop.",
            "The app worked on system 14 and is unusable on 15.",
            "upgraded to 15, app black, reboot useless",
            "When will the app support OS 15? It does not get beyond a dark screen.",
            "My new phone comes with system 15 and the app refuses to open on it.",
        ),
    ),
    Wording(
        "blender-smell",
        (
            "Burning odour from the Blender B5",
            "Blender motor smokes",
            "Scorched smell while blending",
            "B5 overheats and stinks",
            "Charred smell, batch number 7",
            "blender burning",
        ),
        (
            "The B5 gives off a scorched odour after a few seconds of blending.",
            "Smoke came out of the blender's motor housing, batch 7.",
            "My blender stinks of burnt rubber and becomes very hot.",
            "Is the blender from batch 7 safe? It smells burnt every time.",
            "motor smell like fire, unplugged it right away",
            "The plastic around the motor of the B5 seems to melt.",
        ),
        product="Blender B5",
    ),
    Wording(
        "gift-card-zero",
        (
            "Gift voucher worthless",
            "Present card with zero credit",
            "No credit on the gift card",
            "Gift card already used up?",
            "gift card balance nil",
            "Gift card not topped up",
        ),
        (
            "The gift card I received for my birthday has a balance of zero.",
            "I bought a gift card for 100 and the recipient cannot use it, no credit.",
            "On entering the gift card number the shop answers: no remaining credit.",
            "gift card empty, never used it",
            "According to your shop the gift card was redeemed, which it was not.",
            "The credit of the gift card does not show up in the total.",
        ),
    ),
    Wording(
        "scale-sync",
        (
            "Body weight not transferred from S3",
            "Scale data no longer reach the health app",
            "S3 does not synchronise",
            "Measurements of my scale are lost",
            "Health app gets nothing from the scale",
            "scale sync dead",
        ),
        (
            "The weight measured by my S3 is not transferred to the health app any more.",
            "Synchronisation of the scale reports success yet no new values appear.",
            "My scale's readings stopped arriving in the health app in {month}.",
            "scale measures but nothing syncs",
            "I disconnected and connected the health app, the scale's values are missing still.",
            "The last weight in the app is weeks old although I use the S3 daily.",
        ),
        product="Scale S3",
    ),
    # Problems that the sandbox does not have.
    Wording(
        "lamp-flicker",
        (
            "Lamp L1 flickers",
            "The light of my lamp trembles",
            "Flickering in dimmed mode",
            "L1 blinks when dimmed",
            "lamp flashing annoyingly",
        ),
        (
            "As soon as I dim the lamp below half it begins to flicker.",
            "The L1 flickers in the evening, which gives me headaches.",
            "My lamp flashes irregularly, another bulb did not change it.",
            "flicker flicker flicker, at 30 per cent brightness",
            "The flickering stops only at full brightness.",
        ),
        product="Lamp L1",
        share=30,
        half="tuning",
    ),
    Wording(
        "data-deletion",
        (
            "Delete my personal data",
            "Request under data protection law",
            "Erase my customer account",
            "Which data do you keep about me?",
            "Close my account and delete everything",
        ),
        (
            "Please erase all personal data that you hold about me and confirm it in writing.",
            "Under the data protection law I request a copy of my personal data.",
            "I would like my account closed and my data removed from your systems.",
            "delete my data, i do not consent to marketing any longer",
            "Who has access to the data that the app collects?",
        ),
        share=20,
        half="tuning",
    ),
    Wording(
        "toaster-uneven",
        (
            "Toaster browns one side only",
            "T4 toasts unevenly",
            "One slot stays cold",
            "Bread is burnt left and white right",
            "uneven toast",
        ),
        (
            "The left slot of the T4 toasts, the right one stays nearly cold.",
            "One side of the bread is black, the other one is not even warm.",
            "The browning level makes no difference, slices come out uneven.",
            "toast half burnt half raw",
            "One of the heating elements does not glow.",
        ),
        product="Toaster T4",
        share=25,
        half="tuning",
    ),
    Wording(
        "spare-parts",
        (
            "Where can I buy a replacement lid?",
            "Spare part needed",
            "Ordering a new power cord",
            "Do you sell single parts?",
            "replacement handle",
        ),
        (
            "The lid of my {product} broke and I would like to buy a spare one.",
            "Is the power cord available as a spare part?",
            "I need a replacement handle, where can I order it?",
            "looking for spare parts for {product}, lid and filter holder",
            "Please name the part number of the jug.",
        ),
        share=15,
        half="tuning",
    ),
    Wording(
        "noise",
        (
            "Strange rattling noise",
            "{product} is terribly loud",
            "Humming sound in standby",
            "Squeaks since last week",
            "noisy {product}",
        ),
        (
            "The {product} makes a rattling noise as if something were loose inside.",
            "It hums loudly in standby, I hear it from the next room.",
            "A high squeaking sound comes from the motor at every start.",
            "so loud, woke up the baby",
            "The rattling became louder since {month}.",
        ),
        share=30,
        half="test",
    ),
    Wording(
        "recipes-missing",
        (
            "Saved recipes have vanished",
            "My recipe book is empty",
            "Recipes gone after signing in",
            "Favourites disappeared from the recipe list",
            "recipes lost",
        ),
        (
            "All recipes that I had saved in the app have vanished.",
            "The recipe collection is empty, I had about fifty favourites.",
            "Own recipes are no longer shown, only those of your kitchen.",
            "where are my recipes, two years of work",
            "Can you restore the recipes from a backup?",
        ),
        share=20,
        half="test",
    ),
    Wording(
        "voice-assistant",
        (
            "Voice control does not recognise the {product}",
            "Speaker says device not responding",
            "Smart speaker cannot switch it on",
            "Voice commands are ignored",
            "voice assistant trouble",
        ),
        (
            "My smart speaker answers that the {product} is not responding.",
            "Voice commands worked until {month}, now the assistant does not know the device.",
            "The assistant's skill asks me to link my account again every day.",
            "i say turn on, speaker says sorry",
            "Voice control finds the lamp but not the {product}.",
        ),
        share=25,
        half="test",
    ),
    Wording(
        "warranty",
        (
            "Is this covered by the warranty?",
            "Warranty claim",
            "Registration for the extended guarantee fails",
            "How long is the guarantee period?",
            "guarantee question",
        ),
        (
            "Does the warranty cover a {product} that was bought in {month} two years ago?",
            "I would like to make a warranty claim, what documents do you need?",
            "The form for the extended guarantee does not accept my serial number.",
            "bought it used, do i still have guarantee",
            "The dealer in {city} says that the guarantee is your business.",
        ),
        share=15,
        half="test",
    ),
)
