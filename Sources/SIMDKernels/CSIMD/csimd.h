// Vector types, and one function per machine instruction (or compiler vector builtin) that Swift cannot spell.
// No loops, no logic, no stable API. Swift sees the types as SIMD16<Int32>, SIMD64<Int8> …

#ifndef FACEQ_CSIMD_H
#define FACEQ_CSIMD_H

#include <stdint.h>

#if defined(__aarch64__)
#include <arm_neon.h>
#endif

#define CSIMD static inline __attribute__((always_inline, unused))

typedef int8_t csimd_i8x4 __attribute__((ext_vector_type(4)));
typedef int8_t csimd_i8x8 __attribute__((ext_vector_type(8)));
typedef int8_t csimd_i8x16 __attribute__((ext_vector_type(16)));
typedef int8_t csimd_i8x32 __attribute__((ext_vector_type(32)));
typedef int8_t csimd_i8x64 __attribute__((ext_vector_type(64)));
typedef int16_t csimd_i16x8 __attribute__((ext_vector_type(8)));
typedef int16_t csimd_i16x16 __attribute__((ext_vector_type(16)));
typedef int16_t csimd_i16x32 __attribute__((ext_vector_type(32)));
typedef int16_t csimd_i16x64 __attribute__((ext_vector_type(64)));
typedef int32_t csimd_i32x4 __attribute__((ext_vector_type(4)));
typedef int32_t csimd_i32x8 __attribute__((ext_vector_type(8)));
typedef int32_t csimd_i32x16 __attribute__((ext_vector_type(16)));
typedef int32_t csimd_i32x32 __attribute__((ext_vector_type(32)));
typedef float csimd_f32x4 __attribute__((ext_vector_type(4)));
typedef float csimd_f32x8 __attribute__((ext_vector_type(8)));
typedef float csimd_f32x16 __attribute__((ext_vector_type(16)));

// ---- Conversions, the same on every machine -------------------------------------------------------------------------

CSIMD csimd_f32x16 csimd_float_from_int(csimd_i32x16 x) { return __builtin_convertvector(x, csimd_f32x16); }
CSIMD csimd_i32x16 csimd_widen_i16(csimd_i16x16 x) { return __builtin_convertvector(x, csimd_i32x16); }
CSIMD csimd_i32x16 csimd_widen_i8(csimd_i8x16 x) { return __builtin_convertvector(x, csimd_i32x16); }
CSIMD csimd_i16x16 csimd_widen_i8_to_i16(csimd_i8x16 x) { return __builtin_convertvector(x, csimd_i16x16); }
CSIMD csimd_i16x32 csimd_widen_i8x32(csimd_i8x32 x) { return __builtin_convertvector(x, csimd_i16x32); }
CSIMD csimd_i16x64 csimd_widen_i8x64(csimd_i8x64 x) { return __builtin_convertvector(x, csimd_i16x64); }

/// Keeps the low half of each lane: the caller has clamped.
CSIMD csimd_i16x16 csimd_narrow_to_i16(csimd_i32x16 x) { return __builtin_convertvector(x, csimd_i16x16); }

CSIMD csimd_i32x16 csimd_clamp_i32(csimd_i32x16 x, int32_t low, int32_t high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, (csimd_i32x16)low), (csimd_i32x16)high);
}
CSIMD csimd_i16x16 csimd_clamp_i16(csimd_i16x16 x, int16_t low, int16_t high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, (csimd_i16x16)low), (csimd_i16x16)high);
}
CSIMD csimd_f32x16 csimd_clamp_f32(csimd_f32x16 x, float low, float high) {
  csimd_f32x16 l = (csimd_f32x16)low, h = (csimd_f32x16)high;
  csimd_f32x16 y = x < l ? l : x;
  return y > h ? h : y;
}

/// `negative` where x < 0, else `positive`.
CSIMD csimd_f32x16 csimd_select_by_sign(csimd_i32x16 x, csimd_f32x16 positive, csimd_f32x16 negative) {
  return x < 0 ? negative : positive;
}
CSIMD csimd_f32x16 csimd_select_by_float_sign(csimd_f32x16 x, csimd_f32x16 positive, csimd_f32x16 negative) {
  return x < 0 ? negative : positive;
}

