extension BacktestPage {
    /// Colour only repeats what shape and text say: BASELINE is dashed and hollow, NEW is solid and
    /// filled, verdicts and changes have a sign and a word.
    static let style = """
        :root {
          --ground: #f4f5f7; --card: #ffffff; --text: #15181c; --soft: #555e68; --line: #d5d9de;
          --old: #14539a; --new: #a84300; --bad: #b3121d; --ok: #17663a; --warn: #7d5c00;
          --signal: #15181c;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #101317; --card: #191d23; --text: #e9ecef; --soft: #a0a9b3; --line: #333a43;
            --old: #85b9f7; --new: #ffa05c; --bad: #ff7a80; --ok: #6fd49a; --warn: #f0cb54;
            --signal: #e9ecef;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 0 20px 40px; max-width: 1120px; background: var(--ground);
          color: var(--text);
          font: 15px/1.45 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
        h1 { font-size: 22px; margin: 18px 0 8px; }
        h2 { font-size: 17px; margin: 30px 0 8px; }
        p { margin: 6px 0; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 8px 0; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        .soft { color: var(--soft); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
          gap: 10px; margin: 14px 0; padding: 0; list-style: none; }
        .tiles li { background: var(--card); border: 1px solid var(--line);
          border-radius: 6px; padding: 8px 12px; }
        .tiles b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; }
        .tiles small { display: block; color: var(--soft); line-height: 1.3; }
        .tiles .loss { border-color: var(--bad); box-shadow: inset 4px 0 var(--bad); }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; background: var(--card);
          border: 1px solid var(--line); }
        th { text-align: left; font-size: 13px; color: var(--soft); }
        th, td { padding: 5px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
          white-space: nowrap; }
        td.time, td.what { white-space: nowrap; font-variant-numeric: tabular-nums; }
        td.name { overflow-wrap: anywhere; }
        td small { display: block; color: var(--soft); overflow-wrap: anywhere; }
        .met { color: var(--ok); } .tolerated { color: var(--warn); }
        .missed, .lost { color: var(--bad); font-weight: 600; }
        .later { color: var(--warn); }
        figure { margin: 0 0 18px; padding: 12px; background: var(--card);
          border: 1px solid var(--line); border-radius: 6px; break-inside: avoid; }
        figcaption { margin-bottom: 6px; overflow-wrap: anywhere; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--text); font: 12px system-ui, "Noto Sans CJK SC", sans-serif; }
        svg text.soft { fill: var(--soft); }
        svg text.old { fill: var(--old); } svg text.new { fill: var(--new); }
        svg .grid { stroke: var(--line); stroke-width: 1; fill: none; }
        svg .signal { stroke: var(--signal); stroke-width: 1.4; fill: none; }
        svg .dot { fill: var(--signal); }
        svg .limit { stroke-width: 1.4; fill: none; stroke: var(--soft); }
        svg .limit.old, svg .raise.old { stroke: var(--old); stroke-dasharray: 6 4; }
        svg .limit.new, svg .raise.new { stroke: var(--new); }
        svg .raise { stroke-width: 1.2; fill: none; }
        svg .bar.old { fill: var(--card); stroke: var(--old); stroke-width: 1.4; }
        svg .bar.new { fill: var(--new); stroke: var(--new); stroke-width: 1.4; }
        svg .mark.old { fill: var(--card); stroke: var(--old); stroke-width: 1.6; }
        svg .mark.new { fill: var(--new); stroke: var(--card); stroke-width: 1; }
        svg .target { stroke: var(--bad); stroke-width: 1.2; stroke-dasharray: 2 3; }
        @media print { body { background: none; } }
        """
}
