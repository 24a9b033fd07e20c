import ArgumentParser
import Commands
import QuantRuntime
import Report

/// The options of every command that reports on a model's quality.
struct ReportArguments: ParsableArguments {
  @Option(help: "Also write a report to read: one HTML page with charts and the worst faces.")
  var report: FilePath?

  @Flag(help: "Warnings about the faces or the model, and images that cannot be used, are errors: nothing is written.")
  var strict = false

  /// Better known before the work than after it.
  func check(inputs: [FilePath]) throws(FaceqError) {
    guard let report else { return }
    for input in inputs { try refuseToOverwrite(input, with: report) }
    try checkWritable(report)
  }

  /// Notes what was found, or fails with `--strict`.
  func announce(_ findings: [Finding], _ console: Console) throws(FaceqError) {
    for finding in findings { console.note("warning: \(finding.line)") }
    if strict, !findings.isEmpty {
      throw FaceqError("nothing is written, because of \(findings.count == 1 ? "a warning" : "warnings") and --strict")
    }
  }
}
