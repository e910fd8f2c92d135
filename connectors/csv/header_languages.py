"""Headers in more languages, and headers whose words mean nothing one by one.

`csv/header_words.py` adds them to its tables.
"""

# Most are field names of Outlook's exports, as Exchange's import of Outlook CSV files lists them.
# Those are in Arabic, Bulgarian, Chinese, Croatian, Danish, Estonian, Finnish, Greek, Hebrew,
# Hungarian, Japanese, Korean, Latvian, Lithuanian, Norwegian, Romanian, Russian, Serbian, Slovak,
# Slovene, Swedish, Thai, Turkish and Ukrainian. The rest is what programs and people write in
# these languages.
NAMES = {
    "name": (
        "Họ và tên|Họ tên|Nama Lengkap|社員名|员工姓名|직원명|اسم الموظف|ФИО"
        " сотрудника|П.І.Б.|Vor-/Nachname|Vor-, Nachname|För- och efternamn|For- og efternavn|For-"
        " og etternavn|Etu- ja sukunimi|First and Last Name|Last Name, First Name|Last, First|First"
        " Name, Last Name|Person Name|Employee Name|Staff Name|Member Name|Contact"
        " Person|cn|Complete Name|Alerting Name|Caller Name|Display|Display Internal Caller ID|Name"
        " and Surname|Kontaktperson|Ansprechpartner|Ansprechpartnerin|Ansprechpartner"
        " Name|Mitarbeiter|Mitarbeitername|Vor- und Nachname|Vor- und Zuname|Vor-/Zuname"
        "|Nachname, Vorname|Name,"
        " Vorname|Vorname, Nachname|Vorname Nachname|Vollständiger Name|Nom et prénom|Nom,"
        " prénom|Prénom et nom|Nom affiché|Apellidos y nombre|Nombre y apellidos|Apellidos,"
        " nombre|Cognome e nome|Nome e cognome|Nominativo|Nazwisko i imię|Příjmení a"
        " jméno|Achternaam, voornaam|Contactpersoon|Fullständigt namn|Visningsnamn|Fulde navn|Fuldt"
        " navn|Vist navn|Visningsnavn|Fullt navn|Koko nimi|Näyttönimi|Yhteyshenkilö|Teljes"
        " név|Megjelenítendő név|Kapcsolattartó|Nume complet|Nume și prenume|Prenume și nume|Nume"
        " afișat|Persoană de contact|Ονοματεπώνυμο|Πλήρες όνομα|ФИО|Ф.И.О.|Полное имя|Фамилия Имя"
        " Отчество|Фамилия и имя|Имя и фамилия|Фамилия, имя|Контакт|Контактное лицо|Отображаемое"
        " имя|ПІБ|Повне ім'я|Прізвище та ім'я|Прізвище, ім'я|Ad Soyad|Adı Soyadı|Ad ve Soyad|Tam"
        " Ad|İsim Soyisim|Görünen Ad|Ad"
        " Soyadı|姓名|联系人|聯絡人|显示名称|顯示名稱|全名|氏名|名前|お名前|表示名|担当者|담당자|"
        "성명|성함|전체"
        " 이름|표시 이름|الاسم الكامل|اسم العرض|पूरा नाम|नाम|שם מלא|ชื่อ-นามสกุล|ชื่อเต็ม|Ime i"
        " prezime|Ime in priimek|Celé meno|Meno a priezvisko|Vardas ir pavardė|Nama"
    ),
    "given_name": (
        "1st Name|F"
        " Name|First|Given|Vornamen|Prénoms|Imiona|Roepnaam|Etunimet|fornavn|Förnamn|"
        "Tilltalsnamn|Fornavn|Etunimi|Utónév|Keresztnév|Prenume|Собственное"
        " имя|Собствено име|İlk Adı|İlk Ad|İsim|الاسم الأول|שם פרטי|प्रथम नाम|पहला नाम|Krstné"
        " meno|Eesnimi|Rufname|Όνομα (μικρό)|First Name(s)|given names|First Names|Christian"
        " Name|Prénom usuel"
    ),
    "middle_name": (
        "Tussenvoegsel|Tussenvoegsels|Namenszusatz|Vorsatzwort|Middle|Middle Initial|Weiterer"
        " Vorname|Zweiter Vorname|Mellannamn|Mellemnavn|Mellomnavn|Toinen nimi|Középső|Második"
        " utónév|Al doilea nume|Al doilea prenume|Отчество|По батькові|Бащино име|İkinci Adı|İkinci"
        " Ad|الاسم الأوسط|שם פרטי שני|मध्य नाम|中间名|中間名|ミドル ネーム|중간"
        " 이름|ชื่อกลาง|Srednje ime|Drugo ime|Ďalšie meno|2. křestní jméno|Teine nimi|Antras"
        " vardas|Otrais vārds|Outros nomes/apelidos"
    ),
    "family_name": (
        "L Name|Last|Nachnamen|Familienaam|Apelidos|Cognomi|Primer Apellido|1er"
        " Apellido|Surname(s)|Last Names|Familienname"
        "|Zuname|Efternamn|Efternavn|Etternavn|Sukunimi|Vezetéknév|Családnév"
        "|Nume de familie|Επώνυμο|Επίθετο|Фамилия|Фамилно име|Прізвище|Soyadı|Soyad|Soyisim|اسم"
        " العائلة|الاسم الأخير|الكنية|שם משפחה"
        "|अंतिम"
        " नाम|उपनाम|कुलनाम|姓|姓氏|성|นามสกุล|Prezime|Priimek|Priezvisko|Perekonnanimi|Pavardė|"
        "Uzvārds"
    ),
    "suffix": (
        "Namnsuffix|Suffiks|Jälkiliite|Utótag|Sufix|Суффикс|Суфікс|Суфикс|Sonek|Prípona|Pripona|Za"
        " příjmením|Nime järelliide|Priedas|Sufikss"
    ),
    "phonetic_given_name": (
        "名前フリガナ|名フリガナ|めい|メイ|First Name Yomi|Förnamn Yomi|名字拼音"
    ),
    "phonetic_family_name": "姓フリガナ|せい|セイ|Last Name Yomi|Efternamn Yomi|姓氏拼音",
    "sort_name": "フリガナ|ふりがな|よみがな|ヨミガナ|氏名フリガナ|氏名ふりがな",
    "organization": (
        "School|Agency|Institute|Affiliation|Trading"
        " Name|Verein|Behörde|Gesellschaft|Institut|Sté|Organisme|Établissement|Entidad|Ditta|"
        "Impresa|Ente|Instituição|Instytucja|Podnik|Instelling|Bolag|Selskab|Selskap|Yhtiö"
        "|Intézmény|Instituție|Учреждение|Установа|Φορέας|会社名称|勤務先名|企業|機構|업체명|기관명|상호|اسم"
        " المؤسسة|Công ty|Nama Perusahaan|Customer|Customer Name|Client|Client Name|Customer"
        " Company|Business Name|Employer|Account Name|Related Company|Associated Company|Primary"
        " Associated Company|parent_id/name|parent/name|Parent Company|parent"
        " name|Org|o|Organization/Company|Company/Organization|Company or"
        " Organization|Company/Account|Supplier|Supplier Name|Vendor|Vendor"
        " Name|Firmenname|Firmenbezeichnung|Firma/Organisation|Unternehmensname|Kunde|Kundenname|"
        "Lieferant|Lieferantenname|Arbeitgeber|Institution|Betrieb|Nom"
        " de la société|Nom de l'entreprise|Raison sociale|Razón social|Nombre de la"
        " empresa|Ragione sociale|Nome azienda|Nome da empresa|Razão social|Nazwa firmy|Název"
        " firmy|Bedrijfsnaam|Företag|Företagsnamn|Organisation|Firmanavn|Virksomhed|Organisasjon|"
        "Bedrift|Yritys|Organisaatio|Yrityksen"
        " nimi|Cég|Cégnév|Vállalat|Firmă|Companie|Societate|Organizație|Εταιρεία|Εταιρία|"
        "Επωνυμία|Οργανισμός|Организация|Компания|Фирма|Название"
        " организации|Предприятие|Організація|Компанія|Фірма|Şirket|Şirket Adı|Firma"
        " Adı|Kurum|Kuruluş|公司|公司名称|公司名稱|单位|单位名称|企业|企业名称|会社|会社名|"
        "企業名|勤務先|회사|회사명|회사"
        " 이름|الشركة|شركة|اسم الشركة|المؤسسة|המשרד|חברה|שם החברה|कंपनी|कंपनी का"
        " नाम|संगठन|บริษัท|Tvrtka|Kompanija|Podjetje|Spoločnosť|Ettevõte|Įmonė|Uzņēmums|Perusahaan"
    ),
    "department": (
        "Dept Name|Dep.|Division|Team|Abt.|Dpto.|Depto.|Reparto|Settore|Setor|Dział|Oddział|"
        "Oddělení|Odd.|Afd.|Avd.|Enhet|Enhed"
        "|Yksikkö|Oszt.|Отд.|Служба|Сектор|Şube|部署名|所属部署|科室|부서명|소속|Dept|Dept.|Org"
        " Unit|ou|Organizational Unit"
        "|Organisationseinheit|Bereich"
        "|Fachbereich|Département|Sección|Avdelning"
        "|Avdeling|Osasto|Osztály|Részleg|Departament|Serviciu|Secție|Τμήμα|Отдел|Подразделение"
        "|Департамент|Відділ|Підрозділ|Bölüm"
        "|Departman|Birim|部门|部門|部署|所属|부서|القسم|قسم|الإدارة|מחלקה|विभाग|แผนก|Odjel|Oddelek"
        "|Odeljenje|Oddelenie|Osakond|Skyrius"
        "|Nodaļa"
    ),
    "title": (
        "Employee Title|Job"
        " Position|Function|Role|Stilling|Befattning|Tehtävänimike|Beosztás|Munkakör|Funcție|"
        "Ocupație|Θέση|Должность|Посада|Длъжност|İş"
        " Unvanı|Görev|职务|职位|職稱|職位|役職|직함|직책|직위|المسمى الوظيفي|اللقب"
        " المهني|الوظيفة|תפקיד|पद|पदनाम|ตำแหน่งงาน|Poslovna titula|Radno"
        " mesto|Funkcia|Ametinimetus|Pareigos|Amats"
    ),
    "maybe_title": "Tittel|Unvan|Titlu|Τίτλος|肩書き",
    "groups": (
        "Category|group_id_name|Kategorier|Luokat|Kategóriák|Categorii|Категории|Категорії"
        "|Kategoriler|类别|類別|分類|범주"
        " 항목|الفئات|קטגוריות|Kategorije|Kategórie"
    ),
    "email": (
        "Alternate Email|E-postadress|E-postadresse|E-post|Sähköpostiosoite|Sähköposti|E-mail"
        " cím|E-mail-adresse|Adresă de poștă electronică|Адрес эл. почты|Электронная почта|Эл."
        " почта|Адреса ел. пошти|Електронна пошта|Имейл адрес|Elektronik Posta"
        " Adresi|E-posta|E-posta Adresi|电子邮件地址|電子郵件地址|電子メール"
        " アドレス|メールアドレス|전자 메일 주소|عنوان البريد الإلكتروني|البريد الإلكتروني|כתובת"
        " דואר אלקטרוני|ที่อยู่อีเมล|Adresa e-pošte|E-poštni naslov|E-adresa|E-mailová"
        " adresa|Meiliaadress|El. pašto adresas|E-pasta adrese|Endereço de correio"
        " electrónico|Endereço do correio electrónico|Correo"
    ),
}