/// a · b + c, one rounding where the machine has an instruction for it.
CSIMD csimd_f32x16 csimd_multiply_add(csimd_f32x16 a, float b, csimd_f32x16 c) { return a * (csimd_f32x16)b + c; }

// ---- Shuffles, the same on every machine ----------------------------------------------------------------------------

CSIMD csimd_i8x32 csimd_half_0(csimd_i8x64 a) { return a.lo; }
CSIMD csimd_i8x32 csimd_half_1(csimd_i8x64 a) { return a.hi; }
CSIMD csimd_i8x16 csimd_quarter_0(csimd_i8x64 a) {
  return __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
CSIMD csimd_i8x16 csimd_quarter_1(csimd_i8x64 a) {
  return __builtin_shufflevector(a, a, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}
CSIMD csimd_i8x16 csimd_quarter_2(csimd_i8x64 a) {
  return __builtin_shufflevector(a, a, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47);
}
CSIMD csimd_i8x16 csimd_quarter_3(csimd_i8x64 a) {
  return __builtin_shufflevector(a, a, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63);
}
/// [16][4] → [4][16].
CSIMD csimd_i8x64 csimd_transpose_16x4(csimd_i8x64 a) {
  csimd_i8x32 even = a.even, odd = a.odd;
  csimd_i8x64 transposed;
  transposed.lo.lo = even.even, transposed.lo.hi = odd.even, transposed.hi.lo = even.odd, transposed.hi.hi = odd.odd;
  return transposed;
}
/// Asks for a line of the second cache; harmless where there is no memory.
CSIMD void csimd_prefetch(const void *address) { __builtin_prefetch(address, 0, 2); }

CSIMD csimd_i16x32 csimd_triple_plus_i16x32(csimd_i16x32 a, csimd_i16x32 b) { return a * 3 + b; }
/// [16][4] → [16][2]: the first two of every four, the last two of every four.
CSIMD csimd_i16x32 csimd_widen_even_pairs(csimd_i8x64 a) { return csimd_widen_i8x32((csimd_i8x32)((csimd_i16x32)a).even); }
CSIMD csimd_i16x32 csimd_widen_odd_pairs(csimd_i8x64 a) { return csimd_widen_i8x32((csimd_i8x32)((csimd_i16x32)a).odd); }

/// [16][4] → [4][16].
CSIMD void csimd_store_transposed_16x4(const void *_Nonnull from, void *_Nonnull to) {
#if defined(__aarch64__)
  vst1q_s8_x4((int8_t *)to, vld4q_s8((const int8_t *)from));
#else
  csimd_i8x64 x;
  __builtin_memcpy(&x, from, 64);
  x = csimd_transpose_16x4(x);
  __builtin_memcpy(to, &x, 64);
#endif
}

/// ARM: ST1 of two registers, which can move its address by any number of bytes.
CSIMD void csimd_store_16_shorts(void *_Nonnull address, csimd_i16x16 x) {
#if defined(__aarch64__)
  int16x8x2_t lanes = {{(int16x8_t)x.lo, (int16x8_t)x.hi}};
  vst1q_s16_x2((int16_t *)address, lanes);
#else
  __builtin_memcpy(address, &x, 32);
#endif
}

// ---- Numbers that the compiler does not see ---------------------------------------------------------------------------

/// On ARM the same numbers, which the compiler believes to be any: it then multiplies and adds (MLA), where it would shift and
/// add for a known power of 2.
CSIMD csimd_i16x16 csimd_opaque_i16(csimd_i16x16 x) {
#if defined(__aarch64__)
  csimd_i16x8 half = x.lo;
  __asm__("" : "+w"(half));
  x.lo = half, x.hi = half;
#endif
  return x;
}
CSIMD csimd_i32x4 csimd_opaque_i32(csimd_i32x4 x) {
#if defined(__aarch64__)
  __asm__("" : "+w"(x));
#endif
  return x;
}

/// An address: those that follow from one another by steps then stay one that moves.
CSIMD void *_Nonnull csimd_opaque_pointer(void *_Nonnull address) {
#if defined(__aarch64__)
  __asm__("" : "+r"(address));
#endif
  return address;
}

/// Float(x / 64), where the division leaves no rest. ARM: SCVTF with six bits of fraction.
CSIMD csimd_f32x16 csimd_float_from_64ths(csimd_i32x16 x) {
#if defined(__aarch64__)
  csimd_f32x16 y;
  y.lo.lo = (csimd_f32x4)vcvtq_n_f32_s32((int32x4_t)x.lo.lo, 6);
  y.lo.hi = (csimd_f32x4)vcvtq_n_f32_s32((int32x4_t)x.lo.hi, 6);
  y.hi.lo = (csimd_f32x4)vcvtq_n_f32_s32((int32x4_t)x.hi.lo, 6);
  y.hi.hi = (csimd_f32x4)vcvtq_n_f32_s32((int32x4_t)x.hi.hi, 6);
  return y;
#else
  return csimd_float_from_int(x >> 6);
#endif
}

// ---- The portable arithmetic ----------------------------------------------------------------------------------------

/// The four bytes as 16 copies.
CSIMD csimd_i8x64 csimd_repeat_4_bytes(int32_t x) { return (csimd_i8x64)(csimd_i32x16)x; }
CSIMD csimd_i16x32 csimd_repeat_2_shorts(int32_t x) { return (csimd_i16x32)(csimd_i32x16)x; }

CSIMD csimd_i8x64 csimd_abs_i8x64(csimd_i8x64 x) { return __builtin_elementwise_abs(x); }
CSIMD csimd_i32x32 csimd_widen_i16x32(csimd_i16x32 x) { return __builtin_convertvector(x, csimd_i32x32); }
CSIMD csimd_i32x16 csimd_even_i32(csimd_i32x32 x) { return x.even; }
CSIMD csimd_i32x16 csimd_odd_i32(csimd_i32x32 x) { return x.odd; }
CSIMD csimd_i16x32 csimd_even_i16(csimd_i16x64 x) { return x.even; }
CSIMD csimd_i16x32 csimd_odd_i16(csimd_i16x64 x) { return x.odd; }

// ---- x86 ------------------------------------------------------------------------------------------------------------

#if defined(__x86_64__)
#include <immintrin.h>

/// CVTPS2DQ: the nearest integer, ties to even (in the mode every program starts in); the caller has clamped.
CSIMD csimd_i32x16 csimd_cvtps2dq(csimd_f32x16 x) {
#if defined(__AVX512F__)
  return (csimd_i32x16)_mm512_cvtps_epi32((__m512)x);
#elif defined(__AVX2__)
  csimd_i32x16 rounded;
  rounded.lo = (csimd_i32x8)_mm256_cvtps_epi32((__m256)x.lo), rounded.hi = (csimd_i32x8)_mm256_cvtps_epi32((__m256)x.hi);
  return rounded;
#else
  csimd_i32x16 rounded;
  rounded.lo.lo = (csimd_i32x4)_mm_cvtps_epi32((__m128)x.lo.lo), rounded.lo.hi = (csimd_i32x4)_mm_cvtps_epi32((__m128)x.lo.hi);
  rounded.hi.lo = (csimd_i32x4)_mm_cvtps_epi32((__m128)x.hi.lo), rounded.hi.hi = (csimd_i32x4)_mm_cvtps_epi32((__m128)x.hi.hi);
  return rounded;
#endif
}
/// VPMOVSDW, or PACKSSDW: half as wide, saturating.
CSIMD csimd_i16x16 csimd_saturate_i16(csimd_i32x16 x) {
#if defined(__AVX512F__)
  return (csimd_i16x16)_mm512_cvtsepi32_epi16((__m512i)x);
#else
  csimd_i16x16 narrow;
  narrow.lo = (csimd_i16x8)_mm_packs_epi32((__m128i)x.lo.lo, (__m128i)x.lo.hi);
  narrow.hi = (csimd_i16x8)_mm_packs_epi32((__m128i)x.hi.lo, (__m128i)x.hi.hi);
  return narrow;
#endif
}
/// VPMOVSDB, or PACKSSDW and PACKSSWB: a quarter as wide, saturating.
CSIMD csimd_i8x16 csimd_saturate_i8(csimd_i32x16 x) {
#if defined(__AVX512F__)
  return (csimd_i8x16)_mm512_cvtsepi32_epi8((__m512i)x);
#else
  csimd_i16x16 narrow = csimd_saturate_i16(x);
  return (csimd_i8x16)_mm_packs_epi16((__m128i)narrow.lo, (__m128i)narrow.hi);
#endif
}
#endif

#if defined(__AVX2__)

CSIMD csimd_f32x8 csimd_fma_f32x8(csimd_f32x8 a, csimd_f32x8 b, csimd_f32x8 c) { return _mm256_fmadd_ps(a, b, c); }
/// VPMADDWD: products of signed 16-bit pairs, each pair summed.
CSIMD csimd_i32x8 csimd_vpmaddwd(csimd_i16x16 a, csimd_i16x16 b) {
  return (csimd_i32x8)_mm256_madd_epi16((__m256i)a, (__m256i)b);
}
CSIMD csimd_i16x16 csimd_vpmovsxbw(csimd_i8x16 a) { return __builtin_convertvector(a, csimd_i16x16); }
CSIMD csimd_i16x16 csimd_repeat_4_bytes_i16(int32_t x) { return csimd_vpmovsxbw((csimd_i8x16)(csimd_i32x4)x); }
CSIMD csimd_i16x16 csimd_repeat_2_shorts_256(int32_t x) { return (csimd_i16x16)(csimd_i32x8)x; }
/// VPHADDD and the lane repair behind it: [a0+a1, a2+a3, …, b0+b1, …].
CSIMD csimd_i32x8 csimd_add_pairs(csimd_i32x8 a, csimd_i32x8 b) {
  csimd_i32x8 even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  csimd_i32x8 odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  return even + odd;
}
#endif

#if defined(__AVXVNNI__)
/// VPDPBUSD (VEX): sums of four products of unsigned (a) and signed (b) bytes, added to c; no saturation.
CSIMD csimd_i32x8 csimd_vpdpbusd_256(csimd_i32x8 c, csimd_i32x8 a, csimd_i8x32 b) {
  return (csimd_i32x8)_mm256_dpbusd_avx_epi32((__m256i)c, (__m256i)a, (__m256i)b);
}
CSIMD csimd_i32x8 csimd_vpdpwssd_256(csimd_i32x8 c, csimd_i32x8 a, csimd_i16x16 b) {
  return (csimd_i32x8)_mm256_dpwssd_avx_epi32((__m256i)c, (__m256i)a, (__m256i)b);
}
#endif

#if defined(__AVX512VNNI__)
CSIMD csimd_i32x16 csimd_vpdpbusd(csimd_i32x16 c, csimd_i32x16 a, csimd_i8x64 b) {
  return (csimd_i32x16)_mm512_dpbusd_epi32((__m512i)c, (__m512i)a, (__m512i)b);
}
/// VPDPWSSD: sums of two products of signed 16-bit lanes, added to c; no saturation.
CSIMD csimd_i32x16 csimd_vpdpwssd(csimd_i32x16 c, csimd_i32x16 a, csimd_i16x32 b) {
  return (csimd_i32x16)_mm512_dpwssd_epi32((__m512i)c, (__m512i)a, (__m512i)b);
}
CSIMD csimd_f32x16 csimd_fma_f32x16(csimd_f32x16 a, csimd_f32x16 b, csimd_f32x16 c) {
  return _mm512_fmadd_ps(a, b, c);
}
#endif

// ---- ARM ------------------------------------------------------------------------------------------------------------

#if defined(__aarch64__)

/// DUP: four bytes as four copies. In assembly, because the compiler would see that the halves are equal, and take SMULL
/// and an EXT of the other operand instead of SMULL2.
#define CSIMD_DUP(lane)                                                   \
  CSIMD csimd_i8x16 csimd_dup_##lane(csimd_i8x16 a) {                     \
    csimd_i8x16 copies;                                                   \
    __asm__("dup %0.4s, %1.s[" #lane "]" : "=w"(copies) : "w"(a)); \
    return copies;                                                        \
  }
CSIMD_DUP(0)
CSIMD_DUP(1)
CSIMD_DUP(2)
CSIMD_DUP(3)
/// LD2: the even lanes of 16, then the odd ones.
CSIMD csimd_i16x16 csimd_load_2x8_shorts(const void *address) {
  int16x8x2_t lanes = vld2q_s16((const int16_t *)address);
  csimd_i16x16 joined;
  joined.lo = (csimd_i16x8)lanes.val[0], joined.hi = (csimd_i16x8)lanes.val[1];
  return joined;
}
/// LD1 of four registers.
CSIMD csimd_i16x32 csimd_load_32_shorts(const void *address) {
  int16x8x4_t lanes = vld1q_s16_x4((const int16_t *)address);
  csimd_i16x32 joined;
  joined.lo.lo = (csimd_i16x8)lanes.val[0], joined.lo.hi = (csimd_i16x8)lanes.val[1];
  joined.hi.lo = (csimd_i16x8)lanes.val[2], joined.hi.hi = (csimd_i16x8)lanes.val[3];
  return joined;
}
CSIMD csimd_i16x8 csimd_low_i16(csimd_i16x16 a) { return a.lo; }
CSIMD csimd_i16x8 csimd_high_i16(csimd_i16x16 a) { return a.hi; }
CSIMD csimd_i16x8 csimd_eight_i16_0(csimd_i16x32 a) { return a.lo.lo; }
CSIMD csimd_i16x8 csimd_eight_i16_1(csimd_i16x32 a) { return a.lo.hi; }
CSIMD csimd_i16x8 csimd_eight_i16_2(csimd_i16x32 a) { return a.hi.lo; }
CSIMD csimd_i16x8 csimd_eight_i16_3(csimd_i16x32 a) { return a.hi.hi; }
/// The same address, which the compiler believes to be any, and to depend on sums: loads that follow one another then move their
/// address themselves, where it would compute each from the first; and none comes so early that registers run short.
CSIMD const void *_Nonnull csimd_address_after(
    const void *_Nonnull address, csimd_i32x4 a, csimd_i32x4 b, csimd_i32x4 c, csimd_i32x4 d) {
  __asm__ volatile("" : "+r"(address) : "w"(a), "w"(b), "w"(c), "w"(d));
  return address;
}

/// ZIP1, ZIP2 of groups of four bytes.
CSIMD csimd_i8x16 csimd_zip1_4_bytes(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i8x16)vzip1q_s32((int32x4_t)a, (int32x4_t)b);
}
CSIMD csimd_i8x16 csimd_zip2_4_bytes(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i8x16)vzip2q_s32((int32x4_t)a, (int32x4_t)b);
}
/// ZIP1, ZIP2 of groups of eight bytes.
CSIMD csimd_i8x16 csimd_zip1_8_bytes(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i8x16)vzip1q_s64((int64x2_t)a, (int64x2_t)b);
}
CSIMD csimd_i8x16 csimd_zip2_8_bytes(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i8x16)vzip2q_s64((int64x2_t)a, (int64x2_t)b);
}
/// LD1 of two, three and four registers that follow each other.
typedef struct { csimd_i8x16 a, b; } csimd_2_i8x16;
typedef struct { csimd_i8x16 a, b, c; } csimd_3_i8x16;
typedef struct { csimd_i8x16 a, b, c, d; } csimd_4_i8x16;
CSIMD csimd_2_i8x16 csimd_load_2_i8x16(const void *address) {
  int8x16x2_t v = vld1q_s8_x2((const int8_t *)address);
  return (csimd_2_i8x16){(csimd_i8x16)v.val[0], (csimd_i8x16)v.val[1]};
}
CSIMD csimd_3_i8x16 csimd_load_3_i8x16(const void *address) {
  int8x16x3_t v = vld1q_s8_x3((const int8_t *)address);
  return (csimd_3_i8x16){(csimd_i8x16)v.val[0], (csimd_i8x16)v.val[1], (csimd_i8x16)v.val[2]};
}
CSIMD csimd_4_i8x16 csimd_load_4_i8x16(const void *address) {
  int8x16x4_t v = vld1q_s8_x4((const int8_t *)address);
  return (csimd_4_i8x16){(csimd_i8x16)v.val[0], (csimd_i8x16)v.val[1], (csimd_i8x16)v.val[2], (csimd_i8x16)v.val[3]};
}
/// The address, which the compiler takes to depend on sums: it neither loads from there before they are computed, when all
/// registers are taken, nor forgets that a load can move its address on.
CSIMD const void *csimd_address_behind(
    const void *address, csimd_i32x4 a, csimd_i32x4 b, csimd_i32x4 c, csimd_i32x4 d) {
  __asm__("" : "+r"(address) : "w"(a), "w"(b), "w"(c), "w"(d));
  return address;
}
/// ST1 of two and of four registers.
CSIMD void csimd_store_2_i8x16(void *address, csimd_i8x16 a, csimd_i8x16 b) {
  int8x16x2_t v = {{(int8x16_t)a, (int8x16_t)b}};
  vst1q_s8_x2((int8_t *)address, v);
}
CSIMD void csimd_store_4_i8x16(void *address, csimd_i8x16 a, csimd_i8x16 b, csimd_i8x16 c, csimd_i8x16 d) {
  int8x16x4_t v = {{(int8x16_t)a, (int8x16_t)b, (int8x16_t)c, (int8x16_t)d}};
  vst1q_s8_x4((int8_t *)address, v);
}
/// SMULL, SMULL2: the eight products of the low, of the high halves.
CSIMD csimd_i16x8 csimd_smull(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i16x8)vmull_s8(vget_low_s8((int8x16_t)a), vget_low_s8((int8x16_t)b));
}
CSIMD csimd_i16x8 csimd_smull2(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i16x8)vmull_high_s8((int8x16_t)a, (int8x16_t)b);
}
/// SMLAL, SMLAL2: the same, added to c.
CSIMD csimd_i16x8 csimd_smlal(csimd_i16x8 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i16x8)vmlal_s8((int16x8_t)c, vget_low_s8((int8x16_t)a), vget_low_s8((int8x16_t)b));
}
CSIMD csimd_i16x8 csimd_smlal2(csimd_i16x8 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i16x8)vmlal_high_s8((int16x8_t)c, (int8x16_t)a, (int8x16_t)b);
}
#define CSIMD_SMLAL_BY_ELEMENT(lane)                                                                              \
  CSIMD csimd_i32x4 csimd_smlal_lane_##lane(csimd_i32x4 c, csimd_i16x8 a, csimd_i16x8 b) {                        \
    return (csimd_i32x4)vmlal_laneq_s16((int32x4_t)c, vget_low_s16((int16x8_t)a), (int16x8_t)b, lane);            \
  }                                                                                                               \
  CSIMD csimd_i32x4 csimd_smlal2_lane_##lane(csimd_i32x4 c, csimd_i16x8 a, csimd_i16x8 b) {                       \
    return (csimd_i32x4)vmlal_high_laneq_s16((int32x4_t)c, (int16x8_t)a, (int16x8_t)b, lane);                     \
  }
