"""Words of many languages that stand beside numbers that are not dialled.

They are words for times, dates, quantities and places. Each table is compared with
folded words in lower case (`folding`). Scripts without blanks are compared character by
character.
"""

from app.numbers.folding import fold


def _words(*lines: str) -> frozenset[str]:
    return frozenset(fold(word).lower() for line in lines for word in line.split())


EXTENSIONS = _words(
    "x х ext extn extension durchwahl dw app apparat nst nebenstelle intern poste int interno"
    " interna interno wew wewn",
    "klapka linka ramal anexo",
    "toestel tst доб добавочный ankn anknytning lokal lokalnr mellék dahili extensión extensión"
    " внутр вн 內 内 分 轉 转 내",
)

# Behind a number.
UNITS = _words(
    "h hr hrs hour hours uhr std stunde stunden heure heures hora horas ora ore uur timer timme"
    " timmar time tunti tuntia",
    "godz godzina godzin",
    "hod hodin hodina hodiny hodín óra órakor óráig órától oră ч час часа часов часов годин година"
    " години ώρα ώρες saat sati ur uhr kell",
    "tund tundi val valanda valandos stunda stundas ساعة ساعات שעה שעות घंटे घंटा बजे giờ gio jam"
    " o'clock oclock ชั่วโมง โมง",
    "min mins minute minutes minuten minuto minutos minuti minuut minuter minutter minuutti"
    " minuuttia minuta minuty minut perc мин минут",
    "хв хвилин λεπτά dakika dk sec secs second seconds sek sekunde sekunden seconde secondes"
    " segundos secondi sekunder",
    "d tag tage tagen day days jour jours día días giorno giorni dia dias dag dagen dagar dage"
    " päivä päivää dzień dni den",
    "dnů dny dní dana",
    "nap napig zi zile день дня дней днів дни ημέρες gün hari ngày يوم أيام ימים दिन päev päeva"
    " dienas dienos",
    "wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane weken vecka"
    " veckor uge uger uke uker",
    "viikko viikkoa",
    "tydzień tygodnie tygodni týden týdny týdnů týždeň týždne hét săptămână săptămâni неделя недели"
    " недель седмици тижні",
    "тижнів hafta tjedna",
    "tedna nädal nädalat minggu tuần",
    "monat monate monaten month months mos mois mes meses mese mesi mês maand maanden månad månader"
    " måned måneder kuukausi",
    "kuukautta miesiąc",
    "miesiące miesięcy měsíc měsíce měsíců mesiac mesiace mesiacov hónap lună luni месяц месяца"
    " месяцев месеца місяць місяці",
    "місяців μήνες ay",
    "mjesec mjeseca mjeseci mesecev kuud kuu mēneši mėnesiai bulan tháng شهر أشهر חודש חודשים महीने"
    " เดือน",
    "yr yrs year years jahr jahre jahren ans an année années año años anno anni ano anos jaar år"
    " vuosi vuotta rok lata lat",
    "roky let rokov év",
    "ani год года лет рік роки років години έτη χρόνια yıl godina leta aastat gadi metai tahun năm"
    " سنة سنوات שנה שנים साल ปี",
    "prozent percent pct procent procento prosent prosenttia pourcent procentov százalék процентов"
    " yüzde",
    "eur euro euros cent cents ct cts chf usd gbp sek nok dkk pln czk huf kr krona kronor kroner zł"
    " złotych kč korun forint",
    "lei руб рублей грн",
    "лв rub uah jpy cny yen yuan dollar dollars pound pounds franken rappen francs rupees",
    "km cm mm kg mg kb mb gb tb kwh mhz ghz liter litre litres meter metre metres metros metri"
    " miles mile",
    "stk stück pcs pieces pc personen person persons people personnes personas persone pessoas"
    " personer henkilöä osób osob",
    "fő чел человек kişi",
    "kinder children enfants mal times fois veces volte vezes keer gånger gange ganger kertaa razy"
    " razy krát раз раза defa kez",
    "x rings ring sonneries tonos squilli klingeln",
    "時 时 時間 分 分鐘 点 點 日 年 月 週 周 號 号 天 秒 歳 岁 円 圓 元 人 名 回 次 ヶ か 個 个 시"
    " 분 일 년 월 주 개 초 원 명 회 น",
)

# Names of people too: units only behind a number of one or two digits.
NAMES = _words(
    "x dan val zi dag ring let nap ora gun day gio ay miles min won franken lata leta dia perc an"
    " ani gol ser ore os"
)

