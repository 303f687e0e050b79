// What the commands print. In this module `print` is this one, so that no write to standard output goes unchecked.

import Emit

/// Prints to standard output; `Weft.execute` says at the end when it did not arrive.
func print(_ text: String, terminator: String = "\n") { StandardStreams.print(text + terminator) }
