"""Headers that people and programs write, by meaning: tables of `test_csv_headers`."""

PHONES = {
    "work": (
        "telephoneNumber|OfficePhone|Primary Work Phone|BusinessPhone|workphone|DID|Direct|Direct"
        " Line|Desk Phone|Phone (Work)|Phone Business|Work Tel|Work phone number|Business phone"
        " number|Office #|Tel. dienstl.|Telefon (Arbeit)|Telefon Arbeit|Tél. bureau|Business"
        " Phone|Work Phone|office_number|phone_work|Person - Phone -"
        " Work|workPhone.number|WORK-PHONE|Phone: work|Telefon Büro|Telefon Buero|Tel."
        " (gesch.)|Bürotelefon|Geschäftstelefon|Rufnummer geschäftlich|Telefon - dienstlich|Tel"
        " pro|Téléphone [bureau]|Work Number|Work No.|Office Nr|Office phone"
        " [telephoneNumber]|Direct Dial|DDI|Dienst-Tel.|Telefoon (zakelijk)|businessPhones|Business"
        " Phone 2|Phone1 (Work)|Tel.Büro"
    ),
    "mobile": (
        "Mobile No.|MobilePhone|Mobile|Cell|Mobile Phone Number|Phone (Mobile)|Phone :"
        " mobile|Mobile #|Handynr.|Handy-Nr.|Diensthandy|Privathandy|Mobil"
        " (privat)|Mobilfunknummer|Mobilrufnummer|mobilephone|cellphone|Cell"
        " #|mobile_number|otherMobile|Mobile2|Mobile phone [mobile]|Teléfono (móvil)|Rufnummer"
        " mobil|Phone.Mobile|Tel. mobil|personalMobile|Work cell phone|Natel|Smartphone"
    ),
    "home": (
        "Home Phone|homePhone|Home Phone (Primary)|home_phone|Phone (Home)|Home #|Home No.|Tel."
        " privat|Telefon (privat)|Privattelefon|Private phone number|otherHomePhone|Personal"
        " Phone|Residence Phone|Phone - Home|Téléphone personnel|Home2"
    ),
    "main": (
        "Company Phone|Main Phone|Primary Phone|Main Office Phone|Company Main"
        " Phone|Firmentelefon|Telefon Zentrale|Phone (Main)|Switchboard|Main No.|Hauptnummer"
    ),
    "fax": (
        "BusinessFax|Business Fax|Fax (Work)|facsimileTelephoneNumber|FaxNumber|fax_number|Fax"
        " No.|Faxnr|Telefax|Telefaxnummer|Fax #|Home Fax|Work Fax"
        " Number|otherFacsimileTelephoneNumber|FAX-PRIVAT|Fax 2"
    ),
    "pager": "Pager|Pager No.|Pager Number|otherPager|PagerNumber",
    "internal": (
        "ipPhone|DW|Ext.|Extension|Extension No.|otherIpPhone|Durchwahl|Nebenstelle|Directory"
        " Number 1|Primary Extension|Interne Nr.|IP Phone|Phone extension|Work Phone Ext"
    ),
    "other": (
        "phoneNumber|Phone Number|Contact Number|Contact No.|Landline|Festnetz|Tél."
        " fixe|Phone|Telephone No.|Tel.|Tel.-Nr.|Telefonnr|Rufnummer|Other"
        " Phone|otherTelephone|Other Number|other_number|Phone 1|Telefon 1|TELEPHONE NUMBER|Contact"
        " Phone|Phone (required)|Telefon (bitte mit Vorwahl)|Phone [Required]|Landline"
        " No.|Alternate Phone|Secondary phone|Asst. Phone|AssistantPhone|Festnetznummer"
    ),
}

