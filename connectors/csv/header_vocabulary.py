"""Words of headers of telephone numbers and e-mail addresses, by meaning.

A header is read word by word (`csv/header_meaning.py`), so that "Phone (Work)",
"workPhone" and "phone_work" need one entry. The words come from Outlook's exports in 35
languages, from other programs and from lists made by hand. They are compared folded
(`columns.fold_header`).
"""

from functools import cache

from connectors.csv.columns import fold_header, spell_umlauts

PHONE, NUMBER, NOISE, COMPANY, ADDRESS, EMAIL = (
    "phone",
    "number",
    "noise",
    "company",
    "address",
    "email",
)

ALONE = {
    "fax": (
        "fax faxes telefax telefaks telefaksi faks faksi facsimile télécopie télécopieur φαξ факс"
        " 传真 傳真 팩스 ファックス ファクス فاكس الفاكس פקס faksu faxové факса факсу फ़ैक्स फैक्स"
        " โทรสาร faksas faksograma fakss faksı"
    ),
    "pager": (
        "pager beeper cercapersone buscapersonas localizador personsøger personsøker personsökare"
        " hakulaite személyhívó пейджер пейджър 寻呼机 呼叫器 ポケットベル 호출기 النداء איתורית"
        " เพจเจอร์ javljač pozivnik pejdžer peiler peidžeris"
    ),
    "internal": (
        "extension extensions extn ext durchwahl nebenstelle nst dw klappe toestel toestelnummer"
        " doorkiesnummer anknytning ankn nebenst lokalnummer internnummer alanumero mellék"
        " εσωτερικό добавочный доб внутр додатковий dahili wewn mell εσωτ extensão ramal anexo"
        " extensión linka klapka apparat hausapparat hausruf 分机 分機 内線 内线 內線 내선 التحويلة"
        " تحويلة שלוחה एक्सटेंशन lokalnr"
    ),
    "mobile": (
        "mobile mobil cell cellphone cellular handy mobilfunk natel smartphone gsm móvil celular"
        " cellulare telefonino telemóvel komórka мобильный мобільний сотовый моб сот κιν mobiel"
        " matkapuhelin kännykkä mobitel мобильник κινητό 手机 手機 携帯 휴대폰 휴대전화 핸드폰"
        " 모바일 الجوال جوال المحمول موبايل נייד الموبايل موبايل मोबाइल มือถือ mob cel telem"
        " handphone"
    ),
    "main": (
        "switchboard telefonzentrale växel puhelinvaihde fővonala hovednummer sentralbord vaihde"
        " ústředna коммутатор centralino centralita centrala 代表線 总机 總機"
    ),
    "work": "direct did ddi 直通 direkt direkte direktwahl",
    "other": "landline festnetz lankapuhelin vezetékes 座机 固话 σταθερό",
}
"""Kind -> words that mean a number of that kind by themselves."""

PLACES = {
    "internal": (
        "ip internal intern interne interner interno interna interní wewnętrzny внутренний"
        " внутрішній daxili داخلي vnitřní interior wewn внутр"
        " poste"
    ),
    "mobile": (
        "portable portabel komórkowy mobilní mobilný mobilni mobilny mobiele mobilus mobilusis"
        " mobilais mobiil mobilă мобильный мобильного мобільний мобилен сотовый переносной prenosni"
        " cep 移动 移動 行動 متحرك محمول kom моб"
    ),
    "assistant": (
        "assistant asst assistent assistente assistenten assistentens asistenta asistent asystenta"
        " asistente ayudante sekretariat avustajan asszisztens помощника помічника βοηθού"
        " yardımcının 助理 助理的 秘書 비서 المساعد העוזר assistenta pomoćnika pomoćnikov"
        " pomočnikov abi padėjėjo ผู้ช่วย"
    ),
    "main": (
        "main headquarters switchboard central haupt zentrale zentral centrale główny centraal"
        " hlavní hlavný hoofd hoved huvud vaihde fő központi κύριο κεντρικό главный главен основен"
        " ana santral 主要 代表 대표 الرئيسي رئيسي ראשי עיקרי मुख्य หลัก glavni põhi galvenais"
        " algemeen"
    ),
    "work": (
        "work business office job desk arbeit geschäft geschäfts geschäftlich geschäftliche"
        " geschäftl gesch dienst dienstlich dienstl dienstliche büro beruflich arbeitsplatz bureau"
        " professionnel professionnelle pro travail trabajo oficina laboral ufficio uff lavoro"
        " trabalho serviço trab bur prof służb sł pracy prac pracovní zaměst comercial profissional"
        " emprego escritório służbowy praca biuro práce práca zaměstnání zam werk kantoor zakelijk"
        " zakelijke arbete arbets jobb kontor arbejde arbejds arbeid arbeids arb työ toimisto"
        " hivatali munkahelyi munka irodai serviciu birou εργασίας γραφείου рабочий раб рабочего"
        " служебный офис офиса прямой офисный робочий роб службовий служебен işyeri ofis 商务 商務"
        " 办公 辦公 办公室 辦公室 工作 会社 公司 勤務先 職場 근무처 근무지 직장 사무실 회사 العمل"
        " عمل المكتب בעבודה עבודה משרד कार्यालय व्यवसाय bus ofc off diretto directo direto directe"
        " direkt direkte bezpośredni direktwahl ธุรกิจ ที่ทำงาน službeni poslovni posao poslu töö"
        " darbo darbā közvetlen aziendale dir"
    ),
    "home": (
        "home private privat priv personal residence residential zuhause domicile privé perso"
        " personnel personnelle particular casa domicilio abitazione abit ab maison dom house huis"
        " res prywatny soukromý личный bostad residencial residência domowy domů domov domácí thuis"
        " hem hjem hjemme koti otthoni lakás domiciliu acasă οικίας σπιτιού домашний дом домашній"
        " домашен ev 住宅 住家 家庭 自宅 집 자택 المنزل منزل البيت בבית בית घर บ้าน kućni kodu namų"
        " mājās"
    ),
    "first": (
        "primary principal principale primaire primär primær ensisijainen elsődleges основной"
        " основний birincil primární primárny primarni primārais esmane podstawowy الأساسي 通常"
        " 기본 pagrindinis"
    ),
    "other": (
        "other alternate alternative additional second secondary further weiteres weitere autre"
        " otro altro outro inny jiný iný andere ander anders anden andet annan annat annen muu"
        " egyéb másik más alt αλλο другой інший друг diğer 其他 その他 기타 آخر אחר अन्य อื่น drugi"
        " kitas cits fixed fixe fijo fisso fixo vast vaste stacjonarny fastnet стационарный"
        " городской sabit σταθερό fix general kontaktowy контактный 유선 일반 固定 car"
        " auto autó bil radio rádió raadio callback tty tdd yahoo voip telsiz araç радио радіо"
        " машине машині автомобилен 無線 無線電話 无绳 自動車 车载 汽車 무선 الراديوي السيارة ברכב"
        " רדיו radijski automobilski tekstualni automobilu automobilinis radijo automašīnā resposta"
    ),
}
"""Kind -> words that mean it beside a word for a telephone, the stronger first.

"Home Office Phone" is at work. "assistant" is somebody else's number, kind other.
"first" is the main one if no place is named: "Primary Home Phone" is at home.
"""

