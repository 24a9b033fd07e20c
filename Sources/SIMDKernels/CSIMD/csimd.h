// Vector types, and one function per machine instruction (or compiler vector builtin) that Swift cannot spell.
// No loops, no logic, no stable API. Swift sees the types as SIMD16<Int32>, SIMD64<Int8> …

#ifndef FACEQ_CSIMD_H
#define FACEQ_CSIMD_H

#include <stdint.h>

#if defined(__aarch64__)
#include <arm_neon.h>
#endif

#define CSIMD static inline __attribute__((always_inline, unused))

typedef int8_t csimd_i8x16 __attribute__((ext_vector_type(16)));
typedef uint8_t csimd_u8x16 __attribute__((ext_vector_type(16)));
typedef int8_t csimd_i8x32 __attribute__((ext_vector_type(32)));
typedef int8_t csimd_i8x64 __attribute__((ext_vector_type(64)));
typedef int16_t csimd_i16x4 __attribute__((ext_vector_type(4)));
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
/// Widens bytes without a sign.
CSIMD csimd_i16x16 csimd_widen_u8_to_i16(csimd_i8x16 x) { return csimd_widen_i8_to_i16(x) & 255; }
CSIMD csimd_i16x32 csimd_widen_i8x32(csimd_i8x32 x) { return __builtin_convertvector(x, csimd_i16x32); }
CSIMD csimd_i16x64 csimd_widen_i8x64(csimd_i8x64 x) { return __builtin_convertvector(x, csimd_i16x64); }

/// Keeps the low half of each lane: the caller has clamped.
CSIMD csimd_i16x16 csimd_narrow_to_i16(csimd_i32x16 x) { return __builtin_convertvector(x, csimd_i16x16); }

CSIMD csimd_i8x16 csimd_narrow_to_i8(csimd_i32x16 x) { return __builtin_convertvector(x, csimd_i8x16); }
CSIMD csimd_i8x16 csimd_narrow_i16_to_i8(csimd_i16x16 x) { return __builtin_convertvector(x, csimd_i8x16); }

CSIMD csimd_i32x16 csimd_clamp_i32(csimd_i32x16 x, int32_t low, int32_t high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, (csimd_i32x16)low), (csimd_i32x16)high);
}
CSIMD csimd_i16x16 csimd_clamp_i16(csimd_i16x16 x, int16_t low, int16_t high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, (csimd_i16x16)low), (csimd_i16x16)high);
}
/// Clamps each lane to limits of its own.
CSIMD csimd_i16x16 csimd_limit_i16(csimd_i16x16 x, csimd_i16x16 low, csimd_i16x16 high) {
  return __builtin_elementwise_min(__builtin_elementwise_max(x, low), high);
}
CSIMD csimd_i8x16 csimd_max_i8(csimd_i8x16 a, csimd_i8x16 b) { return __builtin_elementwise_max(a, b); }
/// The larger ones of bytes without a sign.
CSIMD csimd_i8x16 csimd_max_u8(csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i8x16)__builtin_elementwise_max((csimd_u8x16)a, (csimd_u8x16)b);
}
CSIMD csimd_i16x16 csimd_max_i16(csimd_i16x16 a, csimd_i16x16 b) { return __builtin_elementwise_max(a, b); }
CSIMD csimd_f32x16 csimd_max_f32(csimd_f32x16 a, csimd_f32x16 b) { return a < b ? b : a; }
CSIMD csimd_f32x16 csimd_clamp_f32(csimd_f32x16 x, float low, float high) {
  csimd_f32x16 l = (csimd_f32x16)low, h = (csimd_f32x16)high;
  csimd_f32x16 y = x < l ? l : x;
  return y > h ? h : y;
}
CSIMD csimd_f32x16 csimd_at_most_f32(csimd_f32x16 x, float high) {
  csimd_f32x16 h = (csimd_f32x16)high;
  return x > h ? h : x;
}

/// `negative` where x < 0, else `positive`.
CSIMD csimd_f32x16 csimd_select_by_sign(csimd_i32x16 x, csimd_f32x16 positive, csimd_f32x16 negative) {
  return x < 0 ? negative : positive;
}
CSIMD csimd_i32x16 csimd_select_by_sign_i32(csimd_i32x16 x, csimd_i32x16 positive, csimd_i32x16 negative) {
  return x < 0 ? negative : positive;
}
CSIMD csimd_f32x16 csimd_select_by_float_sign(csimd_f32x16 x, csimd_f32x16 positive, csimd_f32x16 negative) {
  return x < 0 ? negative : positive;
}

/// a · b + c, one rounding where the machine has an instruction for it.
CSIMD csimd_f32x16 csimd_multiply_add(csimd_f32x16 a, float b, csimd_f32x16 c) { return a * (csimd_f32x16)b + c; }

