"""The column schema of the feature tables: the one place that names and describes a column."""

from collections.abc import Sequence
from typing import Literal

import msgspec


class Column(msgspec.Struct, frozen=True):
    """One column: numbers are 64-bit floats, null where they can't be told; `needs_trace` ones are null without one."""

    name: str
    type: Literal["number", "text"]
    level: Literal["step", "episode"]
    needs_trace: bool
    description: str


def columns(
    level: Literal["step", "episode"], needs_trace: bool, described: str, *, texts: frozenset[str] = frozenset()
) -> tuple[Column, ...]:
    """The columns of a list with one `name: description` a line."""
    made = []
    for line in described.strip().splitlines():
        name, _, description = line.strip().partition(": ")
        made.append(Column(name, "text" if name in texts else "number", level, needs_trace, description))
    return tuple(made)


_EPISODE_ACTIONS = """
intent_words: words of the intent
intent_constraints: demands that the intent makes, those on who signs in not counted
intent_negative: of these demands, those that forbid something (NOT equal, not contain, not one of)
intent_login: 1 if the intent says who is to sign in
actions: actions of the episode
actions_clicks: clicks of any button, single or multiple
actions_types: texts typed into fields
actions_selects: options chosen
actions_navigations: URLs gone to, steps through history, searches
actions_keys: keys pressed or held, and submits
actions_waits: waits
actions_scrolls: scrolls
actions_reads: actions that only read or ask: extract, options, screenshot, assert
actions_others: all other actions, unknown ones included
actions_distinct_share: different actions over all actions
actions_longest_run: longest run of the same action
selectors_xpath: share of acts on an element or a point that name it by XPath
selectors_attribute: share of these acts that name it by an attribute
selectors_text: share of these acts that name it by its text
selectors_point: share of these acts that only give coordinates
typed_characters: characters typed or chosen
typed_distinct: different texts typed or chosen
typed_placeholders: unfilled placeholders in what was typed or chosen
waited_seconds: seconds that waits ask for
ends_with_click: 1 if the last action is a click
ends_with_keys: 1 if the last action presses a key or submits
ends_with_navigation: 1 if the last action navigates
ends_with_typing: 1 if the last action types
urls_distinct: different URLs that the agent goes to
urls_off_site: URLs gone to on another origin than the start URL's
urls_without_seed: URLs gone to that do not carry the seed of the start URL; null if that has none
act_named: 1 if the verb of the intent is among the words of selectors and addresses
typed_satisfied: share of demands met by what was typed or chosen
typed_violated: share of demands contradicted by what was typed or chosen
acted_satisfied: share of demands met by all words of the actions: typed, selectors, addresses
acted_violated: share of demands contradicted by all words of the actions
login_satisfied: share of demands on who signs in that what was typed meets
"""

_EPISODE_TRACE = """
steps_done_share: steps of the trace over actions of the episode
steps_failed: steps that failed
steps_failed_share: share of steps that failed
first_failure_at: place of the first failed step, as a share of the actions; 1 if none failed
last_step_failed: 1 if the last step failed
last_click_failed: 1 if the last click failed
targets_missing: steps whose element was not found
targets_hidden: steps whose element was there, but not visible
targets_disabled: steps whose element was disabled
failures_blocked: steps that failed on an element that was hidden, disabled or covered
seconds_total: seconds that the actions took
seconds_longest: seconds that the longest action took
page_changes: steps that changed the page
page_changes_share: share of steps that changed the page
appeared_characters: characters of texts that appeared, over all steps
vanished_characters: characters of texts that vanished, over all steps
trouble_appeared: short texts that appeared and tell of trouble (invalid, required, not found, …)
success_appeared: short texts that appeared and tell of success (saved, thank you, deleted, …)
last_similarity: what the pages around the last step share, 0 to 1
last_trouble_appeared: texts of trouble that appeared in the last step
last_success_appeared: texts of success that appeared in the last step
requests: requests for documents and data
writes: of these, those that change something (POST, PUT, PATCH, DELETE)
writes_accepted: writes answered with a status below 400
writes_redirected: writes answered with a redirect, as forms are that were accepted
client_errors: answers with status 400 to 499, pictures and other files of the page left out
server_errors: answers with status 500 and above
failed_requests: requests for documents and data without an answer
page_errors: uncaught errors of page scripts, and crashes
console_errors: error messages on the console
navigations: navigations of pages
dialogs: dialogs opened by pages
popups: pages opened by pages
downloads: downloads begun
last_write_redirected: 1 if the last step that wrote was answered with a redirect; null if none wrote
last_step_writes: writes of the last step
end_elements: elements of the last page
end_links: links of the last page
end_buttons: buttons of the last page
end_fields: fields of the last page that users fill
end_forms: forms of the last page
end_text_characters: characters of text of the last page
end_trouble_texts: short texts of the last page that tell of trouble
end_path_parts: parts of the last URL's path and query, but for the seed
end_off_site: 1 if the last URL is on another origin than the start URL
urls_seen: different URLs after steps
events: backend events
event_names: different names of backend events
event_steps: steps that added backend events
expected_fired: 1 if an event named like the use case came; null without a use case
expected_count: events named like the use case
events_after_expected: events after the last one named like the use case
steps_after_expected: steps after the last one that added an event named like the use case
last_event_expected: 1 if the last event is named like the use case
expected_fields: fields of the last expected event's data (of the last event, without a use case)
event_best_satisfied: share of demands that the best expected event meets (any event, without a use case)
event_best_violated: share of demands that it contradicts
event_best_missing: demands of which it tells nothing
event_best_complete: 1 if it meets all demands; with no demands, 1 if there is an expected event
event_last_satisfied: share of demands that the last expected event meets
event_last_violated: share of demands that it contradicts
event_last_missing: demands of which it tells nothing
event_last_complete: 1 if it meets all demands
events_complete: expected events that meet all demands, of the latest 50
clicked_satisfied: share of demands met by the names and texts of the elements acted on
clicked_violated: share of demands contradicted by them
appeared_satisfied: share of demands met by texts that appeared, in some step
appeared_violated: share of demands contradicted by them
end_page_satisfied: share of demands met by texts of the last page
end_page_violated: share of demands contradicted by them
end_heading_satisfied: share of demands met by title and headings of the last page
end_heading_violated: share of demands contradicted by them
end_url_satisfied: share of demands met by parts of the last URL
end_url_violated: share of demands contradicted by them
"""

