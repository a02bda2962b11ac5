"""The buttons of the ribbon tab 法治政府: the calling book, a job, and what the user is told.

Not yet run on Windows: docs/excel-checklist.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import xlwings as xw

from xl_fzzf.archive.ledger import Ledger
from xl_fzzf.desk.as_of import figures_day
from xl_fzzf.desk.errors import JobError
from xl_fzzf.desk.holding import refuse_read_only
from xl_fzzf.desk.signing import refuse_signed
from xl_fzzf.desk.workspace import Workspace
from xl_fzzf.faces.excel import boxes
from xl_fzzf.faces.excel.addin.launch import show
from xl_fzzf.faces.words.telling import box_text
from xl_fzzf.mail.errors import MailError
from xl_fzzf.mail.outlook import save_in_outlook
from xl_fzzf.office.book_live import LiveBook
from xl_fzzf.office.xlsx.workbook_part import read_last_saved
from xl_fzzf.sheets.spec import MASTER, UNMET

if TYPE_CHECKING:
    from xl_fzzf.desk.mail.drafting import Drafts
    from xl_fzzf.desk.printing import Printer


@xw.script
def distribute() -> None:
    """分发填报表: a return for every unit."""
    with pressed("分发填报表") as click:
        from xl_fzzf.jobs.distribute import distribute as run

        result = run(click.path, date.today(), datetime.now(), click.step, click.open_book())
        click.tell(boxes.distributed(result))


@xw.script
def check() -> None:
    """校验: the returns that came in where a master is active, else the active return."""
    with pressed("校验") as click:
        from xl_fzzf.jobs.check import check_active

        results = check_active(click.path, date.today())
        click.tell(boxes.checked(results, read_last_saved(click.path), click.unsaved))


@xw.script
def consolidate() -> None:
    """汇总: the returns that came in become the master's records."""
    with pressed("汇总") as click:
        from xl_fzzf.jobs.consolidate import Using
        from xl_fzzf.jobs.consolidate import consolidate as run

        last_saved = read_last_saved(click.path)
        using = Using(click.step, click.open_book(), kinds=(MASTER,))
        result = run(click.path, None, date.today(), datetime.now(), using)
        click.tell(boxes.consolidated(result, last_saved))


@xw.script
def mark_unmet() -> None:
    """标记未达标: judge again as of today, and go to 未达标清单."""
    with pressed("标记未达标") as click:
        from xl_fzzf.jobs.mark_unmet import mark_unmet as run

        result = run(click.path, date.today(), datetime.now(), click.open_book())
        click.book.sheets[UNMET].activate()
        click.tell(boxes.marked(result))


@xw.script
def report() -> None:
    """生成上报表: the summary for the city."""
    with pressed("生成上报表") as click:
        from xl_fzzf.jobs.report import report as run

        click.open_book()  # saves it
        today = date.today()
        result = run(click.path, figures_day(click.path, today), today, click.printer)
        show(result.summary)
        click.tell(boxes.reported(result))


@xw.script
def approve() -> None:
    """定稿: the round as it was last consolidated is signed, once the user agrees."""
    with pressed("定稿") as click:
        from xl_fzzf.jobs.approve import approve as run
        from xl_fzzf.jobs.approve import read_ready

        book, standing = click.open_book(), read_ready(click.path)
        by = standing.round.settings.approver or click.ask(boxes.APPROVER)
        if not by or click.agrees(boxes.approving(standing, by)):  # the job tells what is lacking
            result = run(click.path, by, "", datetime.now(), click.printer, book)
            show(result.summary)
            click.tell(boxes.approved(result))


@xw.script
def reopen() -> None:
    """重新打开: an approved round may be changed again, for a reason."""
    with pressed("重新打开") as click:
        from xl_fzzf.jobs.approve import reopen as run

        reason = click.ask(boxes.REASON)
        result = run(click.path, reason, datetime.now(), click.open_book(signed=True))
        click.tell(boxes.reopened(result))


@xw.script
def mail() -> None:
    """发送邮件: the report to the city as a draft, in Outlook where there is one."""
    with pressed("发送邮件") as click:
        from xl_fzzf.jobs.upward import write_upward

        drafts = write_upward(click.path, datetime.now())
        click.tell(boxes.mailed(drafts, hand_over(drafts)))


