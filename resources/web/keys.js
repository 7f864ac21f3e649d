// Keys for those who have a script: arrows walk the columns as on the laptop, / goes to the search field.
(function () {
  "use strict";
  var lists = Array.prototype.slice.call(document.querySelectorAll(".column"));
  function links(list) { return Array.prototype.slice.call(list.querySelectorAll("a")); }
  function chosen(list) { return list.querySelector("a[aria-current]"); }
  function here() { return document.activeElement && document.activeElement.closest ? document.activeElement.closest(".column") : null; }
  function start() {
    var list = lists.filter(chosen).pop() || lists[0];
    var link = list && (chosen(list) || links(list)[0]);
    if (link) { link.focus({ preventScroll: false }); }
  }
  document.addEventListener("keydown", function (event) {
    var field = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || field) { return; }
    if (event.key === "/") {
      document.querySelector(".find input").focus();
      event.preventDefault();
      return;
    }
    if (!lists.length || !/^Arrow/.test(event.key)) { return; }
    var list = here();
    if (!list) { start(); event.preventDefault(); return; }
    var all = links(list), at = all.indexOf(document.activeElement), next = null;
    if (event.key === "ArrowDown") { next = all[at + 1]; }
    if (event.key === "ArrowUp") { next = all[at - 1]; }
    if (event.key === "ArrowRight") {
      var right = lists[lists.indexOf(list) + 1];
      if (right && chosen(list) === document.activeElement) { next = chosen(right) || links(right)[0]; }
      else { document.activeElement.click(); }
    }
    if (event.key === "ArrowLeft") {
      var left = lists[lists.indexOf(list) - 1];
      next = left && (chosen(left) || links(left)[0]);
    }
    if (next) { next.focus(); }
    event.preventDefault();
  });
  if (lists.length && location.pathname !== "/") { start(); }
})();
