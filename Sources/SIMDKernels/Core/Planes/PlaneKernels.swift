/// The passes over planes of one instruction set. All take the output rows (or blocks of 16 channels) that they are to
/// compute, so threads share a pass by calling it with disjoint ones; none needs scratch memory.
public struct PlaneKernels: Sendable {
  public var pools: Pools
  public var conversions: Conversions
  public var sums: Sums
  public var products: Products
  public var floats: Floats
  /// Turns rows of a picture into what the first convolution reads.
  public var picture: @Sendable (PicturePass, _ rows: Range<Int>) -> Void

  /// Pools: `rows` are the output's.
  public struct Pools: Sendable {
    public var maximumOfInt8: @Sendable (PoolPass, _ rows: Range<Int>) -> Void
    public var maximumOfInt16: @Sendable (PoolPass, _ rows: Range<Int>) -> Void
    public var maximumOfFloat: @Sendable (PoolPass, _ rows: Range<Int>) -> Void
    public var meanOfInt8: @Sendable (PoolPass, _ rows: Range<Int>) -> Void
    public var meanOfInt16: @Sendable (PoolPass, _ rows: Range<Int>) -> Void
    public var meanOfFloat: @Sendable (PoolPass, _ rows: Range<Int>) -> Void

    @inlinable @inline(__always)
    init(
      maximumOfInt8: @escaping @Sendable (PoolPass, _ rows: Range<Int>) -> Void,
      maximumOfInt16: @escaping @Sendable (PoolPass, _ rows: Range<Int>) -> Void,
      maximumOfFloat: @escaping @Sendable (PoolPass, _ rows: Range<Int>) -> Void,
      meanOfInt8: @escaping @Sendable (PoolPass, _ rows: Range<Int>) -> Void,
      meanOfInt16: @escaping @Sendable (PoolPass, _ rows: Range<Int>) -> Void,
      meanOfFloat: @escaping @Sendable (PoolPass, _ rows: Range<Int>) -> Void
    ) {
      self.maximumOfInt8 = maximumOfInt8
      self.maximumOfInt16 = maximumOfInt16
      self.maximumOfFloat = maximumOfFloat
      self.meanOfInt8 = meanOfInt8
      self.meanOfInt16 = meanOfInt16
      self.meanOfFloat = meanOfFloat
    }
  }

  /// Conversions of a plane from one form to another.
  public struct Conversions: Sendable {
    public var int16ToInt8: @Sendable (Conversion, IntegerLimits?, _ rows: Range<Int>) -> Void
    public var int16ToInt16: @Sendable (Conversion, IntegerLimits?, ClosedRange<Int16>, _ rows: Range<Int>) -> Void
    public var int16ToFloat: @Sendable (Conversion, FloatLimits, _ rows: Range<Int>) -> Void
    public var int8ToFloat: @Sendable (Conversion, FloatLimits, _ rows: Range<Int>) -> Void
    /// Converts sums over pixels, int32 [channel], as a plane of one pixel.
    public var int32ToInt8: @Sendable (Conversion, IntegerLimits?, _ rows: Range<Int>) -> Void
    public var int32ToInt16: @Sendable (Conversion, IntegerLimits?, ClosedRange<Int16>, _ rows: Range<Int>) -> Void
    public var int32ToFloat: @Sendable (Conversion, FloatLimits, _ rows: Range<Int>) -> Void
    /// The clamps after a convolution whose epilogue does not know its activation.
    public var clampInt16: @Sendable (ClampPass<IntegerLimits>, ConvolutionSlice) -> Void
    public var clampFloat: @Sendable (ClampPass<FloatLimits>, ConvolutionSlice) -> Void

