# ruff: noqa: RUF001  customers write in every script
"""The made-up help desk that the sandbox's tickets speak of: a shop for smart kitchen devices."""

AWKWARD_SUBJECTS = (
    "<b>URGENT</b> <script>alert('hello')</script> kettle",
    '=1+1 and =HYPERLINK("http://shop.example","click")',
    "+49 is the code, -1 the rest, @all please read",
    "🔥🔥 kettle is smoking 🔥🔥 please help 👩‍👩‍👧",
    "הקומקום לא נדלק מאז אתמול",
    "الغلاية لا تعمل منذ يومين",
    "電気ケトルの電源が入りません",
    "Re: Fwd: Re: AW: Fwd: RE: (no subject)",
    "Tom & Jerry's \"quoted\" 'order' \\ back;slash, comma",
    "Zero\u200bwidth and right\u202eleft marks",
    "The kettle and " + "then the other kettle and " * 20 + "the lamp",
    "{{ticket.title}} %s %(name)s ${HOME} {% if %}",
    "'; DROP TABLE tickets; --",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "ＦＵＬＬ　ＷＩＤＴＨ　ｋｅｔｔｌｅ",
    "Z͑ͫ̓a̴l̵g̶o̷ kettle",
    "İstanbul'da DİKKAT ısınma sorunu",
    "\tTabs\tand   many    spaces ",
    "null",
)
AWKWARD_BODIES = (
    "<p>Hello</p><img src=x onerror=alert(1)><a href='javascript:alert(2)'>press me</a>",
    '=IMPORTXML("http://shop.example","//a")\r\n+1\r\n-1\r\n@now',
    "Why? " * 1600,
    "\u202eThis line runs from right to left\u202c and this one does not.\u2066\u2069",
    "----- Original message -----\n> > > see below\n> > below\n> below\n\nSent from my phone",
    "👩‍🔧🔧🏳️‍🌈🇯🇵 " * 40,
    "Line one\r\n\r\n\r\n\r\nLine two\u2028Line three\x0bLine four",
    "{{ticket.requester.email}} {{#each}} {{current_user.name}} ${7*7} <%= 7*7 %>",
    "a" * 4000,
    "\"quoted\",'single',`back`;semi,comma\ttab",
)

EXTRA_TAGS = (
    "mobile",
    "web",
    "warranty",
    "first-contact",
    "repeat",
    "holiday-sale",
    "eu",
    "us",
    "callback",
    "translated",
    "b2b",
    "photo-attached",
    "chat-transcript",
    "needs-parts",
)

PRODUCTS = ("Kettle K2", "Blender B5", "Lamp L1", "Scale S3", "Toaster T4", "Brewer Q7")
CITIES = (
    *("Northwick", "Port Alder", "Greystone", "Lindenau-West", "Costa Verde", "Hillmere"),
    *("Saint-Aubrac", "Kirschtal", "Villa Oriente", "Minamizaki", "Monte Fiorito"),
)
MONTHS = ("August", "September", "October")
CHANNELS = ("email", "email", "email", "web", "web", "chat", "api")
GROUPS = {"Billing": 501, "Shipping": 502, "Accounts": 503, "Technical": 504, "Sales": 505}
LANGUAGES = ("en",) * 60 + ("de",) * 12 + ("fr",) * 8 + ("es",) * 8 + ("pt", "it", "ja") * 4
GREETINGS = {
    "en": ("Hello,", "Hi there,", "Good morning,", "Dear team,", "Hey,", "To whom it may concern,"),
    "de": ("Hallo,", "Guten Tag,", "Sehr geehrte Damen und Herren,", "Moin,"),
    "fr": ("Bonjour,", "Bonsoir,", "Madame, Monsieur,"),
    "es": ("Hola,", "Buenos días:", "Estimado equipo:"),
    "pt": ("Olá,", "Bom dia,"),
    "it": ("Buongiorno,", "Salve,"),
    "ja": ("お世話になっております。", "こんにちは。"),
}
CLOSINGS = {
    "en": (
        "",
        "Thanks in advance.",
        "Please get back to me soon.",
        "This is the third time I write to you.",
        "Not happy at all!!!",
        "No hurry, whenever you have a moment.",
        "Regards",
    ),
    "de": ("", "Vielen Dank im Voraus.", "Mit freundlichen Grüßen", "Ich warte auf Ihre Antwort."),
    "fr": ("", "Merci d'avance.", "Cordialement"),
    "es": ("", "Gracias de antemano.", "Un saludo"),
    "pt": ("", "Obrigado desde já."),
    "it": ("", "Grazie mille.", "Cordiali saluti"),
    "ja": ("", "よろしくお願いいたします。"),
}
FIRST_NAMES = (
    *("Ilva", "Taro", "Brenna", "Osk", "Maribel", "Juno", "Piet", "Sanna", "Idris", "Wen"),
    *("Aiyana", "Björn", "Chidera", "Dilnoza", "Élodie", "Farouk", "Gülşen", "Håkon", "Ikaika"),
    *("Jacinta", "Keoni", "Łucja", "Mbali", "Nguyệt", "Oyelaran", "Priyanka", "Quispe", "Ródhán"),
    *("Sëlma", "Tevita", "Ümit", "Veselina", "Wojciech", "Xiadani", "Yaretzi", "Zsófia", "Даря"),
    *("Θάλεια", "陽菜", "서연", "ليلى", "נועה", "อรุณี", "अनन्या"),
)
LAST_NAMES = (
    *("Marrowby", "Quill", "Tandaro", "Ostrel", "Vennick", "Halloway-Pine", "Drume"),
    *("O'Fennimore", "van der Wolde", "de la Roqueña", "Ångmark", "Çelikhan", "Nakamori-Sato"),
    *("Okwuduba", "Petrošević", "Szczebrowski", "Ibn Halabi", "Tuimavave", "Dlaminkosi"),
    *("Yupanquil", "Raghunathpur", "Núñez-Arbol", "Sjöbrandt", "MacAllendar", "Wu-Hartwell"),
    *("Þorgrimsdal", "Nguyễnhoa", "Kealohapau", "Mavrokosta", "Lindqvale", "Ferreirinha"),
)
ORGANIZATIONS = ("Bakery", "Hotel", "Café", "School", "Clinic", "Canteen", "Studio", "Trading")
