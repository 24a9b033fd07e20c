// What an x86 processor can do, asked of CPUID, and of XGETBV whether the kernel saves the registers.

#ifndef FACEQ_CPU_H
#define FACEQ_CPU_H

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdbool.h>

static inline unsigned long long csimd_saved_registers(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
  __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return ((unsigned long long)d << 32) | a;
}

/// AVX2, FMA, BMI1/2, F16C, LZCNT and MOVBE: x86-64-v3.
static inline bool csimd_has_avx2(void) {
  unsigned a, b, c, d;
  if ((csimd_saved_registers() & 0x6) != 0x6) return false;
  __get_cpuid(1, &a, &b, &c, &d);
  const unsigned v3 = bit_FMA | bit_AVX | bit_F16C | bit_MOVBE;
  if ((c & v3) != v3) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2) || !(b & bit_BMI) || !(b & bit_BMI2)) return false;
  return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & bit_LZCNT);
}

/// AVX-512 F, BW, DQ, VL and VNNI, with what else `-march=icelake-server` lets the compiler use.
static inline bool csimd_has_avx512_vnni(void) {
  unsigned a, b, c, d;
  if (!csimd_has_avx2() || (csimd_saved_registers() & 0xE6) != 0xE6) return false;
  __get_cpuid_count(7, 0, &a, &b, &c, &d);
  const unsigned foundation = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL | bit_AVX512CD;
  const unsigned extensions = bit_AVX512VNNI | bit_AVX512VBMI | bit_AVX512VBMI2 | bit_AVX512BITALG;
  return (b & foundation) == foundation && (c & extensions) == extensions;
}

static inline bool csimd_has_avx_vnni(void) {
  unsigned a, b, c, d;
  return csimd_has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 4));
}
#endif

#endif
