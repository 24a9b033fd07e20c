// The instructions of x86. Part of csimd.h, which declares the types.

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
/// VPHADDD and the repair of its order of lanes: [a0+a1, a2+a3, …, b0+b1, …].
CSIMD csimd_i32x8 csimd_add_pairs(csimd_i32x8 a, csimd_i32x8 b) {
  csimd_i32x8 even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  csimd_i32x8 odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  return even + odd;
}
#endif

#if defined(__AVXVNNI__) || defined(__AVX512VNNI__)
/// 16 bytes as two or four copies.
CSIMD csimd_i8x32 csimd_repeat_16_bytes_256(csimd_i8x16 x) { return __builtin_shufflevector(
    x, x, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
CSIMD csimd_i8x64 csimd_repeat_16_bytes(csimd_i8x16 x) {
  csimd_i8x64 copies;
  copies.lo = csimd_repeat_16_bytes_256(x), copies.hi = copies.lo;
  return copies;
}
/// [2][16] → [2][2][16]: twice, of which the first time the odd pairs of bytes are 0, the second time the even ones.
CSIMD csimd_i8x64 csimd_separate_pairs(csimd_i8x32 x) {
  csimd_i8x64 copies;
  copies.lo = (csimd_i8x32)((csimd_i32x8)x & 0xFFFF), copies.hi = (csimd_i8x32)((csimd_i32x8)x & (int32_t)0xFFFF0000);
  return copies;
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
/// Bytes without a sign, the second and third of every four of which change places: one VPSHUFB.
CSIMD csimd_i16x16 csimd_widen_u8_swapping_middles(csimd_i8x16 x) {
  const __m256i places = _mm256_setr_epi8(
      0, -1, 2, -1, 1, -1, 3, -1, 4, -1, 6, -1, 5, -1, 7, -1, 8, -1, 10, -1, 9, -1, 11, -1, 12, -1, 14, -1, 13, -1, 15, -1);
  return (csimd_i16x16)_mm256_shuffle_epi8(_mm256_broadcastsi128_si256((__m128i)x), places);
}
/// VPDPWSSD with the same pair of lanes of b everywhere.
CSIMD csimd_i32x16 csimd_vpdpwssd_broadcast(csimd_i32x16 c, csimd_i16x32 a, int32_t pair) {
  return (csimd_i32x16)_mm512_dpwssd_epi32((__m512i)c, (__m512i)a, _mm512_set1_epi32(pair));
}
/// [4][16] → [16][4]: one VPERMB.
CSIMD csimd_i8x64 csimd_interleave_four(csimd_i8x16 a, csimd_i8x16 b, csimd_i8x16 c, csimd_i8x16 d) {
  __m512i rows = _mm512_castsi128_si512((__m128i)a);
  rows = _mm512_inserti32x4(_mm512_inserti32x4(rows, (__m128i)b, 1), (__m128i)c, 2);
  rows = _mm512_inserti32x4(rows, (__m128i)d, 3);
  const csimd_i32x16 firsts = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const csimd_i32x16 places = firsts * 0x01010101 + 0x30201000;
  return (csimd_i8x64)_mm512_permutexvar_epi8((__m512i)places, rows);
}
CSIMD csimd_f32x16 csimd_fma_f32x16(csimd_f32x16 a, csimd_f32x16 b, csimd_f32x16 c) {
  return _mm512_fmadd_ps(a, b, c);
}
#endif
