/// Six columns of a tile that are transformed in one direction, for the other one: six values that each stand at a
/// constant index stay in registers, where the compiler would keep an array of them in memory.
@usableFromInline
struct SixColumns<let height: Int, Vector> {
  @usableFromInline typealias Column = InlineArray<height, Vector>
  @usableFromInline let a, b, c, d, e, f: Column

  @inlinable @inline(__always)
  init(_ a: Column, _ b: Column, _ c: Column, _ d: Column, _ e: Column, _ f: Column) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  @inlinable @inline(__always)
  func row(_ row: Int) -> InlineArray<6, Vector> {
    [a[unchecked: row], b[unchecked: row], c[unchecked: row], d[unchecked: row], e[unchecked: row], f[unchecked: row]]
  }
}
