import FaceqSupport

extension StateDict {
  /// Reads a checkpoint: PyTorch's legacy and zip serialisations (.pth, .pt, .ckpt), .safetensors, or .npz. The file is
  /// told by its contents, mapped into memory, and never run. Of several dictionaries the one under a usual name is
  /// taken.
  ///
  /// - Throws: one sentence that names the file, for a file that is none of these, damaged, or asks for code to be run.
  package init(path: FilePath) throws(FaceqError) {
    self = try StateDict(CheckpointFile(path: path))
  }

  init(_ file: CheckpointFile) throws(FaceqError) {
    let contents = try CheckpointContents(file)
    self = try contents.state(try contents.onlyDictionary())
  }
}

extension CheckpointContents {
  /// Reads what the file has, but not the numbers of its tensors.
  init(_ file: CheckpointFile) throws(FaceqError) {
    let bytes = file.bytes
    if bytes.starts(with: LegacyCheckpoint.magic) {
      self = try LegacyCheckpoint.read(file)
    } else if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      if let explanation = explanationOfOtherArchive(bytes) { throw file.error(explanation) }
      let archive = try ZipArchive(file)
      let isNumpy = archive.entries.allSatisfy { $0.name.hasSuffix(NumpyArchive.suffix) }
      self = isNumpy ? try NumpyArchive.read(archive) : try ZipCheckpoint.read(archive)
    } else if SafeTensors.isFormat(bytes) {
      self = try SafeTensors.read(file)
    } else if ONNXModel.isFormat(file) {
      throw file.error("is an ONNX file, and not a checkpoint; give the PyTorch weights that it was made from")
    } else {
      throw file.error(explanationOfOtherFile(bytes))
    }
  }
}
