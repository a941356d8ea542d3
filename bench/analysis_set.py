"""Labelled tickets of other trades than the sandbox's, written for measuring the local analyser alone.

Language, kind, severity, sentiment, subject and text, a blank line after each. The word lists were corrected by
what they made of `SEEN`. Nobody tuned anything on `HELD_OUT`: add no word to the lists because of one of these, or they
measure nothing from then on. Then they move to `SEEN`, and others have to be written.
"""

SEEN = """\
en bug normal neutral
Export to CSV comes out empty
When I export the March report the file has headers but no rows. The same export was fine in February.

en bug high negative
Calendar sync broken again
Hi team,
.
for the second day in a row meetings from Outlook do not appear in the planner. We run our whole reception
with it and guests are waiting.
.
Best,
Marla

en bug normal neutral
Graph draws negative hours
The timesheet graph displays minus four hours for anybody who works past midnight.

en bug critical negative
Charger got so hot that it scorched the carpet
I woke up because of the burning smell. There is a black mark on the floor and the cable is partly melted. My
kids sleep in that room.

en bug normal neutral
Search returns nothing for umlauts
Looking for Müller finds zero contacts although we have eleven of them.

en bug high negative
All of our forms throw 502 since lunch
Nobody at our clinic can submit anything. Please look at it at once.

en question low neutral
Dark mode?
Is there a dark theme for the desktop client? I could not find it in the preferences.

en question low neutral
Difference between Team and Pro
Could somebody tell me which features Pro has that Team does not?

en question low positive
Quick one
Loving the new dashboard! Does it also work on a tablet?

en question normal neutral
Backups
How long are backups kept, and where are they stored?

en question low neutral
Luggage on night trains
Am I allowed to bring a bicycle on the sleeper to Vienna?

en request low neutral
Idea: keyboard shortcuts
It would save us time if the inbox could be used without a mouse. Please consider adding shortcuts.

en request normal neutral
Move our appointment
We have to postpone the installation on the 14th. Could you offer us a day in the week after?

en request normal neutral
End of membership
I am moving abroad and want to end my membership on 31 May. Please confirm.

en request normal neutral
Second key card
Please issue another key card for our new trainee, she starts on Monday.

en request low neutral
Larger mailbox
Could you raise the quota of my mailbox to 20 GB?

en billing high negative
You debited me after I left
I ended the contract in January, and yet 39 euros were taken in February and in March. I want that back.

en billing normal neutral
Company name on the invoice
Our name has changed to Halden Ltd. Could the last two invoices be issued again with it?

en billing normal neutral
Annual payment
We would rather pay once a year than monthly. What would the amount be for 25 people?

en billing normal negative
Voucher swallowed
The voucher of 20 pounds vanished from the basket when I went back a step and I had to pay the full price.

en billing normal neutral
Deposit
When will the deposit for the flat be paid back to my bank account?

en delivery normal neutral
Half of the order
Only one of the two packages reached us. The carrier's page says that both were handed over.

en delivery high negative
Sofa still not here
This is the third delivery window in which nobody came. I took a day off for each of them and I am furious.

en delivery normal neutral
Sent to my former address
I moved in April. The parcel is on its way to the old flat, can it be redirected?

en delivery normal negative
Vase in pieces
The courier dropped it. The box was dented and the vase in it is in a hundred pieces.

en account high negative
Shut out since the phone was stolen
My phone with the authenticator was stolen, so that I cannot get in any more. I have no recovery codes.

en account normal neutral
Change of the login address
Please switch the sign-in of b.ortega to her new e-mail.

en account normal neutral
Rights for a contractor
Our contractor should see the project but must not edit. Which role does he need?

en account high negative
Somebody else is in my profile
There were log-ins from a country where I have never been, and my password was changed.

en complaint high negative
Spoken to like a child
The gentleman on the phone interrupted me, laughed, and then hung up. I have been a customer for nine years
and expect an apology.

en complaint normal negative
Nobody cares
Four mails, two calls, not one answer. What kind of service is that?

en complaint normal negative
Your technician
He came two hours late, was rude to my mother and left dirt all over the place.

en other low positive
Well done
Just a note to say that Priya was wonderful today. Give her a raise!

en other low neutral
Out of office
I am on leave until the 3rd and will read your message afterwards.

de bug normal neutral
Druckvorschau bleibt leer
Beim Drucken der Packliste erscheint nur eine weiße Seite. Im Browser sieht alles richtig aus.

de bug high negative
Kasse steht
Seit heute früh stürzt das Kassenprogramm bei jedem Bon ab, vor uns stehen zwanzig Leute. Bitte sofort melden!

de bug normal neutral
Falsche Uhrzeit im Protokoll
Nach der Zeitumstellung sind alle Einträge um eine Stunde verschoben.

de bug critical negative
Heizkissen hat Feuer gefangen
Gestern Abend kam Rauch aus dem Stecker, dann eine Flamme. Verletzt wurde zum Glück niemand.

de question low neutral
Gruppentarif
Hallo zusammen,
.
ab wie vielen Personen gilt eigentlich der Gruppentarif?
.
Viele Grüße
Tomke

de question low neutral
Offline nutzbar?
Kann man die Karten auch ohne Netz benutzen, und wie lädt man sie herunter?

de question low neutral
Waschen
Bei wie viel Grad darf die Jacke gewaschen werden?

de request normal neutral
Vertrag zum Jahresende beenden
Hiermit beende ich meinen Vertrag zum 31.12. Bitte bestätigen Sie mir das schriftlich.

de request low neutral
Vorschlag zur Suche
Schön wäre es, wenn man in der Suche nach Farbe filtern könnte.

de request normal neutral
Termin verlegen
Wir können am Donnerstag leider nicht. Geht es auch am Freitag darauf?

de billing normal negative
Mahnung trotz Zahlung
Ich habe am 3. überwiesen und trotzdem heute eine Mahnung mit Gebühr bekommen. Das ist ärgerlich.

de billing normal neutral
Beleg für das Finanzamt
Für die Steuer brauche ich eine Rechnung mit ausgewiesener Umsatzsteuer.

de billing high negative
Betrag dreifach belastet
Auf der Kreditkarte sind 129 Euro dreimal belastet worden! Ich will mein Geld zurück.

de delivery normal neutral
Wann kommt der Schrank?
Laut Mail sollte die Spedition am Montag da sein. Gibt es einen neuen Termin?

de delivery normal negative
Karton war aufgerissen
Das Paket kam beschädigt an, zwei Gläser fehlen.

de delivery normal neutral
Größe 38 statt 42
Bestellt hatte ich Größe 42, im Karton lag 38.

de account normal neutral
Neue Kollegin anlegen
Bitte legen Sie für Frau Abendroth einen Zugang mit Leserechten an.

de account high negative
Komme nicht mehr rein
Mein Kennwort wird seit dem Wochenende abgelehnt, und der Link zum Zurücksetzen ist jedes Mal abgelaufen.

de complaint normal negative
So geht man nicht mit Kunden um
Am Telefon wurde ich erst angeschrien und dann aus der Leitung geworfen. Ich erwarte eine Entschuldigung.

de complaint normal negative
Immer noch keine Reaktion
Auf drei Schreiben hat niemand geantwortet. Ein solcher Umgang ist eine Zumutung.

de other low positive
Lob
Euer Team in Kiel ist großartig, richten Sie das bitte aus!

fr bug normal neutral
Les photos ne s'affichent plus
Depuis hier la galerie montre des carrés gris à la place des images.

fr bug high negative
Caisse figée en plein service
Le logiciel se ferme tout seul à chaque ticket, nous avons dû renvoyer des clients. Il faut réparer tout de
suite.

fr bug critical negative
Le chargeur a pris feu
Des flammes sont sorties de la prise cette nuit, mon fils a été légèrement brûlé à la main.

fr question low neutral
Tarif étudiant
Bonjour,
.
Je voudrais savoir si vous avez un tarif pour les étudiants.
.
Cordialement,
Maud

fr question low neutral
Version hors ligne
Est-ce que l'application peut être utilisée dans l'avion ?

fr request normal neutral
Fin de contrat
Je déménage à l'étranger et souhaite mettre fin à mon contrat au 30 juin.

fr request low neutral
Suggestion
Ce serait pratique de pouvoir trier la liste par date.

fr billing normal negative
Prélevé après la résiliation
J'ai arrêté en mai et vous avez encore pris 15 euros en juin. Rendez-moi cet argent.

fr billing normal neutral
Facture au nom de la société
Pourriez-vous refaire la facture avec le numéro de TVA de l'entreprise ?

fr delivery normal neutral
Il manque une chaise
Trois cartons sont arrivés au lieu de quatre.

fr delivery high negative
Toujours rien
Le livreur devait passer mardi, puis jeudi, puis samedi. Personne n'est jamais venu et je suis très en colère.

fr account normal neutral
Nouvel identifiant
Comment modifier l'adresse avec laquelle je me connecte ?

fr account high negative
Je ne peux plus entrer
Mon mot de passe est refusé et le lien de réinitialisation n'arrive pas.

fr complaint normal negative
Accueil déplorable
Votre conseillère m'a coupé la parole et m'a traité de menteur. C'est honteux.

fr other low positive
Bravo
Un grand bravo à Karim, il a été adorable et très efficace.

es bug normal neutral
El informe sale en blanco
Al descargar el informe de ventas el archivo no contiene datos.

es bug high negative
Nada funciona desde esta mañana
El programa se cuelga al abrir cualquier ficha y tenemos la consulta llena. Necesitamos ayuda inmediata.

es bug critical negative
Salió humo del enchufe
El cargador se derritió y hubo un pequeño incendio en la cocina.

es question low neutral
Equipaje de mano
¿Puedo llevar una guitarra en la cabina?

es question low neutral
Diferencias entre planes
Buenas tardes,
.
¿qué incluye el plan superior que no tenga el básico?
.
Un saludo,
Irene

es request normal neutral
Cambio de cita
No podremos estar el lunes. ¿Podrían pasar la instalación al miércoles?

es request normal neutral
Quiero dejar el gimnasio
Deseo terminar mi contrato a final de mes. Confírmenlo, por favor.

es billing normal negative
Me siguen cobrando
Me di de baja en abril y en mayo volvieron a quitarme 30 euros de la cuenta.

es billing normal neutral
Factura de la empresa
Necesito la factura a nombre de la sociedad, con su número fiscal.

es delivery normal neutral
Faltan dos libros
En la caja solo venía uno de los tres libros que compré.

es delivery high negative
Un mes esperando la lavadora
El repartidor nunca aparece y estoy harta de perder mañanas enteras.

es account normal neutral
Alta de una compañera
Por favor, den acceso de solo lectura a la nueva compañera.

es account high negative
No me deja entrar
Dice que la clave es incorrecta y el código nunca llega a mi móvil.

es complaint normal negative
Trato inadmisible
La persona que me atendió se rió de mí y colgó el teléfono. Exijo una disculpa.

es other low positive
Felicitaciones
Solo quería decir que Lucía me ayudó de maravilla.

en bug normal neutral
Subtitles run ahead of the film
On the living room set the subtitles appear two seconds too early. Other films are fine.

en bug high negative
Ovens will not light since the inspection
Two of our three ovens refuse to light and the bakery opens at five. We are losing a day's trade.

en bug critical negative
Spark and smoke from the socket adapter
It hissed, sparked, and my daughter got a shock. The wall is black.

en bug normal neutral
Odometer jumps
The trip counter jumps back to zero whenever I start the engine.

en question low neutral
Soy
Do the vegetable dumplings contain soy?

en question low neutral
Opening hours at Easter
Will the branch on Mill Lane be open on Easter Monday?

en question low positive
Second coat
I love the colour! How long should I wait before the second coat?

en question low neutral
Pets
Which of your cottages take dogs, and is there an extra form to fill in?

en request normal neutral
New seats for the workshop
We are now eleven. Please reserve two further places in the workshop on the 9th.

en request low neutral
Wish
It would be handy if the recipe could be scaled to the number of guests.

en request normal neutral
Stop the printed catalogue
Kindly take me off the list for the catalogue, I read it on the screen.

en billing normal neutral
Statement for the tax office
May I have a yearly summary of everything that I paid in 2025?

en billing high negative
Why 300 instead of 30?
You took 300 pounds for a 30 pound ticket. I could not pay my rent because of it. Return it today.

en billing normal neutral
Change of bank
From May please collect the monthly fee from our new bank account.

en delivery normal negative
Roses wilted
The flowers spent three days in the van and were brown when they came.

en delivery normal neutral
Where has my bookcase got to?
It left the warehouse on Tuesday according to your mail, and the courier knows nothing of it.

en account high negative
Code goes to a phone that I no longer have
I cannot sign in: the code is sent to my old number and there is no other way.

en account normal neutral
Colleague has left
Please remove the user p.lindgren, he no longer works here.

en complaint normal negative
Laughed at
When I asked for help your colleague laughed at me and walked away.

en complaint high negative
Ignored for two months
I have written every week since March and been ignored. My lawyer will write next.

en other low positive
Thanks to Mei
Mei stayed an hour longer to help us. Please tell her how grateful we are.

de bug normal neutral
Lautstärke springt
Beim Senderwechsel springt die Lautstärke jedes Mal auf Maximum.

de bug high negative
Schranke öffnet nicht
Die Schranke am Parkhaus bleibt zu, dreißig Autos kommen nicht heraus. Wir brauchen sofort Hilfe.

de bug critical negative
Stromschlag am Griff
Als ich den Griff anfasste, bekam ich einen Schlag, mein Arm ist taub.

de question low neutral
Glutenfrei?
Ist das Brot glutenfrei gebacken?

de question low neutral
Anreise
Welche Straßenbahn fährt vom Bahnhof zu Ihnen?

de request normal neutral
Adressänderung
Ich ziehe um. Bitte schicken Sie die Zeitschrift ab Mai an die neue Anschrift.

de request normal neutral
Kurs absagen
Ich muss den Kurs am Samstag leider absagen, bitte streichen Sie mich von der Liste.

de billing normal neutral
Rabatt für Vereine
Bekommen gemeinnützige Vereine einen Nachlass auf den Jahresbeitrag?

de billing high negative
Kaution immer noch nicht da
Seit zwei Monaten warte ich auf die Kaution von 900 Euro, ich brauche das Geld dringend!

de delivery normal negative
Falsche Sohlen
Statt der Ledersohlen waren Gummisohlen in der Schachtel. Ärgerlich.

de account normal neutral
Zweites Gerät
Wie melde ich mich auf einem zweiten Telefon mit demselben Konto an?

de complaint normal negative
Unverschämter Ton
Ihre Mitarbeiterin hat mich vor allen Leuten beschimpft.

de other low positive
Danke an den Fahrer
Der Fahrer war so freundlich und hat alles in den dritten Stock getragen, toll!

fr bug normal neutral
Le son coupe
Le son coupe toutes les dix minutes quand je regarde en plein écran.

fr bug high negative
Portail bloqué
Le portail ne s'ouvre plus et personne ne peut sortir de la cour. Venez tout de suite.

fr question low neutral
Allergènes
Y a-t-il des noix dans ce gâteau ?

fr question low neutral
Horaires
À quelle heure ferme la piscine le dimanche ?

fr request normal neutral
Report du stage
Pourriez-vous déplacer mon stage de la semaine 12 à la semaine 14 ?

fr billing high negative
Double prélèvement du loyer
Le loyer a été prélevé deux fois et mon compte est à découvert. Remboursez-moi aujourd'hui.

fr billing normal neutral
Attestation de paiement
Il me faut une attestation de ce que j'ai payé en 2025 pour les impôts.

fr delivery normal negative
Verres brisés
Le carton était mal fermé et quatre verres sur six sont brisés.

fr account normal neutral
Supprimer un utilisateur
Notre ancien stagiaire a encore accès, merci de retirer ses droits.

fr complaint normal negative
Quel mépris
Le serveur s'est moqué de nous et a refusé de nous répondre.

fr other low positive
Merci à toute l'équipe
Nous avons passé un séjour formidable grâce à vous.

es bug normal neutral
La imagen parpadea
La imagen parpadea cuando subo el brillo por encima de la mitad.

es bug high negative
El ascensor se para
El ascensor se para entre dos pisos y hay vecinos mayores que no pueden bajar. Es urgente.

es question low neutral
Vegano
¿La crema lleva leche?

es question low neutral
Parada
¿Dónde se coge el autobús al aeropuerto?

es request normal neutral
Otra mesa
Seremos diez en vez de ocho. ¿Nos pueden reservar una mesa más grande?

es billing normal neutral
Justificante
Necesito un justificante del pago de la matrícula.

es billing high negative
Cobrado por error
Me han cobrado 400 euros por un curso que no pedí. Devuélvanmelos ya.

es delivery normal negative
Cristal roto
La lámpara llegó con el cristal roto por culpa del transporte.

es account normal neutral
Cambiar el correo de acceso
Quiero entrar con mi correo nuevo en lugar del antiguo.

es complaint normal negative
Falta de educación
El encargado me gritó delante de mis hijos.

es other low positive
Gracias, Marta
Marta fue un encanto y nos ayudó en todo.
"""

