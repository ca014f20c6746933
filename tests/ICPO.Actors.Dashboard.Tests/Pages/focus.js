// Run in the page: records where the keyboard's focus goes, and whether it can be seen.
(() => {
  const order = [...document.querySelectorAll("*")];
  if (window.focusListener) document.removeEventListener("focusin", window.focusListener, true);
  window.focusPath = [];
  window.focusListener = event => {
    const style = getComputedStyle(event.target);
    window.focusPath.push({
      place: order.indexOf(event.target),
      visible: event.target.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
      text: event.target.outerHTML.slice(0, 120),
    });
  };
  document.addEventListener("focusin", window.focusListener, true);
  window.focusTargets = order
    .filter(
      node =>
        node.matches("a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, canvas") &&
        node.checkVisibility({ visibilityProperty: true }),
    )
    .map(node => order.indexOf(node));
  document.activeElement?.blur();
  return window.focusTargets.length;
})();
