/// The products of one instruction set, of which its kernels are made.
public protocol InstructionSetKernels: SendableMetatype {
  associatedtype Int8Dot: Int8DotProducts
  associatedtype Winograd: IntegerWinograd
  associatedtype FloatDot: DotProducts where FloatDot.Sum == Float
  static var instructionSet: InstructionSet { get }
}

extension InstructionSetKernels {
  /// The name of a kernel of this instruction set.
  @inlinable
  static func kernelName(_ form: String) -> String { form + ", " + instructionSet.rawValue }
}
