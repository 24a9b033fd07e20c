import CSIMD
import CSystem
import SIMDKernels

#if arch(arm64)
  import KernelsDotProd
  import KernelsI8MM
  import KernelsNEON
#else
  import KernelsAVX2
  import KernelsAVXVNNI
  import KernelsVNNI
#endif

/// The instruction sets that both this build and this machine have, the slowest first.
public func availableInstructionSets() -> [InstructionSet] {
  var sets: [InstructionSet] = [.portable]
  #if arch(arm64)
    sets.append(.neon)
    if getauxval(16) & (1 << 20) != 0 { sets.append(.dotprod) }  // AT_HWCAP, HWCAP_ASIMDDP
    if sets.contains(.dotprod) && getauxval(26) & (1 << 13) != 0 { sets.append(.i8mm) }  // AT_HWCAP2, HWCAP2_I8MM
  #else
    if csimd_has_avx2() { sets.append(.avx2) }
    if csimd_has_avx_vnni() { sets.append(.avxvnni) }
    if csimd_has_avx512_vnni() { sets.append(.vnni) }
  #endif
  return sets
}

/// The kernels to run with: those of `requested`, else of `FACEQ_ISA`, else the best that the machine has.
///
/// - Throws: where the name is unknown or the machine lacks the instruction set.
public func kernels(_ requested: String?) throws(FaceqError) -> KernelTable {
  let available = availableInstructionSets()
  guard let name = requested ?? environment("FACEQ_ISA") else {
    return kernelTable(available[available.count - 1])
  }
  let names = available.map { $0.rawValue }.joined(separator: ", ")
  guard let instructionSet = InstructionSet(rawValue: name) else {
    throw FaceqError("There is no instruction set named \(name); this machine has \(names).")
  }
  guard available.contains(instructionSet) else {
    throw FaceqError("This machine does not have the instruction set \(name); it has \(names).")
  }
  return kernelTable(instructionSet)
}

/// The kernels of an instruction set that the machine has.
public func kernelTable(_ instructionSet: InstructionSet) -> KernelTable {
  switch instructionSet {
  #if arch(arm64)
    case .neon: neonKernels()
    case .dotprod: dotprodKernels()
    case .i8mm: i8mmKernels()
  #else
    case .avx2: avx2Kernels()
    case .avxvnni: avxvnniKernels()
    case .vnni: vnniKernels()
  #endif
  default: portableKernels()
  }
}

/// The value of an environment variable, nil where it is absent or empty.
func environment(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}
