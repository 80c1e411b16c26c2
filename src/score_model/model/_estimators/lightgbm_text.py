"""LightGBM's model text, checked before LightGBM sees it: its own reader trusts every index and size in the text."""

import re
from collections.abc import Mapping
from math import isfinite

from score_model.errors import ContractError

_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{0,30})?(?:e[+-]?\d{1,3})?", re.ASCII)
_INFINITE = frozenset({"inf", "-inf"})
_MOST_TREES = 10_000
_MOST_LEAVES = 10_000
_GREATEST = 1e6  # of a leaf: the sum of all trees stays finite
_OBJECTIVES = frozenset({"binary sigmoid:1", "regression"})
_HEADER = frozenset(
    {"version", "num_class", "num_tree_per_iteration", "label_index", "max_feature_idx", "objective", "feature_names"}
    | {"feature_infos", "tree_sizes", "monotone_constraints"}
)
_PER_LEAF = ("leaf_value", "leaf_weight", "leaf_count")
_PER_SPLIT = (
    "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child",
    "internal_value", "internal_weight", "internal_count",
)  # fmt: skip
_SINGLE = {"num_leaves", "num_cat", "is_linear", "shrinkage"}
_END = "end of trees"
_CATEGORICAL = 1  # a bit of decision_type


def check_text(text: str, columns: int) -> str:
    """The trees alone, as LightGBM reads them: whatever follows them, and the table of offsets, is dropped.

    Raises ContractError if the text is not that of numerical trees over so many columns: every index must lie within
    its table, every split's children must come after it, so that walking down a tree ends in a leaf, and every number
    must be finite. A threshold alone may be infinite: such a split tells known values from unknown ones.
    """
    blocks = [block for block in text.replace("\r", "").partition(_END)[0].split("\n\n") if block.strip()]
    if not blocks or len(blocks) - 1 > _MOST_TREES:
        raise ContractError("not the text of a tree model")
    header = _fields(blocks[0].partition("tree\n")[2])
    if header.keys() - _HEADER or header.get("objective") not in _OBJECTIVES:
        raise ContractError("not the header of a tree model of ours")
    shape = (header.get("num_class"), header.get("num_tree_per_iteration"), header.get("max_feature_idx"))
    if shape != ("1", "1", str(columns - 1)) or len(header.get("feature_names", "").split(" ")) != columns:
        raise ContractError(f"not a tree model over {columns} columns")
    for number, block in enumerate(blocks[1:]):
        title, _, body = block.strip("\n").partition("\n")
        if title != f"Tree={number}":
            raise ContractError(f"not tree {number}")
        _check_tree(_fields(body), columns)
    kept = [line for line in blocks[0].strip("\n").split("\n") if not line.startswith("tree_sizes=")]
    return "\n\n".join(["\n".join(kept), *(block.strip("\n") + "\n" for block in blocks[1:]), _END]) + "\n"


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in block.strip("\n").split("\n"):
        name, separator, value = line.partition("=")
        if not separator or name in fields:
            raise ContractError("not a line of a tree model")
        fields[name] = value
    return fields


def _check_tree(fields: Mapping[str, str], columns: int) -> None:
    if fields.keys() - _SINGLE - set(_PER_LEAF) - set(_PER_SPLIT):
        raise ContractError("a tree with unknown fields")
    leaves = _whole(fields, "num_leaves", 1)[0]
    if not 1 <= leaves <= _MOST_LEAVES:
        raise ContractError("a tree without leaves, or with too many")
    if fields.get("num_cat") != "0" or fields.get("is_linear") != "0":
        raise ContractError("a tree of another kind than numerical splits and constant leaves")
    _numbers(fields, "shrinkage", 1)
    if any(abs(float(value)) > _GREATEST for value in _numbers(fields, "leaf_value", leaves)):
        raise ContractError("a tree with a leaf beyond anything that is learnt")
    if leaves == 1:
        if any(fields.get(name, "").strip() not in ("", "0") for name in _PER_SPLIT):
            raise ContractError("a tree of one leaf with a split")
        for name in ("leaf_weight", "leaf_count"):  # LightGBM leaves them empty, or writes how many rows there were
            if fields.get(name, "").strip():
                _numbers(fields, name, 1)
        return
    for name in ("leaf_weight", "leaf_count"):
        _numbers(fields, name, leaves)
    for name in ("split_gain", "threshold", "internal_value", "internal_weight", "internal_count"):
        _numbers(fields, name, leaves - 1)
    if any(not 0 <= column < columns for column in _whole(fields, "split_feature", leaves - 1)):
        raise ContractError("a tree that splits on a column that is not there")
    if any(not 0 <= kind <= 11 or kind & _CATEGORICAL for kind in _whole(fields, "decision_type", leaves - 1)):
        raise ContractError("a tree with a split of an unknown kind")
    _check_children(_whole(fields, "left_child", leaves - 1), _whole(fields, "right_child", leaves - 1), leaves)


def _check_children(left: list[int], right: list[int], leaves: int) -> None:
    reached: set[int] = set()
    for parent, children in enumerate(zip(left, right, strict=True)):
        for child in children:
            inside = parent < child < leaves - 1 if child >= 0 else ~child < leaves
            if not inside or child in reached:
                raise ContractError("a tree whose branches do not end")
            reached.add(child)


def _numbers(fields: Mapping[str, str], name: str, count: int) -> list[str]:
    tokens = fields.get(name, "").strip().split(" ")
    infinite = _INFINITE if name == "threshold" else frozenset()
    if len(tokens) != count or not all(token in infinite or _is_finite(token) for token in tokens):
        raise ContractError(f"a tree whose {name} is not {count} numbers")
    return tokens


def _is_finite(token: str) -> bool:
    return _NUMBER.fullmatch(token) is not None and isfinite(float(token))


def _whole(fields: Mapping[str, str], name: str, count: int) -> list[int]:
    try:
        return [int(token) for token in _numbers(fields, name, count)]
    except ValueError:
        raise ContractError(f"a tree whose {name} is not whole numbers") from None
