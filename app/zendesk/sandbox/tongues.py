"""What customers write in languages other than English: subjects and bodies by problem."""

Texts = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]

_GERMAN: Texts = {
    "billing": (
        ("Doppelt abgebucht", "Zwei Zahlungen für {order}", "Rechnung zweimal bezahlt?"),
        (
            "Auf meinem Konto stehen zwei Abbuchungen für die Bestellung {order}.",
            "Sie haben den Betrag zweimal eingezogen, bitte einen davon zurücküberweisen.",
        ),
    ),
    "shipping-delay": (
        ("Wo bleibt mein Paket?", "Lieferung {order} überfällig", "Sendung hängt fest"),
        (
            "Die Sendungsverfolgung bewegt sich seit Tagen nicht.",
            "Ich warte seit Wochen auf den {product}, in {city} kommt nichts an.",
        ),
    ),
    "login": (
        ("Anmeldung geht nicht", "Passwort vergessen, keine Mail"),
        ("Die Mail zum Zurücksetzen kommt nicht an, auch nicht im Spam-Ordner.",),
    ),
    "pairing": (
        ("{product} verbindet sich nicht mit dem WLAN", "Kopplung bricht bei 80 % ab"),
        ("Neuer Router, seitdem blinkt das Gerät nur noch blau.",),
    ),
    "leak": (
        ("{product} undicht", "Wasser läuft unten raus"),
        ("Jeden Morgen steht eine Pfütze unter dem Gerät. Dichtung kaputt?",),
    ),
    "refund": (
        ("Erstattung fehlt noch", "Geld zurück für {order}"),
        ("Die Retoure wurde vor drei Wochen angenommen, das Geld ist nicht da.",),
    ),
    "wrong-item": (
        ("Falsche Farbe geliefert", "Falscher Artikel im Paket"),
        ("Bestellt war schwarz, gekommen ist weiß.",),
    ),
    "kettle-firmware": (
        ("Wasserkocher K2 kocht über seit Update 4.2", "Kocher schaltet nicht mehr ab"),
        (
            "Seit der Firmware 4.2.0 hört er bei 100 Grad nicht mehr auf.",
            "Nach dem Update kocht er weiter, bis kein Wasser mehr drin ist. Gefährlich!",
        ),
    ),
    "payment-outage": (
        ("Zahlung nicht möglich, Fehler 5031", "Bezahlseite lädt ewig"),
        ("Mit keiner Karte kann ich zahlen, immer kommt der Fehler 5031.",),
    ),
    "phone-system-15": (
        ("App startet nicht unter System 15",),
        ("Seit dem Upgrade meines Telefons auf 15 sehe ich nur noch Schwarz.",),
    ),
    "blender-smell": (
        ("Mixer B5 riecht verbrannt",),
        ("Nach kurzer Zeit riecht der Motor nach verbranntem Plastik. Charge 7.",),
    ),
}
_FRENCH: Texts = {
    "billing": (
        ("Débité deux fois", "Double paiement pour {order}"),
        ("Je vois deux débits identiques sur mon relevé. Merci d'en rembourser un.",),
    ),
    "shipping-delay": (
        ("Où est mon colis ?", "Commande {order} toujours pas livrée"),
        ("Le suivi n'a pas bougé depuis une semaine et je n'ai rien reçu à {city}.",),
    ),
    "login": (
        ("Impossible de me connecter",),
        ("J'ai demandé quatre fois un nouveau mot de passe, aucun courriel n'arrive.",),
    ),
    "pairing": (
        ("{product} ne se connecte pas au Wi-Fi",),
        ("L'appairage s'arrête à 80 % puis affiche une erreur.",),
    ),
    "refund": (
        ("Remboursement non reçu",),
        ("Le retour de {order} a été accepté mais je n'ai toujours pas été remboursé.",),
    ),
    "kettle-firmware": (
        ("La bouilloire K2 ne s'arrête plus", "Bouilloire déréglée depuis la version 4.2"),
        ("Depuis la mise à jour 4.2.0 elle continue de bouillir sans s'éteindre.",),
    ),
    "payment-outage": (
        ("Erreur 5031 au moment de payer",),
        ("Impossible de payer, la page tourne puis le paiement échoue.",),
    ),
    "scale-sync": (
        ("La balance S3 n'envoie plus mon poids",),
        ("Depuis un mois plus rien n'arrive dans l'application santé.",),
    ),
}
_SPANISH: Texts = {
    "billing": (
        ("Me cobraron dos veces", "Cargo duplicado del pedido {order}"),
        ("En mi tarjeta aparecen dos cargos iguales. Solo compré un {product}.",),
    ),
    "shipping-delay": (
        ("¿Dónde está mi pedido {order}?", "El paquete no llega"),
        ("El seguimiento no cambia desde hace días y en {city} no saben nada.",),
    ),
    "app-crash": (
        ("La aplicación se cierra sola",),
        ("Desde la última actualización se cierra en cuanto toco el {product}.",),
    ),
    "leak": (("El aparato pierde agua",), ("Sale agua por debajo cada vez que lo uso.",)),
    "refund": (
        ("Sigo esperando el reembolso",),
        ("Devolví el {product} en {month} y todavía no me han devuelto el dinero.",),
    ),
    "kettle-firmware": (
        ("El hervidor K2 no se apaga",),
        ("Con el firmware 4.2.0 sigue hirviendo hasta quedarse sin agua.",),
    ),
    "payment-outage": (
        ("No puedo pagar, error 5031",),
        ("He probado tres tarjetas y siempre falla el pago con el error 5031.",),
    ),
    "gift-card-zero": (
        ("Tarjeta regalo sin saldo",),
        ("Me regalaron una tarjeta de 50 y la tienda dice que el saldo es 0,00.",),
    ),
}
_PORTUGUESE: Texts = {
    "billing": (("Cobrança em dobro",), ("Aparecem dois débitos iguais do pedido {order}.",)),
    "shipping-delay": (("Encomenda atrasada",), ("O rastreio não muda há dias.",)),
    "battery": (("Bateria não segura carga",), ("Carrego a noite toda e de manhã já acabou.",)),
    "kettle-firmware": (
        ("A chaleira K2 não desliga",),
        ("Depois da atualização 4.2.0 ferve até secar.",),
    ),
}
_ITALIAN: Texts = {
    "billing": (("Addebito doppio",), ("Sull'estratto conto vedo due pagamenti per {order}.",)),
    "shipping-delay": (("Dov'è il mio pacco?",), ("Il tracciamento è fermo da giorni.",)),
    "invoice": (("Fattura con partita IVA",), ("Mi serve la fattura intestata alla ditta.",)),
    "payment-outage": (
        ("Pagamento impossibile, errore 5031",),
        ("La pagina gira a vuoto e poi dice pagamento non riuscito.",),
    ),
}
_JAPANESE: Texts = {
    "billing": (
        ("二重に請求されています", "{order} の支払いが二回あります"),
        ("注文は一つなのに、カードの明細に同じ金額が二回載っています。",),
    ),
    "shipping-delay": (
        ("荷物が届きません",),
        ("追跡情報が一週間変わらず、まだ届いていません。",),
    ),
    "pairing": (("Wi-Fi に接続できません",), ("80% で止まってエラーになります。",)),
    "kettle-firmware": (
        ("ケトル K2 が止まりません",),
        ("ファームウェア 4.2.0 に更新してから沸騰しても切れません。",),
    ),
    "phone-system-15": (
        ("アプリが起動しません",),
        ("スマホをシステム15にしたら画面が真っ黒のままです。",),
    ),
}

TONGUES = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "pt": _PORTUGUESE,
    "it": _ITALIAN,
    "ja": _JAPANESE,
}
