"""Why a file was not checked, in two or three words; the sentence with what to do stands in the report."""

from __future__ import annotations

from auditkit.model.words import Text

SHORT: dict[str, Text] = {
    "changed": Text("检查时被改动", "changed meanwhile"),
    "crashed": Text("读取时崩溃", "crashed the reader"),
    "damaged": Text("已损坏", "damaged"),
    "directory": Text("是文件夹", "a folder"),
    "empty": Text("空文件", "empty"),
    "encoding": Text("认不出的编码", "unknown encoding"),
    "encrypted": Text("有密码", "password"),
    "failed": Text("程序自身出错", "auditkit failed"),
    "missing": Text("不存在", "not there"),
    "nested": Text("压缩包里的压缩包", "archive within an archive"),
    "no-extra": Text("缺少所需的库", "a library is missing"),
    "no-sheets": Text("没有工作表", "no sheets"),
    "not-a-file": Text("不是文件", "no file"),
    "ours": Text("本程序的结果", "our own result"),
    "out-of-memory": Text("内存超限", "too much memory"),
    "timed-out": Text("超时", "too long"),
    "too-large": Text("过大", "too large"),
    "traversal": Text("文件名指向包外", "name points outside"),
    "two-forms": Text("像两种表", "fits two forms"),
    "unknown-form": Text("不是本表", "another form"),
    "several-places": Text("同一张表有几处", "one table in several places"),
    "unknown-type": Text("认不出的类型", "unknown type"),
    "unreadable": Text("打不开", "cannot be opened"),
    "unsupported": Text("不支持的类型", "unsupported type"),
}


def short(code: str) -> Text:
    """The words for a fault's code; the code itself where there are none."""
    return SHORT.get(code, Text(code, code))
