"""First inputs that are written here, where no fixture of the tests is one."""

import gzip
import struct


def _response(status: str, *fields: str, body: bytes = b"") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *fields, "", "")).encode() + body


def _bundle(kind: str, vocabulary: str, tokenizer: str = "", rest: str = "") -> bytes:
    """A `model.json`; the target replaces the name in braces by the hash of its own file."""
    return f"""{{"format_version":2,"name":"m","origin":"","description":"","precision":"fp32","embedding_dimension":8,
"image":{{"file":"image.pt","size":[8,8],"resize_mode":"shortest","interpolation":"bicubic","input_layout":"NHWC-uint8"}},
"text":{{"file":"text.pt","cleaning":"whitespace","context_length":16,"padding":"context",
"tokenizer":{{"kind":"{kind}","vocabulary":"{vocabulary}"{tokenizer}}}}},"golden":{{"file":"golden.f32"}}{rest},
"files":{{"image.pt":"","text.pt":"","golden.f32":"","{vocabulary}":"{{sha256:{vocabulary}}}"}}}}""".encode()


ENTRY = b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
"""EXIF's orientation, little-endian."""

WRITTEN = {
    "categories": [b'neutral: ["a photo."]\nthreshold: 0.05\ncategories:\n  dog:\n    positive: ["a dog"]\n    negative: [a wolf]\n',
                   b'{"templates": ["a {}."], "categories": {"a": {"positive": ["b"], "threshold": 1e-3}}}',
                   b"rule: {name: softmax, logit_scale: 50, group: g}\nneutral_margin: 0.01\nmodel_sha256: ab\ncategories:\n  # c\n  a: &x\n"
                   b"    positive:\n    - |\n      b\n    - 'c'\n    threshold: 0.1\n  d: {positive: [e, \"f\\u00e9\"], threshold: .5}\n",
                   b"neutral: [n]\nneutral_margin: 0.1\ncategories:\n  a: {positive: [b], rule: {name: top-k-mean, k: 2}, threshold: 0.1}\n"
                   b"  c: {positive: [d], rule: {name: sigmoid, logit_scale: 10, logit_bias: -10}, threshold: 0.5}\n"
                   b"  e: {rule: {name: linear-probe, regularization: 0.1}, threshold: 0.5}\n  f: {rule: nearest-exemplar, threshold: 0.5}\n"
                   b"  g: {positive: [h], rule: strongest-negative, negative: [i], threshold: 0}\n"],
    "byte-pair": [b"#version: 0.2\na t\nt h\nth e</w>\np h\nph o\n", "v\nĠ a\nâ Ģ\n".encode()],
    "wordpiece": [b"[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nphoto\n##s\nof\ncat\n."],
    "model-json": [
        _bundle("wordpiece", "vocab.txt", ',"lowercase":true,"strip_accents":false,"unknown_token":"[UNK]","strip_sep_token":true'),
        _bundle("unigram", "unigram_bytes.json", ',"padding_token":"<pad>","exact_scores":true', ',"logit_scale":100.0,"logit_bias":-1'),
        _bundle("sentencepiece-bpe", "partial.json", "", ',"engine":"torchscript","operators":true'),
        _bundle("clip-bpe", "vocab.txt", ',"convention":"transformers","normalized_tokens":["a"]').replace(b".pt", b".xml")
        .replace(b'"name"', b'"engine":"openvino","name"').replace(b'"image.xml":""', b'"image.xml":"","image.bin":"","text.bin":""'),
    ],
    "list": [b"a.jpg\n/b/c.png\r\n\nfile:///d%20e.jpg\nhttps://example.com/a.jpg?X-Amz-Signature=1\ns3://bucket/key\n", b"\xff.jpg\n \n"],
    "pattern": [b"shard-{000..123}.tar\nshard-007.tar", b"{train,val}-{a..e}/*.{jpg,jpeg}\nval-c/x.jpg", b"**/[!_a-z]?\\*.png\nx/Y1*.png",
                b"{0..9..3}{1,{2,3}}"],
    "url": [b"https://example.com/a%20b.jpg?x=1#y\n../b\nhttp://[::1]:80/", "http://[::1]:80/\xe9.png\n//c/d".encode(), b"s3://bucket/key"],
    "proxy": [b"http\nimages.example.com\n.example.com,10.0.0.0/8 fd00::/8\nhttp://proxy:3128",
              b"https\n[fd00::1]\nfd00::/8,*\nsocks5h://user:secret@[::1]:1080", b"http\n169.254.1.1\n169.254.0.0/16\nproxy",
              b"http\n127.0.0.1\nlocalhost.\nftp://a"],
    "http": [
        _response("200 OK", "Content-Length: 3", 'ETag: "a"', body=b"abc"),
        _response("200 OK", "Content-Encoding: gzip", body=gzip.compress(b"abc", mtime=0)),
        _response("200 OK", "Content-Encoding: gzip", body=b"abc") + b"\x1e" + _response("200 OK", body=b"abc"),
        _response("200 OK", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n0\r\n\r\n"),
        _response("302 Found", "Location: /b", "Content-Length: 0") + b"\x1e" + _response("200 OK", "Content-Length: 1", body=b"x"),
        _response("301 Moved", "Location: https://10.0.0.1/") + b"\x1e" + _response("200 OK"),
        _response("206 Partial Content", "Content-Range: bytes 0-0/40", "Content-Length: 1", 'ETag: "a"', body=b"P") + b"\x1e"
        + _response("206 Partial Content", "Content-Range: bytes 24-39/40", "Content-Length: 16", 'ETag: "a"', body=b"P" * 16),
        _response("206 Partial Content", "Content-Range: bytes 0-2/3", body=b"abc"),
        _response("503 Busy", "Retry-After: 3"), _response("404 Not Found", "Content-Length: 9999999"), b"HTTP/0.9 abc\n\n",
    ],
    "resample": [bytes(range(64)), b"\xff" * 24, bytes([3, 1, 20, 4, 4, 0, 0, 1, 5]) + bytes(range(40)),
                 *(bytes([2, 1, 9, 7, 7, mode, mode % 2, mode // 2, format]) + bytes(range(40)) for mode in range(3) for format in range(8))],
    "exif": [bytes([2]) + b"II*\0\x08\0\0\0\x01\0" + ENTRY + bytes(4), bytes([2]) + b"Exif\0\0II*\0\x08\0\0\0\x01\0" + ENTRY + bytes(4),
             bytes([2]) + b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x112, 3, 1, 8, 0) + bytes(4),
             b"\0<x tiff:Orientation=\"6\"/>", b"\0<tiff:Orientation>3</tiff:Orientation>"],
    "table-csv": [b'id,path,label\n1,a.jpg,cat\n2,"b ""x"".jpg",\n', b"\xef\xbb\xbfid;url\r\na;https://example.com/a.jpg\r\n",
                  b'path,"a\nb"\n"c\nd",1\n"e\n', b"id|image|n\n1|a.jpg|0.5\n2|b.jpg\n3|c.jpg|1|2\n"],
    "table-tsv": [b"id\tpath\n1\ta.jpg\n", b'id\tpath\ttext\n1\ta.jpg\t"b "c"\n2\td.jpg\t"e"\n'],
    "labels-csv": [b"id,category,label\na,dog,1\nb,cat,no\n", b"id,category,label,probability,round\na,dog,,0.5,1\nb,dog,unsure,1,2\n",
                   b"id,category\na,dog\nb,\n", b"a.jpg,dog,1\n"],
    "report": ["a title\ncat\na.jpg\nhttps://example.com/b?c=1\n../é".encode(),
               '<b>&amp;"\'\n</script><script>\n<!--\nu\u2028v\n😀'.encode()],
    "tar-gz": [gzip.compress(b"", mtime=0)],
}
