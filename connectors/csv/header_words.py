"""Headers that exporters write, by language.

`csv/layouts.py` applies these tables. Outlook writes a second column of a kind as
"Business Phone 2" or "Téléphone 2 (bureau)", so digits are ignored in a lookup.
"""

from functools import cache

from connectors.csv import header_languages
from connectors.csv.columns import fold_header, spell_umlauts

GIVEN = "given_name"
FAMILY = "family_name"

# Sources of the words (header rows that programs were seen to write or to expect):
# - Google Contacts, old: `Name,Given Name,Additional Name,Family Name,Yomi Name,...,
#   Group Membership,Phone 1 - Type,Phone 1 - Value, Organization 1 - Name`; new (2023 and later):
#   `First Name,Middle Name,Last Name,Phonetic First Name,...,File As,Organization Name, ...,
#   Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value`.
# - Outlook, English: the wizard's row as Google's "Outlook CSV" repeats it. German: Open-Xchange,
#   import tests (bug 9367). French: header row of Outlook 2003 in an Outlook exporter for PHP, and
#   Roundcube, localization/fr_FR/csv2vcard.inc. Spanish: Roundcube,
#   localization/es_ES/csv2vcard.inc. Italian: header row of a Thunderbird-to-Outlook converter.
#   Polish: header row of a CSV converter for Outlook. Dutch: Kopano/Zarafa web client,
#   CSVContactImporterTest. Portuguese: header row of the gpweb exporter (Brazil), and Roundcube,
#   localization/pt_BR/csv2vcard.inc. Czech: no complete header row was found; these are the field
#   names of Outlook's Czech window, in the two spellings in use.
# - Thunderbird: `First Name,Last Name,Display Name,Nickname,Primary Email,...,Work Phone,
#   Home Phone,Fax Number,Pager Number, Mobile Number` (British English writes `Organisation`).
# - FreePBX Contact Manager: `bulkhandlerGetHeaders` in its Contactmanager.class.php. Wazo:
#   phonebook import. Yeastar P series: import parameters.
_NAMES = {
    "name": (
        "Full Name|Display Name|Contact Name|Contact|displayname|Caller ID Name|Voller"
        " Name|Anzeigename|Angezeigter Name|Nom complet|Nom à afficher|Nombre completo|Nombre en"
        " pantalla|Nome completo|Nome visualizzato|Mostrar nome|Imię i nazwisko|Nazwa"
        " wyświetlana|Nazwa|Celé jméno|Jméno a příjmení|Zobrazované jméno|Volledige"
        " naam|Weergavenaam"
    ),
    # These are names only if no other column is ("Firma;Kontakt;Telefon").
    "maybe_name": "Kontakt|Employee",
    GIVEN: (
        "First Name|Given Name|Forename|fname|givenname|Vorname|Prénom|Nombre de pila|Primeiro"
        " nome|Nome próprio|Imię|Křestní jméno|Voornaam"
    ),
    "middle_name": (
        "Middle Name|Additional Name|Weitere Vornamen|Deuxième prénom|Segundo nombre|Secondo"
        " nome|Segundo nome|Nome do meio|Drugie imię|Druhé jméno|Prostřední jméno|Middelste naam"
    ),
    FAMILY: (
        "Last Name|Family Name|Surname|lname|sn|Nachname|Familienname|Nom de"
        " famille|Apellidos|Apellido|Cognome|Sobrenome|Último"
        " nome|Apelido|Nazwisko|Příjmení|Achternaam"
    ),
    "suffix": "Name Suffix|Suffix|Suffixe|Sufijo|Titolo straniero|Sufixo|Sufiks|Achtervoegsel",
    "phonetic_given_name": "Phonetic First Name|Given Name Yomi|Given Yomi",
    "phonetic_family_name": "Phonetic Last Name|Family Name Yomi|Surname Yomi",
    "sort_name": "File As|Speichern unter",
    "organization": (
        "Company|Organization|Organisation|Organization Name|Organization 1 - Name|Company"
        " Name|Work Company"
        "|society|Firma|Unternehmen|Société|Entreprise|Organización|Empresa|Compañía|Società"
        "|Azienda|Organização"
        "|Společnost|Organizace|Bedrijf|Organisatie"
    ),
    "department": (
        "Department|Organization Department|Organization 1 - Department|Work"
        " Dept|Abteilung|Service|Departamento|Reparto|Dział|Oddělení|Afdeling"
    ),
    "title": (
        "Job Title|Organization Title|Organization 1 - Title|Position|Work"
        " Title|Funktion|Fonction|Puesto|Cargo|Posizione|Stanowisko|Funkce|Pracovní pozice|Functie"
    ),
    # In Outlook this is how a person is addressed, in FreePBX the position. French Outlook has it
    # twice, the position second.
    "maybe_title": "Title|Titel|Titre|Título|Titolo|Tytuł|Titul",
    "groups": (
        "Group"
        " Membership|Labels|Categories|groupname|Groups|Group|Kategorien|Gruppe|Gruppen|"
        "Catégories|Groupe"
        "|Categorías|Grupo|Categorie|Gruppo|Categorias|Kategorie|Grupa|Skupina|Categorieën"
        "|Categorien|Groep"
    ),
    "email": (
        "E-mail Address|E-mail|Email|Email Address|Primary Email|Secondary"
        " Email|Mail|E-Mail-Adresse|E-Mail: Adresse|Primäre E-Mail-Adresse|Sekundäre"
        " E-Mail-Adresse|Adresse de messagerie|Adresse e-mail|Adresse de courrier|Courriel|Adresse"
        " électronique principale|Dirección de correo electrónico|Dirección del correo"
        " electrónico|Correo electrónico|Indirizzo posta elettronica|Indirizzo e-mail|Endereço de"
        " E-mail|Endereço de email|Correio eletrónico|Adres e-mail|E-mailová adresa|E-mailadres"
    ),
    "id": "id|uid|Contact ID|Unique ID|externalid|employeenumber",
}

