/// What an observing session had between two blocks, kept so that it, or a session of the same network with other
/// integers, can go on from there.
public struct TrunkState: Sendable {
  /// The block that reads it; the number of blocks where the tail does.
  public let block: Int
  fileprivate let bytes: [UInt8]
}

extension EmbeddingSession {
  /// The trunk in front of `block`, from an image.
  public func trunk(of pixels: [UInt8], before block: Int) -> TrunkState {
    run(pixels, mirrored: false, scope: 0..<program.entries[block].step)
    return trunkState(block)
  }

  /// The trunk in front of `block`, from one further up.
  public func trunk(from state: TrunkState, before block: Int) -> TrunkState {
    resume(state, end: program.entries[block].step)
    return trunkState(block)
  }

  /// Runs an image up to a tap, which is handed to `observer`.
  public func observe(_ tap: Tap, of pixels: [UInt8], observer: (TapValues) -> Void) {
    forTap(tap, observer) { run(pixels, mirrored: false, scope: 0..<$0) }
  }

  /// The same, from a trunk further up.
  public func observe(_ tap: Tap, from state: TrunkState, observer: (TapValues) -> Void) {
    forTap(tap, observer) { resume(state, end: $0) }
  }

  private func forTap(_ tap: Tap, _ observer: (TapValues) -> Void, run: (_ end: Int) -> Void) {
    guard let step = program.tapSteps[tap] else { preconditionFailure("the session does not observe this tap") }
    withoutActuallyEscaping(observer) { escaping in
      program.observer.body = { if $0.tap == tap { escaping($0) } }
      defer { program.observer.body = nil }
      run(step + 1)
    }
  }

  private func resume(_ state: TrunkState, end: Int) {
    let entry = program.entries[state.block]
    precondition(state.bytes.count == entry.trunk.count && entry.step <= end)
    state.bytes.withUnsafeBytes { entry.trunk.copyMemory(from: $0) }
    program.steps.scope = entry.step..<end
    pool.run()
    program.steps.scope = nil
  }

  private func trunkState(_ block: Int) -> TrunkState {
    TrunkState(block: block, bytes: [UInt8](program.entries[block].trunk))
  }
}
