"""Sentences around the phrases. All start in lower case and end without a full stop: prefixes and suffixes go around.

`{a}` is an item with its constraints, `{c}` are clauses, `{m}` modifiers, `{thing}` and `{things}` the site's nouns.
"""

ITEM_SENTENCES: dict[str, tuple[str, ...]] = {
    "detail": (
        "open the details page of {a}",
        "bring up the details of {a}",
        "show me the page of {a}",
        "take me to the details page for {a}",
        "find and view the page of {a}",
        "look up in detail {a}",
    ),
    "delete": ("delete {a}", "remove {a}", "take down {a}", "find and delete {a}", "erase from the catalogue {a}"),
    "cart": (
        "add to the shopping cart {a}",
        "put into the cart {a}",
        "place in the shopping cart {a}",
        "find {a}, and add it to the cart",
        "fill the cart with {a}",
    ),
    "purchase": (
        "purchase {a}",
        "buy {a}",
        "order and pay for {a}",
        "complete the purchase of {a}",
        "go through the checkout with {a}",
    ),
    "comment": (
        "post a comment on {a}",
        "leave a comment under {a}",
        "comment on {a}",
        "write a comment about {a}",
        "add a comment to the page of {a}",
    ),
    "add": ("add {a}", "add to the catalogue {a}", "create an entry for {a}", "insert {a}", "contribute {a}"),
}

SEEN_FIRST: dict[str, tuple[str, ...]] = {
    "delete": (
        "open the details page of {a}; then delete it from there",
        "view the page of {a}. Delete this one afterwards",
        "visit the page of {a}, and remove it then",
        "first look at the details of {a}; take it down after that",
    ),
    "cart": (
        "open the details page of {a}; then add it to the cart",
        "view the page of {a}. Put this one into the cart afterwards",
        "visit the page of {a}, and add it to the shopping cart then",
        "first look at the details of {a}; place it in the shopping cart after that",
    ),
}

SEVERAL_COPIES = (
    "purchase {q} copies of {a}",
    "buy {q} copies of {a}",
    "order and pay for {q} copies of {a}",
    "complete the purchase of {q} copies of {a}",
)

FOUND_BY_SEARCH = (
    "search for {v} and then open the details page of the {thing} with exactly that name",
    "look up the {thing} {v} with the search field, then view its page",
    "use the search to find the {thing} {v} and open its details",
    "first search the catalogue for {v}; then show me the page of the {thing} with this title",
)

EDIT = (
    "edit {a} so that {c}",
    "update {a}: make sure that {c}",
    "modify {a} in such a way that {c}",
    "change the entry of {a} so that afterwards {c}",
    "revise {a} and see to it that {c}",
)

COMMENT_BOTH = (
    "post a comment on {a}, making sure that {c}",
    "comment on {a}, so that {c}",
    "leave a comment under {a}; see to it that {c}",
    "write a comment about {a} and ensure that {c}",
)
COMMENT_ANY = (
    "post a comment on any {thing}, making sure that {c}",
    "comment on some {thing}, so that {c}",
    "leave a comment under a {thing} of your choice where {c}",
    "write a comment about any {thing} and ensure that {c}",
)

CONTACT = (
    "go to the contact page and send a message where {c}",
    "fill out the contact form so that {c}, and submit it",
    "write to the site through its contact form, ensuring that {c}",
    "send a contact request in which {c}",
    "use the contact page to get in touch, and make sure that {c}",
)

PROFILE = (
    "update your profile so that {c}",
    "edit your profile: make sure that {c}",
    "change your profile so that afterwards {c}",
    "go to your profile and save it in such a way that {c}",
    "modify your profile, ensuring that {c}",
)

SEARCH_EQUALS = (
    "search for the {thing} {v}",
    "look up {v} with the search field",
    "use the search to look for {v}",
    "search the catalogue for {v}",
    "run a search for {v}",
)
SEARCH_NOT_EQUALS = (
    "search for a {thing} that is NOT {v}",
    "search for any {thing}, but NOT for {v}",
    "use the search field for something that is NOT {v}",
    "run a search for a title that is NOT equal to {v}",
)
SEARCH_WHERE = (
    "search for {things} where the {s}",
    "run a search whose {s}",
    "use the search field so that the {s}",
    "search the catalogue, making sure that the {s}",
)

FILTER_HUNG = (
    "filter the list for {things} {m}",
    "filter {things} so that only ones {m} are left",
    "use the filter to list {things} {m}",
    "narrow the catalogue down to {things} {m}",
    "apply the filter for {things} {m}",
)
FILTER_WHERE = (
    "filter {things} where {c}",
    "use the filter with values such that {c}",
    "apply a filter where {c}",
    "filter the catalogue, making sure that {c}",
)

REGISTER = (
    "register a new account with the username {u}, the email {e} and the password {p}",
    "create an account using username {u}, email {e} and password {p}",
    "sign up as {u} with the e-mail address {e} and the password {p}",
    "fill out the registration form with username: {u}, email: {e} and password: {p}",
)
REGISTER_AND_LOGIN = (
    "{main}, then log in with it",
    "{main}. After that, sign in with the new account",
    "{main}, and use the new account to log in",
    "{main}. Once it exists, log in with the same username and password",
)

LOGIN = (
    "log in with the username {u} and the password {p}",
    "sign in as {u} using the password {p}",
    "authenticate with username: {u} and password: {p}",
    "use the login form with username {u} and password {p}",
    "open a session for the user {u}, whose password is {p}",
)
LOGOUT = (
    "log in with the username {u} and the password {p}, then log out",
    "sign in as {u} with the password {p} and sign out again",
    "authenticate with username: {u} and password: {p}, then end the session",
    "use the login form with username {u} and password {p}; afterwards log out of the account",
)

SIGNED_IN = (
    "First, authenticate with username {u} and password {p}. Then, {main}",
    "Log in as {u} with the password {p}. After that, {main}",
    "Sign in with the username {u} and the password {p}, and then {main}",
    "First, log in with username: {u} and password: {p}. Once logged in, {main}",
    "Authenticate as {u} using the password {p}. When you are signed in, {main}",
)
SIGNED_OUT = (
    "{main}. Finally, log out",
    "{main}. When that is done, sign out",
    "{main}. Log out at the end",
    "{main}. After that, end the session by logging out",
)
