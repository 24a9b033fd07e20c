import CSIMD
import CSystem
import FaceqSupport
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

/// The kernels to run with: those of the instruction set that is called `requested`, or the fastest that this machine
/// has where that is nil.
///
/// - Throws: where the name is unknown or the machine lacks the instruction set.
public func kernels(_ requested: String?) throws(FaceqError) -> KernelTable {
  let available = availableInstructionSets()
  guard let name = requested else { return kernelTable(available[available.count - 1]) }
  let names = available.map { $0.rawValue }.joined(separator: ", ")
  guard let instructionSet = InstructionSet(rawValue: name) else {
    throw FaceqError("there is no instruction set named \(name); this machine has \(names)")
  }
  guard available.contains(instructionSet) else {
    throw FaceqError("this machine does not have the instruction set \(name); it has \(names)")
  }
  return kernelTable(instructionSet)
}

extension KernelTable {
  /// The kernels of the same instruction set for weights in `order`.
  ///
  /// - Throws: where there are none.
  package func reading(_ order: PackedOrder, of path: FilePath) throws(FaceqError) -> KernelTable {
    if packedOrder == order { return self }
    #if arch(arm64)
      if instructionSet == .i8mm { return order == .eights ? packedI8MMKernels() : i8mmKernels() }
    #endif
    throw FaceqError(
      "\(path) has its weights packed in the order \(order.rawValue) of i8mm, which \(instructionSet.rawValue) does not "
        + "read; use the model that it was made from, or pack it again for \(instructionSet.rawValue)")
  }
}

/// All kernels that can run on this machine: those of every instruction set, for every order of weights.
package func availableKernelTables() -> [KernelTable] {
  var tables = availableInstructionSets().map(kernelTable)
  #if arch(arm64)
    if tables.contains(where: { $0.instructionSet == .i8mm }) { tables.append(packedI8MMKernels()) }
  #endif
  return tables
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
