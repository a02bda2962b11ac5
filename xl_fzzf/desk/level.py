"""What sets one level apart from another: who sends what, how it is judged, and what is made of it.

Units report to a district, record by record, in returns; districts report to a city in summaries.
The jobs are the same for every level: what differs stands here, and a further level is one more entry.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from xl_fzzf.desk.master import Master
from xl_fzzf.desk.outcome import Brought, Outcome
from xl_fzzf.desk.summing import write_sums
from xl_fzzf.desk.writing import write_records
from xl_fzzf.model.judged import Judged
from xl_fzzf.model.plan import Plan
from xl_fzzf.model.round import Round
from xl_fzzf.model.submission import Submission
from xl_fzzf.rules import ALL_RULES
from xl_fzzf.rules.judge import Forms, judge_return, judge_summary
from xl_fzzf.rules.submissions import SUBMISSION_RULES
from xl_fzzf.sheets import spec as layout
from xl_fzzf.sheets.city_master import city_shell
from xl_fzzf.sheets.shell_books import master_shell

FORMS = Forms(
    layout.VERSION,
    layout.area_sheet,
    (layout.INDICATOR_TOTALS, layout.SUBMISSIONS, layout.DATA),
    layout.TOTAL_MARK,
    layout.SETTINGS,
    layout.FINDINGS,
)
"""Our workbooks, as the rules must know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level by the `kind` that its master is stamped with; `senders` names who sends it what.

    `records`: whether its master holds records, for which 责任分工 names units and returns go out;
    else it sums up what was held elsewhere, and writes its summary with every consolidation.
    `listed` are the rules that its 设置 lists.
    """

    kind: str
    senders: str
    records: bool
    listed: Container[str]
    shell: Callable[[Plan], bytes]
    judge: Callable[[Submission, Round, Forms], Judged]
    write: Callable[[Master, Brought], Outcome]


DISTRICT = Level(
    kind=layout.MASTER,
    senders="各单位交回的填报表",
    records=True,
    listed=frozenset(ALL_RULES),
    shell=master_shell,
    judge=judge_return,
    write=write_records,
)
CITY = Level(
    kind=layout.CITY,
    senders="各区县的汇总表",
    records=False,
    listed=frozenset(SUBMISSION_RULES),
    shell=city_shell,
    judge=judge_summary,
    write=write_sums,
)

LEVELS = {level.kind: level for level in (DISTRICT, CITY)}
"""By the kind that a master is stamped with."""