TEXTS = {
    "name": (
        "Name|DisplayName|Full Name|FullName|full_name|Contact Name|displayname|Name [displayName]"
        " Required|Display name|cn|Contact Person|Employee"
        " Name|Mitarbeitername|Ansprechpartner|Vor- und Nachname|Last Name, First Name|Person -"
        " Name|Name (required)|Name:|NAME*"
    ),
    "given_name": (
        "FirstName|firstname|First|First Name|first_name|First Name [Required]|First name"
        " [givenName]|givenName|GivenName|Given name|Contact First"
        " Name|Vorname|VORNAME|Ansprechpartner 1 Vorname|Legal first"
        " name|First.Name|First-Name|FIRST NAME|Förnamn|Fornavn"
    ),
    "family_name": (
        "LastName|lastname|Last|Last Name|last_name|Last Name [Required]|Last name"
        " [surname]|sn|Surname|familyname|FamilyName|Nachname|Contact Last Name|Family Name"
        " (required)|Efternavn|Etternavn|Efternamn|Sukunimi"
    ),
    "organization": (
        "Company|companyName|Company Name|company_name|Account Name|Related"
        " Company|parent_id/name|Associated Company|Firmenname|Customer|Customer"
        " Name|Client|Kunde|Kundenname|Organisation|Organization Name|Person -"
        " Organization|Firma/Organisation|Employer|Vendor|Supplier|o|COMPANY|Account Name"
        " [Required]|Lieferant|Unternehmen"
    ),
    "department": (
        "Department|department|Dept.|Abteilung|ou|Organization Department|Department"
        " [department]|Bereich|Org Unit"
    ),
    "title": (
        "Job Title|jobTitle|Job title [jobTitle]|Position|Job Position|Employee Title|Funktion"
    ),
    "email": (
        "Email|E-mail|mail|Email Address [Required]|E-Mail (geschäftlich)|Work Email|Home Secondary"
        " Email|Primary Email|email_address|emailAddress|Email 2|E-Mail privat|Alternate Email 1"
    ),
    "groups": "Category|Categories|group_id_name|Group|Labels",
}

TRAPS = (
    "Company Phone ID|Fax Server|Mobile operator|Phone type|Phone Type|phoneType|Phone Label|Phone"
    " verified|Mobile carrier|IP Address|ipAddress|Assistant's Name|AssistantName|Spouse|Spouse"
    " Name|Partner|Birthday|Birth Date|Geburtstag|Sensitivity|Recovery Phone [MUST BE IN THE E.164"
    " FORMAT]|Emergency Contact|Emergency Contact Name|Emergency Contact Phone|Emergency Phone"
    " Number|Manager|Manager's Name|managerName|Manager Phone|Contact Owner|Account Owner|Record"
    " owner|Owner name|Created By|Supervisor Name|Billing Phone|Nickname|Maiden Name|User"
    " Name|username|userPrincipalName|Home Street|Work City|Business"
    " Address|homePostalAddress|Office Location|physicalDeliveryOfficeName|Home Page|Web"
    " page|Website|Mailing Street|Kundennummer|Customer No.|Customer Number|Employee Number"
    " (Payroll)|Personal-Nr.|Personal Number|Hausnummer|House No.|Number (Staff)|Nr.|No.|#|Floor"
    " Name|Project Name|Street name|File name|Product Name|Phone"
    " Model|Telefonanlage|Telefonkosten|Telex|Handyvertrag|Mobile App|Mobile ID|Extension Attribute"
    " 1|extensionAttribute1|Line|line|Email Opt Out|Manager Email|E-mail Type|E-mail Display"
    " Name|Email verified|Anrede|Initials|Callback URL|Contact ID Type|Phone Number Type|Country"
    " Code|Phone Country|Mobile"
    " PIN|PIN|SIM|Notes|Info|Büro|Bureau|Office|Room|isMobile|Account|Account ID|Account"
    " Number|Company ID|Company Size|Company Address|Firmenadresse|Group Owner|Last Contacted|Last"
    " Activity|First Contact Date|Last Modified|First Seen|Job|Hometown|CEP|Speed Dial|Telefon"
    " Vorwahl|Phone (country code)|Telefon (Ehefrau)"
)

