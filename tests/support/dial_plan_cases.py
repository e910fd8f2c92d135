"""Numbers to be dialled, digit for digit, by region, with and without an outside line.

A row: raw | dialled without outside line | dialled with one ("=": the same) | rule.
Spaces in the dialled columns are for reading. "odd" behind the rule: the number is
reported to the administrator.
"""

from dataclasses import dataclass

_DE = """
+49 89 5550109 | 089 5550109 | 0 089 5550109 | national
+49 (0)30 5550113 | 030 5550113 | 0 030 5550113 | national
+49(0)30/5550113 | 030 5550113 | 0 030 5550113 | national
(+49) (0) 30 - 5550113 | 030 5550113 | 0 030 5550113 | national
+49-(0)30-5550113 | 030 5550113 | 0 030 5550113 | national
0049 (0) 30 5550113 | 030 5550113 | 0 030 5550113 | national
49 (0)30 5550113 | 030 5550113 | 0 030 5550113 | national
+49 030 5550113 | 030 5550113 | 0 030 5550113 | national
+49 (030) 5550113 | 030 5550113 | 0 030 5550113 | national
0049 172 5550116 | 0172 5550116 | 0 0172 5550116 | national
00 49 172 / 555 01 16 | 0172 5550116 | 0 0172 5550116 | national
0172/5550116 | 0172 5550116 | 0 0172 5550116 | national
0172 555 01 16 | 0172 5550116 | 0 0172 5550116 | national
(089) 5550-109 | 089 5550 109 | 0 089 5550 109 | national
089/5550-0 | 089 5550 0 | 0 089 5550 0 | national
089.5550.109 | 089 5550 109 | 0 089 5550 109 | national
0800 FLOWERS | 0800 3569377 | 0 0800 3569377 | national odd
0800 reimann | 0800 7346266 | 0 0800 7346266 | national odd
0180 5 123456 | 01805 123456 | 0 01805 123456 | national
+1 (212) 555-0107 | 001 212 5550107 | 0 001 212 5550107 | international
001 212 555 0107 | 001 212 5550107 | 0 001 212 5550107 | international
+44 (0)20 7946 0958 | 0044 20 79460958 | 0 0044 20 79460958 | international
+44 020 7946 0958 | 0044 20 79460958 | 0 0044 20 79460958 | international
+39 06 698 12345 | 0039 06 69812345 | 0 0039 06 69812345 | international
+39 (0)6 698 12345 | 0039 06 69812345 | 0 0039 06 69812345 | international
+41 44 668 18 00 | 0041 44 6681800 | 0 0041 44 6681800 | international
+420 777 123 456 | 00420 777123456 | 0 00420 777123456 | international
+800 1234 5678 | 00800 12345678 | 0 00800 12345678 | international
+999 123456 | 00999 123456 | 0 00999 123456 | international odd
+49 12 | 012 | 0 012 | national odd
+1 555 | 001 555 | 0 001 555 | international odd
+49 69 5550114,,4711# | 069 5550114 | 0 069 5550114 | national odd
+49 69 5550114;4711 | 069 5550114 | 0 069 5550114 | national odd
+49 69 5550114 p 4711 | 069 5550114 | 0 069 5550114 | national odd
+49 69 5550114w4711 | 069 5550114 | 0 069 5550114 | national odd
089 5550109, | 089 5550109 | 0 089 5550109 | national
089 5550109 Durchwahl 12 | 089 5550109 | 0 089 5550109 | national odd
089 5550109 App. 12 | 089 5550109 | 0 089 5550109 | national odd
tel:+49-89-5550109 | 089 5550109 | 0 089 5550109 | national
tel:+49-89-5550;ext=109 | 089 5550 | 0 089 5550 | national odd
tel:5550109;phone-context=+49-89 | 089 5550109 | 0 089 5550109 | national
tel:1001;phone-context=pbx.example | 1001 | = | extension
tel:%2B49%2089%205550109 | 089 5550109 | 0 089 5550109 | national
TEL://0895550109 | 089 5550109 | 0 089 5550109 | national
sip:+49895550109@pbx.example | 089 5550109 | 0 089 5550109 | national
callto:0895550109 | 089 5550109 | 0 089 5550109 | national
Tel.: 089 5550109 | 089 5550109 | 0 089 5550109 | national odd
089 5550109 (Anna) | 089 5550109 | 0 089 5550109 | national odd
089 5550109 B\u00fcro | 089 5550109 | 0 089 5550109 | national odd
089 5550109 / 089 5550110 | 089 5550109 | 0 089 5550109 | national odd
089 5550109 - 0170 5550114 | 089 5550109 | 0 089 5550109 | national odd
089 5550109 (home) 0170 5550114 (mobile) | 089 5550109 | 0 089 5550109 | national odd
+49 89 5550109 (24/7) | 089 5550109 | 0 089 5550109 | national odd
0800 5550109 [24/7] | 0800 5550109 | 0 0800 5550109 | national odd
089 5550109 24/24 | 089 5550109 | 0 089 5550109 | national odd
089 5550109 24h | 089 5550109 | 0 089 5550109 | national odd
089/5550 - 109 | 089 5550109 | 0 089 5550109 | national
Mo-Fr 9:00-17:00, 089 5550109 | 089 5550109 | 0 089 5550109 | national odd
E 12: 112 | 112 | = | emergency odd
Room 12: 1001 | 1001 | = | extension odd
+800 1234 HELP | 00800 12344357 | 0 00800 12344357 | international odd
00800 1234 HELP | 00800 12344357 | 0 00800 12344357 | international odd
+855 23 SABAYX | 00855 23722299 | 0 00855 23722299 | international odd
089 5550109 oder 0172 5550116 | 089 5550109 | 0 089 5550109 | national odd
089 5550109, 0172 5550116 | 089 5550109 | 0 089 5550109 | national odd
089 5550109; +49 172 5550116 | 089 5550109 | 0 089 5550109 | national odd
+49 89 5550109+49 89 5550110 | 089 5550109 | 0 089 5550109 | national odd
089 5550109 ::: 0172 5550116 | 089 5550109 | 0 089 5550109 | national odd
089 5550109/10 | 089 5550109 | 0 089 5550109 | national odd
0,0895550109 | 089 5550109 | 0 089 5550109 | national odd
٠٨٩ ٥٥٥٠١٠٩ | 089 5550109 | 0 089 5550109 | national
۰۸۹ ۵۵۵۰۱۰۹ | 089 5550109 | 0 089 5550109 | national
०८९ ५५५०१०९ | 089 5550109 | 0 089 5550109 | national
๐๘๙ ๕๕๕๐๑๐๙ | 089 5550109 | 0 089 5550109 | national
＋４９　（０）８９ 5550109 | 089 5550109 | 0 089 5550109 | national
\u202a+49\u00a089\u200b\u20115550\u2013109\u202c | 089 5550109 | 0 089 5550109 | national
\u260e 089 5550109 | 089 5550109 | 0 089 5550109 | national
1001 | 1001 | = | extension
10-01 | 1001 | = | extension
0001 | 0001 | = | extension
1001/1002 | 1001 | = | extension odd
*97 | *97 | = | service code
##21# | ##21# | = | service code
*21*0891234# | *21*0891234# | = | service code
*21*+49891234# | *21*0049891234# | = | service code
**620 | **620 | = | service code
\uff0a97 | *97 | = | service code
112 | 112 | = | emergency
110 | 110 | = | emergency
911 | 911 | = | emergency
115 | 115 | = | extension
116117 | 116117 | = | short number
116 117 | 116117 | = | short number
11833 | 11833 | = | short number
5550109 | 5550109 | 0 5550109 | local odd
22833 | 22833 | 0 22833 | local odd
172 5550116 | 0172 5550116 | 0 0172 5550116 | national odd
49895550109 | 089 5550109 | 0 089 5550109 | national odd
4989555010.0 | 089555010 | 0 089555010 | national odd
4.9123E+11 | | = | none odd
4,9123E+11 | | = | none odd
491E+9 | | = | none odd
'0891234567 | | = | none odd
ask at the desk | | = | none odd
anna@example.com | | = | none odd
0(0)49 89 5550109 | 089 5550109 | 0 089 5550109 | national
(00)49 89 5550109 | 089 5550109 | 0 089 5550109 | national
+0049 89 5550109 | 089 5550109 | 0 089 5550109 | national odd
+ (0049) 89 5550109 | 089 5550109 | 0 089 5550109 | national odd
+089 5550109 | 089 5550109 | 0 089 5550109 | national odd
0+49 89 5550109 | 089 5550109 | 0 089 5550109 | national odd
+49 (0) 89 / 555-0 | 089 5550 | 0 089 5550 | national
089/555 0 - 123 | 089 5550123 | 0 089 5550123 | national
(0 89) 555 01 09 | 089 5550109 | 0 089 5550109 | national
89 23125101 | 089 23125101 | 0 089 23125101 | national odd
+49895550109;ext=12 | 089 5550109 | 0 089 5550109 | national odd
tel:1001;phone-context=example.com | 1001 | = | extension
sip:1001@pbx | 1001 | = | extension
#31#0891234 | #31#0891234 | = | service code
**21*089123# | **21*089123# | = | service code
\uff14\uff19 | 49 | = | extension
+49 89 5550109 (0172 5550116) | 089 5550109 | 0 089 5550109 | national odd
089 5550109 (9-17 Uhr) | 089 5550109 | 0 089 5550109 | national odd
Raum 12: 089 5550109 | 089 5550109 | 0 089 5550109 | national odd
D2: 0172 5550116 | 0172 5550116 | 0 0172 5550116 | national odd
+39 (0)347 123 4567 | 0039 347 1234567 | 0 0039 347 1234567 | international
+39 6 698 12345 | 0039 06 69812345 | 0 0039 06 69812345 | international odd
1001.0 | 1001 | = | extension odd
+49 | | = | none odd
089 5550109 ext | 089 5550109 | 0 089 5550109 | national odd
"""