CSIMD csimd_f32x16 csimd_multiply_add_f32x16(csimd_f32x16 a, csimd_f32x16 b, csimd_f32x16 c) { return a * b + c; }

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
/// Takes the first or the second of every two parts from the lanes of the first vector and then of the second: of two halves, two
/// quarters, two pairs, two lanes.
CSIMD csimd_f32x16 csimd_halves_0(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}
CSIMD csimd_f32x16 csimd_halves_1(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}
CSIMD csimd_f32x16 csimd_quarters_0(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
}
CSIMD csimd_f32x16 csimd_quarters_1(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}
CSIMD csimd_f32x16 csimd_pairs_0(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29);
}
CSIMD csimd_f32x16 csimd_pairs_1(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
}
CSIMD csimd_f32x16 csimd_evens(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
CSIMD csimd_f32x16 csimd_odds(csimd_f32x16 a, csimd_f32x16 b) {
  return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}
/// [16 / unit][unit] → [16 / unit][2][unit]: each unit of 1, 2, 4 or 8 bytes twice.
CSIMD csimd_i8x32 csimd_double_bytes(csimd_i8x16 a) {
  return __builtin_shufflevector(
      a, a, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
}
CSIMD csimd_i8x32 csimd_double_2_bytes(csimd_i8x16 a) {
  return __builtin_shufflevector(
      a, a, 0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7, 8, 9, 8, 9, 10, 11, 10, 11, 12, 13, 12, 13, 14, 15, 14, 15);
}
CSIMD csimd_i8x32 csimd_double_4_bytes(csimd_i8x16 a) {
  return __builtin_shufflevector(
      a, a, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15);
}
CSIMD csimd_i8x32 csimd_double_8_bytes(csimd_i8x16 a) {
  return __builtin_shufflevector(
      a, a, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}
/// [4][3] → [4][4], of which every fourth byte is 0; as they are, and last first. The last four bytes do not count.
CSIMD csimd_i8x16 csimd_quads_of_threes(csimd_i8x16 a) {
  const csimd_i8x16 zero = 0;
  return __builtin_shufflevector(a, zero, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11, 16);
}
CSIMD csimd_i8x16 csimd_quads_of_reversed_threes(csimd_i8x16 a) {
  const csimd_i8x16 zero = 0;
  return __builtin_shufflevector(a, zero, 2, 1, 0, 16, 5, 4, 3, 16, 8, 7, 6, 16, 11, 10, 9, 16);
}
/// Neighbouring lanes change places.
CSIMD csimd_f32x16 csimd_swap_neighbours(csimd_f32x16 a) {
  return __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
}
/// [4][4] → [4][4], columns as rows.
CSIMD csimd_i32x16 csimd_transpose_4x4_i32(csimd_i32x16 a) {
  return __builtin_shufflevector(a, a, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}
/// [2][8] → [8][2].
CSIMD csimd_i32x16 csimd_interleave_i32x8(csimd_i32x8 a, csimd_i32x8 b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
}
/// Takes parts of two vectors in turn: the even or the odd lanes, pairs of lanes, fours of lanes.
CSIMD csimd_i32x16 csimd_lanes_0(csimd_i32x16 a, csimd_i32x16 b) {
  return __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
}
CSIMD csimd_i32x16 csimd_lanes_1(csimd_i32x16 a, csimd_i32x16 b) {
  return __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
}
CSIMD csimd_i32x16 csimd_lane_pairs_0(csimd_i32x16 a, csimd_i32x16 b) {
  return __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
}
CSIMD csimd_i32x16 csimd_lane_pairs_1(csimd_i32x16 a, csimd_i32x16 b) {
  return __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
CSIMD csimd_i32x16 csimd_lane_fours_0(csimd_i32x16 a, csimd_i32x16 b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
}
CSIMD csimd_i32x16 csimd_lane_fours_1(csimd_i32x16 a, csimd_i32x16 b) {
  return __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
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
/// Asks for a line of the first cache; harmless where there is no memory.
CSIMD void csimd_prefetch_near(const void *address) { __builtin_prefetch(address, 0, 3); }

CSIMD csimd_i16x32 csimd_plus_quadruple_i16x32(csimd_i16x32 a, csimd_i16x32 b) { return a + b * 4; }
/// [16][4] → [16][2]: the first two of every four, the last two of every four.
CSIMD csimd_i16x32 csimd_widen_even_pairs(csimd_i8x64 a) { return csimd_widen_i8x32((csimd_i8x32)((csimd_i16x32)a).even); }
CSIMD csimd_i16x32 csimd_widen_odd_pairs(csimd_i8x64 a) { return csimd_widen_i8x32((csimd_i8x32)((csimd_i16x32)a).odd); }

CSIMD csimd_i16x32 csimd_widen_even_bytes(csimd_i8x64 a) { return ((csimd_i16x32)a << 8) >> 8; }
CSIMD csimd_i16x32 csimd_widen_odd_bytes(csimd_i8x64 a) { return (csimd_i16x32)a >> 8; }

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

/// ARM: LD1 of four registers, which can move its address.
CSIMD csimd_i32x16 csimd_load_16_ints(const void *_Nonnull address) {
  csimd_i32x16 x;
#if defined(__aarch64__)
  int32x4x4_t lanes = vld1q_s32_x4((const int32_t *)address);
  x.lo.lo = (csimd_i32x4)lanes.val[0], x.lo.hi = (csimd_i32x4)lanes.val[1];
  x.hi.lo = (csimd_i32x4)lanes.val[2], x.hi.hi = (csimd_i32x4)lanes.val[3];
#else
  __builtin_memcpy(&x, address, 64);
#endif
  return x;
}

/// ARM: LD1 of two registers, as above.
CSIMD csimd_i16x16 csimd_load_16_shorts(const void *_Nonnull address) {
  csimd_i16x16 x;
#if defined(__aarch64__)
  int16x8x2_t lanes = vld1q_s16_x2((const int16_t *)address);
  x.lo = (csimd_i16x8)lanes.val[0], x.hi = (csimd_i16x8)lanes.val[1];
#else
  __builtin_memcpy(&x, address, 32);
#endif
  return x;
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

#include "csimd_x86.h"
#include "csimd_arm.h"

#endif