    @inlinable @inline(__always)
    init(
      int16ToInt8: @escaping @Sendable (Conversion, IntegerLimits?, _ rows: Range<Int>) -> Void,
      int16ToInt16: @escaping @Sendable (Conversion, IntegerLimits?, ClosedRange<Int16>, _ rows: Range<Int>) -> Void,
      int16ToFloat: @escaping @Sendable (Conversion, FloatLimits, _ rows: Range<Int>) -> Void,
      int8ToFloat: @escaping @Sendable (Conversion, FloatLimits, _ rows: Range<Int>) -> Void,
      int32ToInt8: @escaping @Sendable (Conversion, IntegerLimits?, _ rows: Range<Int>) -> Void,
      int32ToInt16: @escaping @Sendable (Conversion, IntegerLimits?, ClosedRange<Int16>, _ rows: Range<Int>) -> Void,
      int32ToFloat: @escaping @Sendable (Conversion, FloatLimits, _ rows: Range<Int>) -> Void,
      clampInt16: @escaping @Sendable (ClampPass<IntegerLimits>, ConvolutionSlice) -> Void,
      clampFloat: @escaping @Sendable (ClampPass<FloatLimits>, ConvolutionSlice) -> Void
    ) {
      self.int16ToInt8 = int16ToInt8
      self.int16ToInt16 = int16ToInt16
      self.int16ToFloat = int16ToFloat
      self.int8ToFloat = int8ToFloat
      self.int32ToInt8 = int32ToInt8
      self.int32ToInt16 = int32ToInt16
      self.int32ToFloat = int32ToFloat
      self.clampInt16 = clampInt16
      self.clampFloat = clampFloat
    }
  }

  /// Additions, and sums over pixels of blocks of 16 channels.
  public struct Sums: Sendable {
    public var add: @Sendable (SumPass, _ rows: Range<Int>) -> Void
    public var addFloat: @Sendable (FloatSumPass, _ rows: Range<Int>) -> Void
    public var pixelsOfInt8: @Sendable (PlaneSums<Int32>, _ blocks: Range<Int>) -> Void
    public var pixelsOfInt16: @Sendable (PlaneSums<Int32>, _ blocks: Range<Int>) -> Void
    public var pixelsOfFloat: @Sendable (PlaneSums<Float>, _ blocks: Range<Int>) -> Void

    @inlinable @inline(__always)
    init(
      add: @escaping @Sendable (SumPass, _ rows: Range<Int>) -> Void,
      addFloat: @escaping @Sendable (FloatSumPass, _ rows: Range<Int>) -> Void,
      pixelsOfInt8: @escaping @Sendable (PlaneSums<Int32>, _ blocks: Range<Int>) -> Void,
      pixelsOfInt16: @escaping @Sendable (PlaneSums<Int32>, _ blocks: Range<Int>) -> Void,
      pixelsOfFloat: @escaping @Sendable (PlaneSums<Float>, _ blocks: Range<Int>) -> Void
    ) {
      self.add = add
      self.addFloat = addFloat
      self.pixelsOfInt8 = pixelsOfInt8
      self.pixelsOfInt16 = pixelsOfInt16
      self.pixelsOfFloat = pixelsOfFloat
    }
  }

  /// Products of a plane with a gate, the same for all pixels of a channel.
  public struct Products: Sendable {
    public var int8ToInt8: @Sendable (ProductPass, _ rows: Range<Int>) -> Void
    public var int16ToInt8: @Sendable (ProductPass, _ rows: Range<Int>) -> Void
    public var int16ToInt16: @Sendable (ProductPass, ClosedRange<Int16>, _ rows: Range<Int>) -> Void
    public var int16ToFloat: @Sendable (ProductPass, _ rows: Range<Int>) -> Void

    @inlinable @inline(__always)
    init(
      int8ToInt8: @escaping @Sendable (ProductPass, _ rows: Range<Int>) -> Void,
      int16ToInt8: @escaping @Sendable (ProductPass, _ rows: Range<Int>) -> Void,
      int16ToInt16: @escaping @Sendable (ProductPass, ClosedRange<Int16>, _ rows: Range<Int>) -> Void,
      int16ToFloat: @escaping @Sendable (ProductPass, _ rows: Range<Int>) -> Void
    ) {
      self.int8ToInt8 = int8ToInt8
      self.int16ToInt8 = int16ToInt8
      self.int16ToInt16 = int16ToInt16
      self.int16ToFloat = int16ToFloat
    }
  }

