// Resolves to true once the document has not changed for `quietMs`, to false after `capMs` of changes.
({ quietMs, capMs }) =>
  new Promise((resolve) => {
    const finish = (quiet) => {
      observer.disconnect();
      clearTimeout(timer);
      clearTimeout(cap);
      resolve(quiet);
    };
    let timer = setTimeout(finish, quietMs, true);
    const cap = setTimeout(finish, Math.max(capMs, quietMs + 1), false);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(finish, quietMs, true);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  })
