// Keeps two runs that write beside each other apart. The kernel releases the lock of a process that ends, however it ends.

import Foundation

/// A lock on a directory. Where a directory cannot be locked (some network file systems) there is none.
struct DirectoryLock {
  private let descriptor: Int32

  /// Waits until nobody else holds the lock.
  init(_ directory: String) {
    descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }
  }

  func release() { if descriptor >= 0 { close(descriptor) } }
}
