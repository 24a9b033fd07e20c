import KernelChecks
import QuantRuntime
import SIMDKernels
import Testing

/// The checks themselves: a kernel that is wrong in one value must be found.
@Suite struct CheckTests {
  @Test func findsWrongRounding() {
    var table = kernelTable(.portable)
    let right = table.planes.conversions.int16ToInt8
    table.planes.conversions.int16ToInt8 = { pass, limits, rows in
      right(pass, limits, rows)
      let first = pass.output.base.assumingMemoryBound(to: Int8.self)
      first.pointee ^= 1
    }
    #expect(!KernelCheck.rounding.run([table]).failures.isEmpty)
  }

  @Test func findsReadsBehindABuffer() async {
    await #expect(processExitsWith: .failure) {
      var table = kernelTable(.portable)
      table.planes.conversions.int16ToInt8 = { pass, _, _ in
        pass.output.base.storeBytes(of: (pass.input.base + 10_000).load(as: Int8.self), as: Int8.self)
      }
      _ = KernelCheck.rounding.run([table])
    }
  }

  @Test func findsWritesBeforeABuffer() async {
    await #expect(processExitsWith: .failure) {
      var table = kernelTable(.portable)
      let right = table.planes.conversions.int16ToInt8
      table.planes.conversions.int16ToInt8 = { pass, limits, rows in
        right(pass, limits, rows)
        (pass.output.base - 1).storeBytes(of: 0, as: Int8.self)
      }
      _ = KernelCheck.rounding.run([table])
    }
  }

  @Test func findsPixelsThatAreNotComputed() {
    var table = kernelTable(.portable)
    let right = table.int8.toInt8
    table.int8.toInt8 = table.int8.toInt8.computing { layer, output, slice in
      var short = slice
      short.pixels = slice.pixels.dropLast()
      if !short.pixels.isEmpty { right.run(layer, output, short) }
    }
    let failures = KernelCheck.int8Convolution.run([table]).failures
    #expect(failures.contains { $0.contains("to int8") })
    #expect(!failures.contains { $0.contains("to int16") })
  }

  @Test func findsADepthwiseKernelThatMissesARow() {
    var table = kernelTable(.portable)
    let (right, rightFloat) = (table.int8.depthwiseToInt8, table.float.depthwise)
    table.int8.depthwiseToInt8 = table.int8.depthwiseToInt8.computing { layer, output, slice in
      var short = layer
      short.kernelHeight -= 1
      right.run(short, output, slice)
    }
    table.float.depthwise = table.float.depthwise.computing { layer, output, slice in
      var short = layer
      short.kernelHeight -= 1
      rightFloat.run(short, output, slice)
    }
    let failures = KernelCheck.int8Depthwise.run([table]).failures
    #expect(failures.contains { $0.contains("to int8") })
    #expect(!failures.contains { $0.contains("to int16") })
    #expect(!KernelCheck.floatDepthwise.run([table]).failures.isEmpty)
  }

  @Test func findsInt16ThatIsNotLimited() {
    var table = kernelTable(.portable)
    let (rightConvolution, rightConversion) = (table.int16.toInt16, table.planes.conversions.int16ToInt16)
    table.int16.toInt16 = table.int16.toInt16.computing { layer, output, slice in
      var wide = output
      (wide.lowest, wide.highest) = (-32768, 32767)
      rightConvolution.run(layer, wide, slice)
    }
    table.planes.conversions.int16ToInt16 = { pass, limits, _, rows in
      rightConversion(pass, limits, -32768...32767, rows)
    }
    let failures = KernelCheck.int16Convolution.run([table]).failures
    #expect(!failures.isEmpty && failures.allSatisfy { $0.contains("to limited int16") })
    #expect(KernelCheck.conversions.run([table]).failures.contains { $0.contains("int16 to int16 up to 1527") })
  }

  @Test func findsAnInt16DepthwiseKernelThatMissesARow() {
    var table = kernelTable(.portable)
    let right = table.int16.depthwiseToInt8
    table.int16.depthwiseToInt8 = table.int16.depthwiseToInt8.computing { layer, output, slice in
      var short = layer
      short.kernelHeight -= 1
      right.run(short, output, slice)
    }
    let failures = KernelCheck.int16Depthwise.run([table]).failures
    #expect(failures.contains { $0.contains("to int8") })
    #expect(!failures.contains { $0.contains("to int16") })
  }

  @Test func findsAGroupedKernelWithAnotherOutputsWeights() {
    var table = kernelTable(.portable)
    let right = table.int8.groupedToInt16
    table.int8.groupedToInt16 = right.computing { layer, output, slice in
      var wrong = layer
      wrong.window.weights += 16
      right.run(wrong, output, slice)
    }
    let failures = KernelCheck.int8Grouped.run([table]).failures
    #expect(failures.contains { $0.contains("to int16") })
    #expect(!failures.contains { $0.contains("to int8") })
  }

  @Test func findsAPoolThatCountsThePadding() {
    var table = kernelTable(.portable)
    let right = table.planes.pools.meanOfInt8
    table.planes.pools.meanOfInt8 = { pass, rows in
      var wrong = pass
      if pass.counted == nil { wrong.counted = PoolPass.CountedPadding(bottom: 1, right: 1) }
      right(wrong, rows)
    }
    let failures = KernelCheck.pools.run([table]).failures
    #expect(!failures.isEmpty && failures.allSatisfy { $0.contains("int8") && $0.contains("mean") })
  }

  @Test func findsASumWithoutItsSlopes() {
    var table = kernelTable(.portable)
    let right = table.planes.sums.add
    table.planes.sums.add = { pass, rows in
      var wrong = pass
      wrong.slopes = nil
      right(wrong, rows)
    }
    let failures = KernelCheck.sums.run([table]).failures
    #expect(!failures.isEmpty && failures.allSatisfy { $0.contains("slopes") })
  }

  @Test func findsAConversionWithoutItsLimits() {
    var table = kernelTable(.portable)
    let right = table.planes.conversions.int16ToInt8
    table.planes.conversions.int16ToInt8 = { pass, _, rows in right(pass, nil, rows) }
    let failures = KernelCheck.conversions.run([table]).failures
    #expect(!failures.isEmpty && failures.allSatisfy { $0.contains("int16 to limited int8") })
  }

  @Test func findsFloatWinogradWithAnotherChannelsWeights() {
    var table = kernelTable(.portable)
    let right = table.float.winograd
    table.float.winograd = table.float.winograd.computing { layer, output, slice in
      var wrong = layer
      wrong.weights += 16
      right.run(wrong, output, slice)
    }
    #expect(!KernelCheck.floatWinograd.run([table]).failures.isEmpty)
  }

  @Test func findsFloatSumsThatMissATerm() {
    var table = kernelTable(.portable)
    let right = table.planes.sums.pixelsOfFloat
    table.planes.sums.pixelsOfFloat = { pass, blocks in
      var short = pass
      short.height -= 1
      right(short, blocks)
    }
    let failures = KernelCheck.pixelSums.run([table]).failures
    #expect(!failures.isEmpty && failures.allSatisfy { $0.contains("float") })
  }
}