_US = """
+1 (212) 555-0107 | 1 212 5550107 | 9 1 212 5550107 | national
(212) 555-0107 | 1 212 5550107 | 9 1 212 5550107 | national
212.555.0107 | 1 212 5550107 | 9 1 212 5550107 | national
212/555/0107 | 1 212 5550107 | 9 1 212 5550107 | national
1-212-555-0107 | 1 212 5550107 | 9 1 212 5550107 | national
011 1 212 555 0107 | 1 212 5550107 | 9 1 212 5550107 | national
9,1-212-555-0107 | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107 x123 | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107 ext. 123 | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107, ext 123 | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107 #123 | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107 (x123) | 1 212 5550107 | 9 1 212 5550107 | national odd
tel:+1-212-555-0107;ext=123 | 1 212 5550107 | 9 1 212 5550107 | national odd
1-800-FLOWERS | 1 800 3569377 | 9 1 800 3569377 | national odd
1-800-flowers (1-800-356-9377) | 1 800 3569377 | 9 1 800 3569377 | national odd
1-800-PETMEDS | 1 800 7386337 | 9 1 800 7386337 | national odd
1-800-EXPRESS | 1 800 3977377 | 9 1 800 3977377 | national odd
(212) 555-0107 home | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107 or 212-555-0108 | 1 212 5550107 | 9 1 212 5550107 | national odd
212-555-0107, 212-555-0108 | 1 212 5550107 | 9 1 212 5550107 | national odd
+1 416 555 0107 | 1 416 5550107 | 9 1 416 5550107 | national
+1 876 555 0107 | 1 876 5550107 | 9 1 876 5550107 | national
+49 89 5550109 | 011 49 89 5550109 | 9 011 49 89 5550109 | international
+49 (0)30 5550113 | 011 49 30 5550113 | 9 011 49 30 5550113 | international
011 49 (0)30 5550113 | 011 49 30 5550113 | 9 011 49 30 5550113 | international
+49 69 5550114,,4711# | 011 49 69 5550114 | 9 011 49 69 5550114 | international odd
+39 06 698 12345 | 011 39 06 69812345 | 9 011 39 06 69812345 | international
+33 (0)1 42 68 53 00 | 011 33 1 42685300 | 9 011 33 1 42685300 | international
+52 55 5123 4567 | 011 52 55 51234567 | 9 011 52 55 51234567 | international
+54 9 11 2345-6789 | 011 54 9 11 23456789 | 9 011 54 9 11 23456789 | international
0049 172 5550116 | 0049 172 5550116 | = | cleaned odd
0800 FLOWERS | 0800 3569377 | = | cleaned odd
555-0107 | 555 0107 | 9 555 0107 | local odd
12345 | 12345 | = | cleaned odd
212555010 | 212555010 | = | cleaned odd
112 555 0107 | | = | none odd
1001 | 1001 | = | extension
*97 | *97 | = | service code
*72 212-555-0107 | *72 2125550107 | = | service code
#31# | #31# | = | service code
911 | 911 | = | emergency
112 | 112 | = | emergency
411 | 411 | = | extension
988 | 988 | = | extension
+1 1 212 555 0107 | 1 212 5550107 | 9 1 212 5550107 | national
+011 44 20 7946 0018 | 011 44 20 79460018 | 9 011 44 20 79460018 | international odd
1-800-CONTACTS | 1 800 2668228 | 9 1 800 2668228 | national odd
+1-888-GO-FEDEX-NOW | 1 888 4633339 | 9 1 888 4633339 | national odd
(800) MATTRESS | 1 800 6288737 | 9 1 800 6288737 | national odd
9-911 | 9911 | = | extension
(212) 555-0107 / (212) 555-0108 | 1 212 5550107 | 9 1 212 5550107 | national odd
(212) 555-0107 (9am-5pm) | 1 212 5550107 | 9 1 212 5550107 | national odd
"""