_NUMBERS = {
    "work": (
        "Business Phone|Work Phone|Office Phone|Business Number|Work"
        " Number|officenumber|Work|Business|Telefon geschäftlich|Telefon dienstlich|Tel."
        " dienstlich|Telefonnummer geschäftlich|Telefon Büro|Geschäftlich|Dienstlich|Téléphone"
        " (bureau)|Tél. professionnel|Téléphone professionnel|Teléfono del trabajo|Teléfono"
        " (Trabajo)|Teléfono trabajo|Ufficio|Telefono (uff.)|Telefono ufficio|Telefone"
        " comercial|Fone comercial|Telefone do emprego|Telefone da empresa|Telefon służbowy|Telefon"
        " do zaměstnání|Telefon (zaměstnání)|Telefon do práce|Telefoon op werk|Telefoon"
        " werk|Werktelefoon"
    ),
    "mobile": (
        "Mobile Phone|Mobile Number|Mobile|Cell Phone|Cell|Cellphone|Cellular|mobilenumber|Home"
        " Mobile|Work"
        " Mobile|Mobiltelefon|Mobil|Mobilnummer|Mobiltelefonnummer|Mobil-Tel.-Nr.|Handy|"
        "Handynummer|Tél."
        " mobile|Téléphone mobile|Portable|Téléphone portable|Mobile (GSM)|GSM|Teléfono"
        " móvil|Número de móvil|Móvil|Teléfono celular|Celular|Cellulare|Telefono"
        " cellulare|Telefone celular|Celular pessoal|Telemóvel|Telefon komórkowy|Komórka|Mobilní"
        " telefon|Mobiele telefoon|Mobiel"
    ),
    "home": (
        "Home Phone|Home Number|homenumber|Home|Private Phone|Telefon privat|Telefon (privat)|Tel."
        " privat|Privat|Téléphone (domicile)|Tél. personnel|Domicile|Particular|Teléfono"
        " particular|Teléfono de casa|Teléfono personal|Abitazione|Telefono (ab.)|Telefono"
        " casa|Telefone residencial|Fone de casa|Telefone da residência|Telefon domowy|Telefon"
        " domů|Telefon (domů)|Domácí telefon|Telefoon thuis|Telefoon privé"
    ),
    "main": (
        "Company Main Phone|Primary Phone|Main Phone|Main Number|Main|Telefon"
        " Firma|Haupttelefon|Zentrale|Téléphone société|Téléphone principal|Standard"
        " téléphonique|Teléfono principal|Número de centralita de la organización|Teléfono de la"
        " compañía|Telefono principale società|Telefono principale|Telefone principal da"
        " empresa|Telefone principal|Fone Primario|Główny telefon do firmy|Telefon"
        " podstawowy|Telefon společnosti|Hlavní telefon společnosti|Hlavní telefon|Hoofdtelefoon"
        " bedrijf|Hoofdtelefoon"
    ),
    "fax": (
        "Business Fax|Home Fax|Other Fax|Work Fax|Fax Number|Fax|faxnumber|Fax geschäftlich|Fax"
        " privat|Weiteres Fax|Fax-Nummer|Télécopie (bureau)|Télécopie (domicile)|Télécopie"
        " (autre)|Télécopie|Fax del trabajo|Fax particular|Otro fax|Fax (uff.)|Fax (ab.)|Altro"
        " fax|Fax comercial|Fax residencial|Fax de casa|Outro Fax|Número de Fax|Fax do emprego|Faks"
        " służbowy|Faks domowy|Inny faks|Faks|Fax do zaměstnání|Fax (zaměstnání)|Fax domů|Fax"
        " (domů)|Jiný fax|Fax op werk|Fax thuis|Andere fax"
    ),
    "pager": (
        "Pager|Pager Number|Pager-Nummer|Récepteur de"
        " radiomessagerie|Buscapersonas|Localizador|Cercapersone|Número do Pager|Operátor"
    ),
    "internal": (
        "Extension|Ext|Internal|Internal Number|Extension"
        " Number|Durchwahl|Nebenstelle|Intern|Interne Nummer|Poste interne|Numéro"
        " interne|Extensión|Anexo|Interno|Ramal|Wewnętrzny|Numer"
        " wewnętrzny|Linka|Klapka|Toestel|Toestelnummer|Doorkiesnummer"
    ),
    "other": (
        "Number|Phone|Phone Number|Telephone|Telephone Number|Tel|Phone No|Tel"
        " No|Telefon|Telefonnummer|Rufnummer|Nummer|Téléphone|Numéro|Numéro de"
        " téléphone|Teléfono|Número|Número de teléfono|Telefono|Numero|Numero di"
        " telefono|Telefone|Fone|Número de telefone|Numer|Numer telefonu|Číslo|Telefonní"
        " číslo|Telefoon|Telefoonnummer|Other Phone|othernumber|Other|Car Phone|Radio"
        " Phone|Callback|ISDN|TTY/TDD Phone|Assistant's Phone|Weiteres"
        " Telefon|Autotelefon|Rückmeldung|Mobilfunk|Telefon für Hörbehinderte|Telefon"
        " Assistent|Téléphone (autre)|Téléphone (voiture)|Radio téléphone|Rappel|RNIS|Téléphone"
        " TDD/TTY|Téléphone de l'assistant(e)|Otro teléfono|Teléfono del"
        " automóvil|Radioteléfono|Devolución de llamada|RDSI|Teléfono del ayudante|Altro"
        " telefono|Telefono auto|Radiotelefono|Richiamata automatica|Telefono TTY/TDD|Telefono"
        " assistente|Outro telefone|Outro Fone|Telefone do carro|Fone do carro|Radiofone|Retorno de"
        " chamada|Telefone TTY/TDD|Telefone do assistente|Fone do Assistente|Inny telefon|Telefon w"
        " samochodzie|Radiotelefon|Wywołanie zwrotne|Telefon TTY/TDD|Telefon asystenta|Jiný"
        " telefon|Telefon do auta|Telefon asistenta|Zpětné volání|Andere"
        " telefoon|Autotelefoon|Radiotelefoon|Terugbellen|Teksttelefoon|Telefoon assistent"
    ),
}

