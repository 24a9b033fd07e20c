import CSIMD

/// A pool: a window slides over a plane, and the values inside it become one.
///
/// Values outside of the plane never count, except the padding of a mean that counts it. A window with nothing inside
/// gives 0.
public struct PoolPass: @unchecked Sendable {
  public var input: InputPlane
  /// The height and width of the input.
  public var height: Int
  public var width: Int
  /// The number of channels: a multiple of 16.
  public var channels: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var strideHeight: Int
  public var strideWidth: Int
  /// The first window begins so many rows above the plane and so many columns left of it.
  public var paddingTop: Int
  public var paddingLeft: Int
  public var output: OutputPlane
  public var outputWidth: Int
  /// The padding that a mean counts; nil where it counts only the values inside.
  public var counted: CountedPadding?

  /// Counted padding reaches `bottom` rows below the plane and `right` columns past it.
  public struct CountedPadding: @unchecked Sendable {
    public var bottom: Int
    public var right: Int
    /// The bytes [channel] that stand for 0 in the padding; nil where all are 0.
    public var zero: UnsafePointer<Int8>?

    @inlinable
    public init(bottom: Int, right: Int, zero: UnsafePointer<Int8>? = nil) {
      (self.bottom, self.right, self.zero) = (bottom, right, zero)
    }
  }

  @inlinable
  public init(
    input: InputPlane, height: Int, width: Int, channels: Int, kernel: (height: Int, width: Int),
    stride: (height: Int, width: Int), padding: (top: Int, left: Int), output: OutputPlane, outputWidth: Int,
    counted: CountedPadding? = nil
  ) {
    self.input = input
    self.height = height
    self.width = width
    self.channels = channels
    (kernelHeight, kernelWidth) = kernel
    (strideHeight, strideWidth) = stride
    (paddingTop, paddingLeft) = padding
    self.output = output
    self.outputWidth = outputWidth
    self.counted = counted
  }
}

/// The part of a window that lies inside the plane.
@usableFromInline
struct PoolWindow {
  @usableFromInline let first: UnsafeRawPointer
  @usableFromInline let rows: Int
  @usableFromInline let rowEnd: Int
  /// The number of values inside, and of those outside that a mean counts.
  @usableFromInline let inside: Int
  @usableFromInline let outside: Int

  @inlinable @inline(__always)
  init(_ pass: PoolPass, row: Int, column: Int) {
    let (top, left) = (row &* pass.strideHeight &- pass.paddingTop, column &* pass.strideWidth &- pass.paddingLeft)
    let (firstRow, firstColumn) = (max(top, 0), max(left, 0))
    rows = max(min(top &+ pass.kernelHeight, pass.height) &- firstRow, 0)
    let columns = max(min(left &+ pass.kernelWidth, pass.width) &- firstColumn, 0)
    first = pass.input.pixel(row: firstRow, column: firstColumn)
    rowEnd = columns &* pass.input.pixelBytes
    inside = rows &* columns
    if let counted = pass.counted {
      outside =
        (min(top &+ pass.kernelHeight, pass.height &+ counted.bottom) &- top)
        &* (min(left &+ pass.kernelWidth, pass.width &+ counted.right) &- left) &- inside
    } else {
      outside = 0
    }
  }

  /// Calls `body` with the place of each value inside, of the 16 channels that begin at `offset`.
  @inlinable @inline(__always)
  func forEach(_ offset: Int, _ pass: PoolPass, _ body: (UnsafeRawPointer) -> Void) {
    guard inside > 0 else { return }
    var row = first + offset
    var rest = rows
    repeat {
      var place = row
      let end = row + rowEnd
      repeat {
        body(place)
        place += pass.input.pixelBytes
      } while place < end
      row += pass.input.rowBytes
      rest &-= 1
    } while rest != 0
  }
}

/// Calls `store` with each window of some output rows, 16 channels at a time, and the place of the output.
@inlinable @inline(__always)
func forEachWindow<Values: PlaneValues>(
  _: Values.Type, _ pass: PoolPass, rows: Range<Int>, firstColumn: Int = 0,
  _ store: (PoolWindow, _ block: Int, UnsafeMutableRawPointer) -> Void
) {
  for row in rows {
    var column = firstColumn
    while column < pass.outputWidth {
      let window = PoolWindow(pass, row: row, column: column)
      let place = pass.output.pixel(row: row, column: column)
      for block in 0..<pass.channels / 16 { store(window, block, place + block &* Values.blockBytes) }
      column &+= 1
    }
  }
}

