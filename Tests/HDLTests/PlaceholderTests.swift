import Testing

@Test func placeholderHDL() {}
