import HDL
import HDLExamples
import Testing

/// The controller's lines go to the receiver, and back into the controller.
private struct Loop: Module {
  let send = Target(Stream<Unsigned>(8))
  let receive = Initiator(Stream<Unsigned>(8))
  @Output(8) var byte: Unsigned
  @Output() var hasArrived: Bit
  func body() {
    let controller = instance("controller", SPIController(halfPeriod: 4)), receiver = instance("receiver", SPIReceiver())
    connect(send, to: controller.send)
    connect(controller.receive, to: receive)
    // Registers on the way: what leaves a chip.
    @Register("select") var select: Bit
    @Register("serialClock") var serialClock: Bit
    @Register("serialData") var serialData: Bit
    select = controller.$select
    serialClock = controller.$serialClock
    serialData = controller.$serialOut
    controller.$serialIn = !controller.$serialOut
    receiver.$select = select
    receiver.$serialClock = serialClock
    receiver.$serialIn = serialData
    byte = receiver.$byte
    hasArrived = receiver.$hasArrived
  }
}

@Test func spiCarriesBytesBothWays() throws {
  let simulation = try Simulation(Loop())
  simulation.reset()
  simulation.receive.ready = true
  for byte in [0x00, 0xFF, 0xA5, 0x3C, 0x81, 0x01] {
    simulation.send.valid = true
    simulation.send.payload = byte
    var arrived: [Int] = [], returned: [Int] = []
    for _ in 0..<100 {
      let isTaken = simulation.send.ready
      if simulation.hasArrived { arrived.append(simulation.byte) }
      if simulation.receive.valid { returned.append(simulation.receive.payload) }
      simulation.step()
      if isTaken { simulation.send.valid = false }
    }
    #expect(arrived == [byte])
    // The line back is inverted.
    #expect(returned == [byte ^ 0xFF])
  }
}

@Test func spiControllerVerilog() throws {
  try expectVerilog(
    SPIController(halfPeriod: 4),
    """
    module spi_controller (
      input  wire clock,
      input  wire reset,
      input  wire [7:0] send_payload,
      input  wire send_valid,
      output wire send_ready,
      output wire [7:0] receive_payload,
      output wire receive_valid,
      input  wire receive_ready,
      output wire select,
      output wire serial_clock,
      output wire serial_out,
      input  wire serial_in
    );
      localparam [1:0] STATE_IDLE = 2'd0;
      localparam [1:0] STATE_LOW = 2'd1;
      localparam [1:0] STATE_HIGH = 2'd2;
      localparam [1:0] STATE_DONE = 2'd3;
      reg [1:0] state;
      reg [7:0] shift;
      reg [2:0] bits;
      reg [1:0] phase;
      reg outgoing;

      wire is_elapsed = phase == 2'd3;

      assign send_ready = state == STATE_IDLE;
      assign select = state == STATE_LOW || state == STATE_HIGH;
      assign serial_clock = state == STATE_HIGH;
      assign serial_out = (state == STATE_HIGH) ? outgoing : shift[7];
      assign receive_valid = state == STATE_DONE;
      assign receive_payload = shift;

      always @(posedge clock) begin
        if (reset) begin
          state <= STATE_IDLE;
          shift <= 8'd0;
          bits <= 3'd0;
          phase <= 2'd0;
          outgoing <= 1'b0;
        end else begin
          phase <= is_elapsed ? 2'd0 : phase + 2'd1;
          case (state)
            STATE_IDLE: begin
              phase <= 2'd0;
              if (send_valid) begin
                shift <= send_payload;
                bits <= 3'd7;
                state <= STATE_LOW;
              end
            end
            STATE_LOW: begin
              if (is_elapsed) begin
                shift <= {shift[6:0], serial_in};
                state <= STATE_HIGH;
              end
            end
            STATE_HIGH: begin
              if (is_elapsed) begin
                bits <= bits - 3'd1;
                state <= STATE_LOW;
                if (bits == 3'd0) begin
                  state <= STATE_DONE;
                end
              end
            end
            default: begin // STATE_DONE
              if (receive_ready) begin
                state <= STATE_IDLE;
              end
            end
          endcase
          if (state != STATE_HIGH) begin
            outgoing <= shift[7];
          end
        end
      end
    endmodule

    """)
}
@Test func spiReceiverVerilog() throws {
  try expectVerilog(
    SPIReceiver(),
    """
    module spi_receiver (
      input  wire clock,
      input  wire reset,
      input  wire select,
      input  wire serial_clock,
      input  wire serial_in,
      output wire [7:0] byte_,
      output wire has_arrived
    );
      (* ASYNC_REG = "TRUE" *) reg select_meta;
      (* ASYNC_REG = "TRUE" *) reg select_synchronized;
      (* ASYNC_REG = "TRUE" *) reg serial_clock_meta;
      (* ASYNC_REG = "TRUE" *) reg serial_clock_synchronized;
      (* ASYNC_REG = "TRUE" *) reg serial_in_meta;
      (* ASYNC_REG = "TRUE" *) reg serial_in_synchronized;
      reg last_clock_level;
      reg [7:0] shift;
      reg [2:0] bits;
      reg is_complete;

      wire rises = select_synchronized && serial_clock_synchronized && !last_clock_level;

      assign byte_ = shift;
      assign has_arrived = is_complete;

      always @(posedge clock) begin
        if (reset) begin
          select_meta <= 1'b0;
          select_synchronized <= 1'b0;
          serial_clock_meta <= 1'b0;
          serial_clock_synchronized <= 1'b0;
          serial_in_meta <= 1'b0;
          serial_in_synchronized <= 1'b0;
          last_clock_level <= 1'b0;
          shift <= 8'd0;
          bits <= 3'd0;
          is_complete <= 1'b0;
        end else begin
          select_meta <= select;
          select_synchronized <= select_meta;
          serial_clock_meta <= serial_clock;
          serial_clock_synchronized <= serial_clock_meta;
          serial_in_meta <= serial_in;
          serial_in_synchronized <= serial_in_meta;
          last_clock_level <= serial_clock_synchronized;
          is_complete <= rises && (&bits);
          if (!select_synchronized) begin
            bits <= 3'd0;
          end else if (rises) begin
            shift <= {shift[6:0], serial_in_synchronized};
            bits <= bits + 3'd1;
          end
        end
      end
    endmodule

    """)
}
