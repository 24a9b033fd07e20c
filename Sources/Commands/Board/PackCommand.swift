import FaceqSupport
import QuantRuntime
import SIMDKernels

/// `pack`: an int8 model with its weights in the order that one instruction set reads fastest. It computes the same
/// embeddings, to the bit, and keeps the digest of the model that it was made from.
package struct PackCommand: Sendable {
  package var model: FilePath
  /// The name of an instruction set of the machine that the model is for, which need not be this one.
  package var isa: String
  package var output: FilePath

  package init(model: FilePath, isa: String, output: FilePath) {
    self.model = model
    self.isa = isa
    self.output = output
  }

  package func run(_ console: Console) throws(FaceqError) {
    guard let instructionSet = InstructionSet(rawValue: isa) else {
      let names = InstructionSet.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw FaceqError("There is no instruction set named \(isa); choose one of \(names).")
    }
    try refuseToOverwrite(model, with: output)
    try checkWritable(output)
    let order = instructionSet.packedOrder
    try openModel(model, console).write(packed: order, to: output)
    if order == .fours {
      console.note("\(isa) reads models as they are: \(output) is no faster than one that was never packed.")
    }
  }
}