WORDS = {
    PHONE: (
        "phone phones telephone telephones tel tels telefon telephon fon fone téléphone tél"
        " teléfono telefono telefone telefoon telefonu telefonul telefonní telefonski telefonas"
        " telefonszám telefonszáma tlf tfn puhelin puh rufnummer telefón τηλέφωνο τηλεφώνου τηλ"
        " телефон телефона тел 电话 電話 전화 هاتف الهاتف تلفون טלפון फ़ोन फोन टेलीफ़ोन โทรศัพท์"
        " โทร tālrunis telepon telp ph telef teléf rufnr tfno telf telefónne telefonico telefónico"
        " телефоны दूरभाष"
    ),
    NUMBER: (
        "number numbers dial no nos nr nrs num nummer nummern nro numero número numéro numer číslo"
        " číslem szám száma broj številka номер numara numarası 番号 号码 號碼 번호 رقم מספר नंबर"
        " หมายเลข เบอร์ αριθμός αρ număr line núm č 号 號 नं"
    ),
    NOISE: (
        "the of на в de du des da do dos del della di der die das den dem am im in at on for to na"
        " w v u dla a la le l d su op voor van i på par e y o as pour für per s contact contacts"
        " person persons kontakt customer client employee staff member my your und and et og och ja"
        " si default required optional mandatory pflicht pflichtfeld pflichtangabe obligatoire"
        " obligatorio e164 international format full complete の 的 של ของ على за у z 필수 必須"
        " 必填 联系 聯絡 連絡先 연락처 preferred current contatto contacto recapito ansprechpartner"
        " kunde kunden mitarbeiter"
    ),
    COMPANY: (
        "company organization organisation corporate firma firmen firmy firme société entreprise"
        " empresa compañía società azienda organização společnost společnosti spoločnosti bedrijf"
        " bedrijfs företag virksomhed yritys yrityksen cég vállalat şirket организации фирмы"
        " фирмата компании компанії організації 单位 الشركة للشركة شركة החברה חברה कंपनी บริษัท"
        " tvrtke podjetja kompanije ettevõtte įmonės uzņēmuma"
    ),
    ADDRESS: (
        "address adresse adres adresa dirección indirizzo endereço adress osoite cím адрес адреса"
        " 地址 アドレス 주소 عنوان כתובת naslov"
    ),
    EMAIL: (
        "email emails mail mails epost eposta courriel почта почты пошти 邮箱 邮件 郵件 电子邮件"
        " 電子郵件 電子メール メール 이메일 البريد ईमेल อีเมล"
    ),
}