OUTLOOK = {
    "Arabic": (
        "الاسم الأول=given_name|الاسم الأوسط=middle_name|اسم"
        " العائلة=family_name|الشركة=organization|القسم=department|اللقب المهني=title|هاتف"
        " العمل=work|هاتف العمل 2=work|الهاتف الجوال=mobile|هاتف المنزل=home|فاكس العمل=fax|فاكس"
        " المنزل=fax|الهاتف الرئيسي للشركة=main|الهاتف الأساسي=main|هاتف آخر=other|هاتف"
        " السيارة=other|النداء=pager|عنوان البريد الإلكتروني=email|اللقب=|اسم المساعد=|تاريخ"
        " الميلاد="
    ),
    "Bulgarian": (
        "Собствено име=given_name|Бащино име=middle_name|Фамилно"
        " име=family_name|Фирма=organization|Отдел=department|Длъжност=title|Служебен"
        " телефон=work|Мобилен телефон=mobile|Домашен телефон=home|Служебен факс=fax|Основен"
        " телефон на фирмата=main|Друг телефон=other|Пейджър=pager|Имейл адрес=email|Име на"
        " помощника=|Рожден ден=|Улица (сл. адрес)="
    ),
    "Chinese": (
        "名=given_name|中间名=middle_name|姓=family_name|单位=organization|部门=department|职务=title"
        "|商务电话=work|商务电话"
        " 2=work|移动电话=mobile|住宅电话=home|商务传真=fax|住宅传真=fax|单位主要电话=main|"
        "主要电话=main|其他电话=other|车载电话=other|寻呼机=pager|电子邮件地址=email|助理的姓名=|生日=|商务地址"
        " 街道=|工作证号码=|经理姓名="
    ),
    "Chinese, Taiwan": (
        "名字=given_name|姓氏=family_name|公司=organization|部門=department|職稱=title|商務電話=work|行動電話=mobile"
        "|住家電話=home|商務傳真=fax|公司代表線=main|代表電話=main|其他電話=other|汽車電話=other|呼叫器=pager|電子郵件地址=email|助理="
        "|助理電話=other|主管名稱="
    ),
    "Croatian": (
        "Ime=given_name|Srednje"
        " ime=middle_name|Prezime=family_name|Tvrtka=organization|Odjel=department|Službeni"
        " telefon=work|Mobitel=mobile|Kućni telefon=home|Službeni faks=fax|Telefonski broj centrale"
        " tvrtke=main|Primarni telefon=main|Drugi telefon=other|Javljač=pager|Adresa"
        " e-pošte=email|Ime pomoćnika=|Rođendan=|Pomoćnikov telefon=other"
    ),
    "Danish": (
        "Fornavn=given_name|Mellemnavn=middle_name|Efternavn=family_name|Firma=organization"
        "|Afdeling=department|Stilling=title|Telefon"
        " (arbejde)=work|Telefon 2 (arbejde)=work|Mobiltelefon=mobile|Telefon (privat)=home|Fax"
        " (arbejde)=fax|Fax (privat)=fax|Primær telefon (firma)=main|Primær telefon=main|Anden"
        " telefon=other|Biltelefon=other|Personsøger=pager|E-mail-adresse=email|Assistentens"
        " navn=|Fødselsdag=|By (arbejde)=|Titel="
    ),
    "Estonian": (
        "Eesnimi=given_name|Perekonnanimi=family_name|Ettevõte=organization|Osakond=department"
        "|Töötelefon=work|Mobiiltelefon=mobile|Kodutelefon=home|Tööfaks=fax|Ettevõtte"
        " põhitelefon=main|Muu telefon=other|Meiliaadress=email|Abi nimi=|Sünnipäev="
    ),
    "Finnish": (
        "Etunimi=given_name|Toinen"
        " nimi=middle_name|Sukunimi=family_name|Yritys=organization|Osasto=department|"
        "Tehtävänimike=title|Työpuhelin=work|Työpuhelin"
        " 2=work|Matkapuhelin=mobile|Kotipuhelin=home|Työfaksi=fax|Kotifaksi=fax|Yrityksen"
        " puhelinvaihde=main|Ensisijainen puhelin=main|Muu"
        " puhelin=other|Autopuhelin=other|Hakulaite=pager|Sähköpostiosoite=email|Avustajan"
        " nimi=|Syntymäpäivä=|Toimisto="
    ),
    "Greek": (
        "Όνομα=given_name|Επώνυμο=family_name|Εταιρεία=organization|Τμήμα=department|Θέση=title"
        "|Τηλέφωνο"
        " εργασίας=work|Κινητό τηλέφωνο=mobile|Κινητό=mobile|Τηλέφωνο οικίας=home|Φαξ"
        " εργασίας=fax|Χώρα/Περιοχή εργασίας="
    ),
    "Hebrew": (
        "שם פרטי=given_name|שם"
        " משפחה=family_name|חברה=organization|מחלקה=department|תפקיד=title|טלפון בעבודה=work|טלפון"
        " נייד=mobile|טלפון בבית=home|פקס בעבודה=fax|טלפון ראשי של החברה=main|טלפון"
        " עיקרי=main|טלפון אחר=other|איתורית=pager|כתובת דואר אלקטרוני=email|שם העוזר=|יום הולדת="
    ),
    "Hindi": (
        "प्रथम नाम=given_name|उपनाम=family_name|कंपनी=organization|विभाग=department|कार्यालय"
        " फ़ोन=work|मोबाइल फ़ोन=mobile|मोबाइल नंबर=mobile|घर का फ़ोन=|घर फ़ोन=home|फ़ैक्स=fax|फ़ोन"
        " नंबर=other|मुख्य फ़ोन=main"
    ),
    "Hungarian": (
        "Utónév=given_name|Középső=middle_name|Vezetéknév=family_name|Cég=organization"
        "|Osztály=department|Beosztás=title|Hivatali"
        " telefon=work|Másik hivatali telefon=work|Mobiltelefon=mobile|Otthoni"
        " telefon=home|Hivatali fax=fax|Otthoni fax=fax|Cég fővonala=main|Elsődleges"
        " telefon=main|Egyéb telefon=other|Autótelefon=other|Személyhívó=pager|E-mail"
        " cím=email|Asszisztens neve=|Születésnap=|Munkahely címe="
    ),
    "Japanese": (
        "名=given_name|ミドル"
        " ネーム=middle_name|姓=family_name|会社名=organization|部署=department|役職=title|"
        "会社電話=work|会社電話"
        " 2=work|携帯電話=mobile|自宅電話=home|会社 FAX=fax|自宅"
        " FAX=fax|会社代表電話=main|通常の電話=main|その他の電話=other|自動車電話=other|"
        "ポケットベル=pager|秘書の電話=other|電子メール"
        " アドレス=email|姓フリガナ=phonetic_family_name|名前フリガナ=phonetic_given_name|"
        "秘書の氏名=|誕生日=|番地"
        " (会社)="
    ),
    "Korean": (
        "이름=given_name|중간"
        " 이름=middle_name|성=family_name|회사=organization|부서=department|직함=title|근무처"
        " 전화=work|근무처 전화 2=work|휴대폰=mobile|집 전화 번호=home|집 전화 2=home|근무지"
        " 팩스=fax|회사 대표 전화=main|기본 전화=main|기타 전화=other|카폰=other|호출기=pager|전자"
        " 메일 주소=email|비서 전화 번호=other|비서 이름=|생일=|주민 등록 번호=|집 주소 우편"
        " 번호=|ID 번호="
    ),
    "Latvian": (
        "Vārds=given_name|Uzvārds=family_name|Uzņēmums=organization|Nodaļa=department|Tālrunis"
        " darbā=work|Mobilais tālrunis=mobile|Tālrunis mājās=home|Fakss darbā=fax|Uzņēmuma"
        " galvenais tālrunis=main|Cits tālrunis=other|Peidžeris=pager|Asistenta vārds="
    ),
    "Lithuanian": (
        "Vardas=given_name|Pavardė=family_name|Įmonė=organization|Skyrius=department|Darbo"
        " telefonas=work|2-as darbo telefonas=work|Mobilusis telefonas=mobile|Namų"
        " telefonas=home|Darbo faksograma=fax|Pagrindinis įmonės telefonas=main|Kitas"
        " telefonas=other|Asmens kodas="
    ),
    "Norwegian": (
        "Fornavn=given_name|Mellomnavn=middle_name|Etternavn=family_name|Firma=organization"
        "|Avdeling=department|Stilling=title|Telefon,"
        " arb.=work|Telefon 2, arb.=work|Mobiltelefon=mobile|Telefon, priv.=home|Telefaks,"
        " arb.=fax|Hovedtelefon for firma=main|Hovedtelefon=main|Annen"
        " telefon=other|Biltelefon=other|Personsøker=pager|E-postadresse=email|Assistentens"
        " navn=|Kontor=|Offentlig ID-nummer="
    ),
    "Romanian": (
        "Prenume=given_name|Nume de"
        " familie=family_name|Firmă=organization|Serviciu=department|Telefon serviciu=work|Telefon"
        " mobil=mobile|Telefon domiciliu=home|Fax firmă=fax|Telefon principal firmă=main|Alt"
        " telefon=other|Pager=pager|Nume asistent=|Adresă firmă="
    ),
    "Russian": (
        "Имя=given_name|Отчество=middle_name|Фамилия=family_name|Организация=organization"
        "|Отдел=department|Должность=title|Рабочий"
        " телефон=work|Телефон раб. 2=work|Телефон переносной=mobile|Мобильный"
        " телефон=mobile|Домашний телефон=home|Телефон дом. 2=home|Рабочий факс=fax|Домашний"
        " факс=fax|Основной телефон организации=main|Основной телефон=main|Другой"
        " телефон=other|Телефон в машине=other|Пейджер=pager|Адрес эл. почты=email|Имя"
        " помощника=|День рождения=|Улица (раб. адрес)=|Код организации=|Краткое имя эл. почты="
    ),
    "Serbian": (
        "Ime=given_name|Prezime=family_name|Kompanija=organization|Odeljenje=department|Telefon na"
        " poslu=work|Mobilni telefon=mobile|Telefon kod kuće=home|Faks na poslu=fax|Glavni telefon"
        " kompanije=main|Drugi telefon=other|Pejdžer=pager|Ime direktora=|Matični broj="
    ),
    "Slovak": (
        "Krstné"
        " meno=given_name|Priezvisko=family_name|Spoločnosť=organization|Oddelenie=department|"
        "Telefón"
        " do práce=work|Mobilný telefón=mobile|Telefón domov=home|Fax do práce=fax|Hlavný telefón"
        " spoločnosti=main|Iný telefón=other|Meno asistenta=|Rodné číslo="
    ),
    "Slovene": (
        "Ime=given_name|Priimek=family_name|Podjetje=organization|Oddelek=department|Službeni"
        " telefon=work|Prenosni telefon=mobile|Domači telefon=home|Službeni faks=fax|Centrala"
        " podjetja=main|Drugi telefon=other|Pozivnik=pager|E-poštni naslov=email|Pomočnik="
    ),
    "Swedish": (
        "Förnamn=given_name|Mellannamn=middle_name|Efternamn=family_name|Företag=organization"
        "|Avdelning=department|Befattning=title|Arbete=work|Telefon"
        " 2, arbete=work|Mobiltelefon=mobile|Hem=home|Telefon 2, hem=home|Fax arbete=fax|Fax,"
        " hem=fax|Företag, växel=main|Telefon,"
        " annan=other|Biltelefon=other|Personsökare=pager|E-postadress=email|Namn,"
        " assistent=|Födelsedag=|Gatuadress, arbete=|Personnummer="
    ),
    "Thai": (
        "ชื่อ=given_name|นามสกุล=family_name|บริษัท=organization|แผนก=department|โทรศัพท์"
        " (ธุรกิจ)=work|โทรศัพท์มือถือ=mobile|โทรศัพท์ (บ้าน)=home|โทรสาร"
        " (ธุรกิจ)=fax|โทรศัพท์หลัก=main|โทรศัพท์อื่น=other|ชื่อผู้ช่วย="
    ),
    "Turkish": (
        "İlk Adı=given_name|İkinci"
        " Adı=middle_name|Soyadı=family_name|Şirket=organization|Bölüm=department|İş"
        " Unvanı=title|İş Telefon No=work|İş Telefonu 2=work|Cep Telefonu=mobile|Ev"
        " Telefonu=home|İş Faks No=fax|Ev-Faks No=fax|Şirket Santral Telefonu=main|Birincil"
        " Telefon=main|Diğer Telefon No=other|Araç Telefonu=other|Çağrı Cihazı=pager|Elektronik"
        " Posta Adresi=email|Yardımcının Adı=|Doğum günü=|Ulusal Kimlik No="
    ),
    "Ukrainian": (
        "Ім'я=given_name|По"
        " батькові=middle_name|Прізвище=family_name|Організація=organization|Відділ=department|"
        "Посада=title|Робочий"
        " телефон=work|Телефон роб. 2=work|Телефон мобільний=mobile|Мобільний"
        " телефон=mobile|Домашній телефон=home|Робочий факс=fax|Основний телефон"
        " організації=main|Інший телефон=other|Телефон у машині=other|Пейджер=pager|Адреса ел."
        " пошти=email|Ім'я помічника=|День народження="
    ),
}
"""Field names of Outlook's exports by language (with a few that people write), and what
they mean; nothing for those to leave alone.
"""

