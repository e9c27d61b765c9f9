"""The few rules of style that Streamlit's theme has no option for."""

STYLE = """<style>
/* A tool, not a poster: the canvas belongs on the first screen, also of a phone. */
.stMainBlockContainer { padding-top: 4.75rem !important; padding-bottom: 4rem !important; }
.stMainBlockContainer h1 { font-size: 1.75rem; padding: .25rem 0 .5rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; padding: .5rem 0 .25rem; }

/* The canvas: a sheet of paper on the desk. */
.st-key-draw_paper_box { width: 282px; }
.st-key-draw_canvas_box { min-width: 282px; box-sizing: border-box; gap: 0;
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
.st-key-draw_tools { display: grid; grid-template-columns: 3fr 1fr; gap: .25rem; }
.st-key-draw_tools > * > .stVerticalBlock:has(.st-key-draw_undo) {
  display: grid; grid-template-columns: repeat(3, 1fr); gap: .25rem; }
.st-key-draw_tools button p, .st-key-draw_tools button kbd {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.st-key-draw_tools button { min-height: 2.75rem; }
.st-key-draw_tools button span { gap: 0 !important; }

/* The question and its outcome share one line, so that nothing moves under a second tap. */
[class*="st-key-draw_question"] { min-height: 2.75rem; }

/* Before there is a reading, its question's place is kept, so that nothing moves with it. */
.stColumn:not(:has(.inkling-read)) > * > :is(.st-key-draw_asking, .st-key-draw_reasons) {
  visibility: hidden; }

/* Ten answers: rows of five that a thumb can hit, without their own key's name beside the digit. */
[class*="st-key-draw_answers"] button { min-height: 2.9rem; }
[class*="st-key-draw_row"] button kbd { display: none; }
@media (hover: none) { button kbd { display: none !important; } }
[class*="st-key-draw_answers"] button p { font-size: 1.15rem; font-variant-numeric: lining-nums; }
</style>"""