/// SMLAL, SMLAL2 by element: products with one lane of b, added to c.
CSIMD_SMLAL_BY_ELEMENT(0)
CSIMD_SMLAL_BY_ELEMENT(1)
CSIMD_SMLAL_BY_ELEMENT(2)
CSIMD_SMLAL_BY_ELEMENT(3)
CSIMD_SMLAL_BY_ELEMENT(4)
CSIMD_SMLAL_BY_ELEMENT(5)
CSIMD_SMLAL_BY_ELEMENT(6)
CSIMD_SMLAL_BY_ELEMENT(7)
/// SADALP: sums of neighbours, added to c.
CSIMD csimd_i32x4 csimd_sadalp(csimd_i32x4 c, csimd_i16x8 a) { return (csimd_i32x4)vpadalq_s16((int32x4_t)c, (int16x8_t)a); }
/// ADDP: [a0+a1, a2+a3, b0+b1, b2+b3].
CSIMD csimd_i32x4 csimd_addp(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vpaddq_s32((int32x4_t)a, (int32x4_t)b); }
/// FMLA: c + a · b, one rounding.
CSIMD csimd_f32x4 csimd_fmla(csimd_f32x4 c, csimd_f32x4 a, csimd_f32x4 b) {
  return (csimd_f32x4)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}

