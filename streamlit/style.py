"""The few rules of style that Streamlit's theme has no option for."""

STYLE = """<style>
/* A tool, not a poster: the canvas belongs on the first screen, also of a phone. */
.stMainBlockContainer { padding-top: 4.75rem !important; padding-bottom: 4rem !important; }
/* The part that scrolls takes the focus after a click; a frame around all of it says nothing. */
.stMain:focus, .stMain:focus-visible { outline: none !important; box-shadow: none !important; }
.stMainBlockContainer h1 { font-size: 1.75rem; padding: .25rem 0 .5rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; padding: .5rem 0 .25rem; }

/* Two columns beside each other, or below each other on a phone. The parts are those of the script,
   and no part is a column: what a stroke changes is one part, which has pieces in both. The rows of
   the question keep their height without one, so that nothing moves when it comes. */
.st-key-draw_section { display: grid; align-items: start; gap: 0 2.75rem;
  grid-template-columns: 282px minmax(0, 1fr) auto;
  grid-template-rows: auto auto minmax(3.25rem, auto) minmax(3.4rem, auto);
  grid-template-areas: "paper reading reading" "tools reading reading" ". question another"
    ". yes yes" ". answers answers" ". trouble trouble" ". reasons reasons"; }
@media (max-width: 640px) {
  .st-key-draw_section { grid-template-columns: minmax(0, 1fr) auto; column-gap: .75rem;
    grid-template-rows: auto auto auto minmax(3.25rem, auto) minmax(3.4rem, auto);
    grid-template-areas: "paper paper" "tools tools" "reading reading" "question another"
      "yes yes" "answers answers" "trouble trouble" "reasons reasons"; }
}
.st-key-draw_section > *:has(> .stVerticalBlock > [class*="st-key-draw_reading"]),
.st-key-draw_section > * > .stVerticalBlock:has(> [class*="st-key-draw_reading"]),
.st-key-draw_section > *:has(> .stVerticalBlock > * > .st-key-draw_answers_canvas),
.st-key-draw_section > * > .stVerticalBlock:has(> * > .st-key-draw_answers_canvas) {
  display: contents; }
.st-key-draw_section *:has(> .st-key-draw_tools) { grid-area: tools; }
.st-key-draw_section .st-key-draw_reading_canvas { grid-area: reading; width: 100%; }
.st-key-draw_section > * > * > *:has(> .stMarkdown) { grid-area: question; align-self: center; }
.st-key-draw_section *:has(> .st-key-draw_after_canvas) { grid-area: another; align-self: center; }
.st-key-draw_section:has(.st-key-draw_another) .stMarkdown p { margin: 0; line-height: 1.35; }
.st-key-draw_section [class*="st-key-draw_yes"] { grid-area: yes; }
.st-key-draw_section *:has(> .st-key-draw_answers_canvas) { grid-area: answers; }
.st-key-draw_section *:has(> .st-key-draw_trouble_canvas) { grid-area: trouble; margin-top: 1rem; }
.st-key-draw_section *:has(> .st-key-draw_reasons) { grid-area: reasons; margin-top: 1rem; }

/* The canvas: a sheet of paper on the desk. */
.st-key-draw_section [class*="st-key-draw_canvas"]:not(.st-key-draw_canvas_dress) {
  grid-area: paper; width: 282px; min-width: 282px; height: 282px; box-sizing: border-box;
  border: 1px solid rgba(128, 128, 140, .28); border-radius: 13px; overflow: hidden;
  box-shadow: 0 1px 2px rgba(20, 20, 40, .06), 0 8px 24px rgba(20, 20, 40, .07);
}
.st-key-draw_canvas_dress { position: absolute; width: 0; height: 0; overflow: hidden; }

/* What the network saw. */
.inkling-note { opacity: .72; font-size: .95rem; line-height: 1.4; }
.inkling-seeing { display: flex; gap: 1rem; flex-wrap: wrap; }
.inkling-seeing figure { margin: 0; }
.inkling-seeing img { display: block; image-rendering: pixelated; border-radius: 8px; }

/* Tools: symbols to see, words for those who listen. */
.st-key-draw_tools { width: 282px; margin-top: 1rem; }
.st-key-draw_tools button p, .st-key-draw_tools button kbd {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.st-key-draw_tools button { min-height: 2.75rem; }
.st-key-draw_tools button span { gap: 0 !important; }

/* Before there is a question, the place of its answers is kept, so that nothing moves with it. */
.st-key-draw_section:not(:has([class*="st-key-draw_yes"]))
  :is(.st-key-draw_answers_canvas, .st-key-draw_reasons) * { visibility: hidden !important; }
/* What the first button says is not said again. */
.st-key-draw_section:has(.st-key-draw_yes_canvas_none) .st-key-draw_answer_canvas_none {
  visibility: hidden; }

/* Ten answers: rows of five that a thumb can hit, without their own key's name beside the digit. */
[class*="st-key-draw_answers"] button { min-height: 2.9rem; }
[class*="st-key-draw_row"] button kbd { display: none; }
@media (hover: none) { button kbd { display: none !important; } }
[class*="st-key-draw_answers"] button p { font-size: 1.15rem; font-variant-numeric: lining-nums; }
</style>"""
