/// The version of the tool, as manifests and `--version` say it.
public let toolVersion = "0.1.0"