_GB = """
+44 20 7946 0958 | 020 79460958 | 9 020 79460958 | national
+44 (0)20 7946 0958 | 020 79460958 | 9 020 79460958 | national
0044 20 7946 0958 | 020 79460958 | 9 020 79460958 | national
020 7946 0958 | 020 79460958 | 9 020 79460958 | national
(020) 7946 0958 | 020 79460958 | 9 020 79460958 | national
0161 496 0000 | 0161 4960000 | 9 0161 4960000 | national
07700 900123 | 07700 900123 | 9 07700 900123 | national
+447700900123 | 07700 900123 | 9 07700 900123 | national
+44 1481 712345 | 01481 712345 | 9 01481 712345 | national
0800 1111 | 0800 1111 | 9 0800 1111 | national
0800 83 83 83 ext 4 | 0800 838383 | 9 0800 838383 | national odd
+353 1 679 7700 | 00353 1 6797700 | 9 00353 1 6797700 | international
+1 212 555 0107 | 001 212 5550107 | 9 001 212 5550107 | international
7946 0958 | 79460958 | 9 79460958 | local odd
2079460958 | 020 79460958 | 9 020 79460958 | national odd
999 | 999 | = | emergency
112 | 112 | = | emergency
101 | 101 | = | extension
111 | 111 | = | extension
118500 | 118500 | = | short number
116123 | 116123 | = | short number
*#06# | *#06# | = | service code
1571 | 1571 | = | extension
2001 | 2001 | = | extension
+44 7700 900123 x5 | 07700 900123 | 9 07700 900123 | national odd
01632960001 | 01632 960001 | 9 01632 960001 | national
"""

