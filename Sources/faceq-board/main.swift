import QuantRuntime
for set in availableInstructionSets() { print(set.rawValue) }
