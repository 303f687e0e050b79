import Testing

@Test func placeholderMachine() {}