_FR = """
+33 1 42 68 53 00 | 01 42685300 | 0 01 42685300 | national
+33 (0)1 42 68 53 00 | 01 42685300 | 0 01 42685300 | national
0033 1 42 68 53 00 | 01 42685300 | 0 01 42685300 | national
01.42.68.53.00 | 01 42685300 | 0 01 42685300 | national
01-42-68-53-00 | 01 42685300 | 0 01 42685300 | national
06 12 34 56 78 | 06 12345678 | 0 06 12345678 | national
0 800 123 456 | 0800 123456 | 0 0800 123456 | national
1 42 68 53 00 | 01 42685300 | 0 01 42685300 | national odd
01 42 68 53 00 poste 12 | 01 42685300 | 0 01 42685300 | national odd
01 42 68 53 00 ou 06 12 34 56 78 | 01 42685300 | 0 01 42685300 | national odd
+32 2 555 12 12 | 0032 2 5551212 | 0 0032 2 5551212 | international
+377 93 15 26 00 | 00377 93152600 | 0 00377 93152600 | international
+1 212 555 0107 | 001 212 5550107 | 0 001 212 5550107 | international
15 | 15 | = | emergency
17 | 17 | = | emergency
18 | 18 | = | emergency
112 | 112 | = | emergency
3949 | 3949 | = | extension
36 39 | 3639 | = | extension
118712 | 118712 | = | short number
42 68 53 00 | 42685300 | = | cleaned odd
*31# | *31# | = | service code
*21*0612345678# | *21*0612345678# | = | service code
204 | 204 | = | extension
+33142685300 | 01 42685300 | 0 01 42685300 | national
33 1 42 68 53 00 | 01 42685300 | 0 01 42685300 | national odd
33 01 42 68 53 00 | 01 42685300 | 0 01 42685300 | national odd
"""

