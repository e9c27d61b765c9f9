"""The few rules of style that Streamlit's theme has no option for."""

from __future__ import annotations

import streamlit as st

from browser.browser_code import styles

# Ours by the theme's: Streamlit tells its colours to components only.
_COLOURS = {"page": "backgroundColor", "text": "textColor", "accent": "linkColor"}

_PAGES = """
/* A tool, not a poster: the canvas belongs on the first screen, also of a phone. */
.stMainBlockContainer { padding-top: 4.75rem !important; padding-bottom: 4rem !important; }
/* The part that scrolls takes the focus after a click; a frame around all of it says nothing. */
.stMain:focus, .stMain:focus-visible { outline: none !important; box-shadow: none !important; }
/* A title takes the focus that a button had which is gone: nothing can be done with it by a key. */
h1[tabindex="-1"]:focus-visible { outline: none; }
.stMainBlockContainer h1 { font-size: 1.75rem; padding: .25rem 0 .5rem; }
.stMainBlockContainer h2 { font-size: 1.35rem; padding: .5rem 0 .25rem; }

/* The pages, as a bar in sight where Streamlit would hide them behind an arrow. */
.st-key-shell_pages { display: none; }
@media (max-width: 640px) {
  .stAppHeader, .stSidebar { display: none !important; }
  .st-key-shell_pages { display: flex; position: fixed; inset: 0 0 auto 0; z-index: 100;
    width: auto; height: 2.8125rem; gap: 0 !important; flex-wrap: nowrap !important;
    background: var(--inkling-page);
    border-bottom: 1px solid rgba(128, 128, 140, .3); }
  .st-key-shell_pages > * { flex: 1 1 0 !important; min-width: 0 !important;
    margin: 0 !important; }
  .st-key-shell_pages :is(.stElementContainer, .stPageLink, .stPageLink > *) { height: 100%; }
  /* The operator has six. */
  .st-key-shell_pages:has(> :nth-child(6)) > * { overflow: hidden; }
  .st-key-shell_pages:has(> :nth-child(6)) a p { font-size: .75rem; letter-spacing: -.02em; }
  .st-key-shell_pages a { justify-content: center; height: 100%; margin: 0 !important;
    padding: 0 !important; border-radius: 0; }
  .stMainBlockContainer { padding: 3.25rem .75rem 2rem !important; }
}
@media (max-width: 640px), (max-height: 500px) {
  .stMainBlockContainer:has(.st-key-draw_section) { padding-top: 2.75rem !important; }
  .stMainBlockContainer:has(.st-key-draw_section) > .stVerticalBlock { gap: 0; }
  .stMainBlockContainer:has(.st-key-draw_section, .inkling-pad) > .stVerticalBlock
    > .stElementContainer:has([data-testid="stCaptionContainer"]) { margin-top: .75rem; }
  /* Still the page's name to those who listen; the bar above shows it. */
  .stMainBlockContainer:has(.st-key-draw_section) h1 { position: absolute; width: 1px; height: 1px;
    padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
}

/* Two columns beside each other, or below each other on a phone. The parts are those of the script,
   and no part is a column: what a stroke changes is one part, which has pieces in both. The rows of
   the question keep their height without one, so that nothing moves when it comes. */
.st-key-draw_section { display: grid; align-items: start; gap: 0 2.75rem;
  grid-template-columns: 282px minmax(0, 1fr) auto;
  grid-template-rows: auto auto auto minmax(3.25rem, auto) minmax(3.65rem, auto);
  grid-template-areas: "paper reading reading" "tools reading reading" ". trouble trouble"
    ". question another" ". yes yes" ". answers answers" ". reasons reasons"; }
@media (max-width: 640px) {
  .st-key-draw_section { grid-template-columns: minmax(0, 1fr) auto auto; column-gap: .5rem;
    grid-template-rows: auto auto 4.75rem auto 2.75rem 3.75rem;
    grid-template-areas: "paper paper paper" "tools tools tools" "reading reading reading"
      "trouble trouble trouble" "question back another" "yes yes yes" "answers answers answers"
      "reasons reasons reasons"; }
}
.st-key-draw_section > *:has(> .stVerticalBlock > [class*="st-key-draw_reading"]),
.st-key-draw_section > * > .stVerticalBlock:has(> [class*="st-key-draw_reading"]),
.st-key-draw_section > *:has(> .stVerticalBlock > * > .st-key-draw_answers_canvas),
.st-key-draw_section > * > .stVerticalBlock:has(> * > .st-key-draw_answers_canvas) {
  display: contents; }
.st-key-draw_section *:has(> .st-key-draw_tools) { grid-area: tools; }
.st-key-draw_section .st-key-draw_reading_canvas { grid-area: reading; width: 100%; }
.st-key-draw_section > * > * > *:has(> .stMarkdown) { grid-area: question; align-self: center; }
/* Its room below would lift what is in the middle of its row. */
.st-key-draw_section > * > * > * > .stMarkdown [data-testid="stMarkdownContainer"] {
  margin-bottom: 0; }
/* One of both: what is answered is not read as writing any more. */
.st-key-draw_section :is(.st-key-draw_another, .st-key-draw_as_writing) { grid-area: another;
  align-self: center; justify-self: end; }
/* Beside what it is about, where there is room: at the end of the line above the digits. */
.st-key-draw_section .st-key-draw_take_back_canvas { grid-area: answers; justify-self: end;
  z-index: 1; }
.st-key-draw_take_back_canvas button { height: 1.75rem; min-height: 0; }
.st-key-draw_answers_canvas > .stElementContainer:has(> .stMarkdown) { min-height: 1.75rem; }
@media (pointer: coarse) {
  .st-key-draw_answers_canvas > .stElementContainer:has(> .stMarkdown) { min-height: 44px; } }
@media (max-width: 640px), (max-height: 500px) {
  .st-key-draw_section .st-key-draw_take_back_canvas { grid-area: back; align-self: center; }
  .st-key-draw_take_back_canvas button { min-width: 2.75rem; min-height: 2.75rem; }
  .st-key-draw_take_back_canvas button p { position: absolute; width: 1px; height: 1px;
    overflow: hidden; clip-path: inset(50%); }
  .st-key-draw_answers_canvas > .stElementContainer:has(> .stMarkdown) { display: none; }
  .st-key-draw_section [class*="st-key-draw_answers"] button,
  .st-key-draw_section :is([class*="st-key-draw_yes"], [class*="st-key-draw_second"]) button {
    min-height: 2.75rem; }
  [role="tabpanel"]:has(.st-key-draw_section) { padding-top: .5rem; }
}
.st-key-draw_section .stMarkdown p { margin: 0; line-height: 1.35; }
.st-key-draw_section [data-testid="stCaptionContainer"] { margin-bottom: 0; }
/* What means "Draw another" is not to say yes. */
.st-key-draw_section :is([class*="st-key-draw_yes"], [class*="st-key-draw_second"]) {
  margin-top: .25rem; }
@media (max-width: 640px), (max-height: 500px) {
  .st-key-draw_section :is([class*="st-key-draw_yes"], [class*="st-key-draw_second"]) {
    margin-top: .5rem; }
}
.st-key-draw_section [class*="st-key-draw_yes"] { grid-area: yes; }
/* Where two are likely, each has half of the row. */
.st-key-draw_section [class*="st-key-draw_second"] { grid-area: yes; justify-self: end; }
.st-key-draw_section [class*="st-key-draw_second"],
.st-key-draw_section:has([class*="st-key-draw_second"]) [class*="st-key-draw_yes"] {
  width: calc(50% - .25rem); }
:is([class*="st-key-draw_yes"], [class*="st-key-draw_second"]) button { min-height: 2.9rem; }
.st-key-draw_section *:has(> .st-key-draw_answers_canvas) { grid-area: answers; }
.st-key-draw_section *:has(> .st-key-draw_trouble_canvas) { grid-area: trouble;
  margin-block: .5rem; }
.st-key-draw_section *:has(> .st-key-draw_reasons) { grid-area: reasons; margin-top: 1rem; }

/* The canvas: a sheet of paper on the desk, on a phone as wide as the desk. */
.st-key-draw_section [class*="st-key-draw_canvas"]:not(.st-key-draw_canvas_dress) {
  grid-area: paper; width: 282px; min-width: 0; aspect-ratio: 1; box-sizing: border-box;
  border: 1px solid rgba(128, 128, 140, .28); border-radius: 13px; overflow: hidden;
  box-shadow: 0 1px 2px rgba(20, 20, 40, .06), 0 8px 24px rgba(20, 20, 40, .07);
}
@media (max-width: 640px) {
  .st-key-draw_section [class*="st-key-draw_canvas"]:not(.st-key-draw_canvas_dress) { width: 100%; }
  .st-key-draw_section .st-key-draw_tools { width: 100%; margin-top: .5rem; }
}
@media (max-width: 359px) { .st-key-draw_another button { padding: 0 .6rem; font-size: .9rem; } }
/* On a phone that lies on its side, the canvas is as high as what is left. */
@media (min-width: 641px) and (max-height: 500px) {
  .stMainBlockContainer:has(.st-key-draw_section) { padding-top: 3.6rem !important; }
  .st-key-draw_section { column-gap: 1.5rem;
    grid-template-columns: min(282px, calc(100vh - 10.5rem)) minmax(0, 1fr) auto auto;
    grid-template-rows: 4.75rem auto 2.75rem 3.75rem auto;
    grid-template-areas: "paper reading reading reading" "paper trouble trouble trouble"
      "paper question back another" "paper yes yes yes" "paper answers answers answers"
      "tools answers answers answers" ". reasons reasons reasons"; }
  .st-key-draw_section [class*="st-key-draw_canvas"]:not(.st-key-draw_canvas_dress),
  .st-key-draw_section .st-key-draw_tools { width: 100%; }
  .st-key-draw_section .st-key-draw_tools { margin-top: .5rem; }
}
/* On a tablet that lies on its side, the last answer is in sight; on one that stands, the paper is
   as large as a hand wants it. */
@media (min-width: 641px) and (min-height: 501px) and (max-height: 860px) {
  .stMainBlockContainer:has(.st-key-draw_section) { padding-top: 3.75rem !important; }
  .stMainBlockContainer:has(.st-key-draw_section) h1 { padding-block: 0; }
  [role="tabpanel"]:has(.st-key-draw_section) { padding-top: .5rem; }
}
@media (pointer: coarse) and (min-width: 760px) and (min-height: 1000px) {
  .st-key-draw_section { grid-template-columns: 340px minmax(0, 1fr) auto; column-gap: 2rem; }
  .st-key-draw_section .inkling-bar-room { height: 10rem; }
  .st-key-draw_section [class*="st-key-draw_canvas"]:not(.st-key-draw_canvas_dress),
  .st-key-draw_section .st-key-draw_tools { width: 100%; }
}
.st-key-draw_canvas_dress { position: absolute; width: 0; height: 0; overflow: hidden; }

/* What the network saw. */
.inkling-note { opacity: .78; font-size: .95rem; line-height: 1.4; }
.inkling-seeing { display: flex; gap: 1rem; flex-wrap: wrap; }
.inkling-seeing figure { margin: 0; }
.inkling-seeing img { display: block; image-rendering: pixelated; border-radius: 8px; }

/* Tools: symbols to see, words for those who listen. */
.st-key-draw_tools { width: 282px; margin-top: 1rem; }
.st-key-draw_tools button p, .st-key-draw_tools button kbd {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.st-key-draw_tools button { min-height: 2.75rem; }
.st-key-draw_tools button span { gap: 0 !important; }

/* Where nothing is kept, there is no question to keep rows for. */
.st-key-draw_section:not(:has(.st-key-draw_answers_canvas)) { grid-template-rows: none; }
@media (max-width: 640px) {
  .st-key-draw_section:not(:has(.st-key-draw_answers_canvas)) {
    grid-template-rows: auto auto 4.75rem; }
}
/* Before there is a question, and a reading to be explained, their places are kept, so that nothing
   moves with them. Where nothing is kept there is no question, and a reading all the same. */
.st-key-draw_section:not(:has([class*="st-key-draw_yes"])) .st-key-draw_answers_canvas *,
.st-key-draw_section:not(:has(.inkling-read)) .st-key-draw_reasons * {
  visibility: hidden !important; }
/* Ten answers: rows of five that a thumb can hit, without their own key's name beside the digit. */
[class*="st-key-draw_answers"] button { min-height: 2.9rem; }
[class*="st-key-draw_row"] button kbd { display: none; }
@media (hover: none) { button kbd { display: none !important; } }
[class*="st-key-draw_answers"] button p { font-size: 1.15rem; font-variant-numeric: lining-nums; }
"""

# The canvas and figures in the dark: the same ink and paper, seen through a filter.
_DARK = "--inkling-canvas: invert(.93) hue-rotate(180deg);"
# Of characters that are read clearly, probably, and unsurely: 4.5:1 or more on either page.
_CERTAINTY = {
    "light": "--inkling-clear: #116329; --inkling-open: #8a5a00; --inkling-unsure: #c11f2a;",
    "dark": "--inkling-clear: #6fdd8b; --inkling-open: #eac55f; --inkling-unsure: #ff9a94;",
}


def page_style(theme: str | None) -> str:
    """Return the rules of every page, in the colours of a theme: "light", "dark" or unknown."""
    shown = "dark" if theme == "dark" else "light"
    colours = " ".join(
        f"--inkling-{name}: {st.get_option(f'theme.{shown}.{option}')};"
        for name, option in _COLOURS.items()
    )
    own = f":root {{ {colours} {_CERTAINTY[shown]} {_DARK if shown == 'dark' else ''} }}"
    # The result cards' rules are here too: with the component they would travel with each stroke.
    return f"<style>{own}{_PAGES}{styles('reading')}{styles('pad')}{styles('legible')}</style>"