# Behind a number of hours, or a year.
BEHIND_TIME = _words(
    "jälkeen asti alkaen lähtien után előtt óta sonra önce kadar itibaren onward onwards later noon"
    " midi بعد बाद से तक 後 后 前 以 までから"
)

BEFORE = _words(
    "after before until till til from since at by around about in between tbd tba tbc est class"
    " vintage joined retired",
    "version jahrgang jg ausgeschieden eingetreten halb circa mid early late end start",
    "year years fy as",
    "summer winter spring autumn fall starting effective expires expired valid born due",
    "nach ab bis seit vor um gegen zwischen von stand ende anfang mitte jahr sommer herbst frühling"
    " frühjahr geplant geb geboren gültig",
    "après avant dès depuis jusqu jusque vers entre fin début année été hiver printemps automne"
    " environ né née",
    "después antes desde hasta año fines principios verano invierno primavera otoño nacido",
    "ore godz dopo prima dalle fino entro dal dall verso tra fine inizio estate inverno nato",
    "depois até após partir verão outono",
    "na voor vanaf tot sinds om rond tussen eind begin zomer",
    "efter före innan från till sedan kl klockan mellan sommaren hösten våren før fra inden siden"
    " omkring etter mellom",
    "ennen klo kello vuonna po przed od do około rok roku lato před kolem pred okolo leto nakon"
    " prije oko poslije konec koniec",
    "dupa după înainte pana până din intre între ora orele iarna vara",
    "после до с со от перед около после в к год году лето зима осень весна след преди около през"
    " після від з близько",
    "μετά πριν από έως μέχρι στις κατά saat sonra yıl pärast enne alates kuni kell pēc pirms līdz"
    " plkst po prieš nuo iki",
    "بعد قبل من حتى منذ الساعة אחרי לפני עד מאז משעה שעה बाद หลัง ก่อน ถึง ตั้งแต่ sau trước từ đến"
    " lúc setelah sebelum",
    "sampai sejak jam pukul",
    "kw cw kalenderwoche woche week wk sem semaine semana settimana uke uge vecka vko quartal"
    " quarter trimestre q",
)

RANGES = _words(
    "bis to until till til a à al alle às tot do до по til till ate até as kuni iki līdz έως μέχρι"
    " fino 至 到 から 까지 부터"
)

PARTICLES = _words(
    "de d of the del della di den der dem die das la le les l las los el il lo du des au aux al"
    " alle dalle a da do das dos",
    "as às à om klo kl of",
    "partir de s o u τις το την στις",
)

WEEKDAYS = _words(
    "mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " montags dienstags mittwochs donnerstags",
    "freitags samstags sonntags werktags wochentags wochenende täglich mo-fr",
    "mon tue tues wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday"
    " saturday sunday mondays fridays weekdays",
    "weekend daily",
    "lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
    "mié jue vie sáb dom lunes martes miércoles jueves viernes sábado domingo gio sab lunedì"
    " martedì mercoledì giovedì venerdì sabato",
    "domenica seg ter qua qui sex segunda terça quarta quinta sexta",
    "ma wo vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "mån tis ons tor tors fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag man tir lør"
    " søn mandag tirsdag lørdag søndag",
    "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai ke pe la su",
    "pon wt śr czw pt sob niedz poniedziałek wtorek środa czwartek piątek sobota niedziela po út st"
    " čt pá so ne pondělí",
    "úterý středa čtvrtek",
    "pátek neděle pondelok utorok streda štvrtok piatok nedeľa pn hétfő kedd szerda csütörtök"
    " péntek szombat vasárnap sze szo",
    "luni marți miercuri joi vineri sâmbătă duminică пн вт ср чт пт сб вс нд понедельник вторник"
    " среда четверг пятница",
    "суббота воскресенье",
    "понеделник сряда петък събота неделя понеділок вівторок середа четвер п'ятниця субота неділя"
    " δευ τρι τετ πεμ παρ σαβ",
    "κυρ δευτέρα τρίτη",
    "τετάρτη πέμπτη παρασκευή σάββατο κυριακή pzt sal çar per cum cmt paz pazartesi salı çarşamba"
    " perşembe cuma cumartesi pazar",
    "ponedjeljak utorak srijeda četvrtak petak subota nedjelja ponedeljek torek sreda četrtek petek"
    " nedelja",
    "الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد ראשון שני שלישי רביעי חמישי שישי"
    " सोमवार मंगलवार बुधवार",
    "गुरुवार शुक्रवार शनिवार रविवार",
    "日 月 일 월 火 水 木 金 土 曜 一 二 三 四 五 六 화 수 목 금 토",
)

