import Commands
import FaceqSupport
import Report

/// `drift` on a workstation: besides the drift what makes the faces or the models suspect, and a report.
package struct ExaminedDriftCommand: Sendable {
  package var drift: DriftCommand
  package var report: ReportOptions

  package init(_ drift: DriftCommand, report: ReportOptions) {
    self.drift = drift
    self.report = report
  }

  /// - Throws: also where the drift is larger than allowed, after everything else.
  package func run(_ console: Console) throws(FaceqError) {
    try report.check(inputs: [drift.reference, drift.model])
    var measured = try drift.measure(console, keepsEmbeddings: report.path != nil)
    let examiner = Examiner(
      float: measured.reference, int8: measured.model, faces: measured.paths, options: drift.options.run,
      console: console, pixels: measured.pixels)
    let examination = try examiner.examine(forReport: report.path != nil)
    measured.warnings = examination.findings.map(\.lineWithOption)
    try report.announce(examination.findings, console)
    if let path = report.path {
      var report = qualityReport(measured)
      try examiner.complete(&report, with: examination)
      try report.write(to: path)
    }
    try drift.report(measured, console)
  }

  private func qualityReport(_ measured: DriftMeasurement) -> QualityReport {
    let places = drift.faces.arguments + (drift.faces.list.map { [$0.path] } ?? [])
    var report = QualityReport(
      model: measured.model, modelName: drift.model.description, referenceName: drift.reference.description,
      referenceDigest: measured.reference?.digest,
      facesName: "the faces in \(places.map(\.description).joined(separator: ", "))",
      faces: zip(measured.paths, measured.embeddings).map {
        QualityReport.Face(path: $0, reference: $1.reference, embedding: $1.model)
      }, tool: "faceq \(faceqVersion)")
    report.skipped = measured.skipped
    report.gate = drift.minimumCosine
    return report
  }
}