HELD_OUT = """\
en bug normal neutral
Rear camera shows a grey picture
Since I washed the van the rear camera gives me nothing but grey.

en bug high negative
Tills froze on market day
Both tills went dead at ten and a queue of sixty people walked off. This must be sorted out immediately.

en bug normal neutral
Rounding
The quote adds up to 99.99 although the three lines make 100.

en bug critical negative
Gas smell after your fitter left
We smell gas in the kitchen since yesterday's repair and have left the house.

en question low neutral
Age limit
From what age can children join the climbing course?

en question low neutral
Paint and radiators
Can this paint go on radiators?

en question low positive
Great boots
The boots are superb. Do you make them in brown too?

en request normal neutral
Reprint of a badge
My name is misspelt on the badge. Please print it again as Sørensen.

en request low neutral
Bigger letters
An option for larger type in the menu would please my parents.

en billing normal neutral
Receipts by post
Could the monthly receipt come by post from now on?

en billing high negative
Direct debit gone out twice
The insurance premium left my account twice on the first. I am overdrawn and it is your fault.

en delivery normal negative
Tyres left in the rain
Your driver dropped four tyres on the pavement and drove off.

en delivery normal neutral
Pick-up point closed
The shop to which the parcel went is shut until August. How do I get it?

en account normal neutral
Married name
I have married. Please change my user name to e.tanaka.

en account high negative
Locked before the exam
My student account is blocked and the exam starts in an hour!

en complaint normal negative
The lady at desk four
She rolled her eyes, told me I was stupid and sent me away.

en other low positive
A word of praise
The new playground is a joy, thank you.

de bug normal neutral
Rollladen fährt nur halb
Der Rollladen bleibt seit gestern auf halber Höhe stehen.

de bug high negative
Kühlung im Markt ausgefallen
Die Truhen werden warm, uns verdirbt die Ware. Bitte kommen Sie unverzüglich.

de question low neutral
Mitnahme von Hunden
Dürfen Hunde mit in den Bus?

de request normal neutral
Zweitschrift
Ich habe mein Zeugnis verloren und bitte um eine Zweitschrift.

de billing normal negative
Zu viel verlangt
An der Kasse wurden mir 8 statt 5 Euro abgenommen. Das finde ich nicht in Ordnung.

de delivery normal neutral
Nachsendung
Die Post brachte die Bücher zum alten Büro. Können Sie sie umleiten?

de account normal neutral
Neue Mailadresse
Meine alte Mailadresse gibt es nicht mehr, bitte hinterlegen Sie die neue in meinem Profil.

de complaint normal negative
Abgewiesen
Der Pförtner hat mich wie Luft behandelt und mir nicht einmal geantwortet.

fr bug normal neutral
La minuterie s'emballe
Le four affiche n'importe quoi et la minuterie repart sans arrêt à zéro.

fr question low neutral
Vestiaire
Peut-on laisser une valise au vestiaire ?

fr request normal neutral
Changer de créneau
Je ne suis pas libre le 4, auriez-vous une place le 6 ?

fr billing normal negative
Remise oubliée
La remise de fidélité n'apparaît pas sur ma note, j'ai payé plein tarif.

fr account high negative
Compte fermé sans prévenir
Mon espace client a été fermé et je dois déclarer mes heures ce soir.

fr complaint normal negative
Personnel odieux
La caissière m'a hurlé dessus sans raison.

es bug normal neutral
El mando no responde
Desde ayer el mando abre la puerta solo a la tercera.

es question low neutral
Talla de guantes
¿Qué talla corresponde a una mano de 20 centímetros?

es request normal neutral
Copia del título
Perdí mi título y querría otro ejemplar.

es billing normal negative
Comisión que nadie explicó
Me descontaron 12 euros de comisión sin avisar.

es delivery normal neutral
Dirección equivocada
Puse mal el número de la calle, ¿pueden avisar al mensajero?

es account high negative
Perfil bloqueado
Mi perfil está bloqueado y hoy vence el plazo de la beca.

es complaint normal negative
Malos modos
El portero nos empujó y nos llamó de todo.
"""


def tickets(text: str) -> list[tuple[str, ...]]:
    """(language, kind, severity, sentiment, subject, text). A line with a full stop alone stands for an empty one."""
    found = []
    for entry in text.strip().split("\n\n"):
        labels, subject, *lines = entry.split("\n")
        text = "\n".join("" if line == "." else line for line in lines)
        found.append((*labels.split(), subject, text))
    return found
