#if arch(x86_64)
  /// The products of a group's tiles at the points of one row.
  @usableFromInline
  struct RowOperands {
    /// The transformed input [block of 16 input channels][6 columns][4 tiles][16].
    @usableFromInline let input: UnsafeRawPointer
    @usableFromInline let channels: Int
    /// The start of the sums in the second column.
    @usableFromInline let bias: SIMD16<Int32>
    /// The sums [4 tiles][4 columns].
    @usableFromInline let sums: UnsafeMutablePointer<SIMD16<Int32>>

    @inlinable @inline(__always)
    init(
      input: UnsafeRawPointer, channels: Int, bias: SIMD16<Int32>, sums: UnsafeMutablePointer<SIMD16<Int32>>
    ) {
      (self.input, self.channels, self.bias, self.sums) = (input, channels, bias, sums)
    }
  }

  /// A register tile: so many tiles of 4 × 4 outputs, of which those with a bit in `narrow` have three across and lack
  /// a column.
  @usableFromInline
  struct RowTile<let tiles: Int, let narrow: Int> {
    @inlinable @inline(__always)
    init() {}
    @inlinable @inline(__always)
    func isNarrow(_ tile: Int) -> Bool { narrow &>> tile & 1 == 1 }
  }

  /// Work for later that is done between the products, a little for every 16 input channels.
  @usableFromInline
  protocol RowBackground {
    mutating func advance<Products: RowPairProducts>(_: Products.Type)
  }

  extension WeightPrefetch: RowBackground {
    @inlinable @inline(__always)
    mutating func advance<Products: RowPairProducts>(_: Products.Type) { fetch(steps: 1) }
  }

  /// Aᵀ of the products in one direction: for every tile four sums, or three.
  @inlinable @inline(never)
  func multiplyRow<
    Products: RowPairProducts, Weights: RowWeights, Background: RowBackground, let tiles: Int, let narrow: Int
  >(
    _: Products.Type, _ row: RowOperands, _ weights: Weights, _ background: inout Background,
    _ tile: RowTile<tiles, narrow>
  ) {
    var accumulators = RowAccumulators<tiles>(bias: row.bias)
    var (weights, input) = (weights, row.input)
    var rest = row.channels
    repeat {
      background.advance(Products.self)
      // Both pairs of four channels together would want more registers than there are.
      var (pair, first) = (input, weights)
      repeat {
        accumulators.add(Products.self, pair, first.columns(isOdd: false), tile)
        pair += 8
        first.advance()
      } while pair != input + 32
      pair = input + 4
      repeat {
        accumulators.add(Products.self, pair, weights.columns(isOdd: true), tile)
        pair += 8
        weights.advance()
      } while pair != input + 36
      input += 768
      rest &-= 16
    } while rest != 0
    let factors = WinogradFactors()
    for group in 0..<tiles {
      let products = accumulators.row(group)
      let outputs = WinogradUnitStride.outputs(narrow: tile.isNarrow(group), factors) { products[unchecked: $0] }
      for column in 0..<4 { row.sums[group &* 4 &+ column] = outputs[unchecked: column] }
    }
  }

  /// The sums of every tile in every column. Each column has its name: an array of them would be kept in memory.
  @usableFromInline
  struct RowAccumulators<let tiles: Int> {
    @usableFromInline var a, b, c, d, e, f: InlineArray<tiles, SIMD16<Int32>>

    @inlinable @inline(__always)
    init(bias: SIMD16<Int32>) {
      let zeros = InlineArray<tiles, SIMD16<Int32>>(repeating: SIMD16())
      (a, c, d, e, f) = (zeros, zeros, zeros, zeros, zeros)
      b = InlineArray(repeating: bias)
    }

    /// The products of a pair of input channels and of weights that are transformed in the other direction.
    @inlinable @inline(__always)
    mutating func add<Products: RowPairProducts, let narrow: Int>(
      _: Products.Type, _ pair: UnsafeRawPointer, _ weights: InlineArray<3, SIMD32<Int16>>,
      _ tile: RowTile<tiles, narrow>
    ) {
      let points = WinogradUnitStride.weights(weights[unchecked: 0], weights[unchecked: 1], weights[unchecked: 2])
      for group in 0..<tiles { Products.add(&a[unchecked: group], pair: pair + group &* 32, points[unchecked: 0]) }
      for group in 0..<tiles {
        Products.add(&b[unchecked: group], pair: pair + (128 &+ group &* 32), points[unchecked: 1])
      }
      for group in 0..<tiles {
        Products.add(&c[unchecked: group], pair: pair + (256 &+ group &* 32), points[unchecked: 2])
      }
      for group in 0..<tiles {
        Products.add(&d[unchecked: group], pair: pair + (384 &+ group &* 32), points[unchecked: 3])
      }
      for group in 0..<tiles where !tile.isNarrow(group) {
        Products.add(&e[unchecked: group], pair: pair + (512 &+ group &* 32), points[unchecked: 4])
      }
      for group in 0..<tiles {
        Products.add(&f[unchecked: group], pair: pair + (640 &+ group &* 32), points[unchecked: 5])
      }
    }

    @inlinable @inline(__always)
    func row(_ group: Int) -> InlineArray<6, SIMD16<Int32>> {
      [
        a[unchecked: group], b[unchecked: group], c[unchecked: group], d[unchecked: group], e[unchecked: group],
        f[unchecked: group],
      ]
    }
  }
#endif
