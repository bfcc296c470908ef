"""Checks of one file, for whoever wants to know before anything is kept."""

from typing import Any

from fastapi import APIRouter

from handrail.governance import estate
from handrail.governance.estate import FileIn, Report
from handrail.language import leaks
from handrail.registry.identity import Permission, require
from handrail.surfaces.http.context import PROBLEMS, CallerDep, ContextDep
from handrail.surfaces.http.findings import FoundView
from handrail.surfaces.http.routes.estate_definitions import LeakView, StepPlaceView
from handrail.surfaces.http.texts import Line
from handrail.surfaces.http.views import Body, View

router = APIRouter(tags=["estate"])


class CheckAsked(Body):
    """`content` is the file as text; `boundary` is the text of a boundary file, the company's own by default."""

    filename: Line
    content: str
    boundary: str | None = None


class CheckedView(View):
    """One definition of the file, as its page in the estate would show it."""

    index: int
    name: str
    platform: str
    steps: int
    data_class: str
    graph: dict[str, Any]
    positions: dict[str, StepPlaceView]
    findings: list[FoundView]
    leak_paths: list[LeakView]
    labels: dict[str, list[str]]
    unknown: list[str]

    @classmethod
    def of(cls, report: Report) -> "CheckedView":
        held = report.held
        return cls(
            index=report.index,
            name=report.name,
            platform=report.platform,
            steps=report.steps,
            data_class=report.data_class,
            graph=held["graph"],
            positions={step: StepPlaceView(x=place[0], y=place[1]) for step, place in held["positions"].items()},
            findings=[FoundView.model_validate(each) for each in held["findings"]],
            leak_paths=[LeakView.model_validate(each) for each in held["leaks"]],
            labels=held["labels"],
            unknown=held["unknown"],
        )


class CheckReportView(View):
    engine: str
    definitions: list[CheckedView]


@router.post("/api/v1/checks", responses=PROBLEMS)
def check_file(context: ContextDep, caller: CallerDep, body: CheckAsked) -> CheckReportView:
    """Read and check one file: what it does, what is wrong with it, where its data goes; stores nothing."""
    require(caller, Permission.APP_WRITE)
    boundary = context.boundary
    if body.boundary is not None:
        boundary = leaks.read_boundary(body.boundary.encode(), "boundary.json")
    reports = estate.report_of(FileIn(body.filename, body.content.encode()), boundary, context.lookup)
    return CheckReportView(engine=estate.engine(boundary), definitions=[CheckedView.of(each) for each in reports])