# In ranges alone: "M-F", "L-V", "H-P".
INITIALS = _words("m f l v h p")

MONTHS = _words(
    "jan feb mar mär mrz apr mai jun jul aug sep sept okt nov dez januar jänner februar märz april"
    " juni juli august",
    "september oktober november",
    "dezember may oct dec january february march june july october december",
    "janvier février mars avril juin juillet août septembre octobre novembre décembre janv févr avr"
    " juil aout déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene"
    " abr ago dic",
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug ago"
    " set ott janeiro fevereiro",
    "março maio junho",
    "julho setembro outubro novembro dezembro fev out dez januari februari maart mei augustus maj"
    " mrt augusti juni januar marts",
    "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu"
    " marraskuu joulukuu",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada"
    " grudnia styczeń luty marzec",
    "kwiecień czerwiec",
    "lipiec sierpień wrzesień październik listopad grudzień ledna února března dubna května června"
    " července srpna září října",
    "listopadu prosince",
    "leden únor březen duben květen červen červenec srpen říjen prosinec január február marec apríl"
    " máj jún júl október",
    "január március április",
    "május június július augusztus szeptember október november december ianuarie februarie martie"
    " aprilie mai iunie iulie",
    "septembrie octombrie",
    "noiembrie decembrie января февраля марта апреля мая июня июля августа сентября октября ноября"
    " декабря январь февраль",
    "март апрель май июнь",
    "июль август сентябрь октябрь ноябрь декабрь янв фев апр авг сен окт ноя дек січня лютого"
    " березня квітня травня червня",
    "липня серпня вересня",
    "жовтня листопада грудня януари февруари март април юни юли септември октомври ноември"
    " декември",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου"
    " νοεμβρίου δεκεμβρίου",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık siječnja veljače"
    " ožujka travnja svibnja",
    "lipnja srpnja kolovoza",
    "rujna listopada studenoga prosinca januarja februarja marca aprila maja junija julija avgusta"
    " septembra oktobra novembra decembra",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر ינואר פברואר מרץ"
    " אפריל מאי יוני יולי אוגוסט",
    "ספטמבר אוקטובר נובמבר",
    "דצמבר जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
)

# Before or behind a number of one or two digits.
PLACES = _words(
    "floor flr level storey story stock stockwerk etage geschoss obergeschoss untergeschoss og ug"
    " eg dg stiege tür haus",
    "gebäude geb block",
    "bldg building house gate tower wing étage bâtiment bât porte escalier piso planta edificio"
    " puerta escalera portal andar",
    "bloco prédio",
    "piano palazzo scala verdieping gebouw huis våning hus byggnad etasje sal bygning kerros"
    " rakennus piętro budynek dom",
    "patro poschodie budova",
    "emelet épület lépcsőház etaj bloc scara этаж корпус дом подъезд этажа поверх будинок етаж вход"
    " όροφος kat bina kapı kat",
    "zgrada nadstropje",
    "korrus maja stāvs māja aukštas namas طابق الطابق مبنى קומה בניין मंजिल ชั้น tầng lantai gedung"
    " platz hof tor",
    "階 楼 樓 層 层 棟 栋 층 동",
)

STREETS = _words(
    "str straße strasse gasse allee weg street road avenue ave lane boulevard blvd drive rue chemin"
    " calle avenida avda rua",
    "ulica ul utca út",
    "strada улица ул вулиця вул cadde caddesi sokak sk straat laan gatan gata gade vej katu tie",
)
STREETS_BEHIND = _words("st rd dr ct ln")
# Before a number that is of another kind: of a place, an account, a register, or secret.
REFERENCES = _words(
    "postfach box postbus plz zip zipcode postcode apartado cep cap \u3012",
    "iban konto kontonr kto account acct conto cuenta compte rekening kdnr kundennr kundennummer",
    "ust ustid vat tin ssn isbn hrb hra siret siren nif cif cpf cnpj inn инн pesel regon",
    "az aktenzeichen pin puk passwort password passcode kennwort code kode kod codice codigo код",
)
CURRENCIES = _words("eur usd chf gbp sek nok dkk pln czk huf jpy cny rub")
PLACE_ENDINGS = ("geschoss", "stockwerk")
STREET_ENDINGS = tuple(
    sorted(_words("str straße strasse gasse allee straat gatan gata gade vej vegen katu utca"))
)