_CZ = """
+420 777 123 456 | 777123456 | 0 777123456 | national
00420 777 123 456 | 777123456 | 0 777123456 | national
777 123 456 | 777123456 | 0 777123456 | national
777-123-456 | 777123456 | 0 777123456 | national
224 810 111 | 224810111 | 0 224810111 | national
800 123 456 | 800123456 | 0 800123456 | national
420 777 123 456 | 777123456 | 0 777123456 | national odd
+421 2 5778 1111 | 00421 2 57781111 | 0 00421 2 57781111 | international
+49 (0)89 5550109 | 0049 89 5550109 | 0 0049 89 5550109 | international
001 212 555 0107 | 001 212 5550107 | 0 001 212 5550107 | international
224 810 111 linka 12 | 224810111 | 0 224810111 | national odd
224 810 111 klapka 12 | 224810111 | 0 224810111 | national odd
777 123 | 777123 | = | cleaned odd
0777 123 456 | 777123456 | 0 777123456 | national odd
150 | 150 | = | emergency
155 | 155 | = | emergency
158 | 158 | = | emergency
112 | 112 | = | emergency
1188 | 1188 | = | extension
116111 | 116111 | = | short number
*33 | *33 | = | service code
*21*777123456# | *21*777123456# | = | service code
2001 | 2001 | = | extension
tel:+420-777-123-456 | 777123456 | 0 777123456 | national
"""

