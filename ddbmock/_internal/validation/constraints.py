"""The constraints of the service's model, all violations of a request at once.

    2 validation errors detected: Value null at 'key' failed to satisfy constraint: Member must
    not be null; Value 'X' at 'returnConsumedCapacity' failed to satisfy constraint: ...

A walker collects the violations in the service's order. It only runs for requests that fail the
operation's quick test. Attribute values are not walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ddbmock._internal import limits
from ddbmock._internal.arns import is_arn
from ddbmock._internal.errors import ValidationError
from ddbmock._internal.messages import requests as messages
from ddbmock._internal.validation import member_constraints, model_overrides, table_names
from ddbmock._internal.validation.rendering import as_json, quoted
from ddbmock._internal.validation.request_tests import is_valid_request
from ddbmock._internal.validation.shapes import holds_attribute_values, lower_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ddbmock._internal.validation.member_constraints import Constraints
    from ddbmock._internal.validation.shapes import Shape
    from ddbmock._internal.validation.wording import Wording


def check_constraints(request: dict[str, Any], input_shape: Shape, wording: Wording) -> None:
    """Raise ValidationError when a member breaks a constraint of the model.

    Args:
        request: The decoded request, its JSON types checked before.
        input_shape: botocore's shape of the operation's input.
        wording: How the operation words errors.
    """
    if not is_valid_request(request, input_shape):
        walk(request, input_shape, wording)


def walk(request: dict[str, Any], input_shape: Shape, wording: Wording) -> None:
    """Do what `check_constraints` does, without a quick test."""
    walker = _Walker(request, input_shape, wording)
    walker.check_first()
    walker.walk_structure(input_shape, request, _Path("", ""))
    walker.raise_if_any()


class _Path(NamedTuple):
    """The path of a value in the request, as most texts spell it and as the API spells it."""

    text: str
    api_text: str

    def member(self, name: str) -> _Path:
        return _Path(self._add(self.text, lower_first(name)), self._add(self.api_text, name))

    def element(self, key: object) -> _Path:
        """Return the path of an element of a list (by number, from 1) or of a map (by key)."""
        return _Path(f"{self.text}.{key}.member", f"{self.api_text}.{key}.member")

    @staticmethod
    def _add(text: str, part: str) -> str:
        return f"{text}.{part}" if text else part


class _Walker:
    """Collects the violations of one request."""

    def __init__(self, request: Mapping[str, Any], input_shape: Shape, wording: Wording) -> None:
        self._request = request
        self._input_shape = input_shape
        self._wording = wording
        self._is_current = wording.is_current_for(request)
        #: Whether a length or range is reported without the value, with the member spelled as in
        #: the API: "Value at 'Limit' failed to satisfy constraint: …".
        self._bounds_are_bare = self._is_current and not wording.is_enveloped
        self._has_wrong_enum = False
        self._violations: list[str] = []

    def raise_if_any(self) -> None:
        if self._violations:
            listed = self._violations[: limits.LISTED_VIOLATIONS_MAX]
            raise ValidationError(messages.validation_errors(listed))

    # --- the request -------------------------------------------------------------------------

    def check_first(self) -> None:
        """Raise errors that are reported alone, before the rest of the request is checked."""
        request, shape = self._request, self._input_shape
        required = model_overrides.REQUIRED_TEXTS.get(shape.name)
        if required is not None and request.get(required.member) == required.value:
            raise ValidationError(required.message)
        self._check_old_lengths(request, shape)
        is_alone = self._is_current or shape.name in model_overrides.TABLE_NAME_ALONE
        if is_alone and "TableName" in shape.members:
            table_name_shape = shape.members["TableName"]
            self._walk_member(shape, "TableName", table_name_shape, request, _Path("", ""))
            self.raise_if_any()
        if self._is_current:
            self._check_conditional_operator(request.get("ConditionalOperator"))
        if shape.name in model_overrides.ENUMS_ALONE:
            self._check_enums()

    def _check_conditional_operator(self, operator: str | None) -> None:
        """Refuse a wrong ConditionalOperator, which the current layer reports without its value."""
        if operator is not None and operator not in model_overrides.CONDITIONAL_OPERATORS:
            raise self._wording.enveloped(messages.WRONG_CONDITIONAL_OPERATOR)

    def _check_enums(self) -> None:
        """Refuse the first member of the request whose value is not one of the allowed ones."""
        for name in member_constraints.members_in_wire_order(self._input_shape):
            shape, value = self._input_shape.members[name], self._request.get(name)
            constraints = member_constraints.constraints_of(shape, self._input_shape.name, name)
            if constraints.allowed and value is not None and value not in constraints.allowed:
                self._add_wrong_enum(shape, value, _Path("", "").member(name), constraints)
                self.raise_if_any()

    def _check_old_lengths(self, request: Mapping[str, Any], input_shape: Shape) -> None:
        for (owner, member), shown_name in model_overrides.OLD_LENGTH_TEXTS.items():
            value = request.get(member) if owner == input_shape.name else None
            if value is not None:
                constraints = member_constraints.constraints_of(input_shape.members[member])
                if any(_broken_bounds(input_shape.members[member], value, constraints)):
                    raise ValidationError(messages.name_length(shown_name))

    # --- walking -----------------------------------------------------------------------------

    def walk_structure(self, shape: Shape, structure: Mapping[str, Any], path: _Path) -> None:
        for name in member_constraints.members_in_wire_order(shape, is_current=self._is_current):
            self._walk_member(shape, name, shape.members[name], structure, path)

    def _walk_member(
        self, owner: Shape, name: str, shape: Shape, structure: Mapping[str, Any], path: _Path
    ) -> None:
        value, member_path = structure.get(name), path.member(name)
        if value is None:
            if self._is_required(owner, name, structure):
                self._add(shape, None, member_path, messages.MEMBER_NOT_NULL)
        elif member_constraints.is_table_name(shape, name):
            self._walk_table_name(shape, value, member_path, owner)
        else:
            constraints = member_constraints.constraints_of(shape, owner.name, name)
            self._walk_value(shape, value, member_path, constraints)

    def _is_required(self, owner: Shape, name: str, structure: Mapping[str, Any]) -> bool:
        substitute = member_constraints.substitutes_of(owner).get(name)
        if substitute is not None:
            return structure.get(substitute) is None
        return name in member_constraints.required_members(owner)

    def _walk_table_name(self, shape: Shape, table_name: str, path: _Path, owner: Shape) -> None:
        if len(table_name) > limits.TABLE_ARN_CHARACTERS_MAX:
            constraint = messages.length_at_most(limits.TABLE_ARN_CHARACTERS_MAX)
            self._add(shape, table_name, path, constraint, bare=self._bounds_are_bare)
        elif is_arn(table_name):
            violation = table_names.arn_violation(table_name)
            self._violations += [] if violation is None else [violation]
        elif member_constraints.is_for_tables(owner):
            for constraint in table_names.table_operation_violations(table_name):
                self._add(shape, table_name, path, constraint)
        else:
            for constraint in table_names.item_operation_violations(table_name):
                bare = self._bounds_are_bare and constraint in _TABLE_NAME_LENGTHS
                self._add(shape, table_name, path, constraint, bare=bare)

    def _walk_value(self, shape: Shape, value: Any, path: _Path, constraints: Constraints) -> None:
        if not constraints.length_first:
            self._check_pattern(shape, value, path, constraints)
        for constraint in _broken_bounds(shape, value, constraints):
            self._add(shape, value, path, constraint, bare=self._bounds_are_bare)
        if constraints.length_first:
            self._check_pattern(shape, value, path, constraints)
        if constraints.allowed and value not in constraints.allowed:
            self._add_wrong_enum(shape, value, path, constraints)
        if not holds_attribute_values(shape):
            self._walk_inside(shape, value, path)

    def _check_pattern(
        self, shape: Shape, value: Any, path: _Path, constraints: Constraints
    ) -> None:
        if constraints.pattern is not None and not constraints.pattern.fullmatch(value):
            self._add(shape, value, path, messages.matching(constraints.pattern.pattern))

    def _walk_inside(self, shape: Shape, value: Any, path: _Path) -> None:
        if shape.type_name == "structure":
            self.walk_structure(shape, value, path)
        elif shape.type_name == "list":
            self._walk_list(shape, value, path)
        elif shape.type_name == "map":
            self._walk_map(shape, value, path)

    def _walk_list(self, shape: Shape, elements: list[Any], path: _Path) -> None:
        if None in elements:
            # By analogy: for lists, the service reports null elements.
            self._add(shape, elements, path, messages.members_must([messages.MEMBER_NOT_NULL]))
        for number, element in enumerate(elements, 1):
            self._walk_element(shape.member, element, path.element(number))

    def _walk_map(self, shape: Shape, entries: Mapping[str, Any], path: _Path) -> None:
        if shape.key.name == "TableArn" and not all(map(table_names.names_table, entries)):
            self._add_wrong_table_names(shape, entries, path)
        if shape.value.type_name == "list":
            self._walk_map_of_lists(shape, entries, path)
            return
        if None in entries.values():
            self._add(shape, entries, path, messages.map_value_must([messages.MEMBER_NOT_NULL]))
        for key, value in entries.items():
            self._walk_element(shape.value, value, path.element(key))

    def _walk_element(self, shape: Shape, element: Any, path: _Path) -> None:
        if element is not None:
            self._walk_value(shape, element, path, member_constraints.constraints_of(shape))

    def _walk_map_of_lists(self, shape: Shape, entries: Mapping[str, Any], path: _Path) -> None:
        """Walk a map of lists: wrong lengths of its values are reported for the map."""
        constraints = member_constraints.constraints_of(shape.value)
        if any(
            value is None or list(_broken_bounds(shape.value, value, constraints))
            for value in entries.values()
        ):
            self._add(shape, entries, path, messages.map_value_must(_bounds_texts(constraints)))
        for key, value in entries.items():
            if value is not None:
                self._walk_inside(shape.value, value, path.element(key))

    # --- violations --------------------------------------------------------------------------

    def _add(
        self, shape: Shape, value: Any, path: _Path, constraint: str, *, bare: bool = False
    ) -> None:
        if bare:
            text = messages.violation("", path.api_text, constraint)
        else:
            text = messages.violation(quoted(shape, value), path.text, constraint)
        self._violations.append(text)

    def _add_wrong_table_names(self, shape: Shape, entries: Mapping[str, Any], path: _Path) -> None:
        """Add a violation for wrong table names among the keys of a map, shown as JSON."""
        if self._is_current:
            least, greatest = limits.TABLE_NAME_CHARACTERS_MIN, limits.TABLE_NAME_CHARACTERS_MAX
            shown = f"'{as_json(entries)}'"
        else:
            least, greatest = 1, limits.TABLE_ARN_CHARACTERS_MAX
            shown = quoted(shape, entries)
        constraint = _table_names_text(least, greatest)
        self._violations.append(messages.violation(shown, path.text, constraint))

    def _add_wrong_enum(
        self, shape: Shape, value: str, path: _Path, constraints: Constraints
    ) -> None:
        is_first_only = self._input_shape.name in model_overrides.FIRST_ENUM_ONLY
        if self._has_wrong_enum and is_first_only and self._is_current:
            return
        self._has_wrong_enum = True
        self._add(shape, value, path, messages.one_of(constraints.allowed))


_TABLE_NAME_LENGTHS = {
    messages.length_at_least(1),
    messages.length_at_most(limits.TABLE_NAME_CHARACTERS_MAX),
}


def _broken_bounds(shape: Shape, value: Any, constraints: Constraints) -> Iterator[str]:
    least, greatest = constraints.bounds
    if least is None and greatest is None:
        return
    is_number = shape.type_name not in {"string", "list", "map", "blob"}
    size = value if is_number else len(value)
    at_least = messages.value_at_least if is_number else messages.length_at_least
    at_most = messages.value_at_most if is_number else messages.length_at_most
    if least is not None and size < least:
        yield at_least(least)
    if greatest is not None and size > greatest:
        yield at_most(greatest)


def _bounds_texts(constraints: Constraints) -> Iterator[str]:
    """Yield both bounds, the maximum first, as the texts about maps list them."""
    least, greatest = constraints.bounds
    if greatest is not None:
        yield messages.length_at_most(greatest)
    if least is not None:
        yield messages.length_at_least(least)


def _table_names_text(least: int, greatest: int) -> str:
    return messages.map_keys_must(
        [
            messages.length_at_most(greatest),
            messages.length_at_least(least),
            messages.matching(table_names.NAME_PATTERN),
        ]
    )
