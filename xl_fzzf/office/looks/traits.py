"""What all formats call what they find in a file, so that one thing has one name whatever holds it."""

from __future__ import annotations

from xl_fzzf.model.submission import Trait

FROM_1904 = Trait.DATES_1904, "日期从 1904 年算起"
COMMENTS = Trait.COMMENTS, "批注"
LINKS = Trait.LINKS, "其他工作簿的链接"
FETCHING = Trait.LINKS, "取网络或外部数据的公式"
MACROS = Trait.MACROS, "宏"
PICTURES = Trait.EMBEDDED, "图片"
CONTROLS = Trait.EMBEDDED, "控件"
FILES = Trait.EMBEDDED, "嵌入的文件"
