import ArgumentParser
import FaceqSupport
import WorkstationCommands

/// The options of every command that reports on a model's quality.
struct ReportArguments: ParsableArguments {
  @Option(help: "Also write a report to read: one HTML page with charts and the worst faces.")
  var report: FilePath?

  @Flag(help: "Warnings about the faces or the model, and images that cannot be used, are errors: nothing is written.")
  var strict = false

  var options: ReportOptions { ReportOptions(path: report, isStrict: strict) }
}