NUMBERS = {
    # "telephoneNumber" is the attribute of LDAP directories (RFC 4519), as Active Directory and
    # Entra export it. "Telephone Number" in two words is anybody's.
    "work": (
        "telephoneNumber|Arbete|İş Telefonu|İş Telefon No|İş Tel|İş Tel No|Direct|会社電話|회사"
        " 전화|Telefon do pracy|LineURI"
    ),
    "mobile": (
        "Di động|Mobilni|Mobilny|Mobilní|Mobilný|Mobil nr|Mobiltlf|WhatsApp|WhatsApp"
        " Number|Teléfono portátil"
    ),
    "home": "Hem|Telefon kod kuće",
    "main": "Work: Main|Company Phone|Company Number (Phone)|Primary Contact Number",
    "fax": "İş Faksı|İş Faks No|Faks kod kuće",
    "pager": "Çağrı Cihazı|Pranešimų gaviklis",
    "internal": (
        "Doorkiesnr|Lokalnr|Poste tél.|No de poste|Numéro de poste|رقم داخلي|ipPhone|Directory"
        " Number|Primary Extension|Doorkies|Kort nummer|Verkort nummer|N° de poste|No poste"
    ),
    "other": (
        "Số điện thoại|Điện thoại|SĐT|İletişim No|İrtibat No|연락처|رقم التواصل|Contact"
        " Number|Contact No|Alternate Number|Alternative Number|Landline|Festnetz|Callback"
        " Number|Tilbagekald|Tilbakeringing|Motringning|Takaisinsoitto|Visszahívás|Revenire cu apel"
        " telefonic|Обратный вызов|Зворотний виклик|Зворотний дзвінок|Зворотний|Обратно"
        " повикване|Geri Arama|回电话|回撥電話|コールバック|다시 걸 전화|카폰|رد الاتصال|התקשרות"
        " חזרה|ติดต่อกลับ|Povratni poziv|Povratni klic|Spätné volanie|Tagasihelistamine|Atgalinis"
        " skambinimas|Atzvanīšana|Tel. de resposta|RDIS|TTY/TDD|Pro neslyšící|Número de"
        " teletipo|Telefon for hørselshemmede|Телетайп/телефон с титрами|Telefon pe"
        " mașină|Teletaipas/Įrenginys kurtiesiems|Teletaips/surdotālrunis|联系方式|聯絡方式|Pevná"
        " linka"
    ),
}

PRIVATE = (
    "Yksityinen|Magánjellegű|Magán|Частное|Личное|Приватне|Приватно|Özel|私有|私人|プライベート|숨김|비공개"
    "|Ιδιωτικό|خاص|פרטי|ส่วนตัว"
    "|Súkromné|Privatno|Osobno|Zasebno|Лично|Eraviisiline|Privatus|Privāts|Particular"
)

YES = (
    "sant|sand|sann|tosi|igaz|adevărat|да|так|истина|правда|істина|doğru|evet|αληθές|ναι|是|はい|예"
    "|نعم|صحيح|כן|אמת|हाँ|ใช่|da|istina"
    "|áno|taip|jā|jah|igen|kyllä|ja"
)
NO = (
    "falskt|falsk|usann|epätosi|hamis|fals|нет|ні|ложь|хибність|yanlış|hayır|ψευδές|όχι|否|いいえ"
    "|아니요|لا|خطأ|לא|שקר|नहीं|ไม่|laž|nu"
    "|ikke|nej|nem|ei|neistina|nepravda"
)
