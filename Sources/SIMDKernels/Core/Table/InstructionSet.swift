/// The instruction sets that kernels exist for. The raw value is the name on the command line.
public enum InstructionSet: String, Sendable, CaseIterable {
  /// The baseline of the architecture, which any machine has.
  case portable
  /// x86-64-v3 with AVX2 and FMA; it multiplies int8 by VPMADDWD.
  case avx2
  /// 256-bit VPDPBUSD without AVX-512 (Alder Lake and later).
  case avxvnni
  /// AVX-512 with VNNI.
  case vnni
  /// ARMv8.0 Advanced SIMD (Cortex-A53, A72).
  case neon
  /// ARMv8.2 SDOT (Cortex-A55, A76).
  case dotprod
  /// ARMv8.6 SMMLA.
  case i8mm
}
