// Scrolls the page, or where it has nothing to scroll the largest box in view that has. `down` and `right` are shares
// of a viewport where `unit` is "viewport", else px; `edge` is "top" or "bottom". Returns how far it went, in px.
({ down, right, unit, edge }) => {
  const page = document.scrollingElement || document.documentElement;
  const room = (box) => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight];
  const vertical = Boolean(edge) || down !== 0;
  const scrolls = (box) => {
    const [across, along] = room(box);
    return vertical ? along > 1 : across > 1;
  };
  const clipped = (box) => {
    const style = getComputedStyle(box);
    return /auto|scroll|overlay/.test(vertical ? style.overflowY : style.overflowX);
  };
  const seen = (box) => {
    const { left, top, right: end, bottom } = box.getBoundingClientRect();
    return Math.max(0, Math.min(end, innerWidth) - Math.max(left, 0)) *
      Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
  };
  let box = page;
  if (!scrolls(page)) {
    let most = 0;
    for (const candidate of document.querySelectorAll("*")) {
      if (scrolls(candidate) && clipped(candidate) && seen(candidate) > most) {
        most = seen(candidate);
        box = candidate;
      }
    }
  }
  const [left, top] = [box.scrollLeft, box.scrollTop];
  const [width, height] = box === page ? [innerWidth, innerHeight] : [box.clientWidth, box.clientHeight];
  const scale = unit === "viewport" ? [width, height] : [1, 1];
  if (edge) {
    box.scrollTo({ top: edge === "top" ? 0 : box.scrollHeight, behavior: "instant" });
  } else {
    box.scrollBy({ left: right * scale[0], top: down * scale[1], behavior: "instant" });
  }
  return { x: Math.round(box.scrollLeft - left), y: Math.round(box.scrollTop - top) };
}
