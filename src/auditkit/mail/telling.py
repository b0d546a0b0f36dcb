"""What the commands say of a plan, of its end, and of what nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from auditkit.mail.ledger import Draft
from auditkit.mail.letters import NAMES
from auditkit.mail.sending import WHY, Plan, Sending
from auditkit.model.words import Text


def plan_lines(planned: Plan, per_minute: float) -> Iterator[Text]:
    """What would be sent, what not and why, and how long it takes."""
    many = Counter(draft.outcome for draft in planned.due)
    parts = [(text, many[name]) for name, text in NAMES.items() if many[name]]
    zh = "，".join(f"{text.zh} {n}" for text, n in parts)
    en = ", ".join(f"{text.en.lower()} {n}" for text, n in parts)
    n = len(planned.due)
    yield Text(f"要发 {n} 封{f'（{zh}）' if zh else ''}", f"{n} to send{f' ({en})' if en else ''}")
    for why, text in WHY.items():
        if kept := planned.because(why):
            names = [draft.name for draft in kept[:5]] if why != "sent before" else []
            listed = "、".join(names) + ("……" if names and len(kept) > len(names) else "")
            tail = f"：{listed}" if listed else ""
            yield Text(f"{text.zh} {len(kept)}{tail}", f"{text.en}: {len(kept)} {listed}".rstrip())
    if n:
        speed, minutes = f"{per_minute:g}", f"{n / per_minute:.0f}"
        yield Text(f"按每分钟 {speed} 封，约 {minutes} 分钟", f"At {speed} a minute about {minutes} minutes")


def end_lines(last: Sending) -> Iterator[Text]:
    """What was sent, refused, put off, lost sight of, and why it stopped."""
    yield Text(f"已发 {last.sent} 封", f"{last.sent} sent")
    for draft, answer in last.refused:
        at = f"× {draft.name} {draft.address}"
        yield Text(f"{at} 被拒收：{answer}", f"{at} refused: {answer}")
    if last.put_off:
        n = len(last.put_off)
        yield Text(f"▲ {n} 封没有发出，再运行一次即可接着发", f"▲ {n} not sent; run it again to go on")
    yield from doubt_lines(last.doubtful)
    if last.stopped is not None:
        yield Text(f"× {last.stopped.zh}", f"× {last.stopped.en}")


def doubt_lines(drafts: Sequence[Draft]) -> Iterator[Text]:
    """Messages of which nobody here knows whether they arrived."""
    for draft in drafts:
        at = f"▲ {draft.name} {draft.message_id}"
        yield Text(
            f"{at} 已交给服务器，没有回音。请看发件箱，再用 mail settle 说明",
            f"{at} was handed over without an answer. Look, then mail settle",
        )