BY_HAND = {
    "Danish": (
        "Fornavn;Efternavn;Firma;Mobiltelefon;Telefon arbejde",
        "given_name family_name organization mobile work",
    ),
    "Danish, whole names": ("Navn;Telefon;Mobil", "name other mobile"),
    "Swedish": ("Namn;Telefonnummer;Mobilnummer;Avdelning", "name other mobile department"),
    "Norwegian": ("Navn;Fornavn;Tlf. arbeid;Mobilnr", "family_name given_name work mobile"),
    "Finnish": ("Nimi;Puhelinnumero;Kännykkä", "name other mobile"),
    "Chinese": ("姓名;公司;办公电话;手机号码", "name organization work mobile"),
    "Japanese": ("氏名;会社;電話番号;携帯番号;内線", "name organization other mobile internal"),
    "Korean": ("이름;회사명;전화번호;핸드폰", "name organization other mobile"),
    "Russian": (
        "ФИО;Компания;Телефон;Мобильный;Добавочный",
        "name organization other mobile internal",
    ),
    "Russian, the family's name first": (
        "Фамилия;Имя;Отчество;Сотовый телефон",
        "family_name given_name middle_name mobile",
    ),
    "Turkish": ("Ad Soyad;Şirket;Cep Tel.;Dahili", "name organization mobile internal"),
    "Turkish, parts": ("Adı;Soyadı;Cep Tel;İş Tel", "given_name family_name mobile work"),
    "Arabic": ("الاسم;الشركة;رقم الهاتف;رقم الجوال", "name organization other mobile"),
    "Hindi": ("नाम;कंपनी;फ़ोन नंबर;मोबाइल", "name organization other mobile"),
    "Hungarian": ("Név;Cégnév;Telefonszám;Mobil;Mellék", "name organization other mobile internal"),
    "Romanian": (
        "Nume;Prenume;Companie;Telefon;Mobil",
        "family_name given_name organization other mobile",
    ),
    "Greek": ("Ονοματεπώνυμο;Εταιρία;Τηλέφωνο;Κινητό", "name organization other mobile"),
    "Ukrainian": ("ПІБ;Компанія;Телефон;Мобільний телефон", "name organization other mobile"),
    "German": (
        "Firma;Ansprechpartner;Telefon Zentrale;Telefon (Durchwahl);Diensthandy",
        "organization name main internal mobile",
    ),
    "French": (
        "Nom;Prénom usuel;N° de téléphone;N° de portable;N° poste",
        "family_name given_name other mobile internal",
    ),
    "Polish": (
        "Nazwisko;Imię;Tel. kom.;Nr wewn.;Tel. stacjonarny",
        "family_name given_name mobile internal other",
    ),
    "Czech": (
        "Příjmení;Jméno;Mobil;Tel. práce;Linka;Pevná linka",
        "family_name given_name mobile work internal other",
    ),
    "Swedish, at work": (
        "Namn;Direktnummer;Arbetstelefon;Hemtelefon;Växel;Anknytning",
        "name work work home main internal",
    ),
    "Danish, at work": (
        "Navn;Direkte nr.;Arbejdstelefon;Hovednummer;Lokalnr.",
        "name work work main internal",
    ),
    "Finnish, at work": ("Nimi;Työnumero;Puh. koti;Alanumero", "name work home internal"),
    "Russian, short": (
        "ФИО;Моб. телефон;Раб. тел.;Дом. тел.;Внутренний номер",
        "name mobile work home internal",
    ),
    "Chinese, at work": (
        "姓名;办公室电话;分机号;家庭电话;传真号码;座机号码",
        "name work internal home fax other",
    ),
    "Korean, at work": (
        "성명;부서명;직책;사무실전화;내선번호;팩스번호;집전화",
        "name department title work internal fax home",
    ),
    "Hungarian, at work": (
        "Név;Munkahelyi telefon;Mellék szám;Vezetékes telefon;Közvetlen szám",
        "name work internal other work",
    ),
    "Greek, short": (
        "Ονοματεπώνυμο;Κιν.;Τηλ. εργασίας;Σταθερό;Εσωτερικό",
        "name mobile work other internal",
    ),
    "Zimbra": (
        "firstName,lastName,workPhone2,callbackPhone,assistantPhone,workFax,fileAs".replace(
            ",", ";"
        ),
        "given_name family_name work other other fax sort_name",
    ),
    "Xero": ("*ContactName;PhoneNumber;DDINumber;AccountNumber;SkypeName", "name other work - -"),
    "Teams": ("DisplayName;LineURI;UserPrincipalName", "name work -"),
    "German, typed without umlauts": (
        "Name;Tel. geschaeftlich;Buero-Telefon;Geschaeftlich",
        "name work work work",
    ),
}
