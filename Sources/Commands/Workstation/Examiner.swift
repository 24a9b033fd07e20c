import Commands
import FaceImages
import FaceqSupport
import QuantRuntime
import Report

/// What both `calibrate` and `drift` look into: the guards, and what else a report shows.
struct Examiner {
  let float: Model?
  let int8: Model
  /// The files of usable faces.
  let faces: PathList
  let options: RunOptions
  let console: Console
  /// Reads a face.
  let pixels: (FilePath) throws(FaceqError) -> [UInt8]

  struct Examination {
    var findings: [Finding]
    var comparison: NetworkComparison?
  }

  /// - Parameter forReport: also measures what only a report shows.
  /// - Throws: where a face can no longer be read, the models are not of one network, or a session is refused.
  func examine(forReport: Bool) throws(FaceqError) -> Examination {
    let (kernels, threads) = (try options.kernels(), try options.threadPlan())
    let survey = try FaceSurvey(float ?? int8, kernels: kernels, threads: threads)
    let surveyed = FaceSurvey.sample(of: faces.count).count
    let sample = try FaceSurvey.sample(of: faces.count, limit: NetworkComparison.sampleLimit)
      .map { index throws(FaceqError) in try pixels(faces[index]) }
    var runs = surveyed
    if case .int8 = int8.network {
      runs += try NetworkComparison.runs(images: sample.count, of: int8, measuringParts: forReport && float != nil)
    }
    var progress = ProgressMeter(console, total: runs, noun: "check")
    var findings = try survey.findings(faces, pixels: { index throws(FaceqError) in try pixels(faces[index]) }) {
      progress.advance()
    }
    guard case .int8 = int8.network else { return Examination(findings: findings) }
    let comparison = try NetworkComparison(
      float: float, int8: int8, faces: sample, kernels: kernels, threads: threads, measuringParts: forReport
    ) { progress.advance() }
    findings += channelFindings(comparison.layers, images: sample.count)
    return Examination(findings: findings, comparison: comparison)
  }

  /// Adds to a report what was found, the worst faces and the time of an embedding.
  func complete(_ report: inout QualityReport, with examination: Examination) throws(FaceqError) {
    report.findings = examination.findings
    report.comparison = examination.comparison
    for index in report.worstFaces(10) {
      let face = report.faces[index]
      let image = RGBImage(width: int8.image.width, height: int8.image.height, pixels: try pixels(face.path))
      report.worst.append(
        QualityReport.Picture(path: face.path, cosine: face.cosine, jpeg: try encodeJPEG(image, quality: 88)))
    }
    let kernels = try options.kernels()
    report.timing = QualityReport.Timing(
      float: try float.map { model throws(FaceqError) in try fastestMilliseconds(model, kernels: kernels) },
      int8: try fastestMilliseconds(int8, kernels: kernels), instructionSet: kernels.instructionSet.rawValue)
  }
}
