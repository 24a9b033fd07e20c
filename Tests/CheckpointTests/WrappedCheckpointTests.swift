import Checkpoint
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Checkpoints as training code saves them: the network is found by what an architecture recognises, whatever is around
/// it, and nothing in the file is run.
@Suite("Wrapped checkpoints", .enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)))
struct WrappedCheckpointTests {
  private let folder: TemporaryFolder
  private let network: String

  init() throws {
    folder = try TemporaryFolder()
    network = folder("net.npz")
    try TestData.script("checkpoints.py", "convert", fixtures, "tiny_ir", "npz", network)
  }

  private func checkpoint(_ form: String) throws -> FilePath {
    let path = folder(form + ".pth")
    try TestData.script("wrapped_checkpoints.py", network, form, path)
    return FilePath(path)
  }

  @Test(arguments: [
    ("plain", "."), ("lightning_head", "state_dict.model"), ("averaged_model", "module"),
    ("backbone_and_head", "state_dict.backbone"), ("arcface_torch_resume", "state_dict_backbone.module"),
    ("tensor_at_root", "weights"), ("deep", "ema.model.student.backbone"), ("multistep_schedule", "state_dict"),
    ("training_arguments", "state_dict"), ("parameters", "."), ("whole_module", "."),
  ])
  func theNetworkIsFound(form: String, place: String) throws {
    let expected = try importCheckpoint(path: FilePath(network))
    let imported = try importCheckpoint(path: checkpoint(form))
    #expect(imported.place == place)
    #expect(imported.graph == expected.graph)
    #expect(imported.architecture == expected.architecture)
    #expect(imported.parameters == expected.parameters)
  }

  @Test(arguments: [
    ("one_slope", "equal_slopes"), ("expanded_slopes", "equal_slopes"),
    ("no_affine_at_the_end", "neutral_affine_at_the_end"), ("two_batchnorms_a_block", "two_batchnorms_folded"),
  ])
  func relativesAreTheSameAsWhatTheyStandFor(form: String, plain: String) throws {
    let imported = try importCheckpoint(path: checkpoint(form)).graph
    let expected = try importCheckpoint(path: checkpoint(plain)).graph
    #expect(imported.topology == expected.topology)
    #expect(imported != (try importCheckpoint(path: FilePath(network)).graph))
    for (node, other) in zip(imported.nodes, expected.nodes) {
      let (tensors, others) = (node.layer?.tensors ?? [], other.layer?.tensors ?? [])
      try #require(tensors.count == others.count)
      for (values, others) in zip(tensors, others) {
        // Folded in double here, and in the script's double there.
        #expect(zip(values, others).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }, "\(node.name)")
      }
    }
  }

  @Test func severalNetworksAreNamedAndOneIsTaken() throws {
    let path = try checkpoint("two_networks")
    expectFailure(path.description, naming: "several networks: teacher, student.module") {
      try importCheckpoint(path: path)
    }
    for place in ["teacher", "student.module"] {
      #expect(try importCheckpoint(path: path, ImportChoice(tensors: place)).place == place)
    }
    expectFailure(path.description, naming: "no network at head: teacher, student.module") {
      try importCheckpoint(path: path, ImportChoice(tensors: "head"))
    }
  }

  @Test func aTensorThatOnlyCodeCouldMakeIsNamed() throws {
    let path = try checkpoint("foreign_tensor")
    expectFailure(path.description, naming: "input_layer.0.weight") { try importCheckpoint(path: path) }
    expectFailure(path.description, naming: "argparse.Namespace") { try importCheckpoint(path: path) }
  }
}

/// Files that are taken for checkpoints.
struct WrongDownloadTests {
  @Test(arguments: [
    ("<!DOCTYPE html><html><head>", "a web page"), ("\u{FEFF}\n <html>", "a web page"), ("<?xml version", "a web page"),
    ("{\"error\": \"not found\"}", "a server's error message"), ("{\"metadata\": {}, \"weight_map\": {}}", "the index"),
    ("version https://git-lfs.github.com/spec/v1\noid", "Git LFS"), ("GGUF\u{3}", "a GGUF file"),
    ("\u{1}\0\0\0TFL3", "a TensorFlow Lite model"), ("Rar!\u{1a}", "a compressed archive"),
    (String(repeating: "\0", count: 257) + "ustar", "a tar archive"),
  ])
  func isNamed(contents: String, kind: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(contents.utf8))
    expectFailure(path, naming: kind) { try StateDict(path: FilePath(path)) }
    expectFailure(path, naming: "not a checkpoint") { try importCheckpoint(path: FilePath(path)) }
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0], "a compressed archive"), ([0x89, 0x48, 0x44, 0x46, 13, 10], "an HDF5 file"),
      ([0x08, 0x07, 0x12, 0x07] + Array("pytorch".utf8), "an ONNX file"),
    ] as [([UInt8], String)])
  func isNamedByItsFirstBytes(bytes: [UInt8], kind: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes)
    expectFailure(path, naming: kind) { try StateDict(path: FilePath(path)) }
  }

  @Test(.enabled(if: TestData.hasPython, Comment(rawValue: TestData.pythonMissing)))
  func archivesOfOtherThings() throws {
    let folder = try TemporaryFolder()
    let path = folder("archive.zip")
    for (names, kind) in [
      (["net/code/__torch__.py", "net/constants.pkl", "net/data.pkl"], "a TorchScript program"),
      (["weights/net.pth", "readme.txt"], "unpack it first"),
    ] {
      try TestData.run(
        [
          "-c",
          "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:\n"
            + "  for name in sys.argv[2:]: archive.writestr(name, 'text ' * 50)", path,
        ] + names)
      expectFailure(path, naming: kind) { try importCheckpoint(path: FilePath(path)) }
    }
  }
}
