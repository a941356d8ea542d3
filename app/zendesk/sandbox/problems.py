"""What the help desk's customers write about at any time."""

from .loose_words import LOOSELY
from .problem import Problem

_PROBLEMS = (
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


def _merged(problem: Problem) -> Problem:
    subjects, bodies = LOOSELY.get(problem.key, ((), ()))
    return problem._replace(
        subjects=(*problem.subjects, *subjects), bodies=(*problem.bodies, *bodies)
    )


PROBLEMS = tuple(_merged(problem) for problem in _PROBLEMS)
