import FaceBank
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// A bank's people ready to be searched: what a search computes from a bank at each start is in the file, which is
/// mapped.
///
/// It holds no faces, and is not changed but made anew.
package struct GalleryFile {
  private enum Key {
    static let version = "faceq.gallery.version"
    static let people = "faceq.gallery.people"
    static let error = "faceq.gallery.error"
    // Tensors. Kernels may read behind the first three, which therefore are not the last.
    static let quantised = "quantised"
    static let sums = "sums"
    static let scales = "scales"
    static let templates = "templates"
    static let names = "names"
    static let nameEnds = "name_ends"
  }

  package let binding: BankBinding
  package let templates: PersonTemplates
  package let quantised: QuantisedTemplates

  package var count: Int { templates.count }

  /// Its people, ready to be searched.
  package func people(kernels: KernelTable) -> SearchedPeople {
    SearchedPeople(binding: binding, search: PersonSearch(templates, quantised, kernels: kernels))
  }

  /// Opens the gallery at `path`; nil where the file is something else.
  ///
  /// - Throws: where it is damaged: all of it is read once.
  package init?(_ path: FilePath) throws(FaceqError) {
    let start = try MappedFile(path: path)
    let isGGUF = withExtendedLifetime(start) { start.bytes.starts(with: "GGUF".utf8) }
    guard isGGUF else { return nil }
    let file = try GGUFFile(start)
    guard file.value(Key.version) != nil else { return nil }
    let version = try file.unsigned(Key.version)
    guard version == 1 else {
      throw FaceqError("\(path) is a gallery of version \(version), not 1; export the bank again with this faceq")
    }
    try file.verifyTensors()
    let binding = try BankBinding(file)
    let (count, size) = (try file.unsigned(Key.people), binding.embeddingSize)
    let unusable = FaceqError("\(path) contradicts itself; export the bank again")
    guard (1...1 << 40).contains(count) else { throw unusable }
    let padded = paddedChannels(count)
    let bytes = try file.tensor(Key.names)
    guard
      let names = PackedNames(
        bytes: try Tensor(bytes, count: bytes.count), ends: try Tensor(try file.tensor(Key.nameEnds), count: count))
    else { throw unusable }
    templates = PersonTemplates(
      names: names, size: size, values: try Tensor(try file.tensor(Key.templates), count: count * size))
    quantised = QuantisedTemplates(
      count: count, size: size,
      values: try Tensor(try file.tensor(Key.quantised), count: padded * paddedChannels(size)),
      sums: try Tensor(try file.tensor(Key.sums), count: padded),
      scales: try Tensor(try file.tensor(Key.scales), count: padded), error: try file.float(Key.error))
    self.binding = binding
  }

  /// Writes the people of a bank who have faces.
  ///
  /// - Throws: also where there is nobody.
  package static func write(_ bank: FaceBank, to path: FilePath) throws(FaceqError) {
    try write(PersonTemplates(bank), bank.binding, to: path)
  }

  package static func write(
    _ templates: PersonTemplates, _ binding: BankBinding, to path: FilePath
  ) throws(FaceqError) {
    guard templates.count > 0 else { throw FaceqError("there is nobody with a face for \(path); enrol people first") }
    let quantised = QuantisedTemplates(templates)
    var writer = GGUFWriter()
    writer.set(Key.version, .uint32(1))
    binding.write(to: &writer)
    writer.set(Key.people, .uint64(UInt64(templates.count)))
    writer.set(Key.error, .float32(quantised.error))
    let padded = paddedChannels(templates.count)
    writer.add(Key.quantised, dimensions: [padded, paddedChannels(templates.size)], quantised.values)
    writer.add(Key.sums, dimensions: [padded], quantised.sums)
    writer.add(Key.scales, dimensions: [padded], quantised.scales)
    writer.add(Key.templates, dimensions: [templates.count, templates.size], templates.values)
    writer.add(Key.nameEnds, dimensions: [templates.count], templates.names.ends)
    writer.add(Key.names, dimensions: [templates.names.bytes.count], templates.names.bytes)
    try writer.write(to: path)
  }
}

extension GGUFWriter {
  /// Adds a tensor, of which a copy is made only when it is written.
  fileprivate mutating func add<Element: GGUFElement & Sendable>(
    _ name: String, dimensions: [Int], _ tensor: Tensor<Element>
  ) {
    add(name, dimensions: dimensions) { () throws(FaceqError) -> [Element] in Array(tensor.buffer) }
  }
}
