/// Calls `body` with 0, 1, … `count` − 1 (`count` is 1 to 8, 16 or 32), each of them a constant: the compiler would
/// leave a loop of this size rolled.
@inlinable @inline(__always)
public func forEachConstant(_ count: Int, _ body: (Int) -> Void) {
  body(0)
  if count > 1 { body(1) }
  if count > 2 { body(2) }
  if count > 3 { body(3) }
  if count > 4 { body(4) }
  if count > 5 { body(5) }
  if count > 6 { body(6) }
  if count > 7 { body(7) }
  if count > 8 {
    body(8)
    body(9)
    body(10)
    body(11)
    body(12)
    body(13)
    body(14)
    body(15)
  }
  if count > 16 {
    body(16)
    body(17)
    body(18)
    body(19)
    body(20)
    body(21)
    body(22)
    body(23)
    body(24)
    body(25)
    body(26)
    body(27)
    body(28)
    body(29)
    body(30)
    body(31)
  }
}

/// Calls `body` with 0 … `count` − 1, up to 8 of them, each a constant. Inside one another, this and `forEachVector` are
/// few bodies for the compiler, where `forEachConstant` would be a thousand.
@inlinable @inline(__always)
func forEachGroup(_ count: Int, _ body: (Int) -> Void) {
  body(0)
  if count > 1 { body(1) }
  if count > 2 { body(2) }
  if count > 3 { body(3) }
  if count > 4 { body(4) }
  if count > 5 { body(5) }
  if count > 6 { body(6) }
  if count > 7 { body(7) }
}

@inlinable @inline(__always)
func forEachVector(_ count: Int, _ body: (Int) -> Void) {
  body(0)
  if count > 1 { body(1) }
  if count > 2 { body(2) }
  if count > 3 { body(3) }
}
