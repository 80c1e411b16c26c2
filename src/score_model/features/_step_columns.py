"""The columns of `steps.parquet`: the one place that names and describes them."""

from score_model.features._columns import Column, columns

_TEXTS = frozenset(
    ("action_kind", "selector_kind", "failure", "target_tag", "target_role", "target_name", "last_event_name")
)

_FROM_ACTIONS = """
action_kind: kind of the action, such as click or select_option
selector_kind: how it names its element: attribute, css, text, xpath, unknown
action_characters: characters of the texts that it gives or goes to
action_repeats: 1 if the same action came before
action_satisfied: share of demands met by the words of this action
action_violated: share of demands contradicted by the words of this action
acted_so_far_satisfied: share of demands met by the words of all actions up to this one
"""

_FROM_TRACE = """
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
    *columns("step", False, _FROM_ACTIONS, texts=_TEXTS),
    *columns("step", True, _FROM_TRACE, texts=_TEXTS),
)
"""Feature columns in their order; `steps.parquet` has the keys before them."""
