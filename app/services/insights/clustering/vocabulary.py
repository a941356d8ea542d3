"""Words that say nothing of a problem, and those that mean the same, in the languages that support desks read most."""

# Courtesy, pronouns, articles, days and the like.
_SAYING_NOTHING = """
a about after again ago all already also although always am an and another any anything are as ask asked at away
back be because been before being best but by call came can cannot cant check come comes could couldn did didn do
does doesn doesnt doing don done dont down each else even ever every everything few first for four from get gets
getting give go goes going gone good got had has have having he hello help her here hey hi him his hope how i if
immediately in into is isn it its just keep keeps kind kindly know last let like long look looking made make many
may maybe me mean moment more most much must my need never new next no nobody not nothing now of off on once one
only or other our ours out over own per please pls put really regards right said same say says see seem seems send
sent she should since so some somebody somehow someone something soon still such sure take taken tell than thank
thanks that the their them then there these they thing things think third this those though three through till
time times to today told tomorrow too tried try trying twice two under until up us use used using very want wanted
was wasn way we well went were what when where whether which while who whom why will with within without won wont
work would write wrote year yes yesterday yet you your yours team dear sir madam morning afternoon evening
greetings sincerely cheers advance anyone best concern hurry happy urgent whenever day days week weeks month months
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december re fw fwd aw wg sv

aber alle als am an dank auch auf aus bei bin bis bitte da damen danke dann das dass dem den der des die dies diese
dieser doch ein eine einem einen einer es etwas euch für gegen gerne grüßen guten habe haben hallo hat hatte herren
ich ihr ihre ihren im immer in ist ja jetzt kann kein keine keinen können liebe man mehr mein meine meinem meinen
meiner mich mir mit mehr moin nach nicht nichts noch nun nur ob obwohl oder ohne schon sehr sehr geehrte sein seit
sich sie sind so soll tag tage tagen team um und uns unser unsere von vor voraus vielen war warte warum was weil
wenn wer werden wie wieder wir wird wo wochen woche wurde zu zum zur zwei über freundlichen antwort

ai alors après au aucun aucune aussi autre avance avant avec avez avoir bonjour bonsoir c ce cela ces cet cette ceux
chez comme cordialement d dans de depuis des deux dès du elle elles en encore est et eu fait ils il j jamais je jour
jours la le les leur lui l m ma madame mais me merci mes moi mon monsieur même n ne nos notre nous on ont ou où par
pas plus plusieurs pour pourquoi puis quand que quel quelle qui quoi rien s sa sans semaine semaines ses son sont sur
ta tes toujours tous tout toute toutes très tu un une vos votre vous y à été être

al algo ante antemano aquí aunque buenas buenos bien cada como con cual cuando de del desde después donde dos día
días el ella ellos en entre equipo era eres es esa ese eso esta estaba estado este esto estoy está están estimado
favor fue gracias ha hace han hasta hay hola la las le les lo los me mi mis mucho muy más nada ni no nos o para pero
por porque que qué se ser si sin sobre solo son soy su sus saludo saludos también tan te tengo tiene todavía todo
todos un una uno unos usted ya yo

ainda ao aos as até bom boa com da das desde dia dias do dos e ela ele em entre essa esse esta este eu foi há isso
já mais mas me meu meus minha muito na nas nem no nos não o obrigado obrigada olá os ou para pelo por porque quando
que se sem seu são só sua também tem um uma você à

agli ai al alla anche buongiorno buonasera c che chi ci come con cordiali cosa da dal dalla degli dei del della di
dopo dov e ed era gli grazie ha ho i il in io la le lo ma mi mia mio mille molto ne nei nel nella noi non o per
perché più poi quando questo questa saluti salve se si sono su sul sulla tra tutto un una uno è

aan als bedankt ben bij dag dan dat de deze die dit een en er geachte geen goed graag groet groeten had heb hebben
heeft het hij hoe ik is je kan maar me met mij mijn na naar niet nog nu of om ook op over te tot uit van voor want
wat wel werd wij zijn zo zonder
"""
STOP_WORDS = frozenset(_SAYING_NOTHING.split())

