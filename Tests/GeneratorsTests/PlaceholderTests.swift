import Testing

@Test func placeholderGenerators() {}
