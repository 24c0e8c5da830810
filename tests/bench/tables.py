"""What was measured, as Markdown: ratios first, as single times are good to half of themselves only."""

import os
import platform

import django

from tests.bench.cold import aim


def report(runs):
    parts = (machine(), answers(runs), slowdowns(runs), pages(runs), lists(runs), cold(runs))
    return "\n\n".join(part for part in parts if part)


def machine():
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, Django {django.__version__}. "
        f"Load when the bench ended: {os.getloadavg()[1]:.1f} in 5 minutes."
    )


def answers(runs):
    size, best, statement, call = "Units / allocations", "Best SQL by hand", "Our statement ÷ it", "Our call ÷ it"
    rows = [
        [run.database, _size(run), name, took.form, _ms(took.best), *_over(took.best, took.statement, took.call)]
        for run in runs
        for name, took in run.timings.items()
    ]
    return _table(["Database", size, "Question", best, "ms", statement, call], rows)


def slowdowns(runs):
    """The vacancy search at the largest size against the smallest."""
    rows = []
    for first, last in _pairs(runs):
        for name in first.timings:
            if name.startswith("Vacancy"):
                then, now = first.timings[name], last.timings[name]
                rows.append([last.database, name, _x(now.statement / then.statement), _x(now.call / then.call)])
        rows += [
            [last.database, f"{TITLES[name]}, whole answer", "", *_over(first.visits[name], last.visits[name])]
            for name in ("vacancy", "any vacancy", "vacancy API")
        ]
    units = f"{max(run.units for run in runs):,} units ÷ {min(run.units for run in runs):,}"
    return _table(["Database", f"Slower with {units}", "Our statement", "Our call"], rows) if rows else ""


def pages(runs):
    names = [name for name in runs[0].visits if name != "trivial"]
    head = ["Database", "Units", "Trivial page, ms", *(f"{TITLES[name]} ÷ it" for name in names)]
    rows = [
        [
            run.database,
            f"{run.units:,}",
            _ms(run.visits["trivial"]),
            *_over(run.visits["trivial"], *(run.visits[name] for name in names)),
        ]
        for run in runs
    ]
    return _table(head, rows)


TITLES = {
    "overview": "Overview",
    "anew": "Overview, first after a write",
    "vacancy": "Find space, one use",
    "any vacancy": "Find space, no filter",
    "vacancy API": "Vacancies API",
}


def lists(runs):
    head = ["SQL statements of a list", *(f"{run.database}, {run.units:,}" for run in runs)]
    return _table(head, [[name, *(str(run.statements[name]) for run in runs)] for name in runs[0].statements])


def cold(runs):
    """Each page as its first visitor after a write meets it, as a multiple of the trivial one, and its statements."""
    head = ["First after a write ÷ trivial (statements)", "Aim", *(f"{run.database}, {run.units:,}" for run in runs)]
    rows = [
        [
            name,
            str(aim(name) or ""),
            *(f"{_x(run.cold[name] / run.cold['trivial'])} ({run.cold_statements[name]})" for run in runs),
        ]
        for name in runs[0].cold
    ]
    return _table(head, rows)


def _pairs(runs):
    for database in dict.fromkeys(run.database for run in runs):
        mine = sorted((run for run in runs if run.database == database), key=lambda run: run.units)
        if len(mine) > 1:
            yield mine[0], mine[-1]


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _size(run):
    return f"{run.units:,} / {run.allocations:,}"


def _over(base, *values):
    return [_x(value / base) for value in values]


def _ms(value):
    return f"{value:.1f}"


def _x(value):
    return f"{value:.2f}"
