import Commands
import FaceBank
import FaceqSupport

/// Writes a bank's people for PostgreSQL, and prints the SQL that makes a table of them.
///
/// A person's vector is the one that faceq's own search compares, so that the answers are the same.
func exportForPgvector(_ bank: FaceBank, to output: FilePath, _ console: Console) throws(FaceqError) {
  let templates = PersonTemplates(bank)
  guard templates.count > 0 else { throw FaceqError("the bank has nobody with a photo; enrol people first") }
  let digest = bank.binding.digest
  var file = try AtomicFile(path: output)
  var rows = BinaryCopy()
  for row in 0..<templates.count {
    rows.beginRow(fields: 3)
    rows.add(templates.names[row].description)
    rows.add(digest)
    rows.add(vector: templates.template(row))
    if rows.bytes.count >= 1 << 16 { try file.write(rows.take()) }
  }
  rows.end()
  try file.write(rows.take())
  try file.commit()
  let size = bank.binding.embeddingSize
  try console.print(
    """
    -- \(output): \(templates.count == 1 ? "1 person" : "\(templates.count) people")
    CREATE EXTENSION IF NOT EXISTS vector;
    CREATE TABLE people (person text PRIMARY KEY, model text NOT NULL CHECK (model = \(quotedForSQL(digest))),
      embedding vector(\(size)) NOT NULL);
    \\copy people FROM \(quotedForPsql(output)) (FORMAT binary)
    CREATE INDEX ON people USING hnsw (embedding vector_ip_ops);
    """)
}

/// A text as SQL takes it. A bank from a stranger may have any text for a digest.
private func quotedForSQL(_ text: String) -> String { inApostrophes(text, doubling: ["'"]) }

/// A path as psql's commands take it.
private func quotedForPsql(_ path: FilePath) -> String { inApostrophes(path.description, doubling: ["'", "\\"]) }

private func inApostrophes(_ text: String, doubling special: [Unicode.Scalar]) -> String {
  var quoted = "'"
  for character in text.unicodeScalars {
    if special.contains(character) { quoted.unicodeScalars.append(character) }
    quoted.unicodeScalars.append(character)
  }
  return quoted + "'"
}