  /// Passes over planes of floats.
  public struct Floats: Sendable {
    public var scale: @Sendable (FloatAffinePass, _ rows: Range<Int>) -> Void
    public var map: @Sendable (FloatMap, _ rows: Range<Int>) -> Void

    @inlinable @inline(__always)
    init(
      scale: @escaping @Sendable (FloatAffinePass, _ rows: Range<Int>) -> Void,
      map: @escaping @Sendable (FloatMap, _ rows: Range<Int>) -> Void
    ) {
      self.scale = scale
      self.map = map
    }
  }

  /// Instantiates the kernels in the calling module (see `KernelTable.init`).
  @inlinable @inline(__always)
  public init<ISA: InstructionSetKernels>(_: ISA.Type) {
    typealias Bytes = PlaneInt8<ISA.Int8Dot>
    typealias Shorts = PlaneInt16<ISA.Int8Dot>
    typealias Integers = PlaneInt32<ISA.Int8Dot>
    typealias Values = PlaneFloat<ISA.Int8Dot>
    let flip = ISA.Int8Dot.pixelFlip
    pools = Pools(
      maximumOfInt8: { poolMaximum(Bytes.self, $0, rows: $1) },
      maximumOfInt16: { poolMaximum(Shorts.self, $0, rows: $1) },
      maximumOfFloat: { poolMaximum(Values.self, $0, rows: $1) },
      meanOfInt8: { poolMean(Bytes.self, $0, rows: $1) },
      meanOfInt16: { poolMean(Shorts.self, $0, rows: $1) },
      meanOfFloat: { poolFloatMean(Values.self, $0, rows: $1) })
    conversions = Conversions(
      int16ToInt8: { convertToInt8(Shorts.self, $0, $1, flip: flip, rows: $2) },
      int16ToInt16: { convertToInt16(Shorts.self, $0, $1, $2, rows: $3) },
      int16ToFloat: { convertToFloat(Shorts.self, $0, $1, rows: $2) },
      int8ToFloat: { convertToFloat(Bytes.self, $0, $1, rows: $2) },
      int32ToInt8: { convertToInt8(Integers.self, $0, $1, flip: flip, rows: $2) },
      int32ToInt16: { convertToInt16(Integers.self, $0, $1, $2, rows: $3) },
      int32ToFloat: { convertToFloat(Integers.self, $0, $1, rows: $2) },
      clampInt16: { SIMDKernels.clampInt16(ISA.self, $0, $1) },
      clampFloat: { SIMDKernels.clampFloat(ISA.self, $0, $1) })
    sums = Sums(
      add: { addPlanes(ISA.self, $0, rows: $1) },
      addFloat: { addFloatPlanes(ISA.self, $0, rows: $1) },
      pixelsOfInt8: { sumPlane(Bytes.self, $0, blocks: $1) },
      pixelsOfInt16: { sumPlane(Shorts.self, $0, blocks: $1) },
      pixelsOfFloat: { sumFloatPlane(Values.self, $0, blocks: $1) })
    picture = { fillQuads(ISA.self, $0, rows: $1) }
    products = Products(
      int8ToInt8: { multiplyToInt8(Bytes.self, $0, flip: flip, rows: $1) },
      int16ToInt8: { multiplyToInt8(Shorts.self, $0, flip: flip, rows: $1) },
      int16ToInt16: { multiplyToInt16(Shorts.self, $0, $1, rows: $2) },
      int16ToFloat: { multiplyToFloat(Shorts.self, $0, rows: $1) })
    floats = Floats(
      scale: { scaleFloats(ISA.self, $0, rows: $1) }, map: { mapFloats(ISA.self, $0, rows: $1) })
  }
}
