"""Text that is hard to keep, to compare, to show, or that means something to a program behind."""

from collections.abc import Iterator

from tests.hostile.corpus.base import Case, Slot, sources, spelled, values

_UNICODE = (
    # the same to the eye, not to the byte: normalisation forms, compatibility, width
    "é", "e\u0301", "Å", "A\u030a", "\u212b", "ﬁ", "①", "㈠", "㍿", "ﷺ", "Ａｂｃ１２", "ｶﾞ", "ガ",
    "\u1100\u1161\u11a8", "각",
    "\uf900", "豈", "\u2f00", "一", "⼀⼁", "ſ", "ß", "ẞ", "ı", "İ", "Σς", "Ǆ", "ŉ", "\u0345", "а", "Ѕ", "օ",
    # marks without a base, many marks, joiners, selectors
    "\u0301", "\u0300" * 200, "a" + "\u0316\u0317\u0318" * 60, "\u200d", "👨\u200d👩\u200d👧\u200d👦",
    "🏳\ufe0f\u200d🌈",
    "🇨🇳",
    "🇨", "\ufe0f", "葛\U000e0100", "\U000e0100", "\u180b", "👍🏿", "\U0001f3ff",
    # nothing to see: zero width, fillers, soft hyphen, tags
    "\u200b", "\u200c", "\u2060", "\ufeff", "测\u200b试", "\u00ad", "\u034f", "\u115f", "\u3164", "\uffa0",
    "\u17b4",
    "\u2800",
    "\U000e0001\U000e0041\U000e007f", "\u061c", "\u200e\u200f",
    # direction
    "\u202e测试", "\u202d", "\u2066\u2067\u2068\u2069", "\u202a\u202b\u202c", "אבג", "‏مرحبا",
    "a\u202eb\u2066c",
    "\u2069\u2069",
    # spaces and ends of lines
    " ", "  ", "\t", "\n", "\r\n", "\r", "\u0085", "\u00a0", "\u1680", "\u2000", "\u2028", "\u2029", "\u202f",
    "\u205f",
    "\u3000", " 测试", "测试 ", "测\n试", "测\r\nSet-Cookie: a=b", "\u180e", "\x0b", "\x0c", "\x1c", "\x1f",
    # outside the first plane, private, not characters, last one
    "𠮷", "𡘙", "\U00020bb7\U0002070e", "\U0002a6d6", "\U00030000", "\U0010fffd", "\U0010ffff", "\uffff",
    "\ufffe",
    "\ufdd0",
    "\ufdef", "\U0001ffff", "\U000f0000", "\ue000", "\uf8ff", "\ufffd", "\ufffc", "\U0001f600" * 50,
    "\U0001f4a9",
    # names as they are: middle dots and their look-alikes
    "买买提·吐尔逊", "买买提•吐尔逊", "买买提‧吐尔逊", "买买提・吐尔逊", "买买提．吐尔逊", "买买提.吐尔逊",
    "买买提∙吐尔逊",
    "买买提⋅吐尔逊", "·", "··", "·甲", "甲·", "㛃", "䶮", "甲" * 50, "甲" * 51, "O'Neil", "Nguyễn Văn Á",
    "测试", "测", "X Æ A-12",
    # digits that are none of ours
    "٠١٢٣٤٥٦٧٨٩", "۱۲۳", "१२३", "１２３４５６", "②③④", "〇一二三", "𝟎𝟏𝟐", "Ⅻ", "½", "٣", "5\u0660",
    "๕๓๒๕๒๙๑๐๓๒๐๔",
    "٥٣٢٥٢٩١٠٣٢٠٤", "５３２５２９１０３２０４", "𝟓𝟑𝟐𝟓𝟐𝟗𝟏𝟎𝟑𝟐𝟎𝟒",
    # what other programs wrote
    "ä½ å¥½", "锟斤拷", "烫烫烫", "????", "\ufffd\ufffd", "\\u4e2d", "&#20013;", "%E4%B8%AD",
    "=?utf-8?B?5Lit?=",
    "\ufeff{}",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ ̖t̝͕̳̣̻̪͞h̼͓̲̦̳̘̲e͇̣̰̦̬͎ ̢̼̻̱̘h͚͎͙̜̣̲ͅi̦̲̣̰̤v̻͍e̺̭̳̪̰-m̢iͅn̖̺̞̲̯̰d̵̼̟͙̩̼̘̳ ̞̥̱̳̭r̛̗̘e͙p͠r̼̞̻̭̗e̺̠̣͟s̘͇̳͍̝͉e͉̥̯̞̲͚̬͜ǹ̬͎͎̟̖͇̤t͍̬̤͓̼̭͘ͅi̪̱n͠g̴͉ ͏͉ͅc̬̟h͡a̫̻̯͘o̫̟̖͍̙̝͉s̗̦̲",
)  # fmt: skip
_MEANT_FOR_OTHERS = (
    "' OR '1'='1", "'; DROP TABLE applications;--", '" OR ""="', "1; SELECT pg_sleep(10)", "1' AND 1=1--",
    "\\'; --",
    "') UNION SELECT NULL,NULL--", "$$; SELECT 1; $$", "%' --", "_%", "%", "\\", "\\\\", "$1", ":name",
    "%(name)s",
    "{0}",
    "%s%s%s%n", "%d" * 50, "{}", "{0.__class__.__mro__}", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "{% debug %}",
    "${jndi:ldap://127.0.0.1/a}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "<!--", "]]>", "<![CDATA[x]]>", "&lt;", "<?php 1 ?>", "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "`id`",
    "$(id)",
    "; ls", "| cat /etc/passwd", "&& true", "|| true", "> /dev/null", "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd", "file:///etc/passwd", "C:\\", "\\\\host\\share", "CON", "nul", "aux.txt", ".", "..", "...",
    "~",
    "~root",
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://127.0.0.1\")", "\t=1",
    "a,b;c\td",
    '"a","b"',
    "http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0/",
    "gopher://127.0.0.1/_x",
    "http://user:pass@127.0.0.1/", "ftp://127.0.0.1", "//127.0.0.1", "http://①②⑦.0.0.1/", "http://0x7f000001/",
    "data:,x",
    "http://localhost\\@example.com/", "https://" + "a" * 70 + ".example/", "https://例え.example/",
    "http://a:99999/",
    "http://",
    "*)(uid=*))(|(uid=*", "admin'--", "' or count(/*)=1 or '", "a\r\nX-Injected: 1", "a%0d%0aX-Injected:%201",
    "null",
    "NULL",
    "None", "undefined", "true", "false", "NaN", "Infinity", "0", "1", "-1", "1e309", "[object Object]",
    "(null)",
    "nil",
    "function(){}", "constructor", "__proto__", "toString", "hasOwnProperty", "eval(1)", "import os",
    "!!python/object:os.system",
    "O:8:\"stdClass\":0:{}", "rO0ABXNyABFqYXZh", "gASVKAAAAAAAAACMBXBvc2l4", "(?:a+)+$", "a" * 40 + "!", "[",
    "(",
    "*", "+", "?",
    "living_allowance", "LIVING_ALLOWANCE", "living-allowance", "no_such_program", "edge_family", "self",
    "spouse",
    "other",
    "draft", "paid", "approved", "county_confirmer", "administrator", "system", "applicant", "partner",
    "anyone",
)  # fmt: skip
_NUMBERS_OF_PEOPLE = (
    "19000000001", "+8619000000001", "008619000000001", "86-190-0000-0001", "190 0000 0001", "1900000000",
    "190000000010",
    "10000000000", "29000000001", "０１９００００００００１", "１９００００００００１", "19000000001\n",
    "1900000000x", "-9000000001",
    "539900198005170010", "53990019800517001X", "53990019800517001x", "539900800517001", "539900198013010017",
    "539900198002300010",
    "000000000000000000", "111111111111111111", "999999999999999999", "53990019800517001Ｘ",
    "５３９９００１９８００５１７００１０",
    "539900 19800517 0010", "539900-19800517-0010", "810000199408230021", "830000199201300022",
    "539900209901010018",
    "539900000001010010", "5399001980051700", "5399001980051700100", "53990019800517 0010", "M0000000",
    "H12345678",
    "6222020000000000000", "9900001234567890128", "0" * 19, "9" * 30, "6222-0200-0000", "622202\u00a00000",
    "532529103204", "532529000000", "530000000000", "000000000000", "999999999999", "53252910320",
    "5325291032045",
    "53252910320a",
    "532529103204 ", " 532529103204", "+32529103204", "DB530102261122K3TQ9W2ZF", "db530102261122k3tq9w2zf",
    "DB" + "0" * 21,
    "TS532529261123AAAAAAAAA", "DB532529261123IIIIIIIII", "DB" + "9" * 200, "DB", "TESTCODE", "012345678901",
    "AAAAAAAAAAAA",
)  # fmt: skip
_LENGTHS = (
    0, 1, 2, 15, 16, 17, 49, 50, 51, 63, 64, 65, 99, 100, 101, 127, 128, 129, 199, 200, 201, 255, 256, 257, 999, 1000,
    1999, 2000, 2001, 4095, 4096, 9999, 10_000, 65_535, 65_536, 200_000,
)  # fmt: skip
_ESCAPED = (
    r'"\u0000"', r'"a\u0000b"', r'"\u0000\u0000"', r'"a\u0000"', r'"\ud800"', r'"\udfff"', r'"\udc00\ud800"',
    r'"a\ud83d"',
    r'"\ud83da"', r'"\ud83d\u0041"', r'"\ud83d\ud83d\ude00"', r'"\ude00"', r'"\ud83d\n\ude00"',
    r'"\uD800\uD800"',
)  # fmt: skip
_ESCAPED_GOOD = (
    r'"\ud83d\ude00"',
    r'"\u4e2d"',
    r'"\/"',
    r'"\b\f\n\r\t"',
    r'"\u007f"',
    r'"\u0080"',
    r'"\u001b[31m"',
    r'"\uffff"',
)


def cases() -> Iterator[Case]:
    """Return all texts: as members of bodies, in parameters, in paths."""
    yield from values("unicode", _UNICODE)
    yield from values("meant-for-others", _MEANT_FOR_OTHERS)
    yield from values("numbers-of-people", _NUMBERS_OF_PEOPLE)
    yield from values("length", ["x" * length for length in _LENGTHS])
    yield from values("length-in-chinese", ["测" * length for length in _LENGTHS if length < 70_000])
    yield from values("length-of-spaces", [" " * length for length in _LENGTHS[::4]])
    yield from sources("escaped", _ESCAPED, refused=True)
    yield from sources("escaped-good", _ESCAPED_GOOD)
    for slot in (Slot.PARAM, Slot.PATH):
        yield from spelled(slot, "unicode", _UNICODE[::3])
        yield from spelled(slot, "meant-for-others", _MEANT_FOR_OTHERS[::2])
        yield from spelled(slot, "numbers-of-people", _NUMBERS_OF_PEOPLE[::2])
        yield from spelled(slot, "length", ["x" * length for length in _LENGTHS[::3] if length < 20_000])
