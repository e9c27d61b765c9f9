"""The evaluation's report as a table for people: on the terminal, and beside the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NAME, COLUMN = 34, 14  # characters
Row = tuple[str, Callable[[dict[str, Any]], str]]


def format_report(report: dict[str, Any]) -> str:
    """Return the report as text, with the baseline's column where the report has one."""
    columns = [report, report["baseline"]] if report["baseline"] else [report]
    lines = [_line("", *(column["weights"]["architecture"] for column in columns))]
    lines += _section("MNIST test set", report["test"], columns, "test")
    lines.append(_row("pasted on a canvas, right", columns, lambda c: _share(c["pasted"])))
    if report["pen"]:
        lines += ["", *_section("drawn digits", report["pen"], columns, "pen")]
        lines.append(_row("not read", columns, lambda c: str(c["pen"]["not_read"])))
        lines += _by_group(columns, "pen")
    if report["complete"]:
        title = "drawn digits, complete recordings"
        lines += ["", *_section(title, report["complete"], columns, "complete")]
        lines += _by_group(columns, "complete")
    if report["refusal"]:
        lines += _refusals(columns)
    return "\n".join([*lines, "", *_by_class(report)])


def _line(name: str, *cells: str) -> str:
    return f"{name:<{NAME}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells)


def _row(name: str, columns: list[dict[str, Any]], read: Callable[[dict[str, Any]], str]) -> str:
    return _line(f"  {name}", *(read(column) for column in columns))


def _share(scores: dict[str, Any]) -> str:
    return f"{scores['accuracy']:.2%}"


def _section(
    title: str, scores: dict[str, Any], columns: list[dict[str, Any]], key: str
) -> list[str]:
    def sure(column: dict[str, Any]) -> str:
        accuracy = column[key]["sure"]["accuracy"] if "sure" in column[key] else None
        return "none" if accuracy is None else f"{accuracy:.2%}"

    rows: list[Row] = [("accuracy", lambda c: _share(c[key]))]
    if "sure" in scores:
        rows += [
            ("loss, nats", lambda c: f"{c[key]['loss']:.4f}"),
            ("calibration error", lambda c: f"{c[key]['expected_calibration_error']:.4f}"),
            ("taken for a digit", lambda c: f"{c[key]['accepted_share']:.2%}"),
            ("kept: a digit, and sure", lambda c: f"{c[key]['sure']['share']:.2%}"),
            ("right when kept", sure),
        ]
    return [
        f"{title}, {scores['images']:,} images",
        *(_row(name, columns, read) for name, read in rows),
    ]


def _by_group(columns: list[dict[str, Any]], part: str) -> list[str]:
    titles = {"sites": "by site", "classes": "by class", "pen_widths": "by width of the pen"}
    lines = []
    for key, title in titles.items():
        lines.append(f"  {title}")
        for name, row in columns[0][part][key].items():
            cells = (_share(column[part][key][name]) for column in columns)
            lines.append(_line(f"    {name} ({row['images']:,})", *cells))
    return lines + _writers(columns, part)


def _writers(columns: list[dict[str, Any]], part: str) -> list[str]:
    if not columns[0][part].get("writers", {}).get("writers"):
        return []
    writers = columns[0][part]["writers"]
    title = f"  by writer ({writers['writers']} of {writers['fewest_digits']} digits or more)"
    names = {"worst": "worst", "tenth_percentile": "tenth percentile", "median": "median"}
    return [title] + [
        _line(f"    {words}", *(f"{column[part]['writers'][key]:.2%}" for column in columns))
        for key, words in names.items()
    ]


def _refusals(columns: list[dict[str, Any]]) -> list[str]:
    lines = ["", "no digits, refused"]
    for kind, row in columns[0]["refusal"].items():
        cells = (f"{column['refusal'][kind]['refused_share']:.1%}" for column in columns)
        lines.append(_line(f"  {kind} ({row['images']:,})", *cells))
    lines += ["", "AUROC against drawn digits, by score"]
    for kind, row in columns[0]["refusal"].items():
        lines.append(f"  {kind}")
        for name in row["auroc"]:
            areas = (column["refusal"][kind]["auroc"].get(name) for column in columns)
            cells = ("" if area is None else f"{area:.4f}" for area in areas)
            lines.append(_line(f"    {name}", *cells))
    return lines


def _by_class(report: dict[str, Any]) -> list[str]:
    test = report["test"]
    lines = [
        f"MNIST test set by class, {report['weights']['version']}",
        "  digit  precision  recall      F1  ROC AUC  images",
    ]
    for name, row in test["classes"].items():
        area = "" if row["roc_auc"] is None else f"{row['roc_auc']:.5f}"
        lines.append(
            f"  {name:>5}  {row['precision']:9.2%} {row['recall']:7.2%} {row['f1']:7.2%}"
            f"  {area:>7} {row['images']:7,}"
        )
    macro, area = test["macro"], test["roc_auc"]
    mean = f"{macro['precision']:9.2%} {macro['recall']:7.2%} {macro['f1']:7.2%}"
    shown = "" if area is None else f"{area:.5f}"
    return [*lines, f"   mean  {mean}  {shown:>7} {test['images']:7,}"]
