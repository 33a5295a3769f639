/** Parses comma-separated values (RFC 4180) into rows. */
function parseCSV(text) {
  const rows = [[]];
  let field = "", isQuoted = false, wasQuoted = false;
  const endField = () => {
    rows[rows.length - 1].push(field);
    field = "";
    wasQuoted = false;
  };
  for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i++) {
    const c = text[i];
    if (isQuoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else isQuoted = false;
    } else if (c === '"' && field === "" && !wasQuoted) isQuoted = wasQuoted = true;
    else if (c === ",") endField();
    else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[i + 1] === "\n") i++;
      endField();
      rows.push([]);
    } else field += c;
  }
  if (isQuoted) throw new Error("a quoted field is not closed");
  endField();
  return rows.filter((row) => row.length > 1 || row[0] !== "");
}

const quotedField = (field) => /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

const formatCSV = (rows) => rows.map((row) => row.map((field) => quotedField(String(field))).join(",") + "\r\n").join("");

const LABELS = { 1: 1, 0: 0, "1.0": 1, "0.0": 0, true: 1, false: 0, yes: 1, no: 0 };

/** Parses a labels file into `[id, category, label]` rows. Throws an Error with the reason if it is malformed. */
function parseLabels(text) {
  const [header = [], ...rows] = parseCSV(text);
  const columns = ["id", "category", "label"].map((name) => header.indexOf(name));
  if (columns.includes(-1)) throw new Error("its first line must contain id,category,label");
  return rows.map((row, index) => {
    const [id, category, word] = columns.map((column) => row[column]);
    const key = String(word).trim().toLowerCase();
    const label = Object.hasOwn(LABELS, key) ? LABELS[key] : undefined;
    if (id === undefined || category === undefined || label === undefined) {
      throw new Error(`row ${index + 2} lacks an id, a category, or a label 1 or 0`);
    }
    return [id, category, label];
  });
}