CSIMD csimd_i32x16 csimd_join_i32(csimd_i32x4 a, csimd_i32x4 b, csimd_i32x4 c, csimd_i32x4 d) {
  csimd_i32x16 joined;
  joined.lo.lo = a, joined.lo.hi = b, joined.hi.lo = c, joined.hi.hi = d;
  return joined;
}
/// FCVTNS: the nearest integer, ties to even, saturating.
CSIMD csimd_i32x16 csimd_fcvtns(csimd_f32x16 x) {
  return csimd_join_i32(
      (csimd_i32x4)vcvtnq_s32_f32((float32x4_t)x.lo.lo), (csimd_i32x4)vcvtnq_s32_f32((float32x4_t)x.lo.hi),
      (csimd_i32x4)vcvtnq_s32_f32((float32x4_t)x.hi.lo), (csimd_i32x4)vcvtnq_s32_f32((float32x4_t)x.hi.hi));
}
/// SQXTN, SQXTN2: half as wide, saturating.
CSIMD csimd_i16x16 csimd_sqxtn_i16(csimd_i32x16 x) {
  csimd_i16x16 narrow;
  narrow.lo = (csimd_i16x8)vqmovn_high_s32(vqmovn_s32((int32x4_t)x.lo.lo), (int32x4_t)x.lo.hi);
  narrow.hi = (csimd_i16x8)vqmovn_high_s32(vqmovn_s32((int32x4_t)x.hi.lo), (int32x4_t)x.hi.hi);
  return narrow;
}
CSIMD csimd_i8x16 csimd_sqxtn_i8(csimd_i16x16 x) {
  return (csimd_i8x16)vqmovn_high_s16(vqmovn_s16((int16x8_t)x.lo), (int16x8_t)x.hi);
}
/// SQADD: a + b, saturating.
CSIMD csimd_i16x16 csimd_sqadd_i16(csimd_i16x16 a, csimd_i16x16 b) { return __builtin_elementwise_add_sat(a, b); }
CSIMD csimd_i32x16 csimd_sqadd_i32(csimd_i32x16 a, csimd_i32x16 b) { return __builtin_elementwise_add_sat(a, b); }