EPISODE_COLUMNS: tuple[Column, ...] = (
    *columns("episode", False, _EPISODE_ACTIONS),
    *columns("episode", True, _EPISODE_TRACE),
)
"""Feature columns in their order; `episodes.parquet` has the keys before them."""

_STEP_TEXTS = frozenset(
    ("action_kind", "selector_kind", "failure", "target_tag", "target_role", "target_name", "last_event_name")
)

_STEP_ACTIONS = """
action_kind: kind of the action, such as click or select_option
selector_kind: how it names its element: attribute, css, text, xpath, unknown
action_characters: characters of the texts that it gives or goes to
action_repeats: 1 if the same action came before
action_satisfied: share of demands met by the words of this action
action_violated: share of demands contradicted by the words of this action
acted_so_far_satisfied: share of demands met by the words of all actions up to this one
"""

_STEP_TRACE = """
success: 1 if the action worked
failure: why it did not: not_found, blocked or other
seconds: seconds that it took
target_found: 1 if its element was found
target_visible: 1 if its element was visible
target_enabled: 1 if its element was enabled
target_tag: tag of its element
target_role: role of its element
target_name: accessible name of its element, at most 200 characters
before_elements: elements of the page before
before_links: links of the page before
before_buttons: buttons of the page before
before_fields: fields of the page before
before_forms: forms of the page before
before_text_characters: characters of text of the page before
after_elements: elements of the page after
after_links: links of the page after
after_buttons: buttons of the page after
after_fields: fields of the page after
after_forms: forms of the page after
after_text_characters: characters of text of the page after
page_similarity: what the pages before and after share, 0 to 1
markup_appeared: different pieces of markup that appeared
markup_vanished: different pieces of markup that vanished
text_appeared: characters of texts that appeared
text_vanished: characters of texts that vanished
trouble_appeared: short texts that appeared and tell of trouble
success_appeared: short texts that appeared and tell of success
appeared_satisfied: share of demands met by texts that appeared
appeared_violated: share of demands contradicted by texts that appeared
requests: requests for documents and data
writes: of these, those that change something
writes_accepted: writes answered with a status below 400
writes_redirected: writes answered with a redirect
client_errors: answers with status 400 to 499
server_errors: answers with status 500 and above
failed_requests: requests for documents and data without an answer
page_errors: uncaught errors of page scripts, and crashes
console_errors: error messages on the console
navigations: navigations of pages
dialogs: dialogs opened by pages
popups: pages opened by pages
downloads: downloads begun
new_events: backend events that the step added
last_event_name: name of the last of them
expected_fired: 1 if one of them is named like the use case; null without a use case
event_satisfied: share of demands that the best expected event among them meets; null if there is none
event_violated: share of demands that it contradicts
events_so_far_complete: 1 if an expected event up to here meets all demands
"""

STEP_COLUMNS: tuple[Column, ...] = (
    *columns("step", False, _STEP_ACTIONS, texts=_STEP_TEXTS),
    *columns("step", True, _STEP_TRACE, texts=_STEP_TEXTS),
)
"""Feature columns in their order; `steps.parquet` has the keys before them."""


def schema_document() -> str:
    """The feature columns of both tables, in Markdown."""
    parts = []
    for title, columns in (("episodes.parquet", EPISODE_COLUMNS), ("steps.parquet", STEP_COLUMNS)):
        for needs_trace in (False, True):
            chosen = [column for column in columns if column.needs_trace is needs_trace]
            what = "from a trace" if needs_trace else "from task and actions"
            parts.append(f"### `{title}`, {what} ({len(chosen)} columns)\n\n{_table(chosen)}")
    return "\n".join(parts)


def _table(columns: Sequence[Column]) -> str:
    lines = ["| column | type | what it holds |", "| --- | --- | --- |"]
    lines += [f"| `{column.name}` | {column.type} | {column.description} |" for column in columns]
    return "\n".join(lines) + "\n"
