// What a page can do beyond being read: copy an entry, go to the search box with "/", scroll a
// formula that is wider than its column by keyboard too.
(function () {
  "use strict";

  function copied(button, done) {
    var name = button.textContent;
    button.textContent = done ? "Copied" : "Select it and copy";
    setTimeout(function () { button.textContent = name; }, 2000);
  }

  // Without a clipboard (an old browser, or http), the text is selected, ready for a key.
  function select(element) {
    var range = document.createRange();
    range.selectNodeContents(element);
    var selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    var source = document.getElementById(button.dataset.copy);
    if (!source) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      function failed() { select(source); copied(button, false); }
      if (!navigator.clipboard) return failed();
      navigator.clipboard.writeText(source.textContent)
        .then(function () { copied(button, true); }, failed);
    });
  });

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
