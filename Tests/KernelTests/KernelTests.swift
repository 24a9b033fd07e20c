import KernelChecks
import QuantRuntime
import Testing

/// Every kernel of every instruction set of this machine against its scalar reference.
@Suite struct KernelTests {
  private let tables = availableKernelTables()

  @Test(arguments: KernelCheck.allCases)
  func agreesWithReference(_ check: KernelCheck) {
    let result = check.run(tables)
    #expect(result.comparisons >= tables.count)
    #expect(result.failures == [])
  }

  @Test func everyTableIsOfItsInstructionSet() {
    for set in availableInstructionSets() { #expect(kernelTable(set).instructionSet == set) }
    #expect(Set(tables.map { $0.instructionSet }).count == availableInstructionSets().count)
  }
}
