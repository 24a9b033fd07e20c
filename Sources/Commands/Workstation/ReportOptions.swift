import Commands
import FaceqSupport
import Report

/// What every command that judges a model's quality lets the user choose.
package struct ReportOptions: Sendable {
  /// Where to write the report, one HTML page; nil: nowhere.
  package var path: FilePath?
  /// Whether warnings are errors.
  package var isStrict: Bool

  package init(path: FilePath?, isStrict: Bool) {
    self.path = path
    self.isStrict = isStrict
  }

  /// Finds a place where no report could be written: better known before the work than after it.
  ///
  /// - Parameter inputs: the files that the command reads.
  func check(inputs: [FilePath]) throws(FaceqError) {
    guard let path else { return }
    for input in inputs { try refuseToOverwrite(input, with: path) }
    try checkWritable(path)
  }

  /// Notes what was found.
  ///
  /// - Throws: where warnings are errors and there are some.
  func announce(_ findings: [Finding], _ console: Console) throws(FaceqError) {
    for finding in findings { console.note("warning: \(finding.lineWithOption)") }
    if isStrict, !findings.isEmpty {
      throw FaceqError("nothing is written, because of \(findings.count == 1 ? "a warning" : "warnings") and --strict")
    }
  }
}

extension Finding {
  /// What was found, and the option with which to do what it says.
  var lineWithOption: String {
    switch kind {
    case .swappedChannels: line + " (faceq import --channels, faceq verify)"
    case .saturation: line + " (faceq calibrate --margin)"
    case .fewImages, .notFaces, .collapse, .lowRank, .deadChannels: line
    }
  }
}