/// The largest number of each window; numbers are stored as they were.
@inlinable @inline(__always)
func poolMaximum<Values: PlaneValues>(_: Values.Type, _ pass: PoolPass, rows: Range<Int>) {
  for row in rows {
    let whole = pass.wholePairs(row: row)
    if whole > 0 { poolPairs(Values.self, pass, row: row, columns: whole) }
    forEachWindow(Values.self, pass, rows: row..<row &+ 1, firstColumn: whole) { window, block, place in
      guard window.inside > 0 else { return place.storeBytes(of: Values.zero, as: Values.Vector.self) }
      var largest = Values.load(window.first + block &* Values.blockBytes)
      window.forEach(block &* Values.blockBytes, pass) { largest = Values.maximum(largest, Values.load($0)) }
      place.storeBytes(of: largest, as: Values.Vector.self)
    }
  }
}

extension PoolPass {
  /// The first so many windows of an output row are 2×2 pixels side by side, all inside the plane.
  @inlinable @inline(__always)
  func wholePairs(row: Int) -> Int {
    guard kernelHeight == 2, kernelWidth == 2, strideHeight == 2, strideWidth == 2, paddingTop == 0, paddingLeft == 0,
      2 &* row &+ 2 <= height
    else { return 0 }
    return min(width / 2, outputWidth)
  }
}

/// The largest numbers of 2×2 windows, four loads for each 16 channels.
@inlinable @inline(__always)
func poolPairs<Values: PlaneValues>(_: Values.Type, _ pass: PoolPass, row: Int, columns: Int) {
  var upper = pass.input.pixel(row: 2 &* row, column: 0)
  var target = pass.output.pixel(row: row, column: 0)
  let (right, below) = (pass.input.pixelBytes, pass.input.rowBytes)
  let end = pass.channels / 16 &* Values.blockBytes
  for _ in 0..<columns {
    var offset = 0
    repeat {
      let place = upper + offset
      let lower = place + below
      let largest = Values.maximum(
        Values.maximum(Values.load(place), Values.load(place + right)),
        Values.maximum(Values.load(lower), Values.load(lower + right)))
      (target + offset).storeBytes(of: largest, as: Values.Vector.self)
      offset &+= Values.blockBytes
    } while offset < end
    upper += 2 &* right
    target += pass.output.pixelBytes
  }
}

/// The mean of each window, `roundToNearestEven(Float(sum) · (1 / Float(count)))`: the inverse is rounded on its own.
/// Sums are exact where there are at most 65,535 values.
@inlinable @inline(__always)
func poolMean<Values: PlaneIntegers>(_: Values.Type, _ pass: PoolPass, rows: Range<Int>) {
  forEachWindow(Values.self, pass, rows: rows) { window, block, place in
    let count = window.inside &+ window.outside
    var sum = SIMD16<Int32>()
    if window.outside > 0, let zero = pass.counted?.zero {
      sum = csimd_widen_i8(load(zero + block &* 16)) &* SIMD16(repeating: Int32(truncatingIfNeeded: window.outside))
    }
    window.forEach(block &* Values.blockBytes, pass) {
      sum = sum &+ csimd_widen_i16(Values.shorts(Values.load($0)))
    }
    let inverse = count > 0 ? 1 / Float(count) : 0
    place.storeBytes(
      of: Values.stored(roundToNearestEven(csimd_float_from_int(sum) * inverse, limit: 65536)),
      as: Values.Vector.self)
  }
}

/// The mean of each window of floats, not rounded.
@inlinable @inline(__always)
func poolFloatMean<Dot: DotProducts>(_: PlaneFloat<Dot>.Type, _ pass: PoolPass, rows: Range<Int>) {
  forEachWindow(PlaneFloat<Dot>.self, pass, rows: rows) { window, block, place in
    let count = window.inside &+ window.outside
    var sum = SIMD16<Float>()
    window.forEach(block &* 64, pass) { sum += $0.loadUnaligned(as: SIMD16<Float>.self) }
    place.storeBytes(of: sum * (count > 0 ? 1 / Float(count) : 0), as: SIMD16<Float>.self)
  }
}
