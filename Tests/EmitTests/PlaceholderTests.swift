import Testing

@Test func placeholderEmit() {}
