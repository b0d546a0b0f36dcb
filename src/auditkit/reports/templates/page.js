(function () {
  "use strict";
  var form = document.getElementById("filter");
  var items = [].slice.call(document.querySelectorAll("[data-item]"));
  var list = function (found) { return [].slice.call(found); };

  list(document.querySelectorAll("input.switch")).forEach(function (choice) {
    choice.addEventListener("change", function () { document.documentElement.lang = choice.value; });
    if (choice.checked) { document.documentElement.lang = choice.value; }
  });

  function wanted() {
    return {
      level: list(form.querySelectorAll("[name=level]:checked")).map(function (box) { return box.value; }),
      rule: form.elements.rule.value,
      text: form.elements.text.value.trim().toLowerCase()
    };
  }

  function fits(item, want) {
    var rules = item.getAttribute("data-rule");
    return want.level.indexOf(item.getAttribute("data-level")) >= 0 &&
      (!want.rule || rules === want.rule || rules.split(" ").indexOf(want.rule) >= 0) &&
      (!want.text || item.textContent.toLowerCase().indexOf(want.text) >= 0);
  }

  function apply() {
    var want = wanted(), shown = 0;
    items.forEach(function (item) {
      item.hidden = !fits(item, want);
      if (!item.hidden) { shown += 1; }
    });
    list(document.querySelectorAll("[data-group]")).forEach(function (group) {
      group.hidden = group.querySelector("[data-item]") && !group.querySelector("[data-item]:not([hidden])");
    });
    document.getElementById("count").textContent = shown;
    return want;
  }

  function remember() {
    var want = apply();
    var all = form.querySelectorAll("[name=level]").length === want.level.length;
    var said = all && !want.rule && !want.text ? "" :
      "#level=" + encodeURIComponent(want.level.join(",")) + "&rule=" + encodeURIComponent(want.rule) + "&text=" + encodeURIComponent(want.text);
    try { history.replaceState(null, "", said || location.pathname + location.search); } catch (refused) { /* a file opened in a sandbox has no history */ }
  }

  function recall() {
    location.hash.slice(1).split("&").forEach(function (pair) {
      var at = pair.indexOf("="), name = pair.slice(0, at), value = at < 0 ? "" : decodeURIComponent(pair.slice(at + 1));
      if (name === "level") {
        list(form.querySelectorAll("[name=level]")).forEach(function (box) { box.checked = value.split(",").indexOf(box.value) >= 0; });
      } else if (name === "rule" || name === "text") { form.elements[name].value = value; }
    });
  }

  if (form) {
    form.hidden = false;
    try { recall(); } catch (malformed) { /* a hash cut in the mail: show everything */ }
    apply();
    form.addEventListener("input", remember);
    form.addEventListener("change", remember);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
  }

  var beside = document.getElementById("beside"), opener = null;
  function close() { beside.hidden = true; if (opener) { opener.focus(); } }
  if (beside) {
    beside.querySelector("button").addEventListener("click", close);
    document.addEventListener("keydown", function (event) { if (event.key === "Escape" && !beside.hidden) { close(); } });
    list(document.querySelectorAll("td .codes a")).forEach(function (link) {
      link.addEventListener("click", function (event) {
        var copy = document.querySelector(link.getAttribute("href")).cloneNode(true);
        list(copy.querySelectorAll("[id]")).concat(copy).forEach(function (node) { node.removeAttribute("id"); });
        copy.hidden = false;
        beside.querySelector("ol").replaceChildren(copy);
        beside.hidden = false;
        opener = link;
        beside.querySelector("button").focus();
        event.preventDefault();
      });
    });
  }
})();
