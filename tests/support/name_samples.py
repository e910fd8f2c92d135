"""Names in fifteen scripts.

A row: given | family | full name as the source shows it | reading of given | reading of
family.
"""

_LATIN = """
Ann | Smith | | |
Zoë | Ångström | | |
Émile | Étienne | | |
Łukasz | Zażółć | Zażółć, Łukasz | |
Jürgen | Müller | Dr. Jürgen Müller | |
Anna | Muller | | |
Đặng Thị | Hồng | | |
Maria Alexandra Sophie | von Hohenlohe-Langenburg | | |
Maria Theresa Anna | von Hohenlohe-Langenburg | | |
Şule | İnönü | | |
 | | 3M Reception | |
Aoife | O'Neill | | |
Bernd | von und zu Guttenberg-Aschaffenburg | | |
Jan | Van Der Westhuizen-Schalkwyk | Prof. Dr. Jan Van Der Westhuizen-Schalkwyk | |
Gabriel José | García Márquez de la Concordia | | |
"""
_GREEK = """
Ελένη | Παπαδοπούλου | | |
Άννα | Ωνάση | | |
Γιώργος | Αβραάμ | | |
Νίκος | Άβελ | Άβελ, Νίκος | |
Κωνσταντίνος Αλέξανδρος | Παπακωνσταντίνου | | |
"""
_CYRILLIC = """
Ольга | Петрова | | |
Игорь | Йовович | | |
Анна | Иванова | Иванова, Анна | |
Ёлка | Ёжикова | | |
Елена | Ежова | | |
Александра Владимировна | Константинопольская | | |
"""
_HEBREW = """
דוד | כהן | | |
שָׂרָה | לוי | | |
רחל | אברהם | | |
יעקב | בן דוד | | |
"""
_ARABIC = """
محمد | الأحمد | | |
مُحَمَّد | الأحمد | | |
فاطمة | الزهراء | | |
علی‌رضا | احمدی | | |
عبد الرحمن عبد العزيز | آل سعود الفيصل | | |
"""
_DEVANAGARI = """
अनीता | शर्मा | | |
राज | कुमार | | |
सीता | हिन्दी | | |
कृष्ण | अग्रवाल | | |
"""
_BENGALI = """
রবীন্দ্রনাথ | ঠাকুর | | |
অমর্ত্য | সেন | | |
কাজী | ইসলাম | | |
"""
_TAMIL = """
கமலா | சுந்தரம் | | |
அருண் | குமார் | | |
மீனாட்சி | இராமன் | | |
"""
_THAI = """
สมชาย | ใจดี | | |
สมหญิง | รักไทย | | |
กมล | แก้วมณี | | |
"""
_GEORGIAN = """
ნინო | ბერიძე | | |
გიორგი | აბაშიძე | | |
თამარ | ჯაფარიძე | | |
"""
_ARMENIAN = """
Արամ | Խաչատրյան | | |
Անի | Ավագյան | | |
Հայկ | Պետրոսյան | | |
"""
_ETHIOPIC = """
አበበ | ቢቂላ | | |
ሃይሌ | ገብረሥላሴ | | |
መሠረት | ደፋር | | |
"""
_HANGUL = """
민준 | 김 | | |
서연 | 이 | 이서연 | |
지후 | 박 | 박, 지후 | |
하은 | 남궁 | | |
"""
_JAPANESE = """
太郎 | 山田 | | たろう | やまだ
さくら | 佐藤 | 佐藤 さくら | さくら | さとう
明 | 渡辺 | 渡辺明 | アキラ | ワタナベ
ガク | 神威 | | がく | かむい
花子 | 東海林 | | はなこ | しょうじ
"""
_HAN = """
伟 | 王 | | Wěi | Wáng
娜 | 李 | 李娜 | Nà | Lǐ
小明 | 欧阳 | | Xiǎomíng | Ōuyáng
芳 | 陈 | | |
"""

NAMES = {
    "latin": _LATIN,
    "greek": _GREEK,
    "cyrillic": _CYRILLIC,
    "hebrew": _HEBREW,
    "arabic": _ARABIC,
    "devanagari": _DEVANAGARI,
    "bengali": _BENGALI,
    "tamil": _TAMIL,
    "thai": _THAI,
    "georgian": _GEORGIAN,
    "armenian": _ARMENIAN,
    "ethiopic": _ETHIOPIC,
    "hangul": _HANGUL,
    "japanese": _JAPANESE,
    "han": _HAN,
}
