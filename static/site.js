// What every page can do beyond being read: go to the search box with "/", scroll a formula that is
// wider than its column by keyboard too.
(function () {
  "use strict";

  document.querySelectorAll("math").forEach(function (formula) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
  });

  document.addEventListener("keydown", function (event) {
    var writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
    var box = document.querySelector("input[type=search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
