"""The table the bench writes: one row a figure, as TSV and as Markdown."""
import os
import statistics
import sys

COLUMNS = ["name", "value", "unit", "limit", "ratio", "goal", "verdict", "others_cpu"]
NOISY = 0.2  # of a core: above it the measurement, not the product, is in doubt


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def short(number):
    if number is None or isinstance(number, str):
        return number or "-"
    return f"{number:.0f}" if abs(number) >= 1000 else f"{number:.4g}"


median = statistics.median


class Figures:
    def __init__(self):
        self.rows, self.notes = [], []

    def note(self, text):
        self.notes.append(text)
        say("   ", text)

    def add(self, name, value, unit, others, limit=None, ratio=None, least=None, most=None, goal=None):
        """`least` and `most` bound the ratio, or the value where there is no limit; a row without either is for information."""
        if ratio is None and limit:
            ratio = value / limit
        judged = value if ratio is None else ratio
        bound = least if least is not None else most
        verdict = "-" if bound is None else "ok" if (judged >= bound if least is not None else judged <= bound) else "short"
        goal = goal or ("-" if bound is None else f"{'≥' if least is not None else '≤'} {short(bound)}")
        row = dict(zip(COLUMNS, [name, short(value), unit, short(limit), short(ratio), goal, verdict, f"{others:.2f}"]))
        self.rows.append(row)
        say(f"==> {name}: {row['value']} {unit}, limit {row['limit']}, ratio {row['ratio']} (goal {goal}): {verdict}; others {row['others_cpu']} cores")
        if others > NOISY:
            say(f"    others used {others:.2f} cores meanwhile: doubt this figure")
        return row

    def write_tsv(self, path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write("\t".join(COLUMNS) + "\n")
            for row in self.rows:
                f.write("\t".join(row.values()) + "\n")

    def write_markdown(self, path, machine, how):
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"# Results of the bench\n\n{how}\n\nMachine: {machine}. Every ratio is to a limit taken in the same run (README.md). "
                    f"A row where others used more than {NOISY} of a core is marked with *: doubt the measurement, not the product.\n\n")
            f.write("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS) + "\n")
            for row in self.rows:
                mark = " *" if float(row["others_cpu"]) > NOISY else ""
                f.write("| " + " | ".join([*list(row.values())[:-1], row["others_cpu"] + mark]) + " |\n")
            f.write("\n" + "".join(f"- {note}\n" for note in self.notes))
