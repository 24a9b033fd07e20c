package import FaceImages
package import FaceqSupport
package import QuantRuntime
package import SIMDKernels

/// Finds faces with a detector that is one network.
///
/// A detector belongs to one thread at a time and has worker threads of its own.
package final class NetworkDetector {
  package let form: DetectorForm
  package let rule: DetectorRule
  let session: GraphSession

  /// - Parameter kernels: from `kernels(_:)`.
  /// - Throws: where the network is not that of its family, or the system refuses a thread or a core.
  package convenience init(_ model: DetectorModel, kernels: KernelTable, threads: ThreadPlan) throws(FaceqError) {
    let form = try DetectorForm(model)
    let session: GraphSession
    switch model.network {
    case .float(let graph):
      // Without Winograd: the last bits must not depend on what is faster on a machine.
      session = try GraphSession(graph, kernels: kernels, threads: threads, winograd: WinogradChoice(rule: .off))
    case .int8(let graph):
      session = try GraphSession(
        graph, kernels: try kernels.reading(graph.packedOrder, of: model.path), threads: threads)
    }
    self.init(form, model.rule, session)
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ form: DetectorForm, _ rule: DetectorRule, _ session: GraphSession) {
    self.form = form
    self.rule = rule
    self.session = session
  }

  /// The faces in `photo`, best score first, in its pixels.
  /// - Throws: where the picture does not fit the network.
  package func faces(
    in photo: RGBImage, settings: SearchSettings = SearchSettings()
  ) throws(FaceqError) -> [DetectedFace] {
    try searchFaces(in: photo, form: form, rule: rule, settings: settings) { picture throws(FaceqError) in
      try outputs(for: picture)
    }
  }

  /// The finest size at which a photo of this size is searched.
  package func searchedSize(width: Int, height: Int, settings: SearchSettings) -> (width: Int, height: Int) {
    let level = plan(width: width, height: height, settings).levels[0]
    return (level.width, level.height)
  }

  /// At which sizes, and in which parts, a photo of this size is searched.
  func plan(width: Int, height: Int, _ settings: SearchSettings = SearchSettings()) -> SearchPlan {
    SearchPlan(
      width: width, height: height, minimumFace: settings.minimumFace, family: form.family, alignment: rule.multiple)
  }

  /// What the network hands out for a picture whose sides are multiples of `rule.multiple`.
  package func outputs(for picture: RGBImage) throws(FaceqError) -> [DetectorOutput] {
    let outputs = try session.run(picture.pixels, height: picture.height, width: picture.width)
    return outputs.indices.map { index in
      let output = outputs[index]
      return DetectorOutput(
        stride: rule.strides[index], rows: output.height, columns: output.width, channels: output.channels,
        values: output.values)
    }
  }

  /// The best score of a face in the part of `photo` around `box`, turned by 180°, 0…1.
  func turnedScore(of box: FaceBox, in photo: RGBImage) throws(FaceqError) -> Float {
    // A face of 64 pixels is found for sure; a larger picture takes longer.
    let scale = min(64 / max(box.width, box.height), 1)
    let width = max(Int(Float(photo.width) * scale), 1)
    let height = max(Int(Float(photo.height) * scale), 1)
    func range(_ low: Float, _ high: Float, within count: Int) -> Range<Int> {
      let margin = (high - low) * 0.5
      let first = min(max(Int((low - margin) * scale), 0), count - 1)
      return first..<min(max(Int((high + margin) * scale) + 1, first + 1), count)
    }
    let columns = range(box.left, box.right, within: width)
    let rows = range(box.top, box.bottom, within: height)
    let part = photo.part(
      scaledWidth: width, scaledHeight: height, columns: columns, rows: rows,
      paddedWidth: roundedUp(columns.count, to: rule.multiple), paddedHeight: roundedUp(rows.count, to: rule.multiple))
    let faces = try form.faces(outputs(for: part.turned(to: .upsideDown)), threshold: rule.score)
    return faces.reduce(0) { max($0, $1.score) }
  }

  /// Bytes of values of the largest picture so far.
  package var byteCount: Int { session.byteCount }
}
