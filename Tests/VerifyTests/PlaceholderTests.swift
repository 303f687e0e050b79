import Testing

@Test func placeholderVerify() {}