BLOCKED = (
    "ehefrau ehemann mutter vater eltern conjoint esposa marido assistentin sekretärin type typ"
    " tipo art label labels category id ids uuid guid key server carrier operator provider network"
    " model brand mac status verified valid opt optout consent count url emergency notfall"
    " notfallkontakt notfallnummer notruf urgence emergencia spouse partner wife husband father"
    " mother parent child manager managers supervisor vorgesetzter vorgesetzten owner recovery"
    " billing rechnung nickname maiden user username login assistant assistants assistent"
    " assistente assistenten asst asistent created modified updated referred agent hersteller"
    " anbieter vertrag tarif password passwort pin puk imei sim date datum time zeit code note"
    " notes notiz modify checksum"
)
"""Words of headers about something else than the contact's own name or number.

No part of such a header is ignored.
"""

EMERGENCY = "emergency notfall notfallnummer notruf urgence emergencia"
"""Words of BLOCKED that may mean a number of the contact itself ("Emergency Phone")."""

AMBIGUOUS = "poste"
"""Words that mean a telephone only if numbers stand below them.

The French "poste" is an extension or a position.
"""

COUNTED = (
    "zip zipcode postal postalcode postcode plz postleitzahl postfach cp cap cep kod psč postnr"
    " postnummer postinumero irányítószám индекс індекс 邮政编码 郵便番号 우편 hausnummer birthday"
    " birthdate birth dob since geburtstag geburtsdatum anniversary jahrestag anniversaire"
    " cumpleaños compleanno aniversário urodziny narozeniny verjaardag födelsedag fødselsdag"
    " syntymäpäivä születésnap рождения народження 生日 誕生日 생일 sid dn objectguid idnumber"
    " personnummer personnumber nip nif cif dni nie regon jmbg siren siret инн кпп огрн αφμ αμκα"
    " adószám personeelsnr personeelsnummer klantnummer kundnummer kundenummer asiakasnumero cpf"
    " cnpj ssn bsn oib emšo cnp dič ičo rodné matrikelnummer mitgliedsnummer kundennr personalnr"
    " mitgliedsnr svnr henkilötunnus kimlik kundennummer lieferantennummer personalnummer vat ust"
    " ustid tax steuernummer iban bic account konto price preis amount umsatz revenue latitude"
    " longitude lat lng lon sic mileage"
)
"""Words of headers whose digits are no telephone number, however they are written."""

ELSEWHERE = (
    "street streetaddress address city town state province country county region ort straße adresse"
    " anschrift land bundesland rue ville pays calle ciudad provincia país via città paese rua"
    " cidade estado ulica miasto kraj ulice město země straat plaats provincie postadress"
    " gatuadress gade gate vei by poststed osoite lähiosoite utca város cím stradă oraș județ οδός"
    " πόλη город улица область страна адрес місто вулиця cadde şehir ülke 地址 街道 住所 都道府県"
    " 市町村 番地 번지 주소 comment comments remark remarks bemerkung bemerkungen description"
    " beschreibung info notizen notas poznámky notatki web website webpage homepage domain skype"
    " twitter linkedin facebook photo image language sprache gender geschlecht salutation anrede"
    " initials title priority sensitivity source path location building floor room zimmer raum"
    " gebäude e mail email emails managers lead distinguishedname objectclass"
)
"""Words of headers whose cells are no names of people.

Digits below them are a telephone number only if written as one.
"""

NUMBERED = (
    "work office business home private privat main haupt zentral zentrale direct desk other"
    " landline festnetz did internal intern interne mobile portable komórkowy wewnętrzny interno"
    " внутренний внутрішній рабочий прямой direkt direkte directe direto diretto directo zakelijk"
    " vast fijo fisso fixo fixe privé thuis domicile centraal hoofd hoved központi santral 代表"
    " 대표 الرئيسي közvetlen työ cep wewn algemeen"
)
"""Words that mean a telephone number beside "number", "No." or "#" alone.

A "Work No." is one, an "Employee No." is not.
"""

AREA_CODES = (
    "vorwahl|ortsvorwahl|landesvorwahl|ländervorwahl|area code|country code|city code|dialling code"
    "|dialing code|dial code|phone code|calling code|std code|phone prefix|indicatif|prefijo"
    "|prefisso|ddd|ddi país|lada|netnummer|kengetal|landnummer|riktnummer|landskod|retningsnummer"
    "|suuntanumero|předvolba|predvoľba|kierunkowy|numer kierunkowy|előhívó|körzetszám|prefix"
    "|pozivni broj|код города|код страны|код міста|κωδικός περιοχής|alan kodu|ülke kodu|市外局番"
    "|国番号|区号|國碼|區碼|지역번호|국가번호"
)
"""Headers of the first part of a number that stands in a column of its own."""


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Return every word of the tables, folded, with its meanings.

    Meanings are "alone mobile", "place work", "phone", "noise" and so on.
    """
    found: dict[str, set[str]] = {}
    for prefix, table in (("alone ", ALONE), ("place ", PLACES), ("", WORDS)):
        for meaning, words in table.items():
            for spelling in fold_words(words):
                found.setdefault(spelling, set()).add(prefix + meaning)
    return {word: frozenset(meant) for word, meant in found.items()}


@cache
def fold_words(words: str) -> frozenset[str]:
    """Return the folded words of a text, also with ä, ö and ü as people type them."""
    return frozenset(
        spelling
        for word in (*words.split(), *spell_umlauts(words).split())
        if (spelling := fold_header(word))
    )
