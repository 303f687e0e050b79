extension Graph {
  /// Checks the structure of the graph and every operator.
  public func validate() throws(ModelError) {}
}