# The beginnings of words that mean the same to a support desk. The longest that fits decides.
_SAME = """
    refund: refund reimburs repay erstatt rückerstatt rückzahl zurückzahl rembours reembols rimbors terugbetal moneyback
    return: retour rücksend zurückgesend zurückgeschick renvoy devolv devoluc devuel rücksendung restitu reso
    charge: charged charges debit abbuch abgebuch belast eingezog débit prélev prélèv cobro cobrado cargo billed
    charge: addebit cobraron cobran cobrança
    double: twice double doubl duplic doppelt zweimal identical dobro doppio dubbel 2x
    pay: pay paying paid payed payment zahl bezahl pago pagar pagam paiement payer betal transaction checkout kasse
    invoice: invoice receipt rechnung factur fattura fatura facture quittung
    tax: tax vat umsatzsteuer mehrwertsteuer steuernummer tva iva
    parcel: parcel package shipment paket sendung colis paquet paquete pacco encomenda pakket
    deliver: deliver lieferung geliefert liefert liefer livraison livré livrer entreg consegn bezorg levering dispatch
    deliver: shipping
    track: track sendungsverfolgung nachverfolg suivi seguimiento rastrei tracciament
    courier: courier carrier paketdienst transporteur transportista corriere spediteur
    late: late overdue delay verspät überfällig retard retras atras ritard
    order: order ordered bestell commande command pedido ordin encomend
    login: login logging signin anmeld einlogg connexion identifiant acceder accedere inloggen
    password: password pasword passwor kennwort passwort contraseñ senha wachtwoord
    account: account konto benutzerkonto compte cuenta conta
    mail: email e-mail mail courriel correo posta
    app: app apps application applicat aplicaci aplicat applicazion anwendung appli
    crash: crash abstürz abgestürz stürzt plante plantage cierra ferme chiude fecha schließt
    start: start starts launch launches startet démarr arranc inici avvi öffn
    update: update updated updating upgrade upgraded aktualisier actualiz mise-à-jour aggiornament atualiza firmware
    device: device gerät appareil aparat aparelh dispositiv apparecchi toestel appliance
    wifi: wifi wi-fi wlan wireless network netzwerk router réseau red-wifi
    connect: connect connects verbind verbund connecte conect conness verbinding
    pair: pair pairing kopplung koppel appair empareja associa
    water: water wasser agua eau acqua água
    leak: leak leaks leaking drip drips dripping undicht tropf fuite fuga gotea perde
    battery: battery batteries akku batterie batería bateria batteria accu rechargeable
    empty: empty leer vide vací vuot
    discount: discount rabatt remise descuento desconto sconto korting reduction
    code: coupon voucher gutschein promo promotion promotional gutscheincode
    cancel: cancel cancelled cancelling cancell kündig stornier annul cancelar disdett terminate terminated opzeg
    subscription: subscription abonnement abo suscripci assinatura abbonament
    wrong: wrong incorrect falsch mauvais equivocad errat sbagliat verkeerd
    colour: colour color farbe couleur kleur
    error: error errors fehler fehlermeldung erreur fout errore
    language: sprache langue idioma lingua taal
    screen: screen display bildschirm écran pantalla schermo tela
    delete: delete erase lösch supprim borrar eliminar cancellare verwijder
    warranty: warranty guarantee garantie garantía garantia garanzia
    broken: broken defective kaputt defekt cassé roto rotto quebrad
    slow: slow langsam lent lento traag
    install: install reinstall installier instal
    gift: geschenk cadeau regalo presente
    lost: lost verloren perdu perdid perso missing
    heat: overheat überhitz surchauff sobrecalient
    noise: noise loud geräusch bruit ruido rumore lärm
    smell: smell smells smelling odour stink stinks riecht geruch odeur olor odore
    smoke: smoke smokes rauch fumée humo fumo
    burn: burn burns burning burnt scorched verbrannt brûlé quemad bruciat
"""


def _beginnings() -> dict[str, str]:
    found = {}
    for line in _SAME.strip().splitlines():
        meaning, words = line.split(":")
        found.update(dict.fromkeys(words.split(), meaning.strip()))
    return found


MEANINGS = _beginnings()
LONGEST = max(map(len, MEANINGS))
SHORTEST = 5  # letters of a beginning; what is shorter must be the whole word
