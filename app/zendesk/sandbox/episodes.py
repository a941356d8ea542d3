"""Product problems that begin one day, and some of them end.

Agents give most of them a tag that older tickets have too, so only the words, the product and the week tell them apart.
"""

from .problem import Problem

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
