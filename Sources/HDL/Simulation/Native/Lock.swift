#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mutual exclusion whose holder can wait for a change. The standard library's `Mutex` would ask for newer systems.
///
/// Safety: both pointers are allocated and initialized in `init`, never move, and are only used by the functions of pthread.
final class Lock: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }
  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs `body` while nobody else does.
  func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }
  /// Inside `run`: lets others in until one of them calls `signal`.
  func wait() { pthread_cond_wait(condition, mutex) }
  /// Inside `run`: wakes all who wait.
  func signal() { pthread_cond_broadcast(condition) }
}
