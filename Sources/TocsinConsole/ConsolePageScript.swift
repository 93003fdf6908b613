extension ConsolePage {
    /// Every value from the server reaches the page through `textContent`, never as markup.
    static let script =
        words + #"""
            "use strict";
            const silenceLimit = 40000, retryDelay = 2000, pollDelay = 30000, eventLimit = 100;
            const chinese = navigator.language.startsWith("zh");
            const word = key => words[key] ? words[key][chinese ? 1 : 0] : key;
            const at = id => document.getElementById(id);
            const priorities = ["critical", "high", "medium", "low"];
            const bars = {critical: "▮▮▮▮", high: "▮▮▮▯", medium: "▮▮▯▯", low: "▮▯▯▯"};
            const shapes = {red: "◆", orange: "▲", yellow: "■", blue: "●"};
            let token = sessionStorage.getItem("token") || "", command = null, refreshing = null;
            let lastBytes = 0, lastSeq = null, current = "", alarmsAsOf = null;
            let stream = new AbortController(), hasAsked = false;

            document.documentElement.lang = chinese ? "zh" : "en";
            for (const node of document.querySelectorAll("[data-word]"))
              node.textContent = word(node.dataset.word);

            function make(name, className, text) {
              const node = document.createElement(name);
              if (className) node.className = className;
              if (text !== undefined && text !== null) node.textContent = String(text);
              return node;
            }
            function stamp(ms) {
              if (typeof ms !== "number") return "";
              const two = n => String(n).padStart(2, "0"), d = new Date(ms);
              return d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate()) + " " +
                two(d.getHours()) + ":" + two(d.getMinutes()) + ":" + two(d.getSeconds());
            }
            function headers() { return token ? {Authorization: "Bearer " + token} : {}; }
            async function load(path) {
              const answer = await fetch(path, {headers: headers(), cache: "no-store"});
              if (!answer.ok) throw await problem(answer);
              return answer.json();
            }
            async function problem(answer) {
              let text = answer.status + " " + answer.statusText;
              try {
                const body = await answer.json();
                text = body.error + " — " + body.remedy;
              } catch (error) { text += " (" + error.message + ")"; }
              return Object.assign(new Error(text), {status: answer.status});
            }

            function show(state, detail) {
              current = state;
              at("connection").dataset.state = state;
              at("connection").textContent = {live: "● ", connecting: "○ ", lost: "✕ "}[state] +
                word(state);
              document.body.classList.toggle("stale", state === "lost");
              at("lost").hidden = state !== "lost";
              if (state === "lost") at("lost").textContent = word("lostLong") + " " +
                (alarmsAsOf ? stamp(alarmsAsOf) : "—") + (detail ? " · " + detail : "");
            }

            function mark(shape, text, className) {
              const node = make("span", "mark " + (className || ""));
              const drawn = make("span", "shape", shape);
              drawn.setAttribute("aria-hidden", "true");
              node.append(drawn, text);
              return node;
            }
            function cell(row, label, className, ...parts) {
              const node = make("td", className);
              node.dataset.label = word(label);
              node.append(...parts.filter(part => part));
              if (!node.childNodes.length) node.removeAttribute("data-label");
              row.append(node);
              return node;
            }
            function small(text) { return text ? make("small", "", text) : null; }
            function row(a) {
              const open = /unacknowledged$/.test(a.state || ""), node = make("tr", open ? "new" : "");
              cell(node, "priority", "", a.priority &&
                mark(bars[a.priority] || "▯▯▯▯", word(a.priority), a.priority),
                small(a.class && a.class !== "alarm" ? word(a.class) : ""));
              cell(node, "level", "", a.level &&
                mark(shapes[a.level] || "○", word(a.level), a.level), small(a.scale));
              cell(node, "state", "", make("span", "", word(a.state || "")),
                small(a.suppression && a.suppression !== "none" ? word(a.suppression) : ""),
                small(a.degraded ? word("degraded") : ""),
                small(a.mode && a.mode !== "live" ? "[" + a.mode.toUpperCase() + "]" : ""));
              cell(node, "stream", "stream", make("strong", "", a.name || a.stream || a.group || ""),
                small(a.name && a.stream ? a.stream : ""), small(a.title || a.rule));
              const unit = a.unit ? " " + a.unit : "";
              cell(node, "value", "", typeof a.value === "number" || a.value
                  ? make("span", "number", a.value + unit) : null,
                typeof a.limit === "number"
                  ? small((a.limit_name || word("limit")) + " " + a.limit + unit) : null);
              cell(node, "since", "since", stamp(a.onset_ms || a.ts_ms));
              cell(node, "action", "action", make("span", "", a.action || ""), small(a.message));
              const buttons = cell(node, "commands", "commands");
              const add = (verb, main) => {
                const button = make("button", main ? "main" : "", word(verb));
                button.addEventListener("click", () => ask(verb, a));
                buttons.append(button);
              };
              if (open) add("acknowledge", true);
              if (a.state === "latched-acknowledged") add("reset", false);
              return node;
            }
            function order(a, b) {
              const rank = x => (/unacknowledged$/.test(x.state || "") ? 0 : 10) +
                (priorities.indexOf(x.priority) + 5) % 5;
              return rank(a) - rank(b) || (b.onset_ms || b.ts_ms) - (a.onset_ms || a.ts_ms);
            }
            async function refresh() {
              const body = await load("/api/v1/alarms");
              const alarms = (body.alarms || []).sort(order);
              alarmsAsOf = Date.now();
              document.querySelector("#alarms tbody").replaceChildren(...alarms.map(row));
              at("alarms").hidden = alarms.length === 0;
              at("none").hidden = alarms.length !== 0;
              const total = Math.max(body.total || 0, alarms.length);
              at("count").textContent = total > alarms.length ? alarms.length + " / " + total : total;
              const open = alarms.filter(a => /unacknowledged$/.test(a.state || "")).length;
              document.title = (open ? "(" + open + ") " : "") + "Tocsin";
            }
            function refreshSoon() {
              if (refreshing) return;
              refreshing = setTimeout(() => { refreshing = null; attempt(refresh); }, 250);
            }
            async function attempt(work) {
              try { await work(); } catch (error) { stream.abort(error); }
            }

            function item(e) {
              const node = make("li");
              const kind = make("span", "kind " + (e.priority || ""), word(e.event));
              node.append(make("time", "", stamp(e.ts_ms)), kind,
                make("span", "where", e.name || e.stream || e.group || ""),
                make("span", "what", [e.message || e.title || e.rule, e.by && "— " + e.by]
                  .filter(Boolean).join(" ")));
              return node;
            }
            async function loadEvents() {
              const body = await load("/api/v1/events?limit=50&order=newest");
              const events = body.events || [];
              if (events.length && events[0].seq) lastSeq = events[0].seq;
              at("events").replaceChildren(...events.map(item));
            }
            function receive(block) {
              const fields = {event: "message", data: ""};
              for (const line of block.split("\n")) {
                const colon = line.indexOf(":");
                if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
              }
              if (fields.event === "gap") { attempt(loadEvents); refreshSoon(); return; }
              if (!fields.data) return;
              if (fields.id) lastSeq = Number(fields.id);
              at("events").prepend(item(JSON.parse(fields.data)));
              while (at("events").children.length > eventLimit) at("events").lastChild.remove();
              refreshSoon();
            }
            async function listen() {
              stream = new AbortController();
              lastBytes = Date.now();
              const watch = setInterval(() => {
                if (Date.now() - lastBytes > silenceLimit) stream.abort(new Error(word("silent")));
              }, 1000);
              try {
                const after = lastSeq === null ? "" : "?after=" + lastSeq;
                const answer = await fetch("/api/v1/events/live" + after,
                  {headers: headers(), cache: "no-store", signal: stream.signal});
                if (!answer.ok) throw await problem(answer);
                const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
                await refresh();
                show("live");
                for (let text = "";;) {
                  const {value, done} = await reader.read();
                  if (done) throw new Error(word("ended"));
                  lastBytes = Date.now();
                  const blocks = (text + value).split("\n\n");
                  text = blocks.pop();
                  blocks.forEach(receive);
                }
              } finally { clearInterval(watch); }
            }
            async function run() {
              for (;;) {
                try {
                  await refresh();
                  await loadEvents();
                  const status = await load("/api/v1/status");
                  const site = status.site;
                  at("site").textContent = site ? String(site.name || site.id || site) : "";
                  await listen();
                } catch (error) {
                  show("lost", error.message);
                  if (error.status === 401 && !hasAsked && !at("dialog").open) ask("signIn", null);
                  hasAsked = true;
                }
                await new Promise(resolve => setTimeout(resolve, retryDelay));
              }
            }

            function ask(verb, alarm) {
              command = {verb, alarm};
              const signIn = verb === "signIn";
              at("dialog-title").textContent = word(verb);
              at("dialog-alarm").textContent =
                alarm ? [alarm.name || alarm.stream || alarm.group, alarm.message || alarm.title]
                  .filter(Boolean).join(" · ") : "";
              at("by-label").hidden = at("reason-label").hidden = signIn;
              at("token-label").hidden = !signIn && token !== "";
              at("by").required = !signIn;
              at("by").value = localStorage.getItem("by") || "";
              at("reason").value = at("token").value = "";
              at("confirm").textContent = word(verb);
              at("dialog-error").hidden = true;
              at("dialog").showModal();
            }
            async function send(event) {
              event.preventDefault();
              const {verb, alarm} = command, by = at("by").value.trim();
              if (at("token").value) token = at("token").value.trim();
              if (verb === "signIn") {
                sessionStorage.setItem("token", token);
                at("dialog").close();
                return;
              }
              try {
                const answer = await fetch("/api/v1/alarms/" + encodeURIComponent(alarm.alarm) + "/" +
                  verb, {method: "POST", headers: {...headers(), "Content-Type": "application/json"},
                  body: JSON.stringify({by, reason: at("reason").value.trim()})});
                if (!answer.ok) throw await problem(answer);
                sessionStorage.setItem("token", token);
                localStorage.setItem("by", by);
                at("dialog").close();
                refreshSoon();
              } catch (error) {
                if (error.status === 401) { token = ""; at("token-label").hidden = false; }
                at("dialog-error").textContent = error.message;
                at("dialog-error").hidden = false;
              }
            }
            at("cancel").addEventListener("click", () => at("dialog").close());
            document.querySelector("#dialog form").addEventListener("submit", send);
            at("sign-in").addEventListener("click", () => ask("signIn", null));
            setInterval(() => { if (current === "live") attempt(refresh); }, pollDelay);
            show("connecting");
            run();
            """#
}
