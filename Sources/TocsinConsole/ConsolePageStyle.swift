extension ConsolePage {
    /// Colour only repeats what shape and text say. Below 800 px each row becomes a card.
    static let style = """
        :root {
          --ground: #f4f5f7; --card: #ffffff; --text: #15181c; --soft: #555e68; --line: #d5d9de;
          --red: #b3121d; --orange: #a84300; --yellow: #7d5c00; --blue: #14539a; --ok: #17663a;
          --button: #e8ebef; --main: #14539a; --on-main: #ffffff; --new: #fff1f1;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #101317; --card: #191d23; --text: #e9ecef; --soft: #a0a9b3; --line: #333a43;
            --red: #ff7a80; --orange: #ffa05c; --yellow: #f0cb54; --blue: #85b9f7; --ok: #6fd49a;
            --button: #2a313a; --main: #3d80cf; --on-main: #ffffff; --new: #33191c;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        .hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
          overflow: hidden; }
        body { margin: 0; background: var(--ground); color: var(--text);
          font: 15px/1.45 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
        header { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center;
          padding: 10px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
        h1 { font-size: 18px; margin: 0; }
        h1 span { font-weight: 400; color: var(--soft); }
        h2 { font-size: 16px; margin: 22px 0 10px; }
        h2 #count { color: var(--soft); font-weight: 400; }
        main { padding: 0 20px 32px; max-width: 1500px; margin: 0 auto; }
        #connection { margin: 0 0 0 auto; font-weight: 600; }
        #connection[data-state=live] { color: var(--ok); }
        #connection[data-state=lost] { color: var(--red); }
        #lost { margin: 0; padding: 10px 20px; background: var(--red); color: var(--card);
          font-weight: 600; }
        body.stale #alarms { opacity: .55; }
        #none { padding: 18px; background: var(--card); border: 1px solid var(--line);
          border-radius: 6px; margin: 0; }
        table { width: 100%; border-collapse: collapse; background: var(--card);
          border: 1px solid var(--line); }
        th { text-align: left; font-size: 13px; font-weight: 600; color: var(--soft); }
        th, td { padding: 8px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
        tr.new { background: var(--new); }
        tr.new td:first-child { box-shadow: inset 4px 0 var(--red); }
        td small { display: block; color: var(--soft); overflow-wrap: anywhere; }
        .mark { white-space: nowrap; font-weight: 600; }
        .shape { letter-spacing: 1px; margin-right: 5px; }
        .critical, .red { color: var(--red); }
        .high, .orange { color: var(--orange); }
        .medium, .yellow { color: var(--yellow); }
        .low, .blue { color: var(--blue); }
        .number { font-variant-numeric: tabular-nums; }
        td .number { white-space: nowrap; }
        td.stream { min-width: 150px; overflow-wrap: anywhere; }
        td.since { font-variant-numeric: tabular-nums; min-width: 6.5em; }
        td.action { min-width: 190px; }
        td.commands { white-space: nowrap; text-align: right; }
        button { font: inherit; padding: 6px 12px; min-height: 36px; border-radius: 5px;
          border: 1px solid var(--line); background: var(--button); color: var(--text);
          cursor: pointer; }
        button.main { background: var(--main); border-color: var(--main); color: var(--on-main); }
        button + button { margin-left: 6px; }
        :focus-visible { outline: 3px solid var(--main); outline-offset: 1px; }
        #events { list-style: none; margin: 0; padding: 0; background: var(--card);
          border: 1px solid var(--line); max-height: 420px; overflow: auto; }
        #events:empty { display: none; }
        #events li { display: grid; grid-template-columns: 11em 9.5em minmax(9em, 1fr) 2fr;
          gap: 0 12px; padding: 5px 10px; border-bottom: 1px solid var(--line); }
        #events li:last-child { border-bottom: 0; }
        #events span { overflow-wrap: anywhere; }
        #events time { color: var(--soft); font-variant-numeric: tabular-nums;
          white-space: nowrap; }
        #events .kind { font-weight: 600; }
        dialog { border: 1px solid var(--line); border-radius: 8px; background: var(--card);
          color: var(--text); width: min(460px, calc(100vw - 24px)); padding: 4px 20px 14px; }
        dialog::backdrop { background: rgb(0 0 0 / .55); }
        label { display: block; margin: 10px 0; font-weight: 600; }
        input { display: block; width: 100%; font: inherit; font-weight: 400; padding: 8px;
          margin-top: 3px;
          border: 1px solid var(--soft); border-radius: 5px; background: var(--ground);
          color: var(--text); }
        #dialog-error { color: var(--red); font-weight: 600; }
        .buttons { text-align: right; margin: 14px 0 0; }
        @media (max-width: 799px) {
          header { padding: 10px 12px; }
          main { padding: 0 12px 24px; }
          #connection { margin-left: 0; order: 3; width: 100%; }
          #sign-in { margin-left: auto; }
          table, tbody { display: block; border: 0; background: none; }
          thead { display: none; }
          tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 12px;
            background: var(--card); border: 1px solid var(--line); border-radius: 6px;
            padding: 10px 12px; margin-bottom: 10px; }
          tr.new { border-left: 5px solid var(--red); background: var(--new); }
          tr.new td:first-child { box-shadow: none; }
          td { padding: 0; border: 0; min-width: 0; }
          td[data-label]::before { content: attr(data-label); display: block; font-size: 12px;
            color: var(--soft); }
          td.stream, td.action { grid-column: 1 / -1; }
          td.commands { grid-column: 1 / -1; display: flex; gap: 8px; }
          td.commands button { flex: 1; margin: 0; min-height: 44px; }
          td.commands:empty, td:empty { display: none; }
          #events li { grid-template-columns: 1fr auto; }
          #events .where, #events .what { grid-column: 1 / -1; }
          #events .what { color: var(--soft); }
        }
        """
}
