// The instructions of ARM. Part of csimd.h, which declares the types.

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
CSIMD const void *_Nonnull csimd_address_after_in_order(
    const void *_Nonnull address, csimd_i32x4 a, csimd_i32x4 b, csimd_i32x4 c, csimd_i32x4 d) {
  __asm__ volatile("" : "+r"(address) : "w"(a), "w"(b), "w"(c), "w"(d));
  return address;
}

/// ZIP1, ZIP2 of single lanes, and of pairs.
CSIMD csimd_i16x8 csimd_zip1_i16(csimd_i16x8 a, csimd_i16x8 b) {
  return (csimd_i16x8)vzip1q_s16((int16x8_t)a, (int16x8_t)b);
}
CSIMD csimd_i16x8 csimd_zip2_i16(csimd_i16x8 a, csimd_i16x8 b) {
  return (csimd_i16x8)vzip2q_s16((int16x8_t)a, (int16x8_t)b);
}
CSIMD csimd_i16x8 csimd_zip_i16(csimd_i16x4 a, csimd_i16x4 b) {
  return (csimd_i16x8)vzip1q_s16(vcombine_s16((int16x4_t)a, (int16x4_t)a), vcombine_s16((int16x4_t)b, (int16x4_t)b));
}
CSIMD csimd_i16x8 csimd_zip1_pairs_i16(csimd_i16x8 a, csimd_i16x8 b) {
  return (csimd_i16x8)vzip1q_s32((int32x4_t)a, (int32x4_t)b);
}
CSIMD csimd_i16x8 csimd_zip2_pairs_i16(csimd_i16x8 a, csimd_i16x8 b) {
  return (csimd_i16x8)vzip2q_s32((int32x4_t)a, (int32x4_t)b);
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
CSIMD const void *csimd_address_after(
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
/// [4][16] → [16][4]: eight ZIP.
CSIMD csimd_4_i8x16 csimd_interleave_four(csimd_i8x16 a, csimd_i8x16 b, csimd_i8x16 c, csimd_i8x16 d) {
  int16x8_t low = (int16x8_t)vzip1q_s8((int8x16_t)a, (int8x16_t)b);
  int16x8_t lowRest = (int16x8_t)vzip1q_s8((int8x16_t)c, (int8x16_t)d);
  int16x8_t high = (int16x8_t)vzip2q_s8((int8x16_t)a, (int8x16_t)b);
  int16x8_t highRest = (int16x8_t)vzip2q_s8((int8x16_t)c, (int8x16_t)d);
  return (csimd_4_i8x16){
      (csimd_i8x16)vzip1q_s16(low, lowRest), (csimd_i8x16)vzip2q_s16(low, lowRest),
      (csimd_i8x16)vzip1q_s16(high, highRest), (csimd_i8x16)vzip2q_s16(high, highRest)};
}
CSIMD csimd_i32x8 csimd_widen_i16x8(csimd_i16x8 x) { return __builtin_convertvector(x, csimd_i32x8); }
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

#if defined(__ARM_FEATURE_DOTPROD)
/// SDOT: sums of four products of signed bytes, added to c.
CSIMD csimd_i32x4 csimd_sdot(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vdotq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b);
}
/// Two vectors twice: first without their odd pairs of bytes, then without the even ones.
CSIMD csimd_4_i8x16 csimd_separate_pairs(csimd_2_i8x16 x) {
  csimd_i32x4 even = (csimd_i32x4)(0xFFFF), odd = (csimd_i32x4)(int32_t)0xFFFF0000;
  return (csimd_4_i8x16){
      (csimd_i8x16)((csimd_i32x4)x.a & even), (csimd_i8x16)((csimd_i32x4)x.b & even),
      (csimd_i8x16)((csimd_i32x4)x.a & odd), (csimd_i8x16)((csimd_i32x4)x.b & odd)};
}
#endif

#if defined(__ARM_FEATURE_MATMUL_INT8)
/// SMMLA: the 2×2 products of two rows of eight bytes of a with two of b, added to c.
CSIMD csimd_i32x4 csimd_smmla(csimd_i32x4 c, csimd_i8x16 a, csimd_i8x16 b) {
  return (csimd_i32x4)vmmlaq_s32((int32x4_t)c, (int8x16_t)a, (int8x16_t)b);
}
/// ZIP1, ZIP2: [a0, b0, a1, b1] and [a2, b2, a3, b3].
CSIMD csimd_i32x4 csimd_zip1(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vzip1q_s32((int32x4_t)a, (int32x4_t)b); }
CSIMD csimd_i32x4 csimd_zip2(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vzip2q_s32((int32x4_t)a, (int32x4_t)b); }
/// UZP1, UZP2: the even, the odd lanes of a and b.
CSIMD csimd_i32x4 csimd_uzp1(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vuzp1q_s32((int32x4_t)a, (int32x4_t)b); }
CSIMD csimd_i32x4 csimd_uzp2(csimd_i32x4 a, csimd_i32x4 b) { return (csimd_i32x4)vuzp2q_s32((int32x4_t)a, (int32x4_t)b); }
#endif
