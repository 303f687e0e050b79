// Cycles of the same networks on other machines, from a file of the user's, to stand beside ours.

import Model
import StrictJSON

/// Cycles by network and machine.
///
/// The file is JSON, `{"network": {"machine": {"cycles_total": n}}}`; a machine's other keys are its author's.
public struct PeerFigures: Sendable, Equatable {
  /// The file's name, without its directory.
  public let source: String
  /// By network, the machines in the order of the file.
  private let figures: [String: [Figure]]

  private struct Figure: Equatable {
    var machine: String
    var cycles: Int
  }

  /// - Parameters:
  ///   - bytes: of the file.
  ///   - path: how messages name it.
  /// - Throws: `FileError` when it is no such file.
  public init(_ bytes: [UInt8], path: String) throws(FileError) {
    do throws(JSONProblem) {
      let networks = try JSONMember.parse(bytes).object()
      var figures: [String: [Figure]] = [:]
      for network in networks.keys {
        let machines = try networks.member(network).object()
        for name in machines.keys {
          let member = try machines.member(name).object().member("cycles_total"), cycles = try member.integer("a number of cycles")
          guard cycles >= 0 else { throw member.problem("a number of cycles") }
          figures[network, default: []].append(Figure(machine: cleanedText(name, limit: 40), cycles: cycles))
        }
      }
      self.figures = figures
    } catch {
      throw FileError(path: path, message: "\(error); peers are {\"network\": {\"machine\": {\"cycles_total\": 1}}}")
    }
    source = path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The machines that have figures of some networks, in the order in which these name them.
  public func machines(of networks: [String]) -> [String] {
    var machines: [String] = []
    for figure in networks.flatMap({ figures[$0] ?? [] }) where !machines.contains(figure.machine) { machines.append(figure.machine) }
    return machines
  }

  /// nil when the file does not say.
  public func cycles(of network: String, on machine: String) -> Int? {
    figures[network]?.first { $0.machine == machine }?.cycles
  }
}