CSIMD csimd_f32x16 csimd_join_f32(csimd_f32x4 a, csimd_f32x4 b, csimd_f32x4 c, csimd_f32x4 d) {
  csimd_f32x16 joined;
  joined.lo.lo = a, joined.lo.hi = b, joined.hi.lo = c, joined.hi.hi = d;
  return joined;
}
#endif

#if defined(__ARM_FEATURE_DOTPROD)
/// SDOT by lane: sums of four products of signed bytes, those of b all from one lane, added to c.
CSIMD csimd_i32x4 csimd_sdot_lane_0(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vdotq_laneq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b, 0);
}
CSIMD csimd_i32x4 csimd_sdot_lane_1(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vdotq_laneq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b, 1);
}
CSIMD csimd_i32x4 csimd_sdot_lane_2(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vdotq_laneq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b, 2);
}
CSIMD csimd_i32x4 csimd_sdot_lane_3(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vdotq_laneq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b, 3);
}
#endif

#if defined(__ARM_FEATURE_MATMUL_INT8)
/// SMMLA: the 2×2 products of two rows of eight bytes of a with two of b, added to c.
CSIMD csimd_i32x4 csimd_smmla(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vmmlaq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b);
}
/// UZP1, UZP2: the even, the odd lanes of a and b.
CSIMD csimd_i32x4 csimd_uzp1(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vuzp1q_s32((int32x4_t)a, (int32x4_t)b); }
CSIMD csimd_i32x4 csimd_uzp2(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vuzp2q_s32((int32x4_t)a, (int32x4_t)b); }
#endif

#endif
