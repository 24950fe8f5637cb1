"""The dashboard's drawings: counted numbers and their words go in, SVG comes out, drawn by Vega-Lite (vl-convert).

Nothing here counts, and nothing here has a word of its own: labels, numbers as the language writes them and the sentences
shown where the mouse rests are handed in. A mark is a class of the page's style, so that a drawing follows the reader's
theme; the ink of paper is in it as plain attributes. Drawings are for the eye and the mouse: whoever calls puts the table
with the same words and links behind each.

`theme`: sizes, ink, axes. `rendering`: a spec to SVG, kept. `press`: the process in which the library runs. `svg`: what it
wrote, made fit for the page. `on_paper`: what the PDF has of it. `bars`, `curves`, `limits`, `days`: the specs of the
charts, a function each.
"""