_PRIVATE = (
    "Private|Privat|Privé|Privado|Privada|Privato|Privata|Particular|Prywatne|Prywatny|Prywatna"
    "|Sprawa"
    " prywatna|Soukromé|Soukromý|Soukromá|Privativo"
)


def _table(*tables: dict[str, str]) -> dict[str, str]:
    """Return folded header -> meaning from tables of "meaning: headers".

    The first meaning of a header is kept.
    """
    found: dict[str, str] = {}
    for table in tables:
        for meaning, headers in table.items():
            for header in headers.split("|"):
                found.setdefault(fold_header(header), meaning)
                found.setdefault(fold_header(spell_umlauts(header)), meaning)
    return found


# The tables are built when a file is read. The web process imports this module and reads none.


@cache
def fields() -> dict[str, str]:
    """Return folded header -> the name of a field of `Layout` or "maybe_..."."""
    return _table(_NAMES, header_languages.NAMES)


@cache
def numbers() -> dict[str, str]:
    """Return folded header -> the kind of the numbers below it."""
    return _table(_NUMBERS, header_languages.NUMBERS)


@cache
def private() -> frozenset[str]:
    """Return the folded headers of Outlook's tick "Private".

    A home number may stand below the same word, so the cell decides.
    """
    return frozenset(
        fold_header(word) for word in f"{_PRIVATE}|{header_languages.PRIVATE}".split("|")
    )


