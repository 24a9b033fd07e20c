extension OperatorGraph {
  /// The same function in fewer operators.
  func simplified() -> OperatorGraph {
    joiningAffines().givingLinearsBiases().joiningPadding().skippingExpansion().recognisingNormalisation()
      .withoutUnread()
  }

  /// Without the operations whose results nothing reads, and without gaps in the values' numbers.
  func withoutUnread() -> OperatorGraph {
    var isRead = [Bool](repeating: false, count: shapes.count)
    for output in outputs { isRead[output.value] = true }
    var kept: [ONNXOperation] = []
    for operation in operations.reversed() where isRead[operation.output] {
      for input in operation.inputs { isRead[input] = true }
      kept.append(operation)
    }
    kept.reverse()
    var numbers = [Int](repeating: Self.image, count: shapes.count)
    var result = OperatorGraph(inputName: inputName, shapes: [shapes[Self.image]])
    for var operation in kept {
      numbers[operation.output] = result.shapes.count
      result.shapes.append(shapes[operation.output])
      operation.inputs = operation.inputs.map { numbers[$0] }
      operation.output = numbers[operation.output]
      result.operations.append(operation)
    }
    result.outputs = outputs.map { ONNXOutput(name: $0.name, value: numbers[$0.value]) }
    return result
  }
}
