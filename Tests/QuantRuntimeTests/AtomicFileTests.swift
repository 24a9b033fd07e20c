import FaceqSupport
import Foundation
import TestSupport
import Testing

struct AtomicFileTests {
  @Test func appearsOnlyWhenCommitted() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("out", [9])
    var file = try AtomicFile(path: FilePath(path))
    try file.write([1, 2, 3, 4])
    try file.write([5])
    #expect(file.count == 5)
    #expect(try contents(of: path) == [9])
    try [7, 8].withUnsafeBytes { try file.overwrite(at: 1, UnsafeRawBufferPointer(rebasing: $0[..<1])) }
    try file.commit()
    #expect(try contents(of: path) == [1, 7, 3, 4, 5])
    #expect(try folder.names() == ["out"])
  }

  @Test func leavesNothingBehindWithoutCommit() throws {
    let folder = try TemporaryFolder(inMemory: true)
    func abandon() throws {
      var file = try AtomicFile(path: FilePath(folder.file("out")))
      try file.write([1])
      #expect(try folder.names().count == 1)
    }
    try abandon()
    #expect(try folder.names() == [])
  }

  @Test func twoFilesInOneFolderDoNotMeet() throws {
    let folder = try TemporaryFolder(inMemory: true)
    var a = try AtomicFile(path: FilePath(folder.file("a")))
    var b = try AtomicFile(path: FilePath(folder.file("b")))
    try a.write([1])
    try b.write([2])
    try a.commit()
    try b.commit()
    #expect(try contents(of: folder.file("a")) == [1])
    #expect(try contents(of: folder.file("b")) == [2])
  }

  @Test func writesAnEmptyFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let path = try folder.file("empty")
    try writeFileAtomically(path: FilePath(path), UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(try contents(of: path) == [])
  }

  @Test func refusesPlacesThatCannotHoldAFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    let lost = try folder.file("missing/out")
    expectFailure(lost, "does not exist", "create it") { _ = try AtomicFile(path: FilePath(lost)) }
    expectFailure(folder.path, "regular file") { _ = try AtomicFile(path: FilePath(folder.path)) }
    // Renaming over a device would replace it.
    expectFailure("/dev/null", "regular file") { _ = try AtomicFile(path: "/dev/null") }
    expectFailure("/proc/out", "cannot write") { _ = try AtomicFile(path: "/proc/out") }
  }

  @Test func fullDiskLeavesTheOldFile() throws {
    let folder = try TemporaryFolder(inMemory: true)
    guard mount(folder, "size=64k") else { return }
    defer { unmount(folder) }
    let path = try folder.file("out", [1, 2, 3])
    let tooMuch = [UInt8](repeating: 1, count: 1 << 20)
    expectFailure(path, "disk is full", "free some space") {
      try tooMuch.withUnsafeBytes { try writeFileAtomically(path: FilePath(path), $0) }
    }
    #expect(try folder.names() == ["out"])
    #expect(try contents(of: path) == [1, 2, 3])
  }

  @Test func readOnlyDiskIsNamed() throws {
    let folder = try TemporaryFolder(inMemory: true)
    guard mount(folder, "ro") else { return }
    defer { unmount(folder) }
    let path = try folder.file("out")
    expectFailure(path, "read-only", "another folder") { _ = try AtomicFile(path: FilePath(path)) }
  }

  /// Mounts a file system in memory on `folder`; false, with a message, where this user may not.
  private func mount(_ folder: TemporaryFolder, _ options: String) -> Bool {
    let isMounted = run("mount", "-t", "tmpfs", "-o", options, "none", folder.path)
    if !isMounted { print("skipped: may not mount a file system on \(folder.path)") }
    return isMounted
  }

  private func unmount(_ folder: TemporaryFolder) { _ = run("umount", folder.path) }

  private func run(_ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
