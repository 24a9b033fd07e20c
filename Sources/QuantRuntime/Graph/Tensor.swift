import FaceqSupport

/// Immutable numbers of a model, either where the mapped file has them or in memory of their own.
public struct Tensor<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  /// Keeps the memory.
  let owner: TensorOwner
  /// Valid as long as the tensor is.
  public let base: UnsafePointer<Element>
  public let count: Int

  /// A copy of `values`, followed by 64 bytes that kernels may read.
  public init(_ values: [Element]) {
    let bytes = values.count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes + 64, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes + 64)
    values.withUnsafeBytes { if let base = $0.baseAddress { memory.copyMemory(from: base, byteCount: bytes) } }
    owner = TensorOwner(memory)
    base = UnsafePointer(memory.bindMemory(to: Element.self, capacity: values.count))
    count = values.count
  }

  /// The numbers of a tensor, which stay in its file.
  ///
  /// - Throws: where there are not `count` of them, or of another type.
  package init(_ tensor: GGUFTensor, count: Int) throws(FaceqError) where Element: GGUFElement {
    guard tensor.type == Element.tensorType, tensor.count == count,
      UInt(bitPattern: tensor.bytes.baseAddress) % UInt(MemoryLayout<Element>.alignment) == 0
    else {
      throw FaceqError(
        "\(tensor.file.path): tensor \"\(tensor.name)\" has \(tensor.count) values of type \(tensor.type.name) where "
          + "\(count) of \(Element.tensorType.name) belong; make the file again")
    }
    self.init(file: tensor.file, bytes: tensor.bytes)
  }

  /// The numbers in `bytes`, which must be aligned for `Element`, lie in `file` and stay there.
  init(file: MappedFile, bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, Int(bitPattern: start) % MemoryLayout<Element>.alignment == 0 else {
      preconditionFailure("a tensor of a file has elements, and they are aligned")
    }
    owner = TensorOwner(file)
    count = bytes.count / MemoryLayout<Element>.stride
    base = start.bindMemory(to: Element.self, capacity: count)
  }

  public var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  public subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count)
    return base[index]
  }

  /// The same memory as bytes.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(buffer) }
}

/// Keeps a tensor's memory: a mapped file or an allocation.
final class TensorOwner {
  private let file: MappedFile?
  private let memory: UnsafeMutableRawPointer?

  init(_ file: MappedFile) {
    self.file = file
    memory = nil
  }

  init(_ memory: UnsafeMutableRawPointer) {
    file = nil
    self.memory = memory
  }

  deinit { memory?.deallocate() }
}
