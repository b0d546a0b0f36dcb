"""A rulebook folder → a ``Rulebook``, or every mistake in it at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

from auditkit.language import Vocabulary
from auditkit.model.form import Form
from auditkit.model.rule import Origin, Rulebook
from auditkit.model.words import Fault, Text
from auditkit.rulebook.build import Builder
from auditkit.rulebook.entries import Entries, read_entries
from auditkit.rulebook.shape import Part, RulebookShape
from auditkit.rulebook.tree import Mistake, Tree, read_tree


class Malformed(Fault):
    """A rulebook with mistakes; ``mistakes`` holds all of them, in file and line order."""

    def __init__(self, name: str, mistakes: tuple[Mistake, ...]) -> None:
        plural = "" if len(mistakes) == 1 else "s"
        listed = {lang: "\n".join(m.to(lang) for m in mistakes) for lang in ("zh", "en")}
        super().__init__(
            "rulebook",
            Text(
                f"规则簿 {name} 有 {len(mistakes)} 个错误，没有检查任何文件：\n{listed['zh']}",
                f"rulebook {name} has {len(mistakes)} mistake{plural}, nothing was checked:\n{listed['en']}",
            ),
            exit=2,
        )
        self.mistakes = mistakes

    def __reduce__(self) -> tuple[object, ...]:
        return (Malformed, (self.message.zh.split(" ", 2)[1], self.mistakes))


def parsed(entry: Path) -> tuple[Rulebook, tuple[Path, ...]]:
    """Parse a ``rulebook.yaml`` with all it includes; also the files that were read.

    Raises:
        Malformed: with all mistakes of all its files.
        Fault: ``missing`` (exit 2) when there is no such file.
    """
    text = _read(entry)
    builder = Builder()
    tree = read_tree(text, entry.name)
    head, own = read_entries(RulebookShape, tree)
    parts: list[Entries] = []
    texts = [text]
    for i, name in enumerate(head.include if head else ()):
        part_tree, part_text = _included(entry.parent / name, name, tree.origin(("include", i)), builder)
        texts.append(part_text)
        if part_tree is not None:
            whole = isinstance(part_tree.data, dict) and "rulebook" in part_tree.data
            parts.append(read_entries(RulebookShape if whole else Part, part_tree)[1])
    parts.append(own)
    for part in parts:
        builder.mistakes.extend(part.mistakes)
    if head is None:
        raise Malformed(_name(entry), _sorted(builder))
    book = _assemble(head, parts, builder, entry, hashlib.sha256("\0".join(texts).encode()).hexdigest())
    return book, (entry, *(entry.parent / name for name in head.include))


def _assemble(head: RulebookShape, parts: list[Entries], builder: Builder, entry: Path, sha256: str) -> Rulebook:
    for part in parts:
        builder.add_words(part)
    title = Text(head.title.zh, head.title.en)
    form = Form(
        id=head.rulebook,
        title=title,
        titles=tuple(head.titles) or (title.zh,),
        tables=dict(builder.tables),
        periods=(head.periods.from_, head.periods.to),
        levels=head.levels,
        footnotes=tuple(head.footnotes),
    )
    words = Vocabulary(form, {finder.name: tuple(finder.holes) for finder in builder.finders.values()})
    if not any(part.broken_words for part in parts):
        for part in parts:
            builder.add_rules(part, words)
        if head.tests is not None:
            builder.add_cases(head.tests.cases, parts[-1].tree, words)
    if builder.mistakes:
        raise Malformed(_name(entry), _sorted(builder))
    sample = {key: str(entry.parent / name) if name else "" for key, name in _samples(head).items()}
    return Rulebook(
        id=head.rulebook,
        version=head.version,
        title=title,
        basis=head.basis,
        form=form,
        rules=tuple(rule for rules in builder.rules.values() for rule in rules),
        finders=tuple(builder.finders.values()),
        prose=tuple(builder.prose.values()),
        labels=builder.labels,
        retired=head.retired,
        good=sample["good"],
        last=sample["last"],
        cases=tuple(builder.cases),
        priors=head.priors,
        sha256=sha256,
        path=str(entry),
    )


def _name(entry: Path) -> str:
    return entry.resolve().parent.name if entry.name == "rulebook.yaml" else entry.name


def _samples(head: RulebookShape) -> dict[str, str]:
    return {"good": head.tests.good if head.tests else "", "last": head.tests.last if head.tests else ""}


def _included(path: Path, name: str, origin: Origin, builder: Builder) -> tuple[Tree | None, str]:
    try:
        text = _read(path)
    except Fault as fault:
        builder.complain("RB022", origin, fault.message)
        return None, ""
    return read_tree(text, name), text


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise Fault("missing", Text(f"没有规则文件 {path}", f"no rulebook file {path}"), exit=2) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise Fault(
            "unreadable", Text(f"读不出规则文件 {path}（{reason}）", f"cannot read {path} ({reason})"), exit=2
        ) from None


def _sorted(builder: Builder) -> tuple[Mistake, ...]:
    return tuple(
        sorted(dict.fromkeys(builder.mistakes), key=lambda m: (m.origin.file, m.origin.line, m.origin.column, m.code))
    )