_YES = (
    "true|yes|y|1|x|wahr|ja|vrai|oui|verdadero|sí|si|vero|sì|prawda|tak|pravda|ano|waar|"
    "verdadeiro|sim"
)
_NO = "false|no|n|0|falsch|nein|faux|non|falso|fałsz|nie|nepravda|ne|onwaar|nee|não|nao"

YES = frozenset(f"{_YES}|{header_languages.YES}".casefold().split("|"))
NO = frozenset(f"{_NO}|{header_languages.NO}".casefold().split("|"))
"""What exporters and people write for yes and no, in small letters."""

_FAMILY_NAMES = (
    "Apellidos|Apellido|Cognome|Sobrenome|Apelido|Último"
    " nome|Příjmení|Priezvisko|Prezime|Priimek|Фамилия|Прізвище|Фамилно"
    " име|Επώνυμο|Επίθετο|Soyad|Soyadı|Soyisim|Pavardė|Uzvārds|姓|姓氏|성|นามสกุล|שם משפחה|اسم"
    " العائلة|الاسم الأخير|اللقب|الكنية|उपनाम|अंतिम नाम"
)

_BESIDE = (
    # German, French, Dutch, Danish and Norwegian, Swedish, Romanian, Finnish, Hungarian.
    (
        "Name|Nom|Naam|Navn|Namn|Nume|Nimi|Név",
        (
            "Vorname|Rufname|Prénom|Prénom"
            " usuel|Voornaam|Fornavn|Förnamn|Prenume|Etunimi|Utónév|Keresztnév"
        ),
        FAMILY,
        "name",
    ),
    # Spanish, Italian and Portuguese, Czech, Slovak, Croatian, Serbian and Slovene, Russian,
    # Ukrainian, Bulgarian, Greek, Turkish, Lithuanian, Latvian, Chinese and Japanese, Korean, Thai,
    # Hebrew, Arabic, Hindi.
    (
        (
            "Nombre|Nome|Jméno|Meno|Ime|Имя|Ім'я|Име|Όνομα|Ad|Adı|Vardas|Vārds|名|名字|이름|ชื่อ|שם"
            "|الاسم|नाम"
        ),
        _FAMILY_NAMES,
        GIVEN,
        "name",
    ),
    # In Outlook's Arabic exports this is how a person is addressed. The family name stands in
    # another column.
    ("اللقب", "اسم العائلة|الاسم الأخير|الكنية", "maybe_title", FAMILY),
)


@cache
def beside() -> dict[str, tuple[frozenset[str], str, str]]:
    """Return words of two meanings -> other headers and both meanings.

    The first meaning holds beside one of these headers, the second without
    ("Name,Vorname,Telefon").
    """
    return {
        fold_header(word): (
            frozenset(fold_header(other) for other in others.split("|")),
            meaning,
            alone,
        )
        for words, others, meaning, alone in _BESIDE
        for word in words.split("|")
    }


LABELS = {
    "fax": "fax|faks|telefax|télécopie|telecopie",
    "pager": "pager|beeper|cercapersone|buscapersonas",
    "internal": "internal|extension|ext|intern|interne|interno|durchwahl|nebenstelle",
    "mobile": (
        "mobile|cell|cellular|mobil|handy|iphone|portable|móvil|celular|cellulare|telemóvel"
        "|komórka|komórkowy|mobilní|mobiel"
    ),
    "main": "main|primary|haupt|hauptnummer|zentrale|principal|principale|główny|hlavní|hoofd",
    "work": (
        "work|business|office|arbeit|geschäftlich|dienstlich|büro|bureau|travail|trabajo"
        "|ufficio|lavoro|trabalho"
        "|comercial|praca|służbowy|práce|zaměstnání|werk"
    ),
    "home": (
        "home|private|privat|zuhause|domicile|casa|particular|abitazione|residencial|domowy|dom"
        "|domů|thuis|privé"
    ),
}
"""Words within a number's label -> its kind, strongest first: a "Work Fax" is a fax."""
