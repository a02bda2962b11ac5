"""Sum up what districts report: summaries that count are recomputed, and written into the master."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from xl_fzzf.archive.originals import fingerprint
from xl_fzzf.desk.edited import say_edited_since_beginning
from xl_fzzf.desk.editions import corrected
from xl_fzzf.desk.master import Master
from xl_fzzf.desk.outcome import Brought, Outcome, Published
from xl_fzzf.desk.printing import Printer, write_summary
from xl_fzzf.desk.saving import Saved
from xl_fzzf.model.city import City, District
from xl_fzzf.model.edition import Edition
from xl_fzzf.model.finding import Severity
from xl_fzzf.model.judged import Judged
from xl_fzzf.sheets.city_master import write_city
from xl_fzzf.sheets.lists import register, register_line
from xl_fzzf.sheets.stamp import write_stamp


def write_sums(master: Master, brought: Brought) -> Outcome:
    """Write the districts' figures; the summary is published when the master is saved."""
    city = _build_city(master, brought)
    write_city(master.book, city)
    write_stamp(master.book, {"as_of": city.as_of, "deadline": city.round.settings.deadline})
    reported = [district.unit for district in city.districts]

    def publish(saved: Saved, edition: Edition, today: date, printer: Printer | None) -> Published:
        from xl_fzzf.sheets.summary import build_city_summary

        made = replace(
            city,
            master=saved.output.name,
            sha256=fingerprint(saved.output.read_bytes()),
            edition=corrected(master.workspace, edition, city),
        )
        deadline = city.round.settings.deadline
        lines = [register_line(file, brought.findings, deadline) for file in brought.files]
        build = partial(build_city_summary, made, lines, brought.findings, today)
        title = city.round.plan.summary_name
        return Published(made, *write_summary(master.workspace, title, build, printer))

    return Outcome(city.assessments, city.expected, reported, publish=publish)


def _build_city(master: Master, brought: Brought) -> City:
    round_ = master.round
    own = {file.unit.code: file for file in brought.files if file.unit and file.counts}
    districts = [
        _build_district(own[unit.code], master, brought)
        for unit in round_.plan.units
        if unit.code in own
    ]
    files = [register(file, round_.settings.deadline) for file in brought.files]
    records = [record for district in districts for record in district.assessments]
    edited = say_edited_since_beginning(master)
    return City(round_, brought.as_of, records, districts, files, edited)


def _build_district(file: Judged, master: Master, brought: Brought) -> District:
    submission, summary, settings = file.submission, file.summary, master.round.settings
    assert summary is not None
    errors = (f.severity is Severity.ERROR for f in brought.findings if f.file == submission.file)
    return District(
        unit=summary.district,
        file=submission.file,
        late=file.is_late(settings.deadline),
        as_of=_stated_day(submission.stamp.get("as_of", "")),
        units=len(summary.units),
        sent=summary.sent,
        plan=summary.plan,
        assessments=summary.assess(settings.period.year, brought.as_of),
        stated=summary.stated,
        errors=sum(errors),
        excluded=len(summary.foreign) + len(summary.repeated),
    )


def _stated_day(stated: str) -> date | None:
    """The day as of which a district judged; None where its file does not say one."""
    try:
        return date.fromisoformat(stated)
    except ValueError:
        return None