@xw.script
def open_incoming() -> None:
    """打开报送文件夹: where the returns go that came back."""
    with pressed("打开报送文件夹") as click:
        folder = Workspace.at(click.path).incoming
        folder.mkdir(parents=True, exist_ok=True)
        show(folder)
        click.tell(boxes.opened(folder))


@xw.script
def undo() -> None:
    """撤销上次汇总: the master as it was before the last run, which is not lost either."""
    with pressed("撤销上次汇总") as click:
        from xl_fzzf.jobs.restore import undo as run

        master = Workspace.at(click.path).master
        if click.agrees([boxes.UNDO]):
            with click.closed():
                result = run(master, date.today(), datetime.now())
            click.tell(boxes.undone(result))


@xw.script
def help_() -> None:
    """帮助: what the buttons do, and where the master lies."""
    with pressed("帮助") as click:
        click.tell(boxes.helped(click.path))


class Click:
    """A button pressed on a workbook: what the workbook is, progress, and the result box."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.book = xw.Book.caller()
        self.app = self.book.app

    @property
    def path(self) -> Path:
        """Where the workbook lies; JobError for one that was never saved."""
        path = Path(self.book.fullname)
        if not path.is_file():
            raise JobError(f"“{self.book.name}”还没有保存过。请先打开工作文件夹里的台账，再点按钮")
        return path

    @property
    def unsaved(self) -> bool:
        """Whether the workbook holds changes that its file does not."""
        return self._on_desktop and not self.book.api.Saved

    def open_book(self, *, signed: bool = False) -> LiveBook:
        """The master for a job that writes; Excel saves it first, as the state to go back to.

        Raises JobError before that where the round is approved, unless a `signed` one will do.
        """
        workspace = Workspace.at(self.path)
        path = workspace.master
        if not signed:
            refuse_signed(workspace, Ledger(workspace.archive))
        if self._on_desktop and self.book.api.ReadOnly:
            refuse_read_only(path)
        return LiveBook(self.book, path)

    @property
    def _on_desktop(self) -> bool:
        return self.app.engine.type == "desktop"

    @property
    def printer(self) -> Printer | None:
        """Excel itself, where it runs on this machine."""
        return self._print if self._on_desktop else None

    def _print(self, source: Path, made: Path) -> None:
        try:
            with self.app.properties(screen_updating=False):
                book = self.app.books.open(source, update_links=False, read_only=True)
                try:
                    book.to_pdf(made)
                finally:
                    book.close()
        except Exception as error:
            # COM has no narrower one; without any printer Excel can't export
            raise JobError("Excel 没有生成 PDF。请打开汇总表，点“文件-另存为”，选 PDF") from error
        finally:
            self.book.activate()

    def step(self, what: str, done: int, total: int) -> None:
        """Progress, in Excel's status bar."""
        with suppress(NotImplementedError):  # Excel in a browser has none
            self.app.status_bar = f"{self.title}：{what}（{done}/{total}）"

    def agrees(self, lines: Iterable[str]) -> bool:
        """Whether the user says yes; an answer that does not come back is no consent."""
        words = box_text(*lines)
        return bool(self.app.alert(words, self.title, buttons="ok_cancel") == "ok")

    def ask(self, prompt: str) -> str:
        """What the user types; nothing where they don't, or where Excel can't ask."""
        typed = self.app.api.InputBox(prompt, self.title, Type=2) if self._on_desktop else ""
        return typed.strip() if isinstance(typed, str) else ""

    def tell(self, lines: Iterable[str]) -> None:
        """Show the result box."""
        self.app.alert(box_text(*lines), self.title, mode="info")

    @contextmanager
    def closed(self) -> Iterator[None]:
        """The workbook closed without saving; opened again from its file at the end."""
        path = self.path
        self.book.close()
        try:
            yield
        finally:
            self.book = self.app.books.open(path)


@contextmanager
def pressed(title: str) -> Iterator[Click]:
    """A press of this button on the calling workbook; what goes wrong is told in a box."""
    click, failure = Click(title), ""
    try:
        yield click
    except Exception as error:
        failure = boxes.failed(error)
    with suppress(NotImplementedError):
        click.app.status_bar = False
    if failure:
        click.app.alert(failure, title, mode="critical")


def hand_over(drafts: Drafts) -> bool:
    """Put drafts into Outlook, or show their folder; whether they are in Outlook."""
    try:
        return save_in_outlook(drafts.written) > 0
    except MailError:  # no Outlook here
        show(drafts.folder)
        return False
