"""What people write of lasting problems when they write loosely."""

# By the key of the problem: subjects and bodies that are added to its own.
LOOSELY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
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
