"""What the help desk's customers write about: lasting problems, and those that begin one day."""

from typing import NamedTuple

from .tongues import TONGUES


class Problem(NamedTuple):
    """One product problem, in the several ways in which customers put it.

    `begins` and `lasts` are days, counted back from the end of the history; without a beginning
    it was always there. `share` is how much of all tickets it makes up while it lasts.
    """

    key: str
    tag: str
    group: str
    subjects: tuple[str, ...]
    bodies: tuple[str, ...]
    product: str | None = None
    begins: int | None = None
    lasts: int = 10_000
    share: float = 0.0

    def texts(self, language: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Subjects, bodies and their language, which is English where nobody wrote otherwise."""
        return _TEXTS.get((self.key, language)) or (self.subjects, self.bodies, "en")


PROBLEMS = (
    Problem(
        "billing",
        "billing",
        "Billing",
        (
            "Charged twice for order {order}",
            "Two payments for one {product}",
            "Double charge on my card",
            "Why was I billed two times?",
            "Payment taken again for {order}",
        ),
        (
            "My bank shows two payments for order {order}. I only bought one {product}.",
            "You took the money twice. Please give one of the payments back.",
            "I can see the same amount two times on my statement for {month}.",
        ),
    ),
    Problem(
        "shipping-delay",
        "shipping-delay",
        "Shipping",
        (
            "Where is my {product}?",
            "Order {order} has not arrived",
            "Parcel stuck since {month}",
            "Delivery is late again",
            "Tracking has not moved for days",
        ),
        (
            "The parcel with my {product} was due last week and tracking has not changed.",
            "I ordered in {month} and nothing has come to {city} so far.",
            "The carrier says that it is still waiting for you to hand over {order}.",
        ),
    ),
    Problem(
        "login",
        "login",
        "Accounts",
        (
            "Cannot sign in to my account",
            "Password reset mail never comes",
            "Locked out of the {product} app",
            "Login fails with a blank page",
        ),
        (
            "I asked for a new password four times and no mail has come, not even in spam.",
            "After I enter the code the page goes white and I am back at the start.",
            "The app says that my account does not exist, but I ordered with it in {month}.",
        ),
    ),
    Problem(
        "app-crash",
        "app-crash",
        "Technical",
        (
            "App crashes when I open {product}",
            "App closes by itself since the update",
            "Crash on start after version 4.2",
            "The app keeps stopping",
        ),
        (
            "Since the last update the app closes as soon as I tap on my {product}.",
            "It worked until {month}. Now I see the logo for a second and then nothing.",
            "I installed the app again twice and it still stops on the device list.",
        ),
    ),
    Problem(
        "pairing",
        "pairing",
        "Technical",
        (
            "{product} does not connect to Wi-Fi",
            "Pairing stops at 80 %",
            "Cannot add my new {product}",
            "Device offline after router change",
        ),
        (
            "I have a new router and the {product} blinks blue and never joins the network.",
            "Pairing gets to 80 per cent and then says: something went wrong.",
            "The {product} sees our guest network in {city} but not the normal one.",
        ),
    ),
    Problem(
        "leak",
        "leak",
        "Technical",
        (
            "{product} leaks water",
            "Puddle under my {product}",
            "Water drips from the bottom",
            "Seal is broken, water everywhere",
        ),
        (
            "There is a small pool of water under the {product} each morning.",
            "The seal at the bottom let go and hot water ran over the table.",
            "It drips while heating. I bought it in {month} and it was fine until now.",
        ),
    ),
    Problem(
        "refund",
        "refund",
        "Billing",
        (
            "Refund for {order} not received",
            "Still waiting for my money",
            "I sent it back, where is the refund?",
            "Return accepted but no refund",
        ),
        (
            "I sent the {product} back in {month} and you said the money was on its way.",
            "The return of {order} was accepted three weeks ago. My account shows nothing.",
            "Please tell me on which day the refund left your bank.",
        ),
    ),
    Problem(
        "wrong-item",
        "wrong-item",
        "Shipping",
        (
            "Got the wrong colour",
            "Wrong item in the box for {order}",
            "This is not what I ordered",
            "Received a charger instead of a {product}",
        ),
        (
            "The box says {product} but there is another model inside.",
            "I ordered black and got white. The paper in the box says {order}.",
            "Someone in {city} must have my parcel, since I have theirs.",
        ),
    ),
    Problem(
        "discount",
        "discount",
        "Sales",
        (
            "Discount code does not work",
            "Code WELCOME refused at checkout",
            "Price is different in the basket",
        ),
        (
            "The code from your newsletter is refused: not valid for this basket.",
            "The {product} was cheaper in the list than in the basket. Which is right?",
            "I forgot to enter my code for {order}. Can you still take it off?",
        ),
    ),
    Problem(
        "invoice",
        "invoice",
        "Billing",
        (
            "Need an invoice with VAT number",
            "Invoice for {order}",
            "Wrong address on the invoice",
        ),
        (
            "Our office in {city} needs an invoice with the company's name for {order}.",
            "The invoice of {month} still shows our old address.",
            "Please send the receipt as a PDF. The link in the mail has expired.",
        ),
    ),
    Problem(
        "subscription",
        "subscription",
        "Sales",
        (
            "Cancel my filter subscription",
            "Filters keep coming",
            "How do I pause the monthly box?",
        ),
        (
            "I stopped the filter box in {month} and another one came yesterday.",
            "Please pause the box until we are back in {city}.",
            "There is no button to cancel in my account, only one to add more.",
        ),
    ),
    Problem(
        "battery",
        "battery",
        "Technical",
        (
            "Battery of {product} empty after a day",
            "{product} does not charge any more",
            "Charging light stays red",
        ),
        (
            "It used to last two weeks and since {month} it is empty every evening.",
            "The light stays red all night and the {product} is dead in the morning.",
            "It gets warm on the charger but never full.",
        ),
    ),
)


# What else people write of the same, more loosely: merged into the above.
_LOOSELY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "billing": (
        ("money gone twice??", "duplicate transaction", "Overcharged", "re: my bill {order}"),
        (
            "i payed once and you took it 2x, pls fix",
            "There are two identical debits, a minute apart, both with your name.",
            "My husband says we were billed double for the {product}. Can you check {order}?",
            "The card company told me to ask you first before I dispute the second charge.",
        ),
    ),
    "shipping-delay": (
        ("still no parcel", "ETA for {order}?", "package lost I think", "Waiting since {month}"),
        (
            "nothing arrived yet, the tracking page says 'label created' since forever",
            "It was a birthday present. The birthday was on Saturday.",
            "Our depot in {city} has no record of the shipment at all.",
            "You promised three days, it is now three weeks.",
        ),
    ),
    "login": (
        ("cant log in", "account locked!!", "2FA code is always wrong", "forgot pasword"),
        (
            "it just says wrong password but it is NOT wrong, i wrote it down",
            "The one-time code arrives ten minutes late and is no longer good.",
            "I changed my e-mail address and now neither the old nor the new one is known.",
        ),
    ),
    "app-crash": (
        ("app broken", "It quits immediately", "App freezes then dies", "crash crash crash"),
        (
            "opens, white screen, gone. every single time",
            "I see my devices for a blink and am thrown back to the home screen.",
            "My tablet is fine, my phone shuts the app down whenever I touch the {product}.",
        ),
    ),
    "pairing": (
        ("wifi setup fails", "won't connect!!", "stuck at 80%", "Bluetooth does not find it"),
        (
            "tried 10 times, held the button till it blinks, app says try again later",
            "It worked on my phone's hotspot but refuses our home network.",
            "After the power cut the {product} forgot the network and will not learn it again.",
        ),
    ),
    "leak": (
        ("wet counter", "It is dripping", "{product}: water underneath", "leaky thing"),
        (
            "theres water all over the counter every time i use it",
            "The base is cracked near the hinge and lets water through.",
            "Two weeks old and already not tight any more.",
        ),
    ),
    "refund": (
        ("Money back?", "refund status {order}", "where's my refund", "Credit not booked"),
        (
            "its been 3 weeks since you got the parcel back. wheres my money",
            "Your colleague wrote that it would take five days. That was in {month}.",
            "Half of the amount came. The other half is still missing.",
        ),
    ),
    "wrong-item": (
        ("not my order", "mixed up parcel?", "{order}: wrong model", "Wrong plug"),
        (
            "i got a pink one?? i ordered black",
            "The voltage on the label does not fit our sockets in {city}.",
            "Right box, wrong machine. Somebody packed the older model.",
        ),
    ),
    "discount": (
        ("coupon invalid", "promo code", "10% not taken off", "Student price?"),
        ("code doesnt work, says expired but its from today", "The banner said 20 % off. It lied."),
    ),
    "invoice": (
        ("receipt please", "Tax invoice", "billing address change", "Copy of the bill {order}"),
        (
            "need a proper invoice for my accountant, not just the order mail",
            "The tax number is missing, so our bookkeeper in {city} sent it back to me.",
        ),
    ),
    "subscription": (
        ("unsubscribe", "Stop sending filters!", "cancel cancel cancel", "Change my box"),
        (
            "i have 14 filters now. FOURTEEN. make it stop",
            "Please change the box from monthly to every third month.",
        ),
    ),
    "battery": (
        ("dead battery", "does not hold charge", "Battery swollen?", "charging prblem"),
        (
            "charge it all night, dead by lunch",
            "At 40 per cent it switches itself off without a warning.",
        ),
    ),
}

# Product issues with a beginning. Agents give most of them a tag that older tickets have too, so
# only the words, the product and the week tell them apart.
EPISODES = (
    Problem(
        "kettle-firmware",
        "app-crash",
        "Technical",
        (
            "Kettle K2 boils over since firmware 4.2",
            "Kettle does not switch off after the update",
            "K2 keeps boiling and boiling",
            "4.2.0 update ruined my kettle",
            "kettle wont stop since update",
            "Temperature wrong after firmware update",
            "Danger: kettle runs dry by itself",
        ),
        (
            "Since the firmware update to 4.2.0 the kettle does not stop at 100 degrees.",
            "It updated overnight. Now it boils until there is no water left.",
            "i set 80 degrees for tea and it boils over, only since last weeks update",
            "Please tell me how to go back to firmware 4.1, this one is dangerous.",
            "The display shows 60 while the water is cooking. Version 4.2.0 by the app.",
            "My K2 ignores the switch-off temperature. A reset did not help, 4.2 stays on it.",
        ),
        product="Kettle K2",
        begins=38,
        share=0.09,
    ),
    Problem(
        "payment-outage",
        "billing",
        "Billing",
        (
            "Checkout says payment failed",
            "Cannot pay!",
            "Error 5031 when paying",
            "Card declined but my bank says it is fine",
            "payment page hangs",
            "Order not confirmed, was I charged?",
        ),
        (
            "Every card I try ends with error 5031 on the payment page.",
            "The wheel turns for minutes and then I read: payment could not be completed.",
            "tried paypal, visa, mastercard, nothing works today",
            "My bank shows a reservation, but your shop says that the payment failed.",
            "Is your payment system down? It asks me to confirm and then throws me out.",
        ),
        begins=21,
        lasts=3,
        share=0.45,
    ),
    Problem(
        "depot-strike",
        "shipping-delay",
        "Shipping",
        (
            "Parcel stuck in the Hillmere depot",
            "Strike at the depot: when will it go on?",
            "{order} not moving, depot Hillmere",
            "No delivery because of the strike?",
        ),
        (
            "Tracking says 'held at depot Hillmere' for a week.",
            "The carrier tells me that the depot is on strike. Can you send it another way?",
            "news says strike in hillmere, my {product} is in there i guess",
        ),
        begins=75,
        lasts=14,
        share=0.25,
    ),
    Problem(
        "phone-system-15",
        "app-crash",
        "Technical",
        (
            "App does not start on system 15",
            "After my phone's upgrade the app is dead",
            "Black screen since system update of my phone",
            "phone updated, app gone mad",
        ),
        (
            "My phone moved to system 15 yesterday and your app only shows a black screen.",
            "Works on my wife's phone with system 14, not on mine with 15.",
            "since the OS 15 upgrade the app wants permissions again and again and then closes",
        ),
        begins=12,
        share=0.10,
    ),
    Problem(
        "blender-smell",
        "leak",
        "Technical",
        (
            "Blender smells burnt",
            "Smoke from Blender B5",
            "B5 batch 7: burning smell",
            "Something is melting in my blender",
        ),
        (
            "After half a minute the motor of my B5 smells like burnt plastic.",
            "There was a thin line of smoke from the bottom. It says batch 7 on the label.",
            "smells like burning rubber, is it one of the recalled ones?",
        ),
        product="Blender B5",
        begins=55,
        share=0.03,
    ),
    Problem(
        "gift-card-zero",
        "discount",
        "Sales",
        (
            "Gift card has no balance",
            "Gift card shows 0.00",
            "my voucher is empty??",
        ),
        (
            "I was given a gift card of 50 and the shop says the balance is 0.00.",
            "Bought three gift cards last week, all of them are shown as used up.",
            "gift card code accepted but nothing is taken off the total",
        ),
        begins=9,
        share=0.04,
    ),
    Problem(
        "scale-sync",
        "pairing",
        "Technical",
        (
            "Scale S3 no longer sends my weight",
            "Weights missing in the health app",
            "S3 sync stopped",
        ),
        (
            "Since four weeks no weight from my S3 arrives in the health app.",
            "The scale shows a number, the app shows yesterday's. Syncing says 'done'.",
            "sync broken, S3, have to type my weight in by hand",
        ),
        product="Scale S3",
        begins=28,
        share=0.04,
    ),
)


def _merged(problem: Problem) -> Problem:
    subjects, bodies = _LOOSELY.get(problem.key, ((), ()))
    return problem._replace(
        subjects=(*problem.subjects, *subjects), bodies=(*problem.bodies, *bodies)
    )


PROBLEMS = tuple(_merged(problem) for problem in PROBLEMS)
_TEXTS = {
    (key, language): (subjects, bodies, language)
    for language, texts in TONGUES.items()
    for key, (subjects, bodies) in texts.items()
}
