"""What letters say: templates that the office may edit (Jinja2), in plain text and HTML.

A template is a text file whose first line is the subject. The HTML is made from the finished text by
the frame 信.html, so that both always say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xl_fzzf.mail.errors import MailError
from xl_fzzf.model.characters import one_line

if TYPE_CHECKING:
    from jinja2 import Environment

SHIPPED = Path(__file__).parent / "templates"
# Between the two halves of what mail programs would take for a link.
_LINK = re.compile(r"(?i)(?<=:)(?=//)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=javascript)(?=:)")
_SUBJECT = ("主题:", "主题：")


class Wording(NamedTuple):
    """A letter's subject, and its body twice."""

    subject: str
    text: str
    html: str


class Templates:
    """The templates in a folder; those that are not there are the ones that ship."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, kind: str, values: Mapping[str, object]) -> Wording:
        """Fill in a template; raises MailError that names its file and line."""
        name = f"{kind}.txt"
        first, _, body = self._fill(name, values).strip().partition("\n")
        mark = next((mark for mark in _SUBJECT if first.startswith(mark)), "")
        if not mark:
            raise MailError(f"邮件模板“{name}”的第一行应当是“主题：……”，请补上后再试")
        subject, text = one_line(first.removeprefix(mark)), body.strip("\n") + "\n"
        paragraphs = [part.strip("\n").splitlines() for part in text.split("\n\n") if part.strip()]
        html = self._fill("信.html", {"subject": subject, "paragraphs": paragraphs})
        return Wording(subject, text, html)

    def _fill(self, name: str, values: Mapping[str, object]) -> str:
        from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

        try:
            return self._environment.get_template(name).render(values)
        except TemplateSyntaxError as error:
            raise _faulty(name, f"第 {error.lineno} 行 {error.message}") from error
        except (UndefinedError, TemplateError, TypeError, ValueError) as error:
            raise _faulty(name, str(error)) from error

    def _source(self, name: str) -> str:
        own = self._folder / name
        data = (own if own.is_file() else SHIPPED / name).read_bytes()
        for encoding in ("utf-8-sig", "gb18030"):  # 记事本 of old Windows saves GBK
            try:
                return data.decode(encoding).replace("\r\n", "\n")
            except UnicodeDecodeError:
                continue
        raise _faulty(name, "文字编码不对，请另存为 UTF-8")

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import FunctionLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        return ImmutableSandboxedEnvironment(
            loader=FunctionLoader(self._source),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=lambda value: inert(value) if isinstance(value, str) else value,
        )


def inert(text: str) -> str:
    """A text on one line in which mail programs find no link to make live."""
    return _LINK.sub("\u200b", one_line(text))


def _faulty(name: str, reason: str) -> MailError:
    return MailError(
        f"邮件模板“{name}”有误：{reason}。请改正；或删掉“模板/邮件”里的这个文件，改用自带的模板"
    )


def copy_templates(folder: Path) -> list[Path]:
    """Put the templates that ship into a folder, those that are there already left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(SHIPPED.iterdir()):
        if not (folder / source.name).exists():
            (folder / source.name).write_bytes(source.read_bytes())
            written.append(folder / source.name)
    return written
