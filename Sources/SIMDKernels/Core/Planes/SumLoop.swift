/// The constants of a loop over the pixels of a sum:
///
/// - `base`: there is none (0), it is added as it is (1), or it is rescaled (2);
/// - `activation`: there is none (0), there are limits (1), or slopes and limits (2);
/// - `form`: the pixels of each operand are equally far apart (0), they are not (1), or some operands are bytes (2).
@usableFromInline
struct SumLoop<let base: Int, let activation: Int, let form: Int> {
  @inlinable @inline(__always)
  init() {}
}