_IT = """
+39 06 698 12345 | 06 69812345 | 0 06 69812345 | national
+39 (0)6 698 12345 | 06 69812345 | 0 06 69812345 | national
0039 06 698 12345 | 06 69812345 | 0 06 69812345 | national
06 698 12345 | 06 69812345 | 0 06 69812345 | national
06/69812345 | 06 69812345 | 0 06 69812345 | national
02 1234 5678 | 02 12345678 | 0 02 12345678 | national
+39 02 1234 5678 | 02 12345678 | 0 02 12345678 | national
347 123 4567 | 347 1234567 | 0 347 1234567 | national
+39 347 1234567 | 347 1234567 | 0 347 1234567 | national
800 123456 | 800 123456 | 0 800 123456 | national
06 698 12345 interno 12 | 06 69812345 | 0 06 69812345 | national odd
+378 0549 886377 | 00378 0549 886377 | 0 00378 0549 886377 | international
+41 91 123 45 67 | 0041 91 1234567 | 0 0041 91 1234567 | international
+49 (0)89 5550109 | 0049 89 5550109 | 0 0049 89 5550109 | international
112 | 112 | = | emergency
113 | 113 | = | emergency
115 | 115 | = | emergency
118 | 118 | = | emergency
1522 | 1522 | = | extension
116000 | 116000 | = | short number
*67# | *67# | = | service code
301 | 301 | = | extension
39 06 698 12345 | 06 69812345 | 0 06 69812345 | national odd
+39 (0)347 123 4567 | 347 1234567 | 0 347 1234567 | national
+39 (0)30 1234567 | 030 1234567 | 0 030 1234567 | national
+39 6 698 12345 | 06 69812345 | 0 06 69812345 | national odd
669812345 | 06 69812345 | 0 06 69812345 | national odd
"""

_BARE = """
+49 89 5550109 | 0049 89 5550109 | = | international
+49 (0)30 5550113 | 0049 30 5550113 | = | international
+39 (0)6 69812345 | 0039 06 69812345 | = | international
49 (0)30 5550113 | 0049 30 5550113 | = | international
0049 (0)30 5550113 | 0049 30 5550113 | = | international
(089) 5550-109 | 089 5550109 | = | cleaned
089/5550109 | 089 5550109 | = | cleaned
212.555.0107 | 212 5550107 | = | cleaned
1-800-FLOWERS | 1 800 3569377 | = | cleaned odd
0800 FLOWERS | 0800 3569377 | = | cleaned odd
+49 69 5550114,,4711# | 0049 69 5550114 | = | international odd
212-555-0107 x123 | 212 5550107 | = | cleaned odd
tel:+1-212-555-0107;ext=7 | 001 212 5550107 | = | international odd
1001 | 1001 | = | extension
112 | 112 | = | emergency
*97 | *97 | = | service code
##21# | ##21# | = | service code
*21*0891234# | *21*0891234# | = | service code
\uff10\uff18\uff19\uff15\uff15\uff15 | 089555 | = | cleaned
\u0660\u0668\u0669\u0665\u0665\u0665 | 089555 | = | cleaned
+999 123456 | 00999 123456 | = | international
4.9123E+11 | | = | none odd
n/a | | = | none odd
+ | | = | none odd
** | | = | none odd
- | | = | none odd
"""

OUTSIDE = {"DE": "0", "US": "9", "GB": "9", "FR": "0", "CZ": "0", "IT": "0", "": "0"}
_TABLES = {"DE": _DE, "US": _US, "GB": _GB, "FR": _FR, "CZ": _CZ, "IT": _IT, "": _BARE}


@dataclass(frozen=True, slots=True)
class Line:
    """`raw` in `region`, behind `outside_line` or "", is dialled as `number` by `rule`."""

    region: str
    outside_line: str
    raw: str
    number: str
    rule: str
    is_odd: bool


def _lines(region: str, table: str) -> list[Line]:
    found = []
    for row in table.strip().splitlines():
        raw, plain, behind_line, rule = (cell.strip(" ") for cell in row.split("|"))
        name, is_odd = rule.removesuffix(" odd"), rule.endswith(" odd")
        behind_line = plain if behind_line == "=" else behind_line
        found += [
            Line(region, line, raw, number.replace(" ", ""), name, is_odd)
            for line, number in (("", plain), (OUTSIDE[region], behind_line))
        ]
    return found


LINES = [line for region, table in _TABLES.items() for line in _lines(region, table)]
