"""Category files to start from: sound ones, one for each mistake that the reader explains, what the lint finds, and ways to
lay a file out, which edits of its text keep."""


def _of(category: str, rest: str = "") -> bytes:
    return f"{rest}categories:\n  a: {{{category}}}\n".encode()


SOUND = [
    b'neutral: ["a photo."]\nthreshold: 0.05\ncategories:\n  dog:\n    positive: ["a dog"]\n    negative: [a wolf]\n',
    b'{"templates": ["a {}."], "categories": {"a": {"positive": ["b"], "threshold": 1e-3}}}',
    b"rule: {name: softmax, logit_scale: 50, group: g}\nneutral_margin: 0.01\nmodel_sha256: ab\ncategories:\n  # c\n  a: &x\n"
    b"    positive:\n    - |\n      b\n    - 'c'\n    threshold: 0.1\n  d: {positive: [e, \"f\\u00e9\"], threshold: .5}\n",
    b"neutral: [n]\nneutral_margin: 0.1\ncategories:\n  a: {positive: [b], rule: {name: top-k-mean, k: 2}, threshold: 0.1}\n"
    b"  c: {positive: [d], rule: {name: sigmoid, logit_scale: 10, logit_bias: -10}, threshold: 0.5}\n"
    b"  e: {rule: {name: linear-probe, regularization: 0.1}, threshold: 0.5}\n  f: {rule: nearest-exemplar, threshold: 0.5}\n"
    b"  g: {positive: [h], rule: strongest-negative, negative: [i], threshold: 0}\n",
    b'{"calibrated_on": "x", "categories": {"\\ud83d\\ude00": {"positive": ["\\ud83d\\ude01 b"], "templates": ["{c} {}"], "threshold": 0}}}',
    b"\xef\xbb\xbfcategories:\r\n  a:\r\n    positive: []\r\n    rule: exemplar-mean\r\n    threshold: 1\r\n",
]
MISTAKES = [
    b"# nothing\n", b"- a\n", b"a", b"catgories: {}\n", b"threshold: 0\n", b"categories: {}\n", b"categories: [a]\n",
    b"categories:\n  a:\n", b"categories:\n  positive: [a]\n  threshold: 0\n", b"categories:\n  a: {threshold: 0}\npositive: [b]\n",
    b"categories:\n  a: {positive: [b], threshold: 0}\n  a: {positive: [c], threshold: 0}\n", b'categories: {"": {positive: [b]}}\n',
    b"categories: {? [a] : {positive: [b]}}\n", b'categories: {"\\0": {positive: [b], threshold: 0}}\n',
    b"model: a\nmodel_sha256: b\ncategories: {a: {positive: [b], threshold: 0}}\n",
    *map(_of, ("threshold: 0", "positive: [], threshold: 0", "positive: [b]", "positive: b, threshold: 0", "positive: [[b]], threshold: 0",
               'positive: [" "], threshold: 0', "positive: [~], threshold: 0", "positive: [b], threshold: x", "positive: [b], threshold: .inf",
               "positive: [b], threshold: [0]", "positive: [b], threshold: 0, templates: [c]", "positive: [b], threshold: 0, rule: {k: 1}",
               "positive: [b], threshold: 0, rule: top-k-maen", "positive: [b], threshold: 0, rule: {name: contrast, k: 1}",
               "positive: [b], threshold: 0, rule: {name: top-k-mean, k: 0}", "positive: [b], threshold: 0, rule: {name: softmax, logit_scale: -1}",
               "positive: [b], threshold: 0, rule: {name: sigmoid, logit_bias: x}", "positive: [b], threshold: 0, negative: {b: c}",
               "positive: *b, threshold: 0", "positive: &b [*b], threshold: 0", "positiv: [b], threshold: 0")),
    b"categories:\n  a: {positive: [b], threshold: 0, rule: {name: softmax, group: g, logit_scale: 1}}\n"
    b"  c: {positive: [b], threshold: 0, rule: {name: softmax, group: g}}\n",
    b"rule: softmax\ncategories:\n  a: {positive: [b], threshold: 0}\n  c: {positive: [b], threshold: 0, rule: {name: softmax, logit_scale: 2}}\n",
    b"categories:\n\ta: b\n", b'categories: {a: {positive: ["b]}}\n', b"categories: {a: {positive: [b, {c}\n", b"categories: {a: [b}\n",
    b"categories: {a: {positive: [b] threshold: 0}}\n", b"a: b: c\n", b"a: *b\n", b"%YAML 9.9\n---\na\n", b"a: \x01\n", b"--- a\n--- b\n",
]
LINTED = [
    b"templates: [\"a {}\"]\nneutral_margin: 0.1\ncategories:\n  a:\n    positive: [no dog, a cat, A  Cat., without a leash, no smoking sign]\n"
    b"    negative: [a cat, not a stop sign, anything but a cat, none of them]\n    templates: [\"{}\"]\n    threshold: 9\n",
    b"neutral: [a cat, a photo of a cat, a]\nneutral_margin: 0\ntemplates: [\"a photo of {}\"]\nthreshold: -3\ncategories:\n"
    b"  a: {positive: [a cat]}\n  b: {positive: [a cat]}\n  c: {positive: [c]}\n  d: {positive: [d]}\n  e: {positive: [e], templates: [\"{}\"]}\n",
    b"rule: {name: softmax, group: g}\nthreshold: 0\ncategories:\n  a: {positive: [x, y]}\n  b: {positive: [y, X.]}\n"
    b"  c: {positive: [z, w], rule: {name: sigmoid, logit_bias: -10}, negative: [v], threshold: 1.5}\n"
    b"  d: {rule: nearest-exemplar, threshold: 3}\n  e: {positive: [u, t], rule: best-prompt, negative: [s], threshold: -2}\n",
]
LAID_OUT = b"""# top
neutral:
- 'it''s'
- b # c
threshold: "0.1"
model: 'x'
calibrated_on: y
neutral_margin: 0.1
categories:
  a:
    positive:
      - "b \\" c"
      - d
    negative: [
      'e''f',
      g,   # x
    ]
    threshold: 0.1
  h: {"positive": ["i"], "threshold": 1}
  j: {'positive': ['k'],
      'threshold': 1}
  l: &l {positive: &m [n, o], negative: !!seq [p]}
  "q": {negative: [], positive: [r]}
  s:
    negative:
    - t
    positive: [u, v] # w
"""
EDITED = [
    LAID_OUT, LAID_OUT.replace(b"\n", b"\r\n"), LAID_OUT.replace(b"\n", b"\xc2\x85"), LAID_OUT.replace(b"\n", b"\xe2\x80\xa8"),
    LAID_OUT.replace(b"\n", b"\r"), b"\xef\xbb\xbf" + LAID_OUT, b'{\n  "neutral": ["a", "b"],\n  "categories": {\n    "c": {\n      "positive": '
    b'[\n        "d"\n      ],\n      "threshold": 0.5\n    }\n  }\n}\n', b"{}", b"{categories: {a: {positive: [b], threshold: 0}}}",
    b"threshold: &t 0\nneutral: &n [a]\ncategories:\n  a: {positive: *n, threshold: *t}\n",
    b"neutral: &n\n- a\ncategories:\n  a: &c\n    positive: &p\n    - b\n    threshold: 0\n  b: *c\n  c:\n    positive: *p\n    negative: *n\n",
    b"categories:\n  a:\n    positive:\n    - |\n      b\n    - >-\n      c\n    threshold: |\n      0\n",
    b"categories: {a: {positive: [b,], negative: [c\n], threshold: 0}}\n", b"categories:\n  ? a\n  : positive: [b]\n    threshold: 0\n",
    b"neutral: [yes, no, 'a b', -c]\ncategories:\n  a: {positive: ['b', \"c\"], negative: ['d', -e], threshold: 0}",
]
CATEGORIES = SOUND + MISTAKES + LINTED + EDITED
