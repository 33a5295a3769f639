/** The delimiter of a table: of tab, semicolon and comma, the first that is outside quotes in the first line. */
function delimiterOf(text) {
  const line = text.split(/\r\n|\r|\n/, 1)[0].replace(/"(?:[^"]|"")*"/g, "");
  const announced = /^\ufeff?sep=(.)$/.exec(line);
  if (announced) return announced[1];
  return ["\t", ";", ","].find((delimiter) => line.includes(delimiter)) ?? ",";
}

/** Parses comma-, semicolon- or tab-separated values (RFC 4180) into rows; blank lines are no rows. */
function parseDelimited(text) {
  const delimiter = delimiterOf(text);
  text = text.replace(/^\ufeff?(sep=.\r?\n)?/, "");
  const rows = [[]];
  let field = "", isQuoted = false, wasQuoted = false;
  const endField = () => {
    rows[rows.length - 1].push(field);
    field = "";
    wasQuoted = false;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (isQuoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') field += text[++i];
      else isQuoted = false;
    } else if (c === '"' && field === "" && !wasQuoted) isQuoted = wasQuoted = true;
    else if (c === delimiter) endField();
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

const formatCSV = (rows) => rows.map((row) => row.map((field) => quotedField(String(field ?? ""))).join(",") + "\r\n").join("");
