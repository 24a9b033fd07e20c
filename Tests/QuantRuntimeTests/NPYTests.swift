import FaceqSupport
import Foundation
import TestSupport
import Testing

struct NPYTests {
  /// A version 1.0 file as numpy.save writes it: 128 bytes, `data` behind them.
  private func file(_ description: String, _ data: [UInt8]) -> [UInt8] {
    let filled = description + String(repeating: " ", count: 117 - description.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(filled.utf8) + data
  }

  private let matrix = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
  private let matrixData: [UInt8] = [1, 2.5, -3, 0, 1e-3, 7].flatMap { (number: Float) in little(number.bitPattern) }

  private func read(_ bytes: [UInt8]) throws -> (shape: [Int], values: [Float]) {
    let folder = try TemporaryFolder(inMemory: true)
    return try readNPY(path: FilePath(folder.file("array.npy", bytes)))
  }

  @Test func writesWhatNumpySaves() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("out.npy")
    try writeNPY(path: FilePath(path), rows: 2, columns: 3, values: [1, 2.5, -3, 0, 1e-3, 7])
    #expect(try contents(of: path) == file(matrix, matrixData))
    try writeNPY(path: FilePath(path), rows: 0, columns: 512, values: [])
    #expect(try contents(of: path) == file("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 512), }", []))
  }

  @Test func readsWhatItWrites() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("out.npy")
    let values = (0..<7 * 512).map { Float($0) / 3 }
    try writeNPY(path: FilePath(path), rows: 7, columns: 512, values: values)
    let array = try readNPY(path: FilePath(path))
    #expect(array.shape == [7, 512])
    #expect(array.values == values)
  }

  @Test func readsFloat64AndOneDimension() throws {
    let data = [1, 0.1, -2].flatMap { (number: Double) in little(number.bitPattern) }
    let array = try read(file("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", data))
    #expect(array.shape == [3])
    #expect(array.values == [1, 0.1, -2])
  }

  @Test func readsOtherSpellingsAndVersion2() throws {
    let description = "{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f4\"}\n"
    let head = [0x93] + Array("NUMPY".utf8) + [2, 0] + little(UInt32(description.utf8.count))
    let array = try read(head + Array(description.utf8) + matrixData)
    #expect(array.shape == [2, 3])
    #expect(array.values == [1, 2.5, -3, 0, 1e-3, 7])
  }

  @Test(arguments: [
    ("Fortran order", "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }"),
    ("'<i8'", "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 3), }"),
    ("'>f4'", "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }"),
    ("3 dimensions", "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }"),
    ("0 dimensions", "{'descr': '<f4', 'fortran_order': False, 'shape': (), }"),
    ("needs 28 bytes", "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }"),
    ("needs 20 bytes", "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }"),
    ("impossible", "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"),
    ("impossible", "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }"),
    ("numbers", "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }"),
    ("incomplete", "{'descr': '<f4', 'fortran_order': False, }"),
    ("unknown key 'x'", "{'x': 1}"),
    ("does not end", "{'descr"),
    ("lacks a ':'", "{'descr'}"),
    ("lacks a '{'", "[]"),
    ("True or False", "{'fortran_order': maybe}"),
  ])
  func refusesOtherHeaders(part: String, description: String) {
    expectFailure("array.npy", part) { _ = try read(file(description, matrixData)) }
  }

  @Test func refusesOtherFiles() {
    expectFailure("not a NumPy file") { _ = try read(Array("PK\u{3}\u{4}".utf8)) }
    expectFailure("format 9.0") { _ = try read([0x93] + Array("NUMPY".utf8) + [9, 0, 0, 0, 0, 0]) }
  }

  @Test func everyTruncationIsAnError() throws {
    let whole = file(matrix, matrixData)
    #expect(try read(whole).shape == [2, 3])
    for length in 0..<whole.count {
      expectFailure("array.npy") { _ = try read(Array(whole[..<length])) }
    }
    expectFailure("array.npy") { _ = try read(whole + [0]) }
  }

  @Test func flippedHeaderBitsNeverTrap() throws {
    let whole = file(matrix, matrixData)
    for bit in 0..<128 * 8 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        let array = try read(bytes)
        #expect(array.values.count == array.shape.reduce(1, *))
      } catch let error as FaceqError {
        #expect(error.message.contains("array.npy"))
      }
    }
  }
}
