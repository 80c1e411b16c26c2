"""A submitted solution as the replay takes it."""

from dataclasses import replace

from score_model.arena.api import EvaluationJob, miner_uid_of
from score_model.contract import Sample, format_instant
from score_model.replay import ReplayJob, SiteMap


def replay_job(job: EvaluationJob, sites: SiteMap, run_id: str, attempt: int) -> ReplayJob:
    """One attempt at a solution. Raises ContractError for a task of a site that is not there."""
    answer = job.request.answer
    made = ReplayJob.from_sample(_sample_of(job), sites, run_id=run_id, attempt=attempt, answer=answer)
    return replace(made, tests=job.tests)


def _sample_of(job: EvaluationJob) -> Sample:
    """The solution as a row without a label, as the export will show it."""
    task, artifacts = job.task, job.request.artifacts
    about = task.metadata or {}
    steps = (artifacts.steps if artifacts else None) or []
    return Sample(
        task_id=task.id,
        task_created_at=task.created_at,
        website=_text(about.get("website")),
        use_case=_text(about.get("use_case")),
        intent=task.description or task.title,
        start_url=_text((task.inputs or {}).get("url")),
        required_url=None,
        web_version=None,
        tests=None,
        solution_id=job.solution_id,
        solution_created_at=format_instant(job.created_us),
        agent_run_id=None,
        miner_uid=miner_uid_of(job.request.agent_id),
        validator_uid=None,
        score=None,
        passed=None,
        num_actions=len(steps),
        actions=list(steps),
        trajectory=[],
        fetched_at=None,
        filters={},
        group="",
        split="",
        label_quality="unknown",
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
