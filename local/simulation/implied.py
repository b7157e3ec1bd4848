"""Changes of the protocol that change nothing: what each drops, something else implies. They are not counted as wrong protocols.

Each is here by reading the code, not for having survived. What it drops is kept in the product all the same: a condition in a
transaction costs nothing, and is what remains where the other one is lost by mistake.
"""

from __future__ import annotations

from local.simulation.mutants import DECISION, HISTORY, MERGING, SPLITTING, Mutant

IMPLIED = (
    Mutant(
        "a case without condition",
        "its message's claim: the two are written together, and a case's id is its first message's. After 400 days, when a claim"
        " has gone, the condition is the only one; no history is as long.",
        f"{DECISION}:Rules._opened",
        'put = Put(item, {"pk": ABSENT})',
        "put = Put(item)",
    ),
    Mutant(
        "an escalation without condition",
        "its message's claim: the two are written together, and an escalation's id is its message's and its team's.",
        f"{DECISION}:_log",
        'Put(escalation_item(escalation), {"pk": ABSENT})',
        "Put(escalation_item(escalation))",
    ),
    Mutant(
        "a note without condition",
        "the condition of its command's receipt: the two are written together, and a note's place has the command's id and"
        " instant, so that only the same command, obeyed twice in one millisecond, could write over it.",
        f"{HISTORY}:note",
        'return Put(lean(item), {"pk": ABSENT})',
        "return Put(lean(item))",
    ),
    Mutant(
        "merged in a circle",
        "the next rule: in a circle, too, the other case is merged, and for that the merge is refused. Only the reason that is"
        " given differs; a unit test holds that.",
        f"{MERGING}:_require_no_chain",
        "if target.merged_into == merged.case_id:",
        "if False:",
    ),
    Mutant(
        "split off without condition",
        "the case's revision: only commands to the case that a message is stored in split it off, each raises that, and it is"
        " read before the messages are.",
        f"{SPLITTING}:_referred",
        'here = {"pk": PRESENT, "split_to": ABSENT}',
        "here = {}",
    ),
)
"""``breaks`` says what implies what is dropped."""
